"""Words and dates that addresses hold, to be compared with a note's words and a citation's date."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

_WORD = re.compile(r"[^\W_]+")
_SHORTEST = 3
_STEM = 5
_LONGEST_TEXT = 4000
_WHOLE_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)([-/_.]?)(0[1-9]|1[0-2]|[1-9](?=[-/_.]))\2(0[1-9]|[12]\d|3[01]|[1-9](?!\d))(?!\d)")
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/_](0[1-9]|1[0-2])(?![\d])")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


@cache
def _empty_words() -> frozenset[str]:
    data = tomllib.loads((files("citekeeper.resolution") / "data" / "words.toml").read_text("utf-8"))
    return frozenset(data["empty"]["words"])


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


def overlap(slug: frozenset[str], note: frozenset[str]) -> float:
    """The share of a slug's words, 0 to 1, that the note has too, in the same or another ending."""
    if not slug:
        return 0.0
    stems = {word[:_STEM] for word in note}
    return sum(word in note or (len(word) >= _STEM and word[:_STEM] in stems) for word in slug) / len(slug)


def span_of_dates(text: str) -> tuple[date, date, int] | None:
    """The first and last day that the most exact date in `text` can mean, and where it ends; None without a date."""
    for match in _WHOLE_DATE.finditer(text):
        day = _day(match[1], match[3], match[4])
        if day is not None:
            return day, day, match.end()
    if (month := _MONTH.search(text)) is not None:
        first = date(int(month[1]), int(month[2]), 1)
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1), month.end()
    if (year := _YEAR.search(text)) is not None:
        return date(int(year[1]), 1, 1), date(int(year[1]), 12, 31), year.end()
    return None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
