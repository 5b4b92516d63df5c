"""Word files (.docx): what is printed, in order, with hyperlinks, fields, footnotes and endnotes. ISO/IEC 29500-1.

Not shown, and so not read: deleted text, hidden text, comments, heads and feet of pages.
"""

from __future__ import annotations

from citekeeper.documents.docx.body import Body
from citekeeper.documents.docx.notes import Notes
from citekeeper.documents.docx.numbering import read_numbering
from citekeeper.documents.docx.package import Package
from citekeeper.documents.prose import Prose
from citekeeper.documents.unfit import damaged
from citekeeper.documents.xmltree import Element, child, text_of
from citekeeper.documents.zipped import Zipped
from citekeeper.model import Document

__all__ = ["read"]

_KIND = "a Word document"


def read(data: bytes, *, source: str) -> Document:
    """Read a Word file; raises Unfit for what is damaged, locked, huge or without a text."""
    zipped = Zipped(data, _KIND)
    try:
        return _read(Package(zipped), source)
    finally:
        zipped.close()


def _read(package: Package, source: str) -> Document:
    main = package.related("", "officeDocument") or "word/document.xml"
    root = package.tree(main)
    body = child(root, "body")
    if body is None:
        raise damaged(_KIND)
    numbering, styles = (_tree(package, main, kind) for kind in ("numbering", "styles"))
    notes = Notes(_tree(package, main, "settings"))
    prose = Prose()
    writer = Body(prose, read_numbering(numbering, styles), notes)
    writer.write(body, main, package.relations(main))
    for kind in ("footnotes", "endnotes"):
        part = package.related(main, kind)
        tree = package.tree(part) if part else None
        if part is not None and tree is not None:
            writer.write_notes(kind.removesuffix("s"), tree, part, package.relations(part))
    return prose.document(source, "docx", _KIND, _title(package))


def _tree(package: Package, main: str, kind: str) -> Element | None:
    part = package.related(main, kind)
    return package.tree(part) if part else None


def _title(package: Package) -> str | None:
    part = package.related("", "core-properties")
    core = package.tree(part) if part else None
    return text_of(child(core, "title"))[:300] or None
