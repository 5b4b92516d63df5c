"""Two texts of one page compared: is it still the same thing, and how much of it changed?

The measures and their limits come from measuring pairs of saves of one page, years apart, and of pages of one site put
in each other's place (benchmarks/judgement.py): shared words, shared runs of five words and the headings tell "still
there" from "something else"; the runs, or the content that the page itself states, tell "the same" from "edited".
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from citekeeper.health.texts import MAX_COMPARED, PageText

REPLACED_BELOW: Final = 0.55
"""Likeness; of 53 real pairs the least like had 0.67, nine in ten of the exchanged pages had 0.51 or less."""

SAME_FROM: Final = 0.85
"""Sameness."""

LEAST: Final = 200
"""Characters of text without which nothing is compared: walls, shells and failed extractions."""

_RUN: Final = 5
_LEAST_STATED: Final = 150


class Drift(StrEnum):
    """What became of a text."""

    SAME = "same"
    EDITED = "edited"
    REPLACED = "replaced"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Comparison:
    """An earlier text of a page against a later one."""

    drift: Drift
    likeness: float
    """0..1: whether it is still the same thing, however much of it was edited."""
    sameness: float
    """0..1: how much of it stands unchanged."""


def compare(earlier: PageText, later: PageText) -> Comparison:
    """Compare; two texts that are too short to tell are unclear."""
    if min(len(earlier.main), len(later.main)) < LEAST:
        return Comparison(Drift.UNCLEAR, 0.0, 0.0)
    runs = max(_kept(earlier.main, later.whole), _kept(later.main, earlier.whole))
    shared, heads = _shared(earlier.main, later.main), _heads(earlier.heads, later.heads)
    likeness = max(runs, (shared + (shared if heads is None else heads)) / 2)
    sameness = _stated(earlier.stated, later.stated)
    sameness = runs if sameness is None else sameness
    if likeness < REPLACED_BELOW:
        return Comparison(Drift.REPLACED, likeness, sameness)
    return Comparison(Drift.SAME if sameness >= SAME_FROM else Drift.EDITED, likeness, sameness)


def _kept(main: str, other: str) -> float:
    """Which share of the runs of words in `main` stands in `other` too."""
    wanted = _runs(main)
    return len(wanted & _runs(other)) / len(wanted) if wanted else 0.0


def _runs(text: str) -> set[tuple[str, ...]]:
    parts = text.split()
    return set(zip(*(parts[n:] for n in range(_RUN)), strict=False))


def _shared(one: str, other: str) -> float:
    """The words in common, by letters, measured against the side that has fewer words of its own (fuzzywuzzy's token_set_ratio)."""
    mine, theirs = set(one.split()), set(other.split())
    common = _letters(mine & theirs)
    return 2 * common / (2 * common + min(_letters(mine - theirs), _letters(theirs - mine))) if common else 0.0


def _letters(parts: set[str]) -> int:
    return sum(map(len, parts)) + len(parts)


def _heads(one: tuple[str, ...], other: tuple[str, ...]) -> float | None:
    """How alike the two headings are that are most alike; None when a page has none."""
    if not one or not other:
        return None
    from rapidfuzz.fuzz import ratio

    return max(ratio(mine, theirs) for mine in one for theirs in other) / 100


def _stated(one: str, other: str) -> float | None:
    """How alike the contents are that both pages state; None when one does not."""
    if min(len(one), len(other)) < _LEAST_STATED:
        return None
    mine, theirs = Counter(one[:MAX_COMPARED].split()), Counter(other[:MAX_COMPARED].split())
    return 2 * (mine & theirs).total() / (mine.total() + theirs.total())
