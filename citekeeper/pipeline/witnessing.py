"""The stage that asks archives what a server told them of a page that now says it does not exist: dated second observers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from citekeeper import health
from citekeeper.archives import Archive, Historian
from citekeeper.model import Level, Resolution, Unavailable
from citekeeper.pipeline.earlier import History
from citekeeper.pipeline.house import House
from citekeeper.pipeline.progress import Progress
from citekeeper.pipeline.visiting import Sight


async def ask_witnesses(house: House, archives: Sequence[Archive], sights: Mapping[str, Sight], progress: Progress) -> None:
    """Have the ledger know the captures of every page that fails and is not confirmed by our own earlier visits.

    One index request each, and none for a page that works, so that the archive's index is asked only about what is in doubt.
    """
    history = History(house.ledger)
    suspects = [target for target, sight in sights.items() if _is_suspect(target, sight, history)]
    historians = [archive for archive in archives if isinstance(archive, Historian)]
    if not historians or not suspects:
        return
    progress.stage("witnesses", len(suspects))

    async def ask(target: str) -> None:
        for archive in historians:
            if not isinstance(await archive.history(target), Unavailable):
                return

    async for target, _ in house.executor.each(suspects, ask):
        progress.advance(target)


def _is_suspect(target: str, sight: Sight, history: History) -> bool:
    observation = sight.observation
    if observation.status not in {404, 410}:
        return False
    verdict = health.judge(Resolution(target, "as-written", 1.0), observation, history=history.before(observation, None))
    return not verdict.confirmed and health.level_of(verdict.state, confirmed=True) is Level.ERROR
