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

# Every address holds a slash or begins with "www"; looking for these with str.find runs at memory speed over prose.
_MARKS = ("/", "www", "WWW", "Www", "\\\\", "\\/\\/", "slashslash", "\uff0f\uff0f", *encoded.MARKS)

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
    """The marks of a text, in order: slashes are looked for one by one, all others only as far as the nearest of them."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._following = {mark: text.find(mark) for mark in _MARKS[1:]}
        self._following = {mark: place for mark, place in self._following.items() if place >= 0}
        self._nearest = self._find_nearest()

    def next(self, at: int) -> tuple[int, str]:
        """The first mark from `at` on; -1 when there is none."""
        while self._nearest[0] < at:
            mark = self._nearest[1]
            place = self._text.find(mark, at)
            if place >= 0:
                self._following[mark] = place
            else:
                del self._following[mark]
            self._nearest = self._find_nearest()
        slash = self._text.find("/", at)
        if 0 <= slash < self._nearest[0]:
            return slash, "/"
        return self._nearest if self._nearest[1] else (-1, "")

    def _find_nearest(self) -> tuple[int, str]:
        return min(((place, mark) for mark, place in self._following.items()), default=(len(self._text) + 1, ""))


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
