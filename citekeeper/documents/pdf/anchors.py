"""Which printed words a link's rectangles cover."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from citekeeper.documents.pdf.lines import Line
from citekeeper.documents.pdf.printed import UriLink
from citekeeper.model import Box, Link, Span

_SPACE = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class Placed:
    """A line and where it stands in the text of the document."""

    line: Line
    at: Span
    box: Box
    """Around all of it, as in the PDF."""


def place(line: Line, start: int, kept: int) -> Placed:
    """`line` with its first `kept` characters at `start`."""
    boxes = line.boxes
    return Placed(line, Span(start, start + kept), (min(boxes[0::4]), min(boxes[1::4]), max(boxes[2::4]), max(boxes[3::4])))


def linked(links: Sequence[UriLink], placed: Sequence[Placed]) -> tuple[list[tuple[str, Span]], list[UriLink]]:
    """The address and words of each link, one after another; and the links that cover no words."""
    found: list[tuple[str, Span]] = []
    unseen: list[UriLink] = []
    for link in links:
        spans = [span for area in link.areas for span in _covered(area, placed)]
        found += [(link.uri, span) for span in spans]
        if not spans:
            unseen.append(link)
    return found, unseen


def joined(found: Iterable[tuple[str, Span]], text: str) -> Iterator[Link]:
    """Links of neighbouring rectangles that lead to the same address, as one: a link over two lines is often written as two."""
    last: tuple[str, Span] | None = None
    for uri, span in sorted(found, key=lambda each: each[1]):
        if last is not None and last[0] == uri and _adjoin(text, last[1], span):
            last = (uri, Span(last[1].start, max(last[1].end, span.end)))
            continue
        if last is not None:
            yield _link(*last)
        last = (uri, span)
    if last is not None:
        yield _link(*last)


def _link(uri: str, at: Span) -> Link:
    # What a PDF links to is written in no text, so its place is that of the words.
    return Link(uri, Span(at.start, at.start), at)


def _adjoin(text: str, one: Span, other: Span) -> bool:
    gap = _SPACE.match(text, one.end)
    return gap is not None and gap.end() >= other.start


def _covered(area: Box, placed: Sequence[Placed]) -> Iterator[Span]:
    left, bottom, right, top = area
    for each in placed:
        box = each.box
        if box[2] > left and box[0] < right and box[3] > bottom and box[1] < top:
            inside = [index for index in range(each.at.end - each.at.start) if _is_inside(area, each.line.boxes, 4 * index)]
            if inside:
                yield _trimmed(each, inside[0], inside[-1] + 1)


def _is_inside(area: Box, boxes: Sequence[float], at: int) -> bool:
    x, y = (boxes[at] + boxes[at + 2]) / 2, (boxes[at + 1] + boxes[at + 3]) / 2
    return area[0] <= x <= area[2] and area[1] <= y <= area[3]


def _trimmed(each: Placed, first: int, last: int) -> Span:
    words = each.line.text[first:last]
    lead = len(words) - len(words.lstrip())
    return Span(each.at.start + first + lead, each.at.start + first + max(lead, len(words.rstrip())))
