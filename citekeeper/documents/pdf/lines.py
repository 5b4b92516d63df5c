"""Glyphs become printed lines: pieces of text that stand side by side on one row, with raised note numbers told apart."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from citekeeper.model import Box

if TYPE_CHECKING:
    # The parent process knows lines, but never loads PDFium.
    from citekeeper.documents.pdf.glyphs import Glyph, RawPage

# In heights of the line: how far apart two pieces of a row may stand, how much they must share of a row, and from where on a
# gap inside a row is the space between two columns. Word spaces of justified text reach about 1.
_JOINED = 1.0
_SAME_ROW = 0.5
_COLUMN_GAP = 1.6
_WORD_GAP = 0.15

# A raised number is smaller than its line and stands higher in it.
_SMALLER = 0.85
_HIGHER = 0.1

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(slots=True)
class Line:
    """A piece of one printed row; `text` and `boxes` (four numbers a character) run side by side."""

    text: str
    boxes: array[float]
    """As in the PDF."""
    left: float
    bottom: float
    right: float
    top: float
    """As a viewer shows the page: turned upright."""
    runs_upwards: bool = False
    """Printed along the page's side, as the stamps of repositories are."""

    @property
    def height(self) -> float:
        """Of the row."""
        return self.top - self.bottom


@dataclass(slots=True)
class _Piece:
    """Glyphs that follow each other on one row, in the upright page."""

    glyphs: list[tuple[Glyph, Box]]
    left: float
    bottom: float
    right: float
    top: float
    runs_upwards: bool = False

    @property
    def height(self) -> float:
        return max(self.top - self.bottom, 0.1)

    def add(self, glyph: Glyph, box: Box) -> None:
        self.glyphs.append((glyph, box))
        self.left, self.bottom = min(self.left, box[0]), min(self.bottom, box[1])
        self.right, self.top = max(self.right, box[2]), max(self.top, box[3])


def lines_of(page: RawPage) -> list[Line]:
    """The printed lines of a page, in the order in which the PDF writes them."""
    pieces = list(_stacked(_pieces(page)))
    return [line for group in _rows(pieces) if (line := _line(group)) is not None]


def upright(page: RawPage, box: Box) -> Box:
    """`box` in the page as a viewer turns it."""
    left, bottom, right, top = box
    match page.rotation:
        case 1:
            return bottom, page.width - right, top, page.width - left
        case 2:
            return page.width - right, page.height - top, page.width - left, page.height - bottom
        case 3:
            return page.height - top, left, page.height - bottom, right
        case _:
            return box


def _pieces(page: RawPage) -> Iterator[_Piece]:
    piece: _Piece | None = None
    for glyph in page.glyphs:
        if glyph is None:
            if piece is not None:
                yield piece
            piece = None
            continue
        box = upright(page, (glyph.left, glyph.bottom, glyph.right, glyph.top))
        if piece is not None and not _goes_on(piece, box, glyph.means.isspace()):
            yield piece
            piece = None
        if piece is None:
            if glyph.means.isspace():
                continue
            piece = _Piece([], *box)
        piece.add(glyph, box)
    if piece is not None:
        yield piece


def _goes_on(piece: _Piece, box: Box, is_space: bool) -> bool:
    last = piece.glyphs[-1][1]
    if is_space:
        # Spaces that PDFium made up may have no height, but never stand before what they follow.
        return box[0] >= last[0] - piece.height
    gap = box[0] - last[2]
    return -_JOINED * piece.height < gap < _COLUMN_GAP * piece.height and _share_row(last if last[3] > last[1] else None, piece, box)


def _share_row(last: Box | None, piece: _Piece, box: Box) -> bool:
    bottom, top = (last[1], last[3]) if last else (piece.bottom, piece.top)
    shared = min(top, box[3]) - max(bottom, box[1])
    return shared >= _SAME_ROW * max(0.1, min(top - bottom, box[3] - box[1]))


