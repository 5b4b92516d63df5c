"""Dates in the words of a note, in the languages of data/months.toml: which days, months and years it names, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from citekeeper.references.lists import table

_YEARS = range(1800, 2100)
_WORD = r"[^\W\d_]{3,14}+"
_YEAR = r"(?:1[89]|20)\d\d"
_OF = r"(?:(?:de|of|del|di|do|dne)\s)?"

# Each alternative names its groups by letter: d, m, y for day, month, year; w for a month in words.
_DATE = re.compile(
    rf"(?<![A-Za-z0-9_./-])(?:(?:"
    rf"(?P<d1>\d{{1,2}})(?:st|nd|rd|th|er|[.\u00ba\u00aa])?[\s-]{{1,3}}{_OF}(?P<w1>{_WORD})\.?,?[\s-]{{1,3}}{_OF}(?P<y1>{_YEAR})"
    rf"|(?P<w2>{_WORD})\.?\s{{1,3}}(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,3}}(?P<y2>{_YEAR})"
    rf"|(?P<y3>{_YEAR})[,.]?\s{{1,3}}(?P<w3>{_WORD})\.?\s{{1,3}}(?P<d3>\d{{1,2}})"
    rf"|(?P<y4>{_YEAR})(?P<s4>[-/.])(?P<m4>\d{{1,2}})(?P=s4)(?P<d4>\d{{1,2}})"
    rf"|(?P<d5>\d{{1,2}})\.\s?(?P<m5>\d{{1,2}})\.\s?(?P<y5>{_YEAR})"
    rf"|(?P<d6>\d{{1,2}})/(?P<m6>\d{{1,2}})/(?P<y6>{_YEAR})"
    rf"|(?P<w8>{_WORD})\.?,?\s{{1,3}}{_OF}(?P<y8>{_YEAR})"
    rf"|(?P<y9>{_YEAR})[a-z]?"
    rf")(?![\w/-])"
    rf"|(?P<y7>{_YEAR})\s?[\u5e74\ub144]\s?(?P<m7>\d{{1,2}})\s?[\u6708\uc6d4](?:\s?(?P<d7>\d{{1,2}})\s?[\u65e5\uc77c])?)"
)


# The groups of each alternative by its number: day, month in words, month and year, as far as it has them.
_GROUPS = {number: [name for name in _DATE.groupindex if name[1] == number and name[0] != "s"] for number in "123456789"}
_ANY_YEAR = re.compile(_YEAR)
# No date begins further before its year than a day, a month in words and what stands between them are long.
_LONGEST_BEFORE_YEAR = 40


@dataclass(slots=True)
class Dated:
    """A date in a text."""

    start: int
    end: int
    day: date
    exactness: int
    """3 when a day is told, 2 a month, 1 only a year."""


def dates_in(text: str) -> Iterator[Dated]:
    """Every date in `text`, in order; one with two readings (04/05/2021) is left out."""
    at = 0
    while (year := _ANY_YEAR.search(text, at)) is not None:
        begin = year.start()
        before = text[begin - 1 : begin]
        if before.isspace() or before in "-./":
            match = _DATE.search(text, max(at, begin - _LONGEST_BEFORE_YEAR))
            if match is None:
                return
        else:
            # No date goes on behind such a sign: it begins with its year, if it is one.
            match = _DATE.match(text, begin)
        if match is None:
            at = begin + 1
            continue
        at = match.end()
        dated = _dated(match) or _year_at_end(match)
        if dated is not None:
            yield dated


def _dated(match: re.Match[str]) -> Dated | None:
    number = str(match.lastgroup)[1]
    told = {name[0]: match[name] for name in _GROUPS[number]}
    word, day, month = told.get("w"), int(told.get("d") or 0), int(told.get("m") or 0)
    if word is not None and not (month := _months().get(word.lower(), 0)):
        return None
    # "04/05/2021" is April to some and May to others.
    if number == "6" and month:
        if month != day and month <= 12 and day <= 12:
            return None
        month, day = (day, month) if month > 12 else (month, day)
    exactness = 3 if day else 2 if month else 1
    try:
        return Dated(match.start(), match.end(), date(int(told["y"]), month or 1, day or 1), exactness)
    except ValueError:
        return None


def _year_at_end(match: re.Match[str]) -> Dated | None:
    """The year behind a word that is no month: "Report 2020"."""
    if not match["w8"] and not match["w1"]:
        return None
    year = int(match["y8"] or match["y1"])
    return Dated(match.end() - 4, match.end(), date(year, 1, 1), 1) if year in _YEARS else None


@cache
def _months() -> dict[str, int]:
    return {form: number for names in table("months").values() for number, forms in enumerate(names, 1) for form in forms.split("|")}
