r"""BibTeX: `note = {Archived 2020-11-10: \url{copy}}`, a field that every style prints, or these words behind those of the note there is.

Only styles of BibLaTeX print `addendum`, so it comes last: for a note that is put together of macros. `urldate` stays as it is,
because it tells when the author looked, which nobody else knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from citekeeper.model import Document, Reference, State
from citekeeper.repairs.places import Beside, sound

_LONGEST = 20_000
_FIELD = re.compile(
    r"(?P<lead>[ \t]{0,40})(?P<name>url|howpublished)[ \t]{0,40}=[ \t]{0,40}(?P<open>[{\"])(?P<inner>[^{}\"]{0,200}\\url\{|)\Z", re.I
)
_ENTRY = re.compile(r"^[ \t]{0,80}@[A-Za-z]{1,40}\s{0,20}[{(]", re.M)
_KEY = re.compile(r"\s*+[^,\s{}()\"'=]{0,400}\s*+,")
_NAME = re.compile(r"[\s,]*+([^\s=,{}()\"#@]{1,80})\s*+=\s*+")
_BARE = re.compile(r"[^\s,{}()\"#=@]{1,200}")
_JOIN = re.compile(r"\s*+#\s*+")
_SIGN = re.compile(r"\\.|[{}\"]", re.S)
_ARCHIVED = re.compile(r"\barchived\b[^\n]{0,100}\\url\{", re.I)


@dataclass(frozen=True, slots=True)
class _Value:
    """What a field holds, without its braces or quotes; `is_whole` when it is one such part and no macro."""

    start: int
    end: int
    is_whole: bool


def beside(document: Document, reference: Reference) -> Beside | str:
    """Behind the field whose value the address is, or in the note of its entry."""
    text, start = document.text, reference.location.offset
    end = start + reference.location.length
    line = text.rfind("\n", 0, start) + 1
    field = _FIELD.search(text, max(line, start - 600), start)
    if field is None:
        return "it is not in a field url or howpublished"
    closers = ("}" if field["inner"] else "") + ("}" if field["open"] == "{" else '"')
    if not text.startswith(closers, end):
        return "the field's end was not found"
    fields = _fields_around(text, start)
    if field["name"].lower() == "howpublished" and "url" in fields:
        return "the copy of the field url has its place"
    is_taken = any(_ARCHIVED.search(text, each.start, each.end) for each in fields.values())
    note = fields.get("note")
    if note is not None and note.is_whole and (spot := _in_note(text, note, is_taken)) is not None:
        return spot
    name = "note" if note is None else "addendum"
    if name in fields:
        return Beside(end, is_taken, in_tag=True) if is_taken else "the entry has a note and an addendum already"
    is_own_line = text[line : field.start("lead")].strip() == ""
    line_end = "\r\n" if text.endswith("\r\n", 0, line) else "\n"
    lead = f",{line_end}{field['lead']}" if is_own_line and line else ", "
    return Beside(end + len(closers), is_taken, note=f"{lead}{name} = {{", in_tag=True)


def _in_note(text: str, note: _Value, is_taken: bool) -> Beside | None:
    """Behind the last word of the note; None where a backslash would take the next sign to itself."""
    said = text[note.start : note.end].rstrip()
    if said.endswith("\\"):
        return None
    lead = "" if not said.strip() else " " if said[-1] in ".!?,;:" else ". "
    return Beside(note.start + len(said), is_taken, note=lead, in_tag=True)


def _fields_around(text: str, at: int) -> dict[str, _Value]:
    """The fields of the entry of which the character at `at` is a part, by their names in lower case."""
    opened = list(_ENTRY.finditer(text, text.rfind("\n", 0, max(0, at - _LONGEST)) + 1, at))
    key = _KEY.match(text, opened[-1].end()) if opened else None
    return dict(reversed(list(_fields(text, key.end())))) if key is not None else {}


def _fields(text: str, at: int) -> Iterator[tuple[str, _Value]]:
    while named := _NAME.match(text, at):
        value = _value(text, named.end())
        if value is None:
            return
        found, at = value
        yield named[1].lower(), found


def _value(text: str, at: int) -> tuple[_Value, int] | None:
    """A value, `{…} # "…" # macro`, and where it ends; None when it never does."""
    first = last = _part(text, at)
    while last is not None and (joined := _JOIN.match(text, last[1])):
        first, last = (at, joined.end(), False), _part(text, joined.end())
    if first is None or last is None:
        return None
    return _Value(first[0], first[1] - first[2] if first[2] else last[1], first[2]), last[1]


def _part(text: str, at: int) -> tuple[int, int, bool] | None:
    """Where a part of a value begins and ends, and whether it stands in braces or quotes, which its end includes."""
    if text[at : at + 1] not in ("{", '"'):
        word = _BARE.match(text, at)
        return (at, word.end(), False) if word else None
    depth = 0
    for sign in _SIGN.finditer(text, at + 1, at + _LONGEST):
        if sign[0] == "{":
            depth += 1
        elif depth == 0 and sign[0] == ("}" if text[at] == "{" else '"'):
            return at + 1, sign.end(), True
        elif sign[0] == "}":
            depth -= 1
    return None


def copy(place: Beside, url: str, day: date, state: State) -> str:
    """The field, or the words in it."""
    closing = "}" if place.note.endswith("= {") else ""
    # A bare percent sign would comment out the rest of the entry for BibLaTeX; hyperref, and what reads this, take it escaped.
    written = re.sub(r"[%#]", r"\\\g<0>", sound(url))
    return f"{place.note}Archived {day.isoformat()}: \\url{{{written}}}{closing}"


def address(url: str) -> str:
    """An address means itself."""
    return sound(url)
