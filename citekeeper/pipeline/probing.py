"""The stage that asks for one made-up page beside each doubtful one: one for a host and folder, kept, robots.txt honoured."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from citekeeper import health
from citekeeper.model import Evidence, Observation, Purpose
from citekeeper.pipeline.comparing import Reader
from citekeeper.pipeline.house import House
from citekeeper.pipeline.progress import Progress
from citekeeper.pipeline.reach import Reach
from citekeeper.pipeline.resolving import Cited, Resolved, target_of
from citekeeper.pipeline.visiting import LONG_AGO, Sight, visit_targets

Compared = dict[Cited, tuple[Evidence, ...]]


async def probe_all(
    house: House, resolved: Resolved, sights: Mapping[str, Sight], compared: Compared, reach: Reach, progress: Progress
) -> Compared:
    """What comparing gave, and with it what made-up siblings tell of the pages that are still in doubt."""
    doubtful = {cited: sight for cited in resolved.resolutions if (sight := _doubtful(cited, resolved, sights, compared)) is not None}
    siblings = {target: health.sibling_of(target) for target in {sight.observation.target for sight in doubtful.values()}}
    made_up = await _visit(house, [each for each in siblings.values() if each is not None], reach, progress)
    reader = Reader(house)
    told: dict[str, tuple[Evidence, ...]] = {}
    for target, sibling in siblings.items():
        if sibling in made_up:
            told[target] = await asyncio.to_thread(_told, reader, sights[target], made_up[sibling])
    return {
        cited: (*compared.get(cited, ()), *(told.get(doubtful[cited].observation.target, ()) if cited in doubtful else ()))
        for cited in {**compared, **doubtful}
    }


def _doubtful(cited: Cited, resolved: Resolved, sights: Mapping[str, Sight], compared: Compared) -> Sight | None:
    url = resolved.resolutions[cited].url
    sight = sights.get(target_of(url)) if url is not None else None
    return sight if sight is not None and health.is_doubtful(sight.observation, compared.get(cited, ())) else None


async def _visit(house: House, siblings: list[str], reach: Reach, progress: Progress) -> dict[str, Sight]:
    """The made-up pages, as they were answered before or are now."""
    found = {
        sibling: Sight(seen, house.ledger.capture(seen.visit_id)) for sibling in siblings if (seen := _seen(house, sibling)) is not None
    }
    missing = list(dict.fromkeys(sibling for sibling in siblings if sibling not in found))
    if reach is Reach.WEB and house.settings.probe and missing:
        found |= await visit_targets(house, missing, progress, Purpose.PROBE)
    return found


def _seen(house: House, sibling: str) -> Observation | None:
    seen = house.ledger.observation(sibling, LONG_AGO)
    # A failure or a refusal says nothing of the server's habits, so it is asked again.
    return seen if seen is not None and (200 <= (seen.status or 0) < 300 or seen.status in {404, 410}) else None


def _told(reader: Reader, page: Sight, sibling: Sight) -> tuple[Evidence, ...]:
    shown, made_up = reader.read(page.capture), reader.read(sibling.capture)
    told = health.told_by_sibling(page.observation, sibling.observation, shown, made_up)
    return () if told is None else (told,)
