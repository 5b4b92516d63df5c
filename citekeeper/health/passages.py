"""Passages that an article takes from a source (quotations, its title, figures): do they still stand in the page?

A passage says something only when the copy of the citation date holds it: then it is from the source, and a page without
it has lost what was cited, however much of the rest still stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from citekeeper.health.texts import PageText, words

MAX_PASSAGES: Final = 12
MAX_PASSAGE: Final = 600
"""Characters of one passage that are looked for."""

_RUN: Final = 4
_MOST: Final = 0.8
"""Share of a quotation's runs of words that must stand: authors shorten, and correct a letter."""

_LEFT_OUT = re.compile(r"\s*(?:\[\s?(?:…|\.{3})\s?\]|\(\s?(?:…|\.{3})\s?\)|…|\.{3})\s*")


@dataclass(frozen=True, slots=True)
class Passages:
    """Which passages stand in a page and which do not."""

    kept: tuple[str, ...]
    lost: tuple[str, ...]


def check(passages: Sequence[str], live: PageText, copy: PageText | None) -> Passages:
    """The passages that stand in `live`, and those that only the copy of the citation date holds."""
    kept: list[str] = []
    lost: list[str] = []
    for passage in list(dict.fromkeys(passages))[:MAX_PASSAGES]:
        if stands(passage, live):
            kept.append(passage)
        elif copy is not None and stands(passage, copy):
            lost.append(passage)
    return Passages(tuple(kept), tuple(lost))


def stands(passage: str, page: PageText) -> bool:
    """Whether the page holds the passage; parts around "[…]" may stand apart."""
    parts = [part for text in _LEFT_OUT.split(passage[:MAX_PASSAGE]) if (part := words(text))]
    text = " ".join(("", page.whole, *page.heads, page.stated, ""))
    return bool(parts) and all(_stands(part, text) for part in parts)


def _stands(part: str, text: str) -> bool:
    if f" {part} " in text:
        return True
    runs = list(_runs(part))
    return len(runs) >= _RUN and sum(f" {run} " in text for run in runs) >= _MOST * len(runs)


def _runs(part: str) -> Iterator[str]:
    parts = part.split()
    return (" ".join(parts[n : n + _RUN]) for n in range(len(parts) - _RUN + 1))
