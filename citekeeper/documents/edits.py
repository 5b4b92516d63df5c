"""A source read with edits: mark-up left out, escapes undone, each piece with the place it came from."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from citekeeper.model import Segment, Span


@dataclass(frozen=True, slots=True)
class Edit:
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
        parts, segments, at, length = [], [], 0, 0
        for edit in [*self._edits, Edit(len(text), len(text), "")]:
            for shown, start, end in ((text[at : edit.start], at, edit.start), (edit.shown, edit.start, edit.end)):
                if shown:
                    segments.append(Segment(Span(length, length + len(shown)), Span(start, end)))
                    parts.append(shown)
                    length += len(shown)
            at = edit.end
            self._shifts.append(at - length)
        self.reading = "".join(parts)
        self.segments = tuple(segments) if self._edits else ()

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


def _in_order(edits: list[Edit]) -> list[Edit]:
    """The edits by place; of two that overlap the first stays."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept
