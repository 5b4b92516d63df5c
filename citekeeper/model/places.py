"""Where something stands in a text."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from citekeeper.model.swift import swift

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points of 1/72 inch, from the lower left corner of the page, as in PDF."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points, `text[start:end]`."""

    start: int
    end: int


@swift
@dataclass(frozen=True, slots=True)
class Location:
    """A place in a document as given, for people (1-based lines) and for repairs (offsets)."""

    line: int
    column: int
    end_line: int
    end_column: int
    offset: int
    """Code points from the start of the document."""
    length: int
    """Code points."""
    page: int | None = None
    """1-based, where the document has pages."""
    box: Box | None = None
    """On that page."""
    part: str | None = None
    """The member of a container that it is written in, and the item in it: "word/document.xml#rId5", "xl/worksheets/sheet1.xml#C7"."""


class Lines:
    """Turns spans of one text into locations, in O(log lines) each."""

    def __init__(self, text: str) -> None:
        self._starts = [0]
        find = text.find
        at = find("\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = find("\n", at + 1)

    def locate(self, span: Span) -> Location:
        """The location of `span`; the end column is that of the first code point behind it."""
        return self.between(span.start, span.end)

    def between(self, start: int, end: int) -> Location:
        """The location of the text from offset `start` to `end`."""
        starts = self._starts
        line = end_line = bisect_right(starts, start)
        if line < len(starts) and end >= starts[line]:
            end_line = bisect_right(starts, end)
        return Location(line, start - starts[line - 1] + 1, end_line, end - starts[end_line - 1] + 1, start, end - start)
