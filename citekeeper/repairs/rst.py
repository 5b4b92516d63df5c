"""reStructuredText: an anonymous link, `(`archived 2020-11-10 <copy>`__)`, behind the link or the bare address."""

from __future__ import annotations

import re
from datetime import date

from citekeeper.model import Document, Reference, State
from citekeeper.repairs.places import Beside, beside_use, sound

_END = re.compile(r"[ \t]{0,9}>`__?")
_END_OF_USE = re.compile(r"`?__?(?!\w)")
_NAMED = re.compile(r"[ \t\n]{0,9}\(`archived\b", re.I)


def beside(document: Document, reference: Reference) -> Beside | str:
    """Behind the whole link; a target has no place for it."""
    text, start = document.text, reference.location.offset
    end = start + reference.location.length
    if text[start - 1 : start] == "<":
        closed = _END.match(text, end)
        if closed is None:
            return "the link's end was not found"
        end = closed.end()
    elif reference.href is not None:
        return beside_use(document, reference, _END_OF_USE, _NAMED) or "a target or directive has no place for it"
    return Beside(end, _NAMED.match(text, end) is not None)


def copy(place: Beside, url: str, day: date, state: State) -> str:
    """The link to the copy, anonymous, so that two of them do not quarrel about a name."""
    return f" (`archived {day.isoformat()} <{sound(url).replace('_', '%5F') if url.endswith('_') else sound(url)}>`__)"


def address(url: str) -> str:
    """An address means itself."""
    return sound(url)
