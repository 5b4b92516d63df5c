"""Plain text: `https://… (archived 2020-11-10: https://…)`."""

from __future__ import annotations

from datetime import date

from citekeeper.model import Document, Reference, State
from citekeeper.repairs.places import Beside, names_copy, sound


def beside(document: Document, reference: Reference) -> Beside | str:
    """Behind the address, and behind the angle bracket that closes it."""
    at = reference.location.offset + reference.location.length
    at += document.text.startswith(">", at)
    return Beside(at, names_copy(document.text, at))


def copy(place: Beside, url: str, day: date, state: State) -> str:
    """The words that name the copy."""
    return f" (archived {day.isoformat()}: {sound(url)})"


def address(url: str) -> str:
    """An address means itself."""
    return sound(url)
