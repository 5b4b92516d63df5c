"""What time tells for and against a candidate: when it was captured, the date in its address, and dates that only a series has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from citekeeper.resolution.candidates import Page, fills_the_cut
from citekeeper.resolution.dates import Day, span_of_dates, spelled_dates
from citekeeper.resolution.question import Question, Sign, parts_of, printed_slug, weighed
from citekeeper.resolution.shown import CutAt, plain
from citekeeper.resolution.words import words

_JUST_BEFORE = timedelta(days=30)
_JUST_AFTER = timedelta(days=7)
_MONTH_AFTER = timedelta(days=30)
_LONG_BEFORE = timedelta(days=365)
_YEARS_BEFORE = timedelta(days=2 * 365)
_LONG_AFTER = timedelta(days=90)
_YEARS_AFTER = timedelta(days=365)
_URL_DATE_SLACK = timedelta(days=2)
_URL_DATE_NEAR = timedelta(days=45)
_WORDS_OF_A_SLUG = 4
_A_DAY = timedelta(days=1)
_NUMBER = re.compile(r"\d{1,20}(?:\.[a-z]{2,5})?")


def when_captured(question: Question, page: Page) -> Iterator[Sign]:
    """When an archive captured the page, against the days of interest."""
    # A part that was captured shows that its page was there.
    captured = [each.row.timestamp.date() for one in (page, *parts_of(question, page)) for each in one.sightings]
    signs = [_distance(day, captured) for day in question.days]
    if signs:
        yield max(signs, key=lambda sign: sign[1])


def _distance(day: Day, captured: Sequence[date]) -> Sign:
    after = _MONTH_AFTER if day.appeared else _JUST_AFTER
    if near := [each for each in captured if day.on - _JUST_BEFORE <= each <= day.on + after]:
        return weighed("near-citation-date", f"captured {near[0]}, {day}")
    first = min(captured)
    code = _after(first - day.on) if first >= day.on else _before(day.on - first)
    if day.appeared and first < day.on:
        code = "captured-too-early"
    return weighed(code, f"first captured {first}, {day}")


def _before(time: timedelta) -> str:
    if time <= _LONG_BEFORE:
        return "captured-before"
    return "captured-long-before" if time <= _YEARS_BEFORE else "captured-years-before"


def _after(time: timedelta) -> str:
    if time <= _LONG_AFTER:
        return "captured-after"
    return "captured-long-after" if time <= _YEARS_AFTER else "captured-years-after"


def date_in_address(question: Question, page: Page) -> Iterator[Sign]:
    """The date in the address, against the days of interest."""
    target, printed = plain(page.form.target), len(question.shown.plain_path)
    signs = [_agreement(day, *span) for day in question.days if (span := _span(target, printed, day)) is not None]
    if signs:
        yield max(signs, key=lambda sign: sign[1])


def _span(target: str, printed: int, day: Day) -> tuple[date, date] | None:
    """The days that the date in an address may mean; None without one, or when every candidate has it."""
    for found, end in spelled_dates(target, day.on):
        if end > printed:
            return found, found
    span = span_of_dates(target)
    return span[:2] if span is not None and span[2] > printed else None


def _agreement(day: Day, first: date, last: date) -> Sign:
    detail = f"{first}, {day}" if first == last else f"{first} to {last}, {day}"
    if first > day.on + _URL_DATE_SLACK:
        return weighed("url-date-later", detail)
    if day.appeared and first == last:
        # Both name the day: the same day, or another one of a series.
        is_same = abs(first - day.on) <= _A_DAY
        return weighed("url-date-near", detail, 1.5) if is_same else weighed("url-date-earlier", detail, _how_early(day.on - first))
    if last >= day.on - _URL_DATE_NEAR:
        # A year alone says less than a day.
        return weighed("url-date-near", detail, 1.0 if last - first < timedelta(days=40) else 0.5)
    return weighed("url-date-earlier", detail)


def _how_early(time: timedelta) -> float:
    return 1.0 if time > _URL_DATE_NEAR else 0.5


def only_a_serial(question: Question, page: Page) -> Iterator[Sign]:
    """A number or a date is all that tells the page from others of its kind, and nothing says that it is the right one."""
    shown, target = question.shown, plain(page.form.target)
    if shown.at is not CutAt.PATH or shown.suffix or not fills_the_cut(shown, page):
        return
    hidden = target[len(shown.plain_path) :].rstrip("/")
    if "/" not in hidden and _NUMBER.fullmatch(hidden) and len(words(printed_slug(shown))) < _WORDS_OF_A_SLUG:
        yield weighed("serial", "only a number is hidden")
    elif (start := _dated_segment(target, len(shown.plain_path))) is not None:
        spans = [(day.on, span) for day in question.days if day.appeared and (span := _span(target, start, day)) is not None]
        if any(first == on == last for on, (first, last) in spans):
            yield weighed("series-day")
        elif not any(first - _A_DAY <= on <= last + _A_DAY for on, (first, last) in spans):
            yield weighed("serial", "a date is hidden that the note does not tell")


def _dated_segment(target: str, printed: int) -> int | None:
    """Where the hidden part of the last segment begins, if the segment has words before a date."""
    path = target.partition("?")[0].rstrip("/")
    start = max(printed, path.rfind("/") + 1)
    any_day = Day(date(2000, 1, 1))
    has_words = len(words(path[path.rfind("/") + 1 :])) >= 2
    return start if has_words and _span(path, start, any_day) is not None else None
