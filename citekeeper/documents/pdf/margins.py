"""Running heads, running feet and page numbers: printed on page after page, they stand between the lines of what is read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from citekeeper.documents.pdf.lines import Line

_OUTERMOST = 2
_MARGIN = 0.12
_FEWEST_PAGES = 3
# Numbers inside a line may be what tells one line from another: "https://…/12".
_NUMBER_AT_EDGE = re.compile(r"^\d{1,4}(?=\s)|(?<=\s)\d{1,4}(?:\s?/\s?\d{1,4})?$")
_PAGE_NUMBER = re.compile(
    r"\W{0,5}(?:(?:page|pg?\.|seite|página|pagina|стр\.?)\s{0,3})?(?:\d{1,4}|[ivxl]{1,7})(?:\s{0,3}(?:/|of|von|de|di|из)\s{0,3}\d{1,4})?\W{0,5}",
    re.I,
)


def running_lines(pages: Iterable[tuple[float, list[Line]]]) -> list[set[int]]:
    """For each page (its height and lines) the `id` of the lines that are a running head, a foot or a page number."""
    printed = list(pages)
    edges = [_edges(height, lines) for height, lines in printed]
    counts = Counter(key for edge in edges for key in {same_line(line) for line in edge})
    return [_running(edge, lines, counts) for edge, (_, lines) in zip(edges, printed, strict=True)]


def _running(edge: list[Line], lines: list[Line], counts: Counter[str]) -> set[int]:
    repeated = {id(line) for line in edge if counts[same_line(line)] >= _FEWEST_PAGES and not is_page_number(line)}
    # A number with words beside it on its row is that of a note or of a list, unless those run on every page, too.
    rest = [line for line in lines if id(line) not in repeated]
    numbers = {
        id(line) for line in edge if is_page_number(line) and not any(_share_row(line, other) for other in rest if other is not line)
    }
    return repeated | numbers


def _share_row(one: Line, other: Line) -> bool:
    return min(one.top, other.top) - max(one.bottom, other.bottom) > 0.5 * min(one.height, other.height)


def is_page_number(line: Line) -> bool:
    """Whether a running line says nothing but which page it is on."""
    return _PAGE_NUMBER.fullmatch(line.text) is not None


def _edges(height: float, lines: list[Line]) -> list[Line]:
    """The outermost lines of a page, as far as they stand in its margins."""
    from_top = sorted(lines, key=lambda line: -line.top)
    top = [line for line in from_top[: _OUTERMOST * 2] if line.top > height * (1 - _MARGIN)]
    foot = [line for line in from_top[-_OUTERMOST * 2 :] if line.bottom < height * _MARGIN]
    return top + [line for line in foot if line not in top]


def same_line(line: Line) -> str:
    """What two running lines have in common when they differ in the page number only."""
    return _NUMBER_AT_EDGE.sub("", line.text).strip()
