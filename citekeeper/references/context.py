"""The words that a note has of its own beside its addresses: author, title, outlet, date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from citekeeper.model import Span

LONGEST = 400
FURTHEST = 600
"""Characters before an address that can describe what it leads to."""
_EDGES = " \t\r\n\u00a0.,;:<>()[]{}|*\"'\u201c\u201d\u2018\u2019\u2022\u2013\u2014-"
_HAS_WORD = re.compile(r"[^\W\d_]{3}")


@dataclass(frozen=True, slots=True)
class Around:
    """The text on either side of one address that can be about it."""

    before: str
    behind: str
    begins: bool
    """Whether `before` begins where its paragraph or note does, or where the address before ends."""


def around(reading: str, places: Sequence[Span], index: int, body: Span | None) -> Around:
    """What stands beside the address `places[index]`, within the note `body` or, outside of notes, within its paragraph."""
    one = places[index]
    start, end, begins = (body.start, body.end, True) if body else _paragraph(reading, one)
    before = max(start, places[index - 1].end if index else 0)
    has_next = index + 1 < len(places) and places[index + 1].start < end
    behind = reading[one.end : min(places[index + 1].start if has_next else end, one.end + LONGEST)]
    if has_next:
        behind = behind.partition(";")[0]
    first = max(before, one.start - FURTHEST)
    return Around(reading[first : one.start], behind, (begins or before > start) and first == before)


def context_of(reading: str, places: Sequence[Span], index: int, body: Span | None, beside: Around, *, with_own_words: bool = False) -> str:
    """The words `beside` an address, or those of its whole note where there are none.

    `with_own_words`: what the reader sees as the link is no address but words, and counts too.
    """
    one = places[index]
    shown = reading[one.start : one.end][:LONGEST] if with_own_words else ""
    own = _clean(f"{beside.before[-LONGEST:]} {shown} {beside.behind}")
    if own or body is None:
        return own
    return _words_of_note(reading, places, index, body)


def context_of_note(reading: str, body: Span) -> str:
    """The words of a note that holds no address."""
    return _clean(reading[body.start : min(body.end, body.start + LONGEST)])


def _words_of_note(reading: str, places: Sequence[Span], index: int, body: Span) -> str:
    pieces, at = [], body.start
    first = index
    while first and places[first - 1].start >= body.start and index - first < 20:
        first -= 1
    for one in places[first : index + 20]:
        if one.start >= body.end:
            break
        pieces.append(reading[at : min(one.start, at + LONGEST)])
        at = one.end
    pieces.append(reading[at : min(body.end, at + LONGEST)])
    return _clean(" ".join(pieces))


def _paragraph(reading: str, one: Span) -> tuple[int, int, bool]:
    before = reading.rfind("\n\n", max(0, one.start - LONGEST), one.start)
    behind = reading.find("\n", one.end, one.end + 120)
    start = before + 2 if before >= 0 else max(0, one.start - LONGEST)
    return start, behind if behind >= 0 else min(len(reading), one.end + 120), before >= 0 or start == 0


def _clean(words: str) -> str:
    text = " ".join(words.split()).strip(_EDGES)
    return text[:LONGEST] if _HAS_WORD.search(text) else ""
