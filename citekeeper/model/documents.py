"""A document: text that cites, with positions that lead back to the source as given."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

from citekeeper.model.places import Box, Span
from citekeeper.model.references import Citation


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of reading text and the run of source it came from.

    When both lengths are equal the run is verbatim; otherwise (an entity, an escape) it is atomic: any part
    of it stands for the whole source run. A source length of 0 marks text that the format implies (a line end
    at a block boundary).
    """

    reading: Span
    source: Span


@dataclass(frozen=True, slots=True)
class Link:
    """A link that the document's format states explicitly."""

    href: str
    """The address as the format means it: entities and escapes undone, not refanged."""
    href_span: Span
    """Where the address is written in the document's source text."""
    anchor: Span
    """What the reader sees as the link, in the reading text; may be empty."""


@dataclass(frozen=True, slots=True)
class NoteMark:
    """A note or a citation of one that the format itself marks (a footnote definition, `<sup><a href="#fn1">`)."""

    marker: str
    """The marker without brackets, "3"."""
    at: Span
    """In the reading text: the note's whole text, or the mark that cites it."""
    role: str
    """"note" or "cite"."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A work that the format itself describes in fields: a BibTeX entry, a cite template, a CSL item."""

    at: Span
    """The entry's whole text, in the reading text; the links in it belong to the work."""
    citation: Citation
    key: str | None = None
    """The entry's own name in its format."""


@dataclass(frozen=True, slots=True)
class PlaceMark:
    """Where a run of a container's text stands in the file itself; what is None is not known, or does not exist there."""

    at: Span
    """In the document's text."""
    page: int | None = None
    box: Box | None = None
    part: str | None = None
    """As in `Location`."""


@dataclass(frozen=True, slots=True)
class Run:
    """Where a run of a container's text is written in the XML of a member, so that it can be found again for a repair."""

    at: Span
    """In the document's text."""
    part: str
    """The name of the member."""
    element: int
    """Which element it is: the number of start tags before its own."""
    is_tail: bool = False
    """The run stands behind the element's end, not within it."""


@dataclass(frozen=True, slots=True)
class Document:
    """Text that cites: what was given, what a reader reads of it, and what its format says of itself."""

    source: str
    """As the user named it: a path, an address, or "-"."""
    format: str
    """The name of the format, as documents registers it."""
    text: str
    """The source, decoded and otherwise exactly as given; every location points into it.

    Of a container (PDF, Word, …) the text that a reader sees of it, in reading order.
    """
    reading: str
    """What a reader reads; equal to `text` for plain text."""
    segments: tuple[Segment, ...] = ()
    """How `reading` maps to `text`, in order; empty when they are the same."""
    links: tuple[Link, ...] = ()
    marks: tuple[NoteMark, ...] = ()
    entries: tuple[Entry, ...] = ()
    title: str | None = None
    published: date | None = None
    url: str | None = None
    """The document's own address, where it tells one."""
    places: tuple[PlaceMark, ...] = ()
    """Where the text stands in the container it was taken from: in order, none overlapping another."""
    runs: tuple[Run, ...] = ()
    """Of a container that can be repaired, in order; what stands between them is written nowhere in it (numbers, line ends)."""

    def to_source(self, span: Span) -> Span:
        """The smallest range of `text` that holds the reading range `span`."""
        if not self.segments:
            return span
        first = self._segment_at(span.start)
        last = self._segment_at(max(span.start, span.end - 1))
        return Span(_map_start(first, span.start), _map_end(last, span.end))

    def place_of(self, span: Span) -> PlaceMark | None:
        """Where in the container the range `span` of `text` begins; its box holds all of it that is in the same column."""
        index = max(0, bisect_right(self.places, span.start, key=lambda mark: mark.at.start) - 1)
        touched = []
        for mark in self.places[index:]:
            if mark.at.start >= max(span.end, span.start + 1):
                break
            if mark.at.end > span.start:
                touched.append(mark)
        if not touched:
            return None
        first = touched[0]
        # One of several marks may name the item: a link begins where its words do, though a bracket before it is marked too.
        part = next((mark.part for mark in touched if mark.part and "#" in mark.part), first.part)
        return PlaceMark(span, first.page, _around(_below([mark.box for mark in touched if mark.box and mark.page == first.page])), part)

    def _segment_at(self, offset: int) -> Segment:
        index = bisect_right(self.segments, offset, key=lambda segment: segment.reading.start) - 1
        return self.segments[max(0, index)]


def _below(boxes: list[Box]) -> list[Box]:
    """The boxes up to where the text jumps up the page, into another column."""
    ends = (index for index, box in enumerate(boxes) if box[1] >= boxes[0][3])
    return boxes[: next(ends, len(boxes))]


def _around(boxes: list[Box]) -> Box | None:
    if not boxes:
        return None
    left, bottom, right, top = zip(*boxes, strict=True)
    return min(left), min(bottom), max(right), max(top)


def _is_verbatim(segment: Segment) -> bool:
    reading, source = segment.reading, segment.source
    return reading.end - reading.start == source.end - source.start


def _map_start(segment: Segment, offset: int) -> int:
    if _is_verbatim(segment):
        return segment.source.start + max(0, min(offset, segment.reading.end) - segment.reading.start)
    return segment.source.start


def _map_end(segment: Segment, offset: int) -> int:
    if _is_verbatim(segment):
        return segment.source.start + max(0, min(offset, segment.reading.end) - segment.reading.start)
    return segment.source.end


@dataclass(frozen=True, slots=True)
class SourceProblem:
    """Why one source could not be read; the others go on."""

    source: str
    message: str
    """What is wrong, without the name of the source."""
    hint: str = ""
    """What to try."""
