r"""BibTeX: a field `note = {Archived 2020-11-10: \url{copy}}` behind the field of the address; `addendum` where there is a note."""

from __future__ import annotations

import re
from datetime import date

from citekeeper.model import Document, Reference, State
from citekeeper.repairs.places import Beside, sound

_LONGEST = 20_000
_FIELD = re.compile(
    r"(?P<lead>[ \t]{0,40})(?:url|howpublished)[ \t]{0,40}=[ \t]{0,40}(?P<open>[{\"])(?P<inner>[^{}\"]{0,200}\\url\{|)\Z", re.I
)
_NEXT_ENTRY = re.compile(r"^[ \t]{0,40}@", re.M)
_ARCHIVED = re.compile(r"\barchived\b[^\n]{0,100}\\url\{", re.I)


def beside(document: Document, reference: Reference) -> Beside | str:
    """Behind the field whose value the address is."""
    text, start = document.text, reference.location.offset
    end = start + reference.location.length
    line = text.rfind("\n", 0, start) + 1
    field = _FIELD.search(text, max(line, start - 600), start)
    if field is None:
        return "it is not in a field url or howpublished"
    closers = ("}" if field["inner"] else "") + ("}" if field["open"] == "{" else '"')
    if not text.startswith(closers, end):
        return "the field's end was not found"
    opened = text.rfind("@", max(0, start - _LONGEST), start)
    following = _NEXT_ENTRY.search(text, end, end + _LONGEST)
    entry = text[max(0, opened) : following.start() if following else end + _LONGEST]
    name = next((each for each in ("note", "addendum") if not re.search(rf"(?:^|[,{{\s]){each}\s{{0,40}}=", entry, re.I)), None)
    if name is None:
        return "the entry has a note and an addendum already"
    is_own_line = text[line : field.start("lead")].strip() == ""
    line_end = "\r\n" if text.endswith("\r\n", 0, line) else "\n"
    lead = f",{line_end}{field['lead']}" if is_own_line and line else ", "
    return Beside(end + len(closers), _ARCHIVED.search(entry) is not None, note=f"{lead}{name}")


def copy(place: Beside, url: str, day: date, state: State) -> str:
    """The field."""
    return f"{place.note} = {{Archived {day.isoformat()}: \\url{{{sound(url)}}}}}"


def address(url: str) -> str:
    """An address means itself."""
    return sound(url)
