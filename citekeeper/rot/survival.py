"""How long cited pages live, from pages that were looked at now and then.

Nobody sees a page die: it was alive at one look and dead at a later one, or dead at the first. So a death is known to lie in an
interval, and the estimator is Turnbull's (The Empirical Distribution Function with Arbitrarily Grouped, Censored and Truncated Data,
JRSS B 38, 1976; J. P. Klein, M. L. Moeschberger, Survival Analysis, 2nd ed., section 5.2), which is that of Kaplan and Meier where the
days are exact. The band is the Bayesian bootstrap's (D. B. Rubin, Annals of Statistics 9, 1981), with a fixed seed: same pages, same band.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from citekeeper.model import FEWEST, Mark, Point, Share, Survival

_CELLS = 40
"""Into so many spans of equal length the time is divided; a picture shows no more."""
_DRAWS = 100
_STEPS, _STEPS_OF_A_DRAW = 2_000, 200
_STILL = 1e-5
_YEAR = 365.25
_YEARS = (1, 2, 3, 5, 7, 10, 15, 20, 25, 30)

Interval = tuple[int, int | None]
"""In cells: alive at the end of the first, dead by the end of the second; None: not dead yet."""


@dataclass(frozen=True, slots=True)
class Life:
    """What is known of one page's life, in days since it was first cited."""

    alive_until: int
    """It was known to live on this day."""
    dead_by: int | None
    """It was seen dead on this day; None when it never was."""
    seen_alive: bool = True
    """It was alive at some look of ours."""


def survival(lives: Sequence[Life]) -> Survival | None:
    """The curve of `lives`, as far as at least FEWEST of them reach; None for fewer."""
    ages = sorted(life.alive_until if life.dead_by is None else life.dead_by for life in lives)
    if len(ages) < FEWEST or not ages[-1]:
        return None
    until = ages[-FEWEST]
    width = max(1, -(-ages[-1] // _CELLS))
    known = Counter(_interval(life, width) for life in lives)
    mass = estimate(known)
    shares, bands = _alive(mass), _bands(known, mass)
    points = tuple(
        _point(day, shares[cell], bands[cell], len(ages) - bisect_left(ages, day))
        for cell, day in ((cell, cell * width) for cell in range(len(shares)))
        if day <= until
    )
    dead = [life for life in lives if life.dead_by is not None]
    unseen = sum(not life.seen_alive for life in dead)
    days = [point.day for point in points]
    least, median, most = (_half(days, column) for column in zip(*map(_shares, points), strict=True))
    return Survival(len(lives), len(dead), unseen, until, points, _marks(points, ages), median, (least, most))


def estimate(known: Mapping[Interval, float]) -> list[float]:
    """The shares of pages that die in each cell, and last those that outlive them all, that make what is `known` the likeliest."""
    cells = 1 + max(max(alive, dead or 0) for alive, dead in known)
    # Cell 0 is the citation itself, where nothing dies; the last is all that lies beyond.
    return _likeliest(known, [0.0] + [1 / cells] * cells, _STEPS)


def _alive(mass: Sequence[float]) -> list[float]:
    return [max(0.0, 1 - share) for share in accumulate(mass[:-1])]


def _likeliest(known: Mapping[Interval, float], mass: list[float], steps: int) -> list[float]:
    """Where the deaths lie, by self-consistency: each page's death is spread over its interval as the deaths of all pages are."""
    cells = len(mass) - 1
    spans = [(alive + 1, cells if dead is None else dead, weight) for (alive, dead), weight in known.items()]
    total = sum(known.values())
    for _ in range(steps):
        sums = list(accumulate(mass))
        change = [0.0] * (cells + 2)
        for first, last, weight in spans:
            pull = weight / (sums[last] - sums[first - 1] or 1e-300)
            change[first] += pull
            change[last + 1] -= pull
        new = [old * pull / total for old, pull in zip(mass, accumulate(change[:-1]), strict=True)]
        moved = max(abs(a - b) for a, b in zip(new, mass, strict=True))
        mass = new
        if moved < _STILL:
            break
    return mass


def _interval(life: Life, width: int) -> Interval:
    alive = round(life.alive_until / width)
    if life.dead_by is None:
        return alive, None
    dead = round(life.dead_by / width)
    if dead > alive:
        return alive, dead
    # Both looks fall on one border: the death lies on that side of it where more of the time between them is.
    is_before = (life.alive_until + life.dead_by) / 2 < alive * width and alive > 0
    return (alive - 1, alive) if is_before else (alive, alive + 1)


def _bands(known: Mapping[Interval, int], mass: list[float]) -> list[tuple[float, float]]:
    """Between what the share at the end of each cell lies in 95 of 100 draws."""
    random = Random(1)  # noqa: S311 - statistics, not secrets
    # A draw begins where the estimate ended, mixed with a little of everything: what once fell to nothing would never rise again.
    start = [0.0, *(0.9 * share + 0.1 / (len(mass) - 1) for share in mass[1:])]
    weights = ({each: random.gammavariate(count, 1.0) for each, count in known.items()} for _ in range(_DRAWS))
    draws = [_alive(_likeliest(each, start, _STEPS_OF_A_DRAW)) for each in weights]
    columns = (sorted(column) for column in zip(*draws, strict=True))
    return [(column[2], column[-3]) for column in columns]


def _point(day: int, share: float, band: tuple[float, float], followed: int) -> Point:
    low, high = band
    # Draws from pages of which none has died tell nothing of how few those are.
    surely = Share(0, followed).interval if share > 1 - 1e-9 and day else None
    return Point(day, followed, share, min(low, share, 1 - surely[1] if surely else 1.0), max(high, share))


def _marks(points: Sequence[Point], ages: Sequence[int]) -> tuple[Mark, ...]:
    found = ((years, round(years * _YEAR)) for years in _YEARS)
    return tuple(Mark(years, _at(points, day, len(ages) - bisect_left(ages, day))) for years, day in found if day <= points[-1].day)


def _at(points: Sequence[Point], day: int, followed: int) -> Point:
    """The curve on a day between two of its points, straight from one to the other."""
    index = bisect_left(points, day, key=lambda point: point.day)
    after, before = points[index], points[max(0, index - 1)]
    way = (day - before.day) / (after.day - before.day or 1)
    low, share, high = ((1 - way) * a + way * b for a, b in zip(_shares(before), _shares(after), strict=True))
    return Point(day, followed, share, low, high)


def _shares(point: Point) -> tuple[float, float, float]:
    return point.low, point.survival, point.high


def _half(days: Sequence[int], shares: Sequence[float]) -> int | None:
    """The day on which half are dead, straight between two points; None while more than half are alive."""
    index = next((index for index, share in enumerate(shares) if share <= 0.5), None)
    if not index:
        return None if index is None else days[0]
    above, below = shares[index - 1], shares[index]
    return round(days[index - 1] + (days[index] - days[index - 1]) * (above - 0.5) / (above - below))
