"""Which copy is nearest to a date: one before it is worth more than one after it, and a copy of an error page nothing."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from citekeeper.archives.links import WebLink
from citekeeper.archives.memento import playback_parts
from citekeeper.archives.timestamps import format_timestamp, parse_timestamp
from citekeeper.model import Memento

MOST_LOOKS = 3
"""Copies looked at for one address."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A capture that may be worth a look."""

    digits: str
    original: str


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at one capture showed."""

    memento: Memento
    is_good: bool
    why_not: str = ""
    neighbours: tuple[WebLink, ...] = ()


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
        self._best: Look | None = None
        self._leads: list[tuple[timedelta, int, Lead]] = []
        self._known: set[str] = set()
        self._order = count()

    def suggest(self, digits: str, original: str) -> None:
        """Note a capture; each moment once."""
        moment = parse_timestamp(digits)
        if moment is not None and digits not in self._known:
            self._known.add(digits)
            heapq.heappush(self._leads, (distance(moment, self.when), next(self._order), Lead(digits, original)))

    def note(self, look: Look) -> None:
        """Keep what a look showed, and where it pointed."""
        self.looks.append(look)
        self._known.add(format_timestamp(look.memento.datetime))
        if look.is_good and (self._best is None or self._distance(look) < self._distance(self._best)):
            self._best = look
        for digits, original in _leads(look.neighbours):
            self.suggest(digits, original)

    def next(self) -> Lead | None:
        """The next capture worth a look: nearer than the best so far; None when there is no more or enough was seen."""
        if len(self.looks) >= MOST_LOOKS or not self._leads:
            return None
        away, _, lead = heapq.heappop(self._leads)
        return lead if self._best is None or away < self._distance(self._best) else None

    @property
    def best(self) -> Memento | None:
        """The nearest good capture seen."""
        return self._best.memento if self._best else None

    def _distance(self, look: Look) -> timedelta:
        return distance(look.memento.datetime, self.when)


def _leads(neighbours: Iterable[WebLink]) -> Iterable[tuple[str, str]]:
    for link in neighbours:
        parts = playback_parts(link.target)
        if parts is not None and len(parts[0]) == 14:
            yield parts
