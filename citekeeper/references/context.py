"""The words that a note has of its own beside its addresses: author, title, outlet, date."""

from __future__ import annotations

import re
from collections.abc import Sequence

from citekeeper.model import Span

LONGEST = 400
_EDGES = " \t\r\n\u00a0.,;:<>()[]{}|*\"'\u201c\u201d\u2018\u2019\u2022\u2013\u2014-"
_HAS_WORD = re.compile(r"[^\W\d_]{3}")


def context_of(reading: str, places: Sequence[Span], index: int, body: Span | None, *, with_own_words: bool = False) -> str:
    """The words beside the address `places[index]`, within the note `body` or, outside of notes, within its paragraph.

    `with_own_words`: what the reader sees as the link is no address but words, and counts too.
    """
    one = places[index]
    start, end = (body.start, body.end) if body else _paragraph(reading, one)
    before = max(start, places[index - 1].end if index else 0)
    has_next = index + 1 < len(places) and places[index + 1].start < end
    after = places[index + 1].start if has_next else end
    behind = reading[one.end : after]
    if has_next:
        behind = behind.partition(";")[0]
    shown = reading[one.start : one.end][:LONGEST] if with_own_words else ""
    own = _clean(f"{reading[max(before, one.start - LONGEST) : one.start]} {shown} {behind[:LONGEST]}")
    if own or body is None:
        return own
    return _words_of_note(reading, places, index, body)


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


def _paragraph(reading: str, one: Span) -> tuple[int, int]:
    before = reading.rfind("\n\n", max(0, one.start - LONGEST), one.start)
    behind = reading.find("\n", one.end, one.end + 120)
    start = before + 2 if before >= 0 else max(0, one.start - LONGEST)
    return start, behind if behind >= 0 else min(len(reading), one.end + 120)


def _clean(words: str) -> str:
    text = " ".join(words.split()).strip(_EDGES)
    return text[:LONGEST] if _HAS_WORD.search(text) else ""
