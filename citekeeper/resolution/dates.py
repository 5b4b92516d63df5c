"""Dates that notes and addresses hold (data/words.toml knows the months)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from citekeeper.resolution.lists import read_lists

_LONGEST_NOTE = 4000
_IN_FRONT = 40
_FAR_BACK = timedelta(days=3 * 365)
_WHOLE_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)([-/_.]?)(0[1-9]|1[0-2]|[1-9](?=[-/_.]))\2(0[1-9]|[12]\d|3[01]|[1-9](?!\d))(?!\d)")
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/_](0[1-9]|1[0-2])(?![\d])")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_DAY_FIRST = re.compile(
    r"(?<![\d/.-])(\d{1,2})(?:st|nd|rd|th|er|\.)?\s{1,3}(?:de\s)?([^\W\d_]{3,12})\.?,?\s{1,3}(?:de\s)?((?:19|20)\d\d)(?!\d)"
)
_MONTH_FIRST = re.compile(r"(?<![^\W\d_])([^\W\d_]{3,12})\.?\s{1,3}(\d{1,2})(?:st|nd|rd|th)?,?\s{1,3}((?:19|20)\d\d)(?!\d)")
_DOTTED = re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.\s?((?:19|20)\d\d)(?!\d)")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class NoteDates:
    """What a note says of time."""

    published: date | None
    """When the cited page appeared, as far as the note tells."""
    accessed: date | None
    """When its author looked at it."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day near which a cited page was there."""

    on: date
    appeared: bool = False
    """The page appeared on that day, so that no copy is older."""

    def __str__(self) -> str:
        return f"{'appeared' if self.appeared else 'cited'} {self.on}"


def days_of_interest(note: NoteDates, printed: date | None, cited: date | None) -> tuple[Day, ...]:
    """The days to compare captures with: what note and address tell comes before the date of the document.

    A date far back may belong to the subject ("the treaty of 12 May 1994"), so that the document's own date counts beside it.
    """
    told = [Day(day, appeared=True) for day in (note.published, printed) if day is not None]
    told += [Day(note.accessed)] if note.accessed is not None and not told else []
    is_far_back = bool(told) and cited is not None and all(cited - day.on > _FAR_BACK for day in told)
    return tuple(told) + ((Day(cited),) if cited is not None and (not told or is_far_back) else ())


def note_dates(note: str) -> NoteDates:
    """The dates in a note: the earliest that is not said to be the day of access, and the day of access."""
    found = sorted(_dates(note[:_LONGEST_NOTE]))
    accessed = [day for day, is_access in found if is_access]
    published = [day for day, is_access in found if not is_access]
    return NoteDates(published[0] if published else None, accessed[-1] if accessed else None)


def _dates(note: str) -> Iterator[tuple[date, bool]]:
    for pattern, order in ((_DAY_FIRST, (3, 2, 1)), (_MONTH_FIRST, (3, 1, 2)), (_DOTTED, (3, 2, 1)), (_WHOLE_DATE, (1, 3, 4))):
        for match in pattern.finditer(note):
            year, month, day = (match[group] for group in order)
            number = month if month.isdigit() else _months().get(month.lower(), "")
            found = _day(year, number, day) if number else None
            if found is not None:
                yield found, _is_access(note[max(0, match.start() - _IN_FRONT) : match.start()])


def _is_access(in_front: str) -> bool:
    # Only the last words count: "accessed" belongs to the date right behind it.
    return any(word in _access_words() for word in _LETTERS.findall(in_front.lower())[-3:])


@cache
def _spelled() -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    year = r"(?:[-_+ ](?P<{}>(?:19|20)\d\d)(?!\d))?"
    return re.compile(
        rf"(?<![^\W\d_])(?P<month>{names})[-_+ ](?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]){year.format('year')}"
        rf"|(?<!\d)(?P<day2>\d{{1,2}})[-_+ ](?P<month2>{names})(?![^\W\d_]){year.format('year2')}"
    )


@cache
def _months() -> dict[str, str]:
    return {name: str(number) for number, names in enumerate(read_lists("words")["months"]["names"], 1) for name in names}


@cache
def _access_words() -> frozenset[str]:
    return frozenset(read_lists("words")["access"]["words"])


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


def spelled_dates(text: str, near: date) -> Iterator[tuple[date, int]]:
    """The days spelled out in an address ("november-10-2020", "3-march") and where each ends; without a year, those nearest to `near`."""
    for match in _spelled().finditer(text.lower()):
        name, day, year = (
            (match["month"], match["day"], match["year"]) if match["month"] else (match["month2"], match["day2"], match["year2"])
        )
        number = _months()[name]
        years = [year] if year else [str(near.year + away) for away in (-1, 0, 1)]
        days = [found for each in years if (found := _day(each, number, day)) is not None]
        if days:
            yield min(days, key=lambda found: abs(found - near)), match.end()


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
