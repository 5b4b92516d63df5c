"""Dates as articles write them: what they look like and which day they mean."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from citekeeper.model import Span

# Citations are audited, not chronicles: outside these years a number is no year of publication.
_YEARS = range(1800, 2200)

_ISO = re.compile(r"(?<![\d/.:-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?=T\d|(?![\d/:-]))")
_COMPACT = re.compile(r"\s*(\d{4})(\d{2})(\d{2})(?!\d)")
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?![\d.]\d)")
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4})(?![\d/])")
_YEAR_AND_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.]0{0,2})?")
_HAN = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")


@dataclass(frozen=True, slots=True)
class Dated:
    """A date found in a text."""

    at: Span
    day: date


@cache
def _months() -> dict[str, int]:
    table = tomllib.loads(files(__package__).joinpath("data/months.toml").read_text(encoding="utf-8"))
    return {name: number for names in table.values() for number, forms in enumerate(names, 1) for name in forms.split("|")}


@cache
def _named() -> tuple[re.Pattern[str], re.Pattern[str]]:
    names = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    day, year = r"(\d{1,2})(?:st|nd|rd|th|er|º|ª)?", r"(\d{4})"
    month_first = rf"\b({names})\b\.?\s{{1,3}}{day}\s?,?\s{{1,3}}{year}\b"
    day_first = rf"(?<![\d.,-]){day}\.?[\s-]{{1,3}}(?:(?:of|de|di)\s)?({names})\b\.?,?[\s-]{{1,3}}(?:(?:de|del)\s)?{year}\b"
    return re.compile(month_first, re.I), re.compile(day_first, re.I)


def dates_in(text: str) -> list[Dated]:
    """Every whole date in `text`, in order; a date with two readings (04/05/2021) is left out."""
    return sorted(_all(text), key=lambda found: found.at)


def day_of(value: str) -> date | None:
    """The day that a machine-readable value states: ISO 8601, RFC 5322, or a date in words; None when it states none."""
    value = value[:200]
    if (compact := _COMPACT.match(value)) and (day := _day(compact[1], compact[2], compact[3])):
        return day
    return next((found.day for found in dates_in(value)), None)


def start_of(value: str) -> date | None:
    """The day that a field of a work states; of a month or year without a day, the first. None for what has two readings."""
    value = value.strip()[:200].rstrip("/ ")
    if (day := day_of(value)) is not None:
        return day
    if month := _YEAR_AND_MONTH.fullmatch(value):
        return _day(month[1], month[2], "1") or _day(month[1], "1", "1")  # 2020-21 is a season of EDTF
    numbers = re.findall(r"\d+", value)
    if len(numbers) != 1 or len(numbers[0]) != 4:
        return None
    named = (_months().get(word.lower()) for word in re.findall(r"[^\W\d_]+", value))
    return _day(numbers[0], str(next(filter(None, named), 1)), "1")


def _all(text: str) -> Iterator[Dated]:
    month_first, day_first = _named()
    for match in month_first.finditer(text):
        yield from _dated(match, match[3], str(_months().get(match[1].lower(), 0)), match[2])
    for match in day_first.finditer(text):
        yield from _dated(match, match[3], str(_months().get(match[2].lower(), 0)), match[1])
    for match in _ISO.finditer(text):
        yield from _dated(match, match[1], match[3], match[4])
    for match in _DOTTED.finditer(text):
        yield from _dated(match, match[3], match[2], match[1])
    for match in _HAN.finditer(text):
        yield from _dated(match, match[1], match[2], match[3])
    for match in _SLASHED.finditer(text):
        yield from _slashed(match)


def _slashed(match: re.Match[str]) -> Iterator[Dated]:
    first, second = int(match[1]), int(match[2])
    if first == second or second > 12:
        yield from _dated(match, match[3], match[1], match[2])
    elif first > 12:
        yield from _dated(match, match[3], match[2], match[1])


def _dated(match: re.Match[str], year: str, month: str, day: str) -> Iterator[Dated]:
    if (found := _day(year, month, day)) is not None:
        yield Dated(Span(*match.span()), found)


def _day(year: str, month: str, day: str) -> date | None:
    if int(year) not in _YEARS:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
