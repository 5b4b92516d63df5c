"""Finds every address in a text, in one pass, from the few marks without which there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from citekeeper.references import encoded, hosts, schemes
from citekeeper.references.draft import Found
from citekeeper.references.passage import Passage
from citekeeper.references.read import read, read_passage
from citekeeper.references.schemes import Anchor

# Every address holds a slash or begins with "www"; looking for these with str.find runs at memory speed over prose.
_MARKS = ("/", "www", "WWW", "Www", "\\\\", "\\/\\/", "slashslash", "\uff0f\uff0f", *encoded.MARKS)

# Two slashes written otherwise, and the code of that.
_SLASHES = {"\\\\": "backslash", "\\/\\/": "escape", "slashslash": "slash-word", "\uff0f\uff0f": "full-width"}


def find(text: str, stops: Sequence[int] = ()) -> Iterator[Found]:
    """Every address in `text`, in order, none overlapping another; `stops` are the offsets over which none runs on."""
    floor = at = 0
    following = [text.find(mark) for mark in _MARKS]
    while True:
        place, mark = _next(text, at, following)
        if place < 0:
            return
        found = _found(text, place, mark, floor, stops)
        if found is not None and found.end > place:
            yield found
            floor = at = found.end
        else:
            at = _past(text, place, mark)


def passage_from(text: str, start: int, stops: Sequence[int] = ()) -> Passage | None:
    """The pass over the address that begins at `start`; None where none does, or where it is read in another way."""
    following = [text.find(mark, start) for mark in _MARKS]
    at = start
    # Marks inside the scheme and the host come first; an address whose first one lies further off does not begin here.
    for _ in range(4):
        place, mark = _next(text, at, following)
        if place < 0 or mark in encoded.MARKS:
            return None
        anchor = _anchor(text, place, mark, start)
        if anchor is not None and anchor.start == start:
            return read_passage(text, anchor, stops)
        at = _past(text, place, mark)
    return None


def _found(text: str, place: int, mark: str, floor: int, stops: Sequence[int]) -> Found | None:
    if mark in encoded.MARKS:
        return encoded.read_encoded(text, place, floor)
    anchor = _anchor(text, place, mark, floor)
    return read(text, anchor, stops) if anchor else None


def _next(text: str, at: int, following: list[int]) -> tuple[int, str]:
    best, which = -1, ""
    for index, mark in enumerate(_MARKS):
        place = following[index]
        if 0 <= place < at:
            place = following[index] = text.find(mark, at)
        if place >= 0 and (best < 0 or place < best):
            best, which = place, mark
    return best, which


def _anchor(text: str, place: int, mark: str, floor: int) -> Anchor | None:
    if mark == "/":
        if text.startswith("/", place + 1):
            return schemes.scheme_before(text, place, floor)
        return hosts.host_before(text, place, floor)
    code = _SLASHES.get(mark)
    if code is not None:
        anchor = schemes.scheme_before(text, place, floor, len(mark))
        if anchor is None or "missing-colon" in anchor.repairs:
            return None
        return Anchor(anchor.start, anchor.at, anchor.scheme, (*anchor.repairs, code), anchor.is_loose, anchor.other_scheme)
    return hosts.www_at(text, place, floor)


def _past(text: str, place: int, mark: str) -> int:
    end = place + len(mark)
    while text.startswith(mark, end):
        end += len(mark)
    return end
