"""Fits text to columns: cells, wrapping at good places, and addresses shortened so that the host stays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rich.cells import cell_len

from citekeeper.reports import safe


class Piece(NamedTuple):
    """A run of text, the name of its style in `paint.py`, and the web address it leads to where terminals can follow links."""

    text: str
    style: str = ""
    link: str = ""


Line = list[Piece]

LABEL = 6
"""Cells for the label of a detail: the longest has five letters."""

_LONGEST = 4_000
"""Characters of one value that are looked at: more than fits any screen, and a bound on the work for hostile ones."""

_WASTE = 12
"""Characters that may be given up on either side of a cut to make it at a slash."""

_ADDRESS = re.compile(r"(?:(?:[A-Za-z][A-Za-z0-9+.-]{0,30}:)?//)?(?:[^/?#\\@]*@)?(?P<host>[^/?#\\]*)(?P<path>.*)", re.DOTALL)
_INNER_ADDRESS = re.compile(r"(?<=/)https?://")
_PATH_PARTS = re.compile(r"(?:[^/?&=]*?https?://)?[^/?&=]*[/?&=]*")
_SLUG_PARTS = re.compile(r"[^_-]*[_-]*")


def clean(text: str) -> str:
    """Return `text` on one harmless line, long ones cut."""
    shown = safe.one_line(text[:_LONGEST])
    return shown[:_LONGEST] + "…" if len(text) > _LONGEST or len(shown) > _LONGEST else shown


def head(text: str, width: int) -> str:
    """Return the longest beginning of `text` that fits into `width` cells."""
    if cell_len(text) <= width:
        return text
    taken = used = 0
    for character in text:
        used += cell_len(character)
        if used > width:
            break
        taken += 1
    return text[:taken]


def tail(text: str, width: int) -> str:
    """Return the longest end of `text` that fits into `width` cells."""
    return head(text[::-1], width)[::-1]


def fit(text: str, width: int) -> str:
    """Return `text` in at most `width` cells, with an ellipsis in place of what does not fit."""
    return text if cell_len(text) <= width else head(text, max(0, width - 1)) + "…"[: max(0, width)]


def fit_address(address: str, width: int) -> str:
    """Return `address` in at most `width` cells, cut in the middle of its path; the host stays.

    Of a host too long for that its end stays, which names the owner; of an address within an address, as archives
    have them, all that stands before the inner one stays if it can.
    """
    if width < 1 or cell_len(address) <= width:
        return address if width >= 1 else ""
    match = _ADDRESS.fullmatch(address)
    assert match is not None, "every group may be empty"
    host, path = match["host"], match["path"]
    inner = _INNER_ADDRESS.search(path)
    if inner and cell_len(host + path[: inner.start()]) <= width * 3 // 4:
        return _cut(host + path[: inner.start()], path[inner.start() :], width, kept=0)
    for front in (address[: match.start("path")], host):
        if cell_len(front) <= width * 3 // 4:
            return _cut(front, path, width, kept=(width - cell_len(front)) * 2 // 5)
    return "…" + tail(host, width - 1)


def _cut(front: str, path: str, width: int, *, kept: int) -> str:
    start = head(path, kept)
    # A cut behind or before a slash reads better than one within a word, if it costs little.
    slash = start.rfind("/") + 1
    start = start[:slash] if slash and len(start) - slash <= _WASTE else start
    end = tail(path, width - cell_len(front) - cell_len(start) - 1)
    slash = end.find("/")
    return f"{front}{start}…{end[slash:] if 0 <= slash <= _WASTE and slash + 1 < len(end) else end}"


def wrap(text: str, width: int) -> Iterator[str]:
    """Yield `text` in lines of at most `width` cells, broken between words, and addresses too long for a line behind their slashes."""
    width = max(1, width)
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if cell_len(joined) <= width:
            line = joined
            continue
        room = width - cell_len(line) - 1 if cell_len(line) * 3 < width else 0
        first, *rest = _pieces(word, width, room) if cell_len(word) > width else ("", word)
        *whole, line = [f"{line} {first}".strip(), *rest]
        yield from (each for each in whole if each)
    if line:
        yield line


def _pieces(word: str, width: int, room: int) -> list[str]:
    """Break a word too long for a line at the best places that will do: what fits into `room`, perhaps nothing, and whole lines."""
    lines = [""]
    for part in _split(word, width):
        if cell_len(lines[-1] + part) <= (room if len(lines) == 1 else width):
            lines[-1] += part
        else:
            lines.append(part)
    return lines


def _split(word: str, width: int) -> Iterator[str]:
    for part in _PATH_PARTS.findall(word):
        if cell_len(part) <= width:
            yield part
            continue
        for smaller in _SLUG_PARTS.findall(part):
            yield from _slices(smaller, width)


def _slices(text: str, width: int) -> Iterator[str]:
    begin = used = 0
    for at, character in enumerate(text):
        cells = cell_len(character)
        if used + cells > width and at > begin:
            yield text[begin:at]
            begin, used = at, 0
        used += cells
    yield text[begin:]


def pad(text: str, width: int) -> str:
    """Return `text` filled with blanks to `width` cells."""
    return text + " " * max(0, width - cell_len(text))


def paragraph(text: str, width: int, style: str = "", *, lead: Piece | None = None) -> Iterator[Line]:
    """Yield `text` in lines of one style, behind `lead` on the first line and below its end on the others."""
    lead = lead or Piece("")
    blank = Piece(" " * cell_len(lead.text))
    for number, line in enumerate(wrap(text, width - cell_len(lead.text))):
        yield [blank if number else lead, Piece(line, style)]


def labelled(label: str, text: str, width: int, style: str = "") -> Iterator[Line]:
    """Yield `text` in lines of one style beside a label in a column of its own."""
    for number, line in enumerate(wrap(text, width - LABEL)):
        yield [Piece(pad(label if number == 0 else "", LABEL), "quiet"), Piece(line, style)]


def indented(cells: int, lines: Iterable[Line]) -> Iterator[Line]:
    """Yield `lines` moved to the right."""
    return ([Piece(" " * cells), *line] for line in lines)


def calm(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield `lines` without empty ones at the beginning or after another."""
    after_empty = True
    for line in lines:
        if line or not after_empty:
            yield line
        after_empty = not line
