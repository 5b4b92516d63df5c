"""The stage that asks the registry of a DOI, Handle or arXiv id where the publisher's own answer leaves it open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from citekeeper import health
from citekeeper.model import Evidence
from citekeeper.pipeline.house import House
from citekeeper.pipeline.probing import Compared
from citekeeper.pipeline.progress import Progress
from citekeeper.pipeline.reach import Reach
from citekeeper.pipeline.resolving import Cited, Resolved, target_of
from citekeeper.pipeline.visiting import Sight, visit_targets


async def ask_registries(
    house: House, resolved: Resolved, sights: Mapping[str, Sight], compared: Compared, reach: Reach, progress: Progress
) -> Compared:
    """What is known so far, and with it what registries say; an answer is kept as long as an archive's is."""
    asked = {cited: url for cited in resolved.resolutions if (url := _registry(cited, resolved, sights)) is not None}
    since = house.clock.now() - timedelta(seconds=house.settings.archives.max_age)
    answers = {url: seen for url in asked.values() if (seen := house.ledger.observation(url, since)) is not None}
    missing = list(dict.fromkeys(url for url in asked.values() if url not in answers))
    if reach is Reach.WEB and missing:
        visited = await visit_targets(house, missing, progress)
        answers |= {url: sight.observation for url, sight in visited.items()}
    told = {cited: health.told_by_registry(answers[url]) for cited, url in asked.items() if url in answers}
    return {**compared, **{cited: _with(compared.get(cited, ()), evidence) for cited, evidence in told.items()}}


def _registry(cited: Cited, resolved: Resolved, sights: Mapping[str, Sight]) -> str | None:
    url = resolved.resolutions[cited].url
    sight = sights.get(target_of(url)) if url is not None else None
    if sight is None or not health.needs_registry(sight.observation):
        return None
    return health.registry_url(cited.reference.identifier)


def _with(known: tuple[Evidence, ...], more: Evidence | None) -> tuple[Evidence, ...]:
    return known if more is None else (*known, more)
