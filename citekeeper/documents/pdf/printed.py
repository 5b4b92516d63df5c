"""A PDF as printed lines and links, page by page, and the form in which one process hands it to another."""

from __future__ import annotations

import base64
import json
from array import array
from collections.abc import Callable
from dataclasses import dataclass

from citekeeper.documents.pdf.lines import Line
from citekeeper.model import Box


@dataclass(frozen=True, slots=True)
class UriLink:
    """A link to a web address: the rectangles that react to a click."""

    uri: str
    areas: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """One page."""

    number: int
    """1-based."""
    height: float
    """Of the page as a viewer turns it, in points."""
    lines: list[Line]
    links: list[UriLink]


@dataclass(frozen=True, slots=True)
class Printed:
    """The whole file."""

    title: str
    """As the file states it; often empty, or the name of a program."""
    pages: list[PrintedPage]


def read_here(data: bytes, at_page: Callable[[], None] = lambda: None) -> Printed:
    """Read the PDF in this process, calling `at_page` before each page; raises Unfit for what is damaged, locked or too large."""
    from citekeeper.documents.pdf.glyphs import opened
    from citekeeper.documents.pdf.lines import lines_of

    pages: list[PrintedPage] = []
    at_page()
    with opened(data) as (title, raw_pages):
        for raw in raw_pages:
            height = raw.width if raw.rotation % 2 else raw.height
            pages.append(PrintedPage(raw.number, height, lines_of(raw), [UriLink(uri, areas) for uri, areas in raw.links]))
            at_page()
    return Printed(title, pages)


def dumped(printed: Printed) -> bytes:
    """`printed` as JSON. Not as a pickle: whoever reads it must not have to trust the process that read the PDF."""
    pages = [
        [page.number, page.height, [_dumped_line(line) for line in page.lines], [[link.uri, link.areas] for link in page.links]]
        for page in printed.pages
    ]
    return json.dumps([printed.title, pages]).encode()


def loaded(dump: bytes) -> Printed:
    """What `dumped` made; raises ValueError for anything else."""
    try:
        title, pages = json.loads(dump)
        return Printed(str(title), [_loaded_page(*page) for page in pages])
    except (TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise ValueError("is no dump of printed pages") from error


def _dumped_line(line: Line) -> list[object]:
    return [line.text, base64.b64encode(line.boxes.tobytes()).decode(), line.left, line.bottom, line.right, line.top, line.runs_upwards]


def _loaded_page(number: int, height: float, lines: list[list[object]], links: list[tuple[str, list[list[float]]]]) -> PrintedPage:
    return PrintedPage(int(number), float(height), [_loaded_line(*line) for line in lines], [_loaded_link(*link) for link in links])


def _loaded_line(text: object, boxes: object, left: object, bottom: object, right: object, top: object, runs_upwards: object) -> Line:
    numbers = array("f", base64.b64decode(str(boxes)))
    if len(numbers) != 4 * len(str(text)) or not text:
        raise ValueError("is a line whose boxes are not those of its characters")
    sides = [float(str(each)) for each in (left, bottom, right, top)]
    return Line(str(text), numbers, sides[0], sides[1], sides[2], sides[3], bool(runs_upwards))


def _loaded_link(uri: str, areas: list[list[float]]) -> UriLink:
    return UriLink(str(uri), tuple((float(left), float(bottom), float(right), float(top)) for left, bottom, right, top in areas))
