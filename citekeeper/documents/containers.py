"""The containers that can be read (files that are no text: PDF, zipped XML), and which of them some bytes are."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from citekeeper.documents.unfit import Unfit
from citekeeper.model import Document, SourceProblem


class ContainerReader(Protocol):
    """Reads one container format."""

    def __call__(self, data: bytes, *, source: str) -> Document:
        """Read `data`, the whole file; raises Unfit, and nothing else, for what cannot be read."""


def _pdf(data: bytes, *, source: str) -> Document:
    from citekeeper.documents import pdf

    return pdf.read(data, source=source)


def _docx(data: bytes, *, source: str) -> Document:
    from citekeeper.documents import docx

    return docx.read(data, source=source)


def _odt(data: bytes, *, source: str) -> Document:
    from citekeeper.documents import odt

    return odt.read(data, source=source)


def _epub(data: bytes, *, source: str) -> Document:
    from citekeeper.documents import epub

    return epub.read(data, source=source)


def _xlsx(data: bytes, *, source: str) -> Document:
    from citekeeper.documents import xlsx

    return xlsx.read(data, source=source)


@dataclass(frozen=True)
class Look:
    """A first look at some bytes: what they begin with, and what lies in them when they are a zip file."""

    data: bytes

    @cached_property
    def members(self) -> frozenset[str]:
        """The names of the members; none when this is no zip file, or one that cannot be opened."""
        if not self.data.startswith(b"PK"):
            return frozenset()
        from citekeeper.documents.zipped import names_in

        return names_in(self.data)

    @cached_property
    def mimetype(self) -> str:
        """What the first member says the file is (OpenDocument 1.3, part 2, 3.3; EPUB OCF 3.3, 4.3): it is never compressed."""
        found = _MIMETYPE.match(self.data)
        return found[1].decode("ascii") if found else ""


# The local header of a zip member: 30 bytes, its name, and extra fields that some programs add against the rules.
_MIMETYPE = re.compile(rb"PK\x03\x04.{22}.{4}mimetype.{0,64}?((?:application|text)/[\w.+-]{1,80})", re.S)

# ISO 32000-1, Annex H, implementation note 13: a PDF may begin with up to 1,024 bytes of anything.
_PDF_WITHIN = 1024


def _is_pdf(look: Look) -> bool:
    at = look.data.find(b"%PDF-", 0, _PDF_WITHIN)
    return at >= 0 and (not look.data[:at].strip(b"\xef\xbb\xbf \t\r\n\0") or b"%%EOF" in look.data[-2048:])


def _is_odt(look: Look) -> bool:
    return look.mimetype.startswith(_OPENDOCUMENT) or (not look.mimetype and look.members >= _OPENDOCUMENT_PARTS)


def _is_epub(look: Look) -> bool:
    return look.mimetype == "application/epub+zip" or "META-INF/container.xml" in look.members


def _is_office(folder: str) -> Callable[[Look], bool]:
    return lambda look: "[Content_Types].xml" in look.members and any(name.startswith(folder) for name in look.members)


@dataclass(frozen=True, slots=True)
class Container:
    """A container format: how it is named, recognised and read."""

    name: str
    endings: tuple[str, ...]
    """Of file names, in lower case with the dot."""
    content_types: tuple[str, ...]
    read: ContainerReader
    holds: Callable[[Look], bool]
    """Whether bytes are in this format, whatever their name and type say."""
    walked: bool = True
    """Whether folders are searched for it."""


_OPENDOCUMENT = "application/vnd.oasis.opendocument.text"
_OPENDOCUMENT_PARTS = frozenset({"content.xml", "META-INF/manifest.xml"})
_OPENXML = "application/vnd.openxmlformats-officedocument"

CONTAINERS: tuple[Container, ...] = (
    Container("pdf", (".pdf",), ("application/pdf", "application/x-pdf"), _pdf, _is_pdf),
    Container("docx", (".docx", ".docm", ".dotx"), (f"{_OPENXML}.wordprocessingml.document",), _docx, _is_office("word/")),
    Container("xlsx", (".xlsx", ".xlsm"), (f"{_OPENXML}.spreadsheetml.sheet",), _xlsx, _is_office("xl/"), walked=False),
    Container("odt", (".odt", ".ott"), (_OPENDOCUMENT,), _odt, _is_odt),
    Container("epub", (".epub",), ("application/epub+zip",), _epub, _is_epub),
)


def read(data: bytes, *, source: str) -> Document | SourceProblem | None:
    """The document in the container `data`; why it cannot be read; or None when it is in no container format that we know."""
    look = Look(data)
    container = next((each for each in CONTAINERS if each.holds(look)), None)
    if container is None and data.startswith(b"PK\x03\x04") and not look.members:
        # A zip file that cannot be opened: its name tells what it should have been, its reader what is wrong with it.
        container = next((each for each in CONTAINERS if each.name != "pdf" and source.lower().endswith(each.endings)), None)
    if container is None:
        return None
    try:
        return container.read(data, source=source)
    except Unfit as refused:
        return SourceProblem(source, refused.message, refused.hint)
    except RecursionError:
        return SourceProblem(source, "is nested deeper than anyone writes", "save it again in the program that made it")
