"""The words that a note has of its own beside its addresses: author, title, outlet, date."""

from __future__ import annotations

import re
from dataclasses import dataclass

from citekeeper.model import Span

LONGEST = 400
FURTHEST = 600
"""Characters before an address that can describe what it leads to."""
_EDGES = " \t\r\n\u00a0.,;:<>()[]{}|*\"'\u201c\u201d\u2018\u2019\u2022\u2013\u2014-"
_HAS_WORD = re.compile(r"[^\W\d_]{3}")


@dataclass(slots=True)
class Places:
    """Where the addresses of a text stand, in order."""

    starts: list[int]
    ends: list[int]


@dataclass(slots=True)
class Around:
    """The text on either side of one address that can be about it."""

    before: str
    behind: str
    begins: bool
    """Whether `before` begins where its paragraph or note does, or where the address before ends."""


def around(reading: str, places: Places, index: int, body: Span | None) -> Around:
    """What stands beside the address `index` of `places`, within the note `body` or, outside of notes, within its paragraph."""
    starts, own, own_end = places.starts, places.starts[index], places.ends[index]
    start, end, begins = (body.start, body.end, True) if body else _paragraph(reading, own, own_end)
    before = places.ends[index - 1] if index else 0
    if before > start:
        begins = True
    else:
        before = start
    if index + 1 < len(starts) and starts[index + 1] < end:
        behind = reading[own_end : min(starts[index + 1], own_end + LONGEST)].partition(";")[0]
    else:
        behind = reading[own_end : min(end, own_end + LONGEST)]
    first = max(before, own - FURTHEST)
    return Around(reading[first:own], behind, begins and first == before)


def context_of(reading: str, places: Places, index: int, body: Span | None, beside: Around, *, with_own_words: bool = False) -> str:
    """The words `beside` an address, or those of its whole note where there are none.

    `with_own_words`: what the reader sees as the link is no address but words, and counts too.
    """
    shown = f" {reading[places.starts[index] : places.ends[index]][:LONGEST]}" if with_own_words else ""
    own = _clean(f"{beside.before[-LONGEST:].rstrip()}{shown} {beside.behind.lstrip()}")
    if own or body is None:
        return own
    return _words_of_note(reading, places, index, body)


def on_one_line(words: str) -> str:
    """`words` with one space for each run of white space, and none at either end."""
    # The space alone of all white space is printable: what is so, and has no two of them together, has nothing to be changed.
    if words.isprintable() and "  " not in words:
        return words.strip(" ")
    return " ".join(words.split())


def context_of_note(reading: str, body: Span) -> str:
    """The words of a note that holds no address."""
    return _clean(reading[body.start : min(body.end, body.start + LONGEST)])


def _words_of_note(reading: str, places: Places, index: int, body: Span) -> str:
    pieces, at = [], body.start
    starts = places.starts
    first = index
    while first and starts[first - 1] >= body.start and index - first < 20:
        first -= 1
    for start, end in zip(starts[first : index + 20], places.ends[first : index + 20], strict=True):
        if start >= body.end:
            break
        pieces.append(reading[at : min(start, at + LONGEST)])
        at = end
    pieces.append(reading[at : min(body.end, at + LONGEST)])
    return _clean(" ".join(pieces))


def _paragraph(reading: str, start: int, end: int) -> tuple[int, int, bool]:
    furthest = start - LONGEST if start > LONGEST else 0
    before = reading.rfind("\n\n", furthest, start)
    behind = reading.find("\n", end, end + 120)
    if behind < 0:
        behind = min(len(reading), end + 120)
    return (before + 2, behind, True) if before >= 0 else (furthest, behind, furthest == 0)


def _clean(words: str) -> str:
    text = on_one_line(words).strip(_EDGES)
    return text[:LONGEST] if _HAS_WORD.search(text) else ""
