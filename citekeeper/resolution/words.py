"""The telling words of notes and addresses (data/words.toml)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from citekeeper.resolution.lists import read_lists

_WORD = re.compile(r"[^\W_]+")
_SHORTEST = 3
_STEM = 5
_LONGEST_TEXT = 4000


@cache
def _empty_words() -> frozenset[str]:
    lists = read_lists("words")
    # A month in an address is a date, and is compared as one.
    return frozenset(lists["empty"]["words"]).union(*lists["months"]["names"])


def words(text: str) -> frozenset[str]:
    """The telling words of a text: lower case, without accents, three letters or more, no numbers."""
    return frozenset(_words(text[:_LONGEST_TEXT]))


def _words(text: str) -> Iterator[str]:
    bare = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    empty = _empty_words()
    for match in _WORD.finditer(bare.casefold()):
        word = match[0]
        if len(word) >= _SHORTEST and word not in empty and not any(each.isdigit() for each in word):
            yield word


_QUOTED = re.compile(r"[“„«]([^“”„«»]{8,400})[”“»]|\"([^\"]{8,400})\"")


def title_in(note: str) -> str:
    """The first quoted title in a note; "" when nothing is quoted."""
    found = _QUOTED.search(note[:_LONGEST_TEXT])
    return (found[1] or found[2]) if found else ""


def overlap(slug: frozenset[str], note: frozenset[str]) -> float:
    """The share of a slug's words, 0 to 1, that the note has too, in the same or another ending."""
    if not slug:
        return 0.0
    stems = {word[:_STEM] for word in note}
    return sum(word in note or (len(word) >= _STEM and word[:_STEM] in stems) for word in slug) / len(slug)
