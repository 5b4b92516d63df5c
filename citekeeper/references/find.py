"""Finds every address in a text, in one pass, from the few marks without which there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from citekeeper.references import encoded, hosts, schemes
from citekeeper.references.draft import Found
from citekeeper.references.passage import Passage
from citekeeper.references.plain import plain_at
from citekeeper.references.read import read, read_passage
from citekeeper.references.schemes import Anchor

# Every address holds a slash or begins with "www", unless its slashes are written otherwise. All but these two are rare, and begin with
# a letter that is rare, too: looking for one letter with str.find runs at the speed of memory.
_RARE = {
    "\\": ("\\\\", "\\/\\/"),
    "W": ("WWW", "Www"),
    "%": encoded.MARKS,
    "slashslash": ("slashslash",),
    "\uff0f": ("\uff0f\uff0f",),
}

# Two slashes written otherwise, and the code of that.
_SLASHES = {"\\\\": "backslash", "\\/\\/": "escape", "slashslash": "slash-word", "\uff0f\uff0f": "full-width"}


def find(text: str, stops: Sequence[int] = ()) -> Iterator[Found]:
    """Every address in `text`, in order, none overlapping another; `stops` are the offsets over which none runs on."""
    floor = at = 0
    marks = _Marks(text)
    while True:
        place, mark = marks.next(at)
        if place < 0:
            return
        found = plain_at(text, place, floor, stops) if mark == "/" and text.startswith("://", place - 1) else None
        if found is None:
            found = _found(text, place, mark, floor, stops)
        if found is not None and found.end > place:
            yield found
            floor = at = found.end
        else:
            at = _past(text, place, mark)


class _Marks:
    """The marks of a text, in order; none is looked for twice in the same piece of it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._slash = -1
        self._rare = dict.fromkeys(_RARE, (-1, ""))
        self._nearest_rare = -1, ""

    def next(self, at: int) -> tuple[int, str]:
        """The first mark from `at` on; -1 when there is none."""
        text = self._text
        if self._nearest_rare[0] < at:
            self._nearest_rare = self._find_rare(at)
        end, mark = self._nearest_rare
        if self._slash < at:
            slash = text.find("/", at)
            self._slash = slash if slash >= 0 else len(text) + 1
        if self._slash < end:
            end, mark = self._slash, "/"
        # Not further than the slash: most words of that kind stand behind one, and are read with their address.
        www = text.find("www", at, end + 2)
        return (www, "www") if www >= 0 else (end, mark) if mark else (-1, "")

    def _find_rare(self, at: int) -> tuple[int, str]:
        for letter, (place, _mark) in self._rare.items():
            if place < at:
                self._rare[letter] = _next_of(self._text, letter, _RARE[letter], at)
        return min(self._rare.values())


def _next_of(text: str, letter: str, marks: tuple[str, ...], at: int) -> tuple[int, str]:
    """The first of `marks`, which all begin with `letter`, from `at` on; the end of the text where there is none."""
    place = text.find(letter, at)
    while place >= 0:
        for mark in marks:
            if text.startswith(mark, place):
                return place, mark
        place = text.find(letter, place + 1)
    return len(text) + 1, ""


def passage_from(text: str, start: int, stops: Sequence[int] = ()) -> Passage | None:
    """The pass over the address that begins at `start`; None where none does, or where it is read in another way."""
    marks, at = _Marks(text[start : start + _FURTHEST_MARK]), 0
    # Marks inside the scheme and the host come first; an address whose first one lies further off does not begin here.
    for _ in range(4):
        place, mark = marks.next(at)
        if place < 0 or mark in encoded.MARKS:
            return None
        anchor = _anchor(text, start + place, mark, start)
        if anchor is not None and anchor.start == start:
            return read_passage(text, anchor, stops)
        at = _past(text, start + place, mark) - start
    return None


def _found(text: str, place: int, mark: str, floor: int, stops: Sequence[int]) -> Found | None:
    if mark in encoded.MARKS:
        return encoded.read_encoded(text, place, floor)
    anchor = _anchor(text, place, mark, floor)
    return read(text, anchor, stops) if anchor else None


def _anchor(text: str, place: int, mark: str, floor: int) -> Anchor | None:
    if mark == "/":
        if text.startswith("/", place + 1):
            return schemes.scheme_before(text, place, floor)
        if text.startswith(":", place - 1) and (broken := _BROKEN_SLASHES.match(text, place)):
            return _with(schemes.scheme_before(text, place, floor, broken.end() - place), "line-wrap")
        return hosts.host_before(text, place, floor)
    code = _SLASHES.get(mark)
    if code is not None:
        anchor = schemes.scheme_before(text, place, floor, len(mark))
        if anchor is None or "missing-colon" in anchor.repairs:
            return None
        return _with(anchor, code)
    return hosts.www_at(text, place, floor)


_BROKEN_SLASHES = re.compile(r"/\r?\n[ \t]{0,8}/(?=\w)")


def _with(anchor: Anchor | None, code: str) -> Anchor | None:
    """The same anchor, with one thing more undone."""
    return anchor and replace(anchor, repairs=(*anchor.repairs, code))


# Scheme, user and host in front of the first slash: as long as both may be.
_FURTHEST_MARK = 400


def _past(text: str, place: int, mark: str) -> int:
    end = place + len(mark)
    while text.startswith(mark, end):
        end += len(mark)
    return end
