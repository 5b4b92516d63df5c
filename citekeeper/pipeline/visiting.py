"""The stage that goes to the live web: each target visited once, stored, observed; what is fresh is not asked again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from citekeeper import health, network
from citekeeper.ledger import Run, Seen
from citekeeper.model import Capture, Observation, Visit
from citekeeper.pipeline.house import House, seen
from citekeeper.pipeline.progress import Progress
from citekeeper.pipeline.reach import Reach

# One fsync for a group of visits, not one each: a commit costs some milliseconds whatever it holds.
_GROUP = 32
_GROUP_SECONDS = 0.5
_LONG_AGO = datetime(1991, 8, 6, tzinfo=UTC)
"""Older than any observation: the day the Web was announced."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What is known of one target after this stage."""

    observation: Observation
    capture: Capture | None


def fresh_sights(house: House, run: Run, targets: Iterable[str], reach: Reach) -> dict[str, Sight]:
    """The targets that were seen recently enough, or in the interrupted part of this very run; offline, ever."""
    settled_since = house.clock.now() - timedelta(seconds=house.settings.max_age)
    since = _LONG_AGO if reach is Reach.OFFLINE else min(settled_since, run.started)
    found: dict[str, Sight] = {}
    for target in targets:
        observation = house.ledger.observation(target, since)
        if observation is not None and (reach is Reach.OFFLINE or _is_fresh(observation, settled_since, run.started)):
            found[target] = Sight(observation, house.ledger.capture(observation.visit_id))
    return found


def _is_fresh(observation: Observation, settled_since: datetime, run_started: datetime) -> bool:
    if observation.at >= run_started:
        return True
    # A failure that was remembered would hide that the page is back; so failures are asked again in each run.
    is_settled = observation.failure is None and (observation.status or 0) < 500 and observation.status != 429
    return is_settled and observation.at >= settled_since


async def visit_targets(house: House, targets: Sequence[str], progress: Progress) -> dict[str, Sight]:
    """Visit each target; its captures are on disk before it is returned."""
    network_settings = house.settings.network

    async def visit_one(url: str) -> Visit:
        return await network.visit(url, house.door.fetch, max_redirects=network_settings.max_redirects, onward=health.onward)

    progress.stage("visiting", len(targets))
    store = _Store(house)
    try:
        async for visit in network.visit_all(targets, visit_one, settings=network_settings, clock=house.clock):
            await store.take(visit)
            progress.advance(visit.target)
    finally:
        # Also when the run is interrupted: what was fetched is known, so that it is not fetched again.
        await store.commit()
    return store.sights


@dataclass(slots=True)
class _Store:
    """Takes visits to disk in groups: captures first, the ledger after them."""

    house: House
    sights: dict[str, Sight] = field(default_factory=dict)
    _waiting: list[tuple[Visit, tuple[Capture, ...]]] = field(default_factory=list)
    _committed_at: float = 0.0

    async def take(self, visit: Visit) -> None:
        """Write a visit's captures; commit when the group is full or old."""
        writer = self.house.writer
        captures = await asyncio.to_thread(writer.store, visit) if writer is not None else ()
        self._waiting.append((visit, captures))
        if len(self._waiting) >= _GROUP or self.house.clock.monotonic() - self._committed_at >= _GROUP_SECONDS:
            await self.commit()

    async def commit(self) -> None:
        """Make everything taken so far durable, then known."""
        if self.house.writer is not None:
            await asyncio.to_thread(self.house.writer.commit)
        # Reading pages takes milliseconds each; the event loop goes on fetching meanwhile.
        entries = await asyncio.to_thread(self._entries)
        self.house.ledger.keep_seen(entries)
        for (visit, captures), entry in zip(self._waiting, entries, strict=True):
            self.house.written.update(capture.warc for capture in captures)
            self.sights[visit.target] = Sight(entry.observation, captures[-1] if captures else None)
        self._waiting.clear()
        self._committed_at = self.house.clock.monotonic()

    def _entries(self) -> list[Seen]:
        return [seen(visit, captures, self.house.settings) for visit, captures in self._waiting]
