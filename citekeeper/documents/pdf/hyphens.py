"""Hyphens at line ends of prose: the typesetter's go, the writer's stay; those of addresses are never touched here."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# A plain word with something before it on its line: an address that goes on from the line above begins its line.
_BROKEN = re.compile(r"\s[(\"'“‘«]?([^\W\d_]{2,40})-$")
_REST = re.compile(r"([^\W\d_]{2,40})(?=[.,;:!?)\"'”’»]{0,3}(?:\s|$))")
_LOOK = 60
# First halves of compounds that no hyphenation makes: they are whole words.
_FIRST_HALVES = frozenset({
    "well", "ill", "self", "long", "short", "high", "low", "half", "full", "cross", "open", "hard", "deep", "far", "fast", "first",
    "second", "third", "two", "three", "four", "state", "world", "year", "day", "time", "user", "peer", "web", "data", "large",
    "small", "wide", "real", "right", "left", "north", "south", "east", "west", "anglo", "euro", "afro",
})  # fmt: skip


class Hyphens:
    """Knows the words of one document, and by them which hyphens belong to it."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Learn the words of `lines`."""
        self._words: set[str] = set()
        is_rest = False
        for line in lines:
            words = _WORDS.findall(line)
            is_broken = line.endswith("-")
            # Halves of broken words are no words.
            self._words.update(word.lower() for word in words[is_rest : -1 if is_broken else None])
            is_rest = is_broken

    def drops(self, before: str, behind: str) -> bool:
        """Whether the hyphen at the end of the line `before` is only there because the line ended."""
        broken = _BROKEN.search(before[-_LOOK:]) if before.endswith("-") else None
        rest = _REST.match(behind[:_LOOK])
        if broken is None or rest is None or not rest[1].islower():
            return False
        first, second = broken[1].lower(), rest[1].lower()
        if first + second in self._words:
            return True
        if f"{first}-{second}" in self._words or first in _FIRST_HALVES:
            return False
        return not (first in self._words and second in self._words)
