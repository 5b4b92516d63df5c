"""Which copy is nearest to a date: one before it is worth more than one after it, and a copy of an error page nothing."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from citekeeper.archives.links import WebLink
from citekeeper.model import Found, Memento, MementoAnswer, Missing, Unavailable

MOST_LOOKS = 3
"""Copies looked at for one address."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A capture that may be worth a look."""

    moment: datetime
    url: str
    """Where its own bytes are."""
    original: str
    """The address that was captured; empty when the archive's address does not tell."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at one capture showed."""

    memento: Memento
    is_good: bool
    why_not: str = ""
    neighbours: tuple[WebLink, ...] = ()
    trouble: Unavailable | None = None
    """Why it is not known whether it is good."""


def distance(moment: datetime, when: datetime) -> timedelta:
    """How far a capture is from the date it is wanted for.

    What was cited is what stood there then, so a capture from before counts simply and one from after double, plus a day.
    """
    return when - moment if moment <= when else 2 * (moment - when) + timedelta(days=1)


class Search:
    """The captures known so far, nearest first, and the best that was seen."""

    def __init__(self, when: datetime) -> None:
        self.when = when if when.tzinfo else when.replace(tzinfo=UTC)
        self.looks: list[Look] = []
        self.is_unplayable = False
        """The archive named a capture, and cannot play it."""
        self._best: Look | None = None
        self._leads: list[tuple[timedelta, int, Lead]] = []
        self._known: set[datetime] = set()
        self._order = count()

    def suggest(self, lead: Lead | None) -> None:
        """Note a capture; each moment once."""
        if lead is not None and lead.moment not in self._known:
            self._known.add(lead.moment)
            heapq.heappush(self._leads, (distance(lead.moment, self.when), next(self._order), lead))

    def note(self, look: Look) -> None:
        """Keep what a look showed."""
        self.looks.append(look)
        self._known.add(look.memento.datetime)
        if look.is_good and (self._best is None or self._distance(look) < self._distance(self._best)):
            self._best = look

    def next(self) -> Lead | None:
        """The next capture worth a look: nearer than the best so far; None when there is no more or enough was seen."""
        if len(self.looks) >= MOST_LOOKS or not self._leads:
            return None
        away, _, lead = heapq.heappop(self._leads)
        return lead if self._best is None or away < self._distance(self._best) else None

    @property
    def is_over(self) -> bool:
        """Whether a good copy, or enough of the others, was seen."""
        return self._best is not None or len(self.looks) >= MOST_LOOKS

    @property
    def has_leads(self) -> bool:
        """Whether there is anything to look at."""
        return bool(self._leads)

    @property
    def best(self) -> Memento | None:
        """The nearest good capture seen."""
        return self._best.memento if self._best else None

    def _distance(self, look: Look) -> timedelta:
        return distance(look.memento.datetime, self.when)

    def outcome(self) -> MementoAnswer:
        """What the looks came to."""
        passed_over = tuple(f"{look.why_not} on {look.memento.datetime:%Y-%m-%d}" for look in self.looks if not look.is_good)
        if self.best is not None:
            return Found(self.best, passed_over)
        return Missing(f"no good capture: {'; '.join(passed_over)}" if passed_over else "", passed_over)
