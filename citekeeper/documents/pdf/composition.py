"""The reading text of a PDF put together line by line, with the page and box of every word and the place of every link."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from statistics import median

from citekeeper.documents.pdf.anchors import Placed, joined, linked, place
from citekeeper.documents.pdf.hyphens import Hyphens
from citekeeper.documents.pdf.lines import Line
from citekeeper.documents.pdf.printed import UriLink
from citekeeper.model import Box, Link, PlaceMark, Span

_WORD = re.compile(r"\S+")
# How much wider than usual, in heights of a line, the space above a paragraph is.
_PARAGRAPH = 0.5


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page, its lines in reading order, without what runs on every page."""

    number: int
    lines: list[Line]
    running: list[Line]
    """Running heads and feet that are printed here for the first time, and what is printed along the side."""
    links: list[UriLink]


@dataclass(frozen=True, slots=True)
class Composed:
    """The text of the document, where each word of it is printed, and its links."""

    text: str
    places: tuple[PlaceMark, ...]
    links: tuple[Link, ...]


def compose(sheets: Sequence[Sheet]) -> Composed:
    """The reading text of all pages; running lines and the links that cover no words stand at the end."""
    writer = _Writer()
    body = [(sheet.number, line) for sheet in sheets for line in sheet.lines]
    hyphens = Hyphens(line.text for _, line in body)
    usual = _usual_gap(sheets)
    for (page, line), following in zip_longest(body, body[1:]):
        behind = _seam(line, following[1], usual if following[0] == page else None) if following else "\n\n"
        drops = behind == "\n" and following is not None and hyphens.drops(line.text, following[1].text)
        writer.line(page, line, len(line.text) - drops)
        writer.text("" if drops else behind)
    for sheet in sheets:
        for line in sheet.running:
            writer.line(sheet.number, line, len(line.text))
            writer.text("\n\n")
    return _with_links(writer, sheets)


def _usual_gap(sheets: Iterable[Sheet]) -> float:
    """The white space between two lines of a paragraph, in the most usual part of the document."""
    gaps = [
        one.bottom - other.top
        for sheet in sheets
        for one, other in zip(sheet.lines, sheet.lines[1:], strict=False)
        if other.top < one.bottom + 0.5 * one.height and one.bottom - other.top < 2 * one.height
    ]
    return median(gaps) if gaps else 0.0


def _seam(line: Line, following: Line, usual: float | None) -> str:
    """What stands between two lines; `usual` is None when a page ends between them."""
    if usual is None or following.bottom > line.top:
        return "\n"
    if following.top > line.bottom + 0.5 * min(line.height, following.height) and following.left >= line.right:
        return "\t"
    return "\n\n" if line.bottom - following.top > usual + _PARAGRAPH * min(line.height, following.height) else "\n"


class _Writer:
    """Writes text and remembers where each word of it is printed."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.places: list[PlaceMark] = []
        self.pages: dict[int, list[Placed]] = {}
        self.length = 0

    def text(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def line(self, page: int, line: Line, kept: int) -> None:
        placed = place(line, self.length, kept)
        self.pages.setdefault(page, []).append(placed)
        for word in _WORD.finditer(line.text, 0, kept):
            self.places.append(PlaceMark(Span(self.length + word.start(), self.length + word.end()), page, _box(line, *word.span())))
        self.text(line.text[:kept])

    def address(self, page: int, uri: str, box: Box) -> Span:
        at = Span(self.length, self.length + len(uri))
        left, bottom, right, top = box
        self.places.append(PlaceMark(at, page, (round(left, 2), round(bottom, 2), round(right, 2), round(top, 2))))
        self.text(uri + "\n\n")
        return at


def _box(line: Line, start: int, end: int) -> Box:
    boxes = line.boxes[4 * start : 4 * end]
    left, bottom, right, top = min(boxes[0::4]), min(boxes[1::4]), max(boxes[2::4]), max(boxes[3::4])
    return round(left, 2), round(bottom, 2), round(right, 2), round(top, 2)


def _with_links(writer: _Writer, sheets: Sequence[Sheet]) -> Composed:
    found: list[tuple[str, Span]] = []
    unseen: list[tuple[int, UriLink]] = []
    for sheet in sheets:
        on_words, on_pictures = linked(sheet.links, writer.pages.get(sheet.number, []))
        found += on_words
        unseen += [(sheet.number, link) for link in on_pictures]
    known = {uri for uri, _ in found}
    for page, link in unseen:
        # A logo leads to the same place from every page; nothing of it can be read, so its address stands for it, once.
        if link.uri not in known and _is_writable(link.uri):
            known.add(link.uri)
            found.append((link.uri, writer.address(page, link.uri, link.areas[0])))
    text = "".join(writer.parts)
    return Composed(text.rstrip(), tuple(writer.places), tuple(_each(joined(found, text))))


def _is_writable(uri: str) -> bool:
    return uri.isprintable() and not re.search(r"\s", uri)


def _each(links: Iterator[Link]) -> Iterator[Link]:
    """Links in order, none reaching into another."""
    end = 0
    for link in links:
        if link.anchor.start >= end:
            yield link
            end = link.anchor.end
