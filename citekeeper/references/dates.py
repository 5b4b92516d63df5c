"""Dates in the words of a note, in the languages of data/months.toml: which days, months and years it names, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from citekeeper.references.lists import table

_YEARS = range(1800, 2100)
_WORD = r"[^\W\d_]{3,14}"
_YEAR = r"(?:1[89]|20)\d\d"
_OF = r"(?:(?:de|of|del|di|do|dne)\s)?"

# Each alternative names its groups by letter: d, m, y for day, month, year; w for a month in words.
_DATE = re.compile(
    rf"(?<![A-Za-z0-9_./-])(?:(?:"
    rf"(?P<d1>\d{{1,2}})(?:st|nd|rd|th|er|[.\u00ba\u00aa])?[\s-]{{1,3}}{_OF}(?P<w1>{_WORD})\.?,?[\s-]{{1,3}}{_OF}(?P<y1>{_YEAR})"
    rf"|(?P<w2>{_WORD})\.?\s{{1,3}}(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,3}}(?P<y2>{_YEAR})"
    rf"|(?P<y3>{_YEAR}),\s{{1,3}}(?P<w3>{_WORD})\.?\s{{1,3}}(?P<d3>\d{{1,2}})"
    rf"|(?P<y4>{_YEAR})(?P<s4>[-/.])(?P<m4>\d{{1,2}})(?P=s4)(?P<d4>\d{{1,2}})"
    rf"|(?P<d5>\d{{1,2}})\.\s?(?P<m5>\d{{1,2}})\.\s?(?P<y5>{_YEAR})"
    rf"|(?P<d6>\d{{1,2}})/(?P<m6>\d{{1,2}})/(?P<y6>{_YEAR})"
    rf"|(?P<w8>{_WORD})\.?,?\s{{1,3}}{_OF}(?P<y8>{_YEAR})"
    rf"|(?P<y9>{_YEAR})[a-z]?"
    rf")(?![\w/-])"
    rf"|(?P<y7>{_YEAR})\s?[\u5e74\ub144]\s?(?P<m7>\d{{1,2}})\s?[\u6708\uc6d4](?:\s?(?P<d7>\d{{1,2}})\s?[\u65e5\uc77c])?)"
)


@dataclass(frozen=True, slots=True)
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
    while (match := _DATE.search(text, at)) is not None:
        dated = _dated(match)
        if dated is None and (last := _year_at_end(match)) is not None:
            dated = last
        if dated is not None:
            yield dated
        at = match.end()


def _dated(match: re.Match[str]) -> Dated | None:
    told = {name[0]: value for name, value in match.groupdict().items() if value is not None}
    month = _months().get(told["w"].lower()) if "w" in told else int(told.get("m", 0)) or None
    if "w" in told and month is None:
        return None
    day = int(told["d"]) if "d" in told else None
    if "/" in match[0] and "s" not in told and month is not None and day is not None:
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
