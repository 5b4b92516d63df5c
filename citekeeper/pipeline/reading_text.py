"""The text of a visited page, as a reader reads it: what is stored beside the page when that is wished."""

from __future__ import annotations

from citekeeper import documents
from citekeeper.model import Document, Visit

_MOST_BYTES = 4 << 20
"""Bytes of a page that is read; longer ones are data rather than text."""
_READABLE = ("text/", "application/xhtml+xml")


def text_of(visit: Visit) -> str | None:
    """The reading text of the page that a visit ended with; None when it ended with none, or the page has no text."""
    response = visit.last.response if visit.exchanges else None
    if response is None or not response.content or len(response.content) > _MOST_BYTES:
        return None
    kind = response.header("content-type") or ""
    if not kind.strip().lower().startswith(_READABLE):
        return None
    read = documents.read(response.content, source=visit.last.url, content_type=kind)
    text = read.reading.strip() if isinstance(read, Document) else ""
    return text or None


def no_text(visit: Visit) -> str | None:
    """The text of no page: none is wished."""
    return None
