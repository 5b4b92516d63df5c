"""Fits text to columns: cells, wrapping at good places, and addresses shortened so that the host stays."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len

from citekeeper.reports import safe

Piece = tuple[str, str]
"""A run of text and the name of its style in `paint.py`."""

Line = list[Piece]

_LONGEST = 4_000
"""Characters of one value that are looked at: more than fits any screen, and a bound on the work for hostile ones."""

_ADDRESS = re.compile(r"((?:[A-Za-z][A-Za-z0-9+.-]{0,30}:)?//)?(?:[^/?#\\@]*@)?([^/?#\\]*)(.*)", re.DOTALL)
_BREAKS_AFTER = re.compile(r"[^/?&=_-]*[/?&=_-]*")


def clean(text: str) -> str:
    """Return `text` on one harmless line, long ones cut."""
    shown = safe.one_line(text[:_LONGEST])
    return shown + "…" if len(text) > _LONGEST else shown


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
    """Return `address` in at most `width` cells, cut in the middle of its path; of a host too long the end, which names its owner."""
    if cell_len(address) <= width:
        return address
    match = _ADDRESS.fullmatch(address)
    assert match is not None, "every group may be empty"
    scheme, host, path = match[1] or "", match[2], match[3]
    front = address[: match.start(3)] if cell_len(address[: match.start(3)]) < width * 3 // 4 else host
    if cell_len(front) + 2 > width:
        return "…" + tail(host, width - 1) if width > 0 else ""
    del scheme
    room = width - cell_len(front) - 1
    return _join(front, path, room)


def _join(front: str, path: str, room: int) -> str:
    kept = room * 2 // 5
    start = head(path, kept)
    # A cut behind a slash reads better than one within a word, if it costs little.
    slash = start.rfind("/") + 1
    start = start[:slash] if slash and len(start) - slash <= 12 else start
    return f"{front}{start}…{tail(path, room - cell_len(start))}"


def wrap(text: str, width: int) -> Iterator[str]:
    """Yield `text` in lines of at most `width` cells, broken between words, and long words behind their signs."""
    width = max(1, width)
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if cell_len(joined) <= width:
            line = joined
            continue
        if line:
            yield line
        *whole, line = _pieces(word, width)
        yield from whole
    if line:
        yield line


def _pieces(word: str, width: int) -> list[str]:
    """Break one word into pieces that fit, at the signs of an address where there are any."""
    lines = [""]
    for part in _BREAKS_AFTER.findall(word):
        if cell_len(lines[-1] + part) <= width:
            lines[-1] += part
            continue
        rest = part
        if cell_len(rest) <= width:
            lines.append(rest)
            continue
        while rest:
            room = width - cell_len(lines[-1])
            taken = head(rest, room)
            if not taken and not lines[-1]:
                taken = rest[0]  # a wide character in a column of one cell
            lines[-1] += taken
            rest = rest[len(taken) :]
            if rest:
                lines.append("")
    return [line for line in lines if line] or [""]


def pad(text: str, width: int) -> str:
    """Return `text` filled with blanks to `width` cells."""
    return text + " " * max(0, width - cell_len(text))
