"""The stage that compares each live page with its archived copy, and looks in both for what the article takes from it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from citekeeper import health, network, warc
from citekeeper.model import Capture, Evidence, Memento, Observation, Reference, Response
from citekeeper.pipeline.house import House
from citekeeper.pipeline.progress import Progress
from citekeeper.pipeline.remembering import Kept, Wanted
from citekeeper.pipeline.resolving import Cited, Resolved, target_of
from citekeeper.pipeline.visiting import Sight

_MESSAGE = 1_500
_TEXT = ("text-same", "text-edited", "text-replaced", "text-unclear")


@dataclass(frozen=True, slots=True)
class _Pair:
    """One reference with its page and its copy."""

    cited: Cited
    sight: Sight
    memento: Memento | None
    url: str
    """With its fragment."""


async def compare_all(
    house: House, resolved: Resolved, sights: Mapping[str, Sight], kept: Mapping[Wanted, Kept], progress: Progress
) -> dict[Cited, tuple[Evidence, ...]]:
    """What comparing gives for each reference; nothing where no capture holds the page, or there is nothing to compare it with."""
    pairs = [pair for cited in resolved.resolutions if (pair := _pair(cited, resolved, sights, kept)) is not None]
    if not pairs:
        return {}
    progress.stage("comparing", len(pairs))
    reader = Reader(house)
    found: dict[Cited, tuple[Evidence, ...]] = {}

    async def compare(pair: _Pair) -> tuple[Evidence, ...]:
        # Reading and comparing pages takes milliseconds; the event loop goes on meanwhile.
        return await asyncio.to_thread(_compare, reader, pair)

    async for pair, evidence in house.executor.each(pairs, compare):
        found[pair.cited] = evidence
        if pair.memento is not None:
            text = tuple(each for each in evidence if each.code in _TEXT)
            house.ledger.keep_comparison(pair.sight.observation.visit_id, pair.memento.url, text)
        progress.advance(pair.sight.observation.target)
    return found


def _pair(cited: Cited, resolved: Resolved, sights: Mapping[str, Sight], kept: Mapping[Wanted, Kept]) -> _Pair | None:
    url = resolved.resolutions[cited].url
    sight = sights.get(target_of(url)) if url is not None else None
    if url is None or sight is None or sight.capture is None or not _shows_text(sight.observation):
        return None
    memory = kept.get((target_of(url), cited.on))
    memento = memory.memento if memory is not None else None
    return _Pair(cited, sight, memento, url) if memento is not None or cited.reference.quotes or "#" in url else None


def _shows_text(observation: Observation) -> bool:
    """Whether there may be a page to compare; a 404 counts when it comes with more text than a message has."""
    status = observation.status or 0
    return 200 <= status < 300 or (status in {404, 410} and (observation.visible_chars or 0) >= _MESSAGE)


def _compare(reader: Reader, pair: _Pair) -> tuple[Evidence, ...]:
    live = reader.read(pair.sight.capture)
    if live is None:
        return ()
    copy = reader.copy(pair.memento) if pair.memento is not None else None
    place = health.check_fragment(pair.url, live)
    told = health.compare_with_copy(live, copy, pair.cited.reference.quotes, _names(pair.cited.reference))
    return told if place is None else (*told, place)


def _names(reference: Reference) -> Sequence[str]:
    title = reference.citation.title if reference.citation is not None else None
    return (title, *reference.figures) if title else reference.figures


class Reader:
    """Reads answers back from the captures."""

    def __init__(self, house: House) -> None:
        self._house = house
        # Only a revisit asks for it: then the index of the whole folder is read, once.
        self.find = warc.payloads(house.folder)

    def read(self, capture: Capture | None) -> Response | None:
        """The answer that a capture holds, decoded; None when it cannot be read."""
        if capture is None:
            return None
        response = warc.read_answer(self._house.folder, capture, find=self.find)
        return network.with_content(response, self._house.settings.network.max_decoded_bytes) if response is not None else None

    def copy(self, memento: Memento) -> Response | None:
        """The archived copy, if an audit has stored it."""
        return self.read(self._house.ledger.capture(memento.url))