def _stacked(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """Text that runs up or down the page, in one piece: PDFium gives each of its letters on a row of its own."""
    stack: list[_Piece] = []
    for piece in pieces:
        if stack and not _is_stacked(stack[-1], piece):
            yield from _unstacked(stack)
            stack = []
        stack.append(piece)
    yield from _unstacked(stack)


def _is_stacked(one: _Piece, other: _Piece) -> bool:
    if len(one.glyphs) > 2 or len(other.glyphs) > 2:
        return False
    is_above = one.left < other.right and other.left < one.right
    apart = max(other.bottom - one.top, one.bottom - other.top)
    return is_above and apart < max(one.height, other.height)


def _unstacked(stack: list[_Piece]) -> Iterator[_Piece]:
    if len(stack) < 4:
        yield from stack
        return
    whole = _Piece([], stack[0].left, stack[0].bottom, stack[0].right, stack[0].top, runs_upwards=True)
    for piece in stack:
        for glyph, box in piece.glyphs:
            whole.add(glyph, box)
    yield whole


def _rows(pieces: list[_Piece]) -> Iterator[list[_Piece]]:
    """Pieces that follow each other closely on one row: words, and the raised numbers between them."""
    group: list[_Piece] = []
    for piece in pieces:
        if group and not _is_beside(group, piece):
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _is_beside(group: list[_Piece], piece: _Piece) -> bool:
    if piece.runs_upwards or group[0].runs_upwards:
        return False
    last, tallest = group[-1], max(group[-3:], key=lambda each: each.height)
    gap = piece.left - last.right
    height = max(tallest.height, piece.height)
    shared = min(tallest.top, piece.top) - max(tallest.bottom, piece.bottom)
    # A note's raised number barely reaches into its row.
    needed = _SAME_ROW / 2 if min(len(piece.glyphs), len(last.glyphs)) < 5 else _SAME_ROW
    is_in_row = shared >= needed * min(tallest.height, piece.height)
    return is_in_row and -0.3 * height < gap < _JOINED * height


def _line(group: list[_Piece]) -> Line | None:
    inked = [box for piece in group for glyph, box in piece.glyphs if not glyph.means.isspace()]
    if not inked:
        return None
    heights = [box[3] - box[1] for box in inked]
    height = median(heights)
    # By far most letters of a line are of its size; in a line of a number and one short word the taller ones are.
    full = [box for box in inked if box[3] - box[1] >= max(height, max(heights) * _SMALLER if len(inked) < 8 else 0) * 0.95] or inked
    bottom = median(box[1] for box in full)
    top = median(box[3] for box in full)
    text, boxes = _texts(group, bottom, max(top - bottom, 0.1))
    stripped = text.rstrip()
    lead = len(stripped) - len(stripped.lstrip())
    if not stripped.strip():
        return None
    left, right = min(box[0] for box in inked), max(box[2] for box in inked)
    return Line(stripped[lead:], boxes[4 * lead : 4 * len(stripped)], left, bottom, right, top, group[0].runs_upwards)


def _texts(group: list[_Piece], bottom: float, height: float) -> tuple[str, array[float]]:
    parts: list[str] = []
    boxes: array[float] = array("f")
    right = group[0].left
    for piece in group:
        # Inside a piece PDFium has told the words apart; between two pieces nobody has.
        if piece.left - right > _WORD_GAP * height and parts and parts[-1] != " ":
            parts.append(" ")
            boxes.extend(boxes[-4:])
        for glyph, box in piece.glyphs:
            means = " " if glyph.means.isspace() else glyph.means
            if means == " " and parts and parts[-1] == " ":
                continue
            if means.isdigit() and means.isascii() and _is_raised(box, bottom, height):
                means = means.translate(_RAISED)
            parts.append(means)
            boxes.extend((glyph.left, glyph.bottom, glyph.right, glyph.top) * len(means))
        right = piece.right
    return "".join(parts), boxes


def _is_raised(box: Box, bottom: float, height: float) -> bool:
    return box[3] - box[1] < _SMALLER * height and box[1] - bottom > _HIGHER * height
