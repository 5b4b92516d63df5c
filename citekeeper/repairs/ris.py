"""RIS: a line `N1  - Archived 2020-11-10: copy` behind the line of the address; N1 is the tag of notes, which may come often."""

from __future__ import annotations

import re
from datetime import date

from citekeeper.model import Document, Reference, State
from citekeeper.repairs.places import Beside, sound

_LONGEST = 20_000
_ADDRESS_LINE = re.compile(r"(?P<lead>[ \t]{0,8})(?:UR|LK|L[1-4])(?P<gap>  ?-[ \t]{1,8})\Z")
_END = re.compile(r"^[ \t]{0,8}ER  ?-", re.M)
_START = re.compile(r"^[ \t]{0,8}TY  ?-", re.M)
_ARCHIVED = re.compile(r"^[ \t]{0,8}N1  ?-[ \t]{1,8}archived\b", re.M | re.I)


def beside(document: Document, reference: Reference) -> Beside | str:
    """On a line of its own."""
    text, start = document.text, reference.location.offset
    line = text.rfind("\n", 0, start) + 1
    found = _ADDRESS_LINE.match(text[line:start])
    line_end = text.find("\n", start)
    if found is None or line_end < 0 or text[start + reference.location.length : line_end].strip():
        return "it is not alone in a field of addresses"
    at = line_end - text.endswith("\r", 0, line_end)
    closed = _END.search(text, line_end, line_end + _LONGEST)
    opened = [each.start() for each in _START.finditer(text, max(0, line - _LONGEST), line)]
    work = text[opened[-1] if opened else line : closed.start() if closed else line_end]
    return Beside(at, _ARCHIVED.search(work) is not None, note=f"{text[at : line_end + 1]}{found['lead']}N1{found['gap']}", in_tag=True)


def copy(place: Beside, url: str, day: date, state: State) -> str:
    """The line."""
    return f"{place.note}Archived {day.isoformat()}: {sound(url)}"


def address(url: str) -> str:
    """An address means itself."""
    return sound(url)
