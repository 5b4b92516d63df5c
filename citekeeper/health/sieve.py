"""A sieve for phrases: which of many phrases may stand in a text, found in one pass over the text.

Comparing a text with each of some thousand phrases took most of the time that a page needs. Here every phrase leaves five
of its pieces of five letters, at successive places, and the text is cut into pieces of five: a phrase that stands in the
text covers one of them whole (q-gram sampling; Sutinen and Tarhio, ESA 1995). What falls through may be there, what does
not is not, so looking closely is left for few.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

_PIECE: Final = 5
_LEAST: Final = 2 * _PIECE - 1
_CUT = re.compile(f".{{{_PIECE}}}", re.DOTALL)


class Sieve:
    """Which owners of phrases may have one in a text."""

    def __init__(self, phrases: Mapping[int, Iterable[str]]) -> None:
        """`phrases`: the phrases of each owner."""
        listed = {owner: tuple(texts) for owner, texts in phrases.items()}
        common = Counter(piece for texts in listed.values() for text in texts for piece in _pieces(text))
        found: defaultdict[str, set[int]] = defaultdict(set)
        self._short: list[tuple[str, int]] = []
        for owner, texts in listed.items():
            for text in texts:
                if len(text) < _LEAST:
                    self._short.append((text, owner))
                for piece in _rarest(text, common):
                    found[piece].add(owner)
        self._owners = {piece: frozenset(owners) for piece, owners in found.items()}
        self._known = frozenset(found)
        self._short_ascii = [each for each in self._short if each[0].isascii()]

    def owners(self, text: str) -> set[int]:
        """The owners of which a phrase may stand in `text`; all of which one does."""
        through = {owner for piece in _cut(text) & self._known for owner in self._owners[piece]}
        short = self._short_ascii if text.isascii() else self._short
        return through.union(owner for phrase, owner in short if owner not in through and phrase in text)


# Every list is asked about the same few texts of a page, so these are cut once.
@lru_cache(maxsize=64)
def _cut(text: str) -> frozenset[str]:
    return frozenset(_CUT.findall(text))


def _pieces(text: str) -> list[str]:
    return [text[at : at + _PIECE] for at in range(len(text) - _PIECE + 1)]


def _rarest(text: str, common: Mapping[str, int]) -> list[str]:
    """As many successive pieces as there are ways to cut, where other phrases have fewest of them."""
    pieces = _pieces(text)
    starts = range(len(pieces) - _PIECE + 1)
    at = min(starts, key=lambda start: max(common[piece] for piece in pieces[start : start + _PIECE]), default=0)
    return pieces[at : at + _PIECE] if len(text) >= _LEAST else []
