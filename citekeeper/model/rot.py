"""What became of all that an institution cites: counts, each with what it rests on, and how long pages lived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import sqrt

FEWEST = 20
"""Of fewer than this no percentage is told: one page more or less would change it by five points."""

_Z = 1.959963984540054
"""The standard normal quantile of 97.5 %: two-sided 95 %."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a number of things."""

    part: int
    of: int

    @property
    def value(self) -> float | None:
        """0..1; None where `of` is too small to tell."""
        return self.part / self.of if self.of >= FEWEST else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Between what it lies with 95 % confidence, if the things are independent; None where `of` is too small to tell.

        E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference (JASA 22, 1927), the score interval.
        """
        if self.of < FEWEST:
            return None
        n, p, z2 = self.of, self.part / self.of, _Z * _Z
        middle, reach = p + z2 / (2 * n), _Z * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
        return max(0.0, (middle - reach) / (1 + z2 / n)), min(1.0, (middle + reach) / (1 + z2 / n))


@dataclass(frozen=True, slots=True)
class Tally:
    """The references of one kind: every reference is in exactly one of alive, dead, undecided and addressless."""

    name: str
    """An outlet, a country, an age; empty for all."""
    references: int
    pages: int
    """Distinct ones."""
    alive: int
    drifted: int
    """Of those alive: there, and no longer what was cited."""
    dead: int
    confirmed: int
    """Of the dead: seen so often enough to act upon."""
    undecided: int
    """Walls, logins, failures of the moment and the like: neither alive nor dead."""
    addressless: int
    """Cut and not completed, or no address at all."""
    with_copy: int
    """Of the dead: an archive has a good copy."""

    @property
    def rotten(self) -> Share:
        """The dead among those of which it is known."""
        return Share(self.dead, self.alive + self.dead)


@dataclass(frozen=True, slots=True)
class Point:
    """A day of the curve."""

    day: int
    """After the citation."""
    followed: int
    """Pages that were looked at when they were that old or older, and so tell of that day."""
    survival: float
    """The share still alive."""
    low: float
    high: float
    """The 95 % band."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What the curve says after whole years."""

    years: int
    point: Point


@dataclass(frozen=True, slots=True)
class Survival:
    """The share of pages still alive so many days after they were cited; each page once, from the first day on which it was cited."""

    pages: int
    dead: int
    never_seen_alive: int
    """Of the dead: dead at the first look, so that the day of death is open back to the citation or the archived copy."""
    until: int
    """The last day of which at least FEWEST pages tell; the curve ends there."""
    points: tuple[Point, ...]
    marks: tuple[Mark, ...]
    median: int | None
    """The day by which half are dead; None while more than half are alive."""
    median_span: tuple[int | None, int | None]
    """Where the band's lower and upper edge pass one half."""


@dataclass(frozen=True, slots=True)
class Period:
    """What was known at the end of a month in which there was an audit: each document as its last audit until then had left it."""

    month: date
    """Its first day."""
    documents: int
    references: int
    alive: int
    dead: int

    @property
    def rotten(self) -> Share:
        """The dead among those of which it was known."""
        return Share(self.dead, self.alive + self.dead)


@dataclass(frozen=True, slots=True)
class Rot:
    """The whole summary."""

    audits: int
    first_audit: date
    last_audit: date
    documents: int
    total: Tally
    outlets: tuple[Tally, ...]
    """By registrable domain: most dead first."""
    countries: tuple[Tally, ...]
    """By the country of the outlet's top-level domain; what tells none is one row of its own."""
    ages: tuple[Tally, ...]
    """By years between citation and last look."""
    periods: tuple[Period, ...]
    """Month by month, oldest first; months without an audit are left out."""
    survival: Survival | None
    """None with fewer than FEWEST dated pages."""
    undated: int
    """References without a date of citation: in no age and no curve."""
    by_state: Mapping[str, int]
