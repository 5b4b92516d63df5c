"""The order in which a person reads the lines of a page: columns one after another, rows from top to bottom."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from statistics import median

from citekeeper.documents.pdf.lines import Line

# A page is looked at in this many upright strips; a gutter is a strip that few lines cross.
_STRIPS = 200
_FEWEST_LINES = 3
# A column narrower than this part of its page holds numbers or marks, not text of its own.
_NARROWEST = 0.12
_DEEPEST = 4


def in_reading_order(lines: list[Line]) -> list[list[Line]]:
    """The lines as groups that are read from top to bottom, one group (a column, a heading across) after another."""
    return [group for group in _groups(lines, 0) if group]


def _groups(lines: list[Line], depth: int) -> Iterator[list[Line]]:
    gutter = _gutter(lines) if depth < _DEEPEST else None
    if gutter is None:
        yield sorted(lines, key=lambda line: (-line.top, line.left))
        return
    left: list[Line] = []
    right: list[Line] = []
    for line in sorted(lines, key=lambda line: (-line.top, line.left)):
        if line.right <= gutter:
            left.append(line)
        elif line.left >= gutter:
            right.append(line)
        else:
            yield from _columns(left, right, depth)
            yield [line]
            left, right = [], []
    yield from _columns(left, right, depth)


def _columns(left: list[Line], right: list[Line], depth: int) -> Iterator[list[Line]]:
    if left:
        yield from _groups(left, depth + 1)
    if right:
        yield from _groups(right, depth + 1)


def _gutter(lines: list[Line]) -> float | None:
    """Where an upright line parts two columns; None where there is one column only."""
    if len(lines) < 2 * _FEWEST_LINES:
        return None
    start, end = min(line.left for line in lines), max(line.right for line in lines)
    width = (end - start) / _STRIPS
    if width <= 0:
        return None
    best, score = None, 0
    for strip, (ended, crossing, begun) in enumerate(_counts(lines, start, width)):
        worth = min(ended, begun) - crossing
        if worth > score:
            best, score = strip, worth
    if best is None or score < _FEWEST_LINES:
        return None
    at = start + (best + 0.5) * width
    return at if _parts_columns(lines, at, end - start) else None


def _counts(lines: list[Line], start: float, width: float) -> Iterator[tuple[int, int, int]]:
    """For each strip: how many lines end before it, cross it, begin behind it."""
    begins, ends = [0] * (_STRIPS + 2), [0] * (_STRIPS + 2)
    for line in lines:
        begins[_strip(line.left, start, width)] += 1
        ends[_strip(line.right, start, width) + 1] += 1
    for begun, ended in zip(list(accumulate(begins))[:_STRIPS], list(accumulate(ends))[:_STRIPS], strict=True):
        yield ended, begun - ended, len(lines) - begun


def _strip(x: float, start: float, width: float) -> int:
    return min(_STRIPS - 1, max(0, int((x - start) / width)))


def _parts_columns(lines: list[Line], at: float, width: float) -> bool:
    left = [line for line in lines if line.right <= at]
    right = [line for line in lines if line.left >= at]
    if len(left) < _FEWEST_LINES or len(right) < _FEWEST_LINES:
        return False
    if min(median(line.right - line.left for line in side) for side in (left, right)) < _NARROWEST * width:
        return False
    return _rows_beside(left, right) >= _FEWEST_LINES


def _rows_beside(left: list[Line], right: list[Line]) -> int:
    """How many lines of `left` have one of `right` beside them."""
    lower, upper = min(line.bottom for line in right), max(line.top for line in right)
    return sum(lower <= (line.bottom + line.top) / 2 <= upper for line in left)
