"""The stage that goes to the live web: each target visited once, stored, observed; what is fresh is not asked again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from citekeeper import health, network
from citekeeper.ledger import Run, Seen
from citekeeper.model import Capture, Exchange, FailureKind, Observation, Purpose, SourceProblem, Visit
from citekeeper.pipeline.house import House, seen
from citekeeper.pipeline.progress import Progress
from citekeeper.pipeline.reach import Reach
from citekeeper.pipeline.reading_text import no_text, text_of
from citekeeper.pipeline.revisiting import recall_for, versions_of
from citekeeper.pipeline.storing import Stored, Storing

LONG_AGO = datetime(1991, 8, 6, tzinfo=UTC)
"""Older than any observation: the day the Web was announced."""


_DAMAGED = "check the disk, then capture the page again; citekeeper verify tells what else is damaged"


@dataclass(frozen=True, slots=True)
class Sight:
    """What is known of one target after this stage."""

    observation: Observation
    capture: Capture | None


def fresh_sights(house: House, run: Run, targets: Iterable[str], reach: Reach) -> dict[str, Sight]:
    """The targets that were seen recently enough, or in the interrupted part of this very run; offline, ever."""
    settled_since = house.clock.now() - timedelta(seconds=house.settings.max_age)
    since = LONG_AGO if reach is Reach.OFFLINE or house.settings.due else min(settled_since, run.started)
    found: dict[str, Sight] = {}
    for target in targets:
        observation = house.ledger.observation(target, since)
        if observation is None:
            continue
        if reach is Reach.OFFLINE or _is_fresh(observation, settled_since, run.started) or _is_not_due(house, observation):
            found[target] = Sight(observation, house.ledger.capture(observation.visit_id))
    return found


def _is_not_due(house: House, observation: Observation) -> bool:
    """Whether the user asked only for pages that are due for another look, and this one is not."""
    if not house.settings.due:
        return False
    return health.next_look(observation, house.ledger.observations(observation.target, observation.at)) > house.clock.now()


def _is_fresh(observation: Observation, settled_since: datetime, run_started: datetime) -> bool:
    if observation.at >= run_started:
        return True
    # A failure that was remembered would hide that the page is back; so failures are asked again in each run.
    is_settled = observation.failure is None and (observation.status or 0) < 500 and observation.status != 429
    return is_settled and observation.at >= settled_since


def inner_targets(sights: Mapping[str, Sight]) -> frozenset[str]:
    """The targets that the guard refused: they, or where they led, are places inside some network."""
    return frozenset(target for target, sight in sights.items() if is_inner(sight.observation))


def is_inner(observation: Observation | None) -> bool:
    """Whether a visit ended where the guard lets nobody go."""
    failure = observation.failure if observation is not None else None
    return failure is not None and failure.kind is FailureKind.FORBIDDEN_ADDRESS


def _onward(exchange: Exchange) -> Awaitable[str | None] | None:
    """Reading a page takes milliseconds, so it is done beside the event loop, and only where there may be something to find."""
    return asyncio.to_thread(health.onward, exchange) if health.may_be_stub(exchange) else None


async def visit_targets(house: House, targets: Sequence[str], progress: Progress, purpose: Purpose = Purpose.VISIT) -> dict[str, Sight]:
    """Visit each target; its captures are on disk before it is returned."""
    network_settings = house.settings.network
    recall = recall_for(house) if purpose is Purpose.VISIT else None
    visitor = network.appearance(network_settings)

    async def visit_one(url: str) -> Visit:
        fetch, most = house.door.for_link(), network_settings.max_redirects
        return await network.visit(url, fetch, max_redirects=most, onward=_onward, purpose=purpose, recall=recall)

    sights: dict[str, Sight] = {}

    def keep(stored: Stored) -> None:
        house.written.update(capture.warc for capture in stored.captures)
        if stored.difference is not None:
            house.damaged.append(SourceProblem(stored.visit.target, f"its capture {stored.difference}", _DAMAGED))
        sights[stored.visit.target] = Sight(stored.seen.observation, stored.captures[-1] if stored.captures else None)

    def observe(visit: Visit, captures: tuple[Capture, ...]) -> Seen:
        entry = seen(visit, captures, house.settings)
        return replace(entry, versions=versions_of(visit, captures, visitor)) if recall is not None else entry

    progress.stage("visiting" if purpose is Purpose.VISIT else "probing", len(targets))
    text = text_of if house.settings.capture_text else no_text
    async with Storing(house.writer, house.ledger, observe, keep, text) as storing:
        async for visit in network.visit_all(targets, visit_one, settings=network_settings, clock=house.clock):
            await storing.take(visit)
            progress.advance(visit.target)
    return sights
