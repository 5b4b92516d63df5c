"""Word and OpenDocument, as they read: the words of plain text, behind the whole link. How they are written there is in packages.py."""

from __future__ import annotations

from citekeeper.model import Document, Reference, Span
from citekeeper.repairs.places import Beside, names_copy


def beside(document: Document, reference: Reference) -> Beside | str:
    """Behind the address, and behind the link that it is a part of."""
    at = _end(document, Span(reference.location.offset, reference.location.offset + reference.location.length))
    return Beside(at, names_copy(document.text, at))


def _end(document: Document, place: Span) -> int:
    around = [link.anchor for link in document.links if link.anchor.start <= place.start < max(link.anchor.end, link.anchor.start + 1)]
    return max([place.end, *(each.end for each in around)])
