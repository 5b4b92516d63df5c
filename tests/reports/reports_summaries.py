"""Summaries to render: one of a middling institution, one of a small one, one with nothing but a hostile name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from citekeeper.model import Mark, Period, Point, Rot, Survival, Tally

OUTLETS = (
    "gazette.example",
    "harbour-times.example",
    "ministry-of-roads.example",
    "a-very-long-name-of-an-institution-for-the-study-of-bridges.example",
)


def tally(name: str, alive: int, dead: int, undecided: int = 2) -> Tally:
    return Tally(name, alive + dead + undecided, alive + dead, alive, alive // 10, dead, dead // 2, undecided, 0, dead // 3)


def sample_survival() -> Survival:
    points = tuple(Point(day, 90 - day // 50, 1 - day / 9000, 0.97 - day / 8000, 1 - day / 10000) for day in range(0, 3500, 100))
    marks = tuple(Mark(years, replace(points[years * 3], day=years * 365)) for years in (1, 2, 3, 5, 7))
    return Survival(90, 30, 12, 3400, points, marks, None, (3000, None))


def sample_rot() -> Rot:
    """Four outlets, two countries, and enough pages for a curve."""
    outlets = tuple(tally(name, 40 + 10 * n, 12 - 3 * n) for n, name in enumerate(OUTLETS))
    countries = (tally("Germany", 30, 9), tally("not told by the address", 190, 21))
    ages = (tally("under 1 year", 60, 1), tally("10 to 20 years", 4, 8))
    months = tuple(Period(date(2026, month, 1), month, 100 * month, 80 * month, 12 * month) for month in (3, 6, 11))
    states = {"ok": 216, "gone": 30, "blocked": 8}
    return Rot(
        3, date(2024, 3, 3), date(2026, 11, 28), 31, tally("", 220, 30, 4), outlets, countries, ages, months, sample_survival(), 7, states
    )


def small_rot() -> Rot:
    """Twelve references, of which little can be said."""
    day = date(2026, 11, 28)
    return Rot(1, day, day, 1, tally("", 7, 3), (tally("gazette.example", 7, 3),), (tally("Germany", 7, 3),), (), (), None, 12, {"ok": 7})


def hostile_rot(name: str) -> Rot:
    """Every name that comes from outside is `name`."""
    return replace(sample_rot(), outlets=(tally(name, 30, 9),), countries=(tally(name, 30, 9),))
