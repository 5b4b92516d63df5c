"""Word, OpenDocument and EPUB files made by hand, as small as they can be."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SPACES = f'xmlns:w="{WORD}" xmlns:r="{RELATIONS}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'

_ODF = "urn:oasis:names:tc:opendocument:xmlns"
ODF_SPACES = (
    f'xmlns:office="{_ODF}:office:1.0" xmlns:text="{_ODF}:text:1.0" xmlns:style="{_ODF}:style:1.0" xmlns:table="{_ODF}:table:1.0" '
    f'xmlns:draw="{_ODF}:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def zipped(parts: Mapping[str, str | bytes], *, first_stored: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for index, (name, content) in enumerate(parts.items()):
            file.writestr(name, content, zipfile.ZIP_STORED if first_stored and not index else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def relations(*rows: tuple[str, str, str, bool]) -> str:
    each = "".join(
        f'<Relationship Id="{identity}" Type="{RELATIONS}/{kind}" Target="{target}" TargetMode="{"External" if external else "Internal"}"/>'
        for identity, kind, target, external in rows
    )
    return f'<Relationships xmlns="{PACKAGE}">{each}</Relationships>'


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def docx(body: str, links: Mapping[str, str] | None = None, parts: Mapping[str, str] | None = None) -> bytes:
    """A Word file; `links` are the addresses of relation ids, `parts` other members of word/ by kind ("footnotes")."""
    parts = parts or {}
    rows = [(identity, "hyperlink", target, True) for identity, target in (links or {}).items()]
    rows += [(f"rIdP{index}", kind, f"{kind}.xml", False) for index, kind in enumerate(parts)]
    members = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(("rId1", "officeDocument", "word/document.xml", False)),
        "word/document.xml": f"<w:document {SPACES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": relations(*rows),
    }
    return zipped(members | {f"word/{kind}.xml": content for kind, content in parts.items()})


def odt(body: str, styles: str = "", parts: Mapping[str, str] | None = None) -> bytes:
    content = (
        f"<office:document-content {ODF_SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    members = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, "META-INF/manifest.xml": "<manifest/>"}
    return zipped(members | dict(parts or {}), first_stored=True)


def epub(chapters: Mapping[str, str], metadata: str = "<dc:title>The Book</dc:title>", parts: Mapping[str, str] | None = None) -> bytes:
    items = "".join(f'<item id="c{index}" href="{name}" media-type="application/xhtml+xml"/>' for index, name in enumerate(chapters))
    spine = "".join(f'<itemref idref="c{index}"/>' for index in range(len(chapters)))
    package = (
        f'<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>{metadata}</metadata>'
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    members = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container><rootfiles><rootfile full-path="OEBPS/content.opf"/></rootfiles></container>',
        "OEBPS/content.opf": package,
    }
    files = {f"OEBPS/{name}".replace("%20", " "): content for name, content in chapters.items()}
    return zipped(members | files | dict(parts or {}), first_stored=True)
