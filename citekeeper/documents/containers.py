"""The containers that can be read (files that are no text: PDF, zipped XML), and which of them some bytes are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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


# ISO 32000-1, Annex H, implementation note 13: a PDF may begin with up to 1,024 bytes of anything.
_PDF_WITHIN = 1024


def _is_pdf(data: bytes) -> bool:
    at = data.find(b"%PDF-", 0, _PDF_WITHIN)
    return at >= 0 and (not data[:at].strip(b"\xef\xbb\xbf \t\r\n\0") or b"%%EOF" in data[-2048:])


@dataclass(frozen=True, slots=True)
class Container:
    """A container format: how it is named, recognised and read."""

    name: str
    endings: tuple[str, ...]
    """Of file names, in lower case with the dot."""
    content_types: tuple[str, ...]
    read: ContainerReader
    holds: Callable[[bytes], bool]
    """Whether bytes are in this format, whatever their name and type say."""


CONTAINERS: tuple[Container, ...] = (Container("pdf", (".pdf",), ("application/pdf", "application/x-pdf"), _pdf, _is_pdf),)


def read(data: bytes, *, source: str) -> Document | SourceProblem | None:
    """The document in the container `data`; why it cannot be read; or None when it is in no container format that we know."""
    container = next((each for each in CONTAINERS if each.holds(data)), None)
    if container is None:
        return None
    try:
        return container.read(data, source=source)
    except Unfit as refused:
        return SourceProblem(source, refused.message, refused.hint)
