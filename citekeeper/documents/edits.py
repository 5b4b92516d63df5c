"""A source read with edits: mark-up left out, escapes undone, each piece with the place it came from."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from citekeeper.model import Segment, Span


class Edit(NamedTuple):
    """A stretch of source that reads differently: an escape, an entity, the address of a link, a comment."""

    start: int
    end: int
    shown: str


class Edited:
    """A text after `edits`, which may come in any order, and how the two map to each other."""

    def __init__(self, text: str, edits: list[Edit]) -> None:
        self._edits = _in_order(edits)
        self._starts = [edit.start for edit in self._edits]
        self._shifts: list[int] = []
        rows = _Rows()
        at = 0
        for start, end, shown in self._edits:
            rows.add(text[at:start], at, start)
            rows.add(shown, start, end)
            at = end
            self._shifts.append(at - rows.length)
        rows.add(text[at:], at, len(text))
        self.reading = "".join(rows.parts)
        self.segments = rows.segments() if self._edits else ()

    def to_reading(self, at: Span) -> Span:
        """The reading range of a source range; an edit at its edge belongs to it as a whole."""
        start = self._offset(at.start)
        return Span(start, max(start, self._offset(at.end)))

    def _offset(self, offset: int) -> int:
        index = bisect_right(self._starts, offset) - 1
        if index < 0:
            return offset
        edit = self._edits[index]
        if offset < edit.end:
            return edit.end - self._shifts[index] - len(edit.shown)
        return offset - self._shifts[index]


class _Rows:
    """Reading text and the source of each run of it; runs of the same length that follow each other are one."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self._rows: list[tuple[int, int, int, int]] = []
        self._last = (0, 0, -1, -1)

    def add(self, shown: str, start: int, end: int) -> None:
        if not shown:
            return
        before, self.length = self.length, self.length + len(shown)
        self.parts.append(shown)
        first, last, from_, to = self._last
        if start == to and len(shown) == end - start and last - first == to - from_:
            self._rows[-1] = self._last = (first, self.length, from_, end)
        else:
            self._last = (before, self.length, start, end)
            self._rows.append(self._last)

    def segments(self) -> tuple[Segment, ...]:
        return tuple(Segment(Span(first, last), Span(start, end)) for first, last, start, end in self._rows)


def _in_order(edits: list[Edit]) -> list[Edit]:
    """The edits by place; of two that overlap the first stays."""
    kept: list[Edit] = []
    end = 0
    for edit in sorted(edits):
        if edit.start >= end:
            kept.append(edit)
            end = edit.end
    return kept
