"""The stage that stores what each page needs to be shown, and says what of it is missing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from citekeeper import network, warc
from citekeeper.ledger import Got, Run
from citekeeper.model import Completeness, Exchange
from citekeeper.pipeline.comparing import Reader
from citekeeper.pipeline.gathering import Gatherer, Gathering
from citekeeper.pipeline.house import House
from citekeeper.pipeline.needs import is_page
from citekeeper.pipeline.progress import Progress
from citekeeper.pipeline.reach import Reach
from citekeeper.pipeline.visiting import Sight


async def gather_all(house: House, run: Run, sights: Mapping[str, Sight], reach: Reach, progress: Progress) -> dict[str, Completeness]:
    """How complete the capture of each page is, by its target; what is missing is gathered first when that is wished.

    A page is gathered once: for one that was seen recently enough not to be visited again, what was found then holds.
    """
    known = {target: found for target, sight in sights.items() if (found := _known(house, sight)) is not None}
    if not house.settings.requisites or house.writer is None or reach is not Reach.WEB:
        return known
    pages = [(target, sight) for target, sight in sights.items() if target not in known and _is_page(sight)]
    if not pages:
        return known
    progress.stage("gathering", len(pages))
    gatherer = Gatherer(house, Reader(house), run.started)
    for target, sight in sights.items():
        if sight.capture is not None and sight.observation.at >= run.started:
            gatherer.know(_as_got(target, sight))

    async def gather(page: tuple[str, Sight]) -> Completeness | None:
        return await _gather(gatherer, page[1])

    async for (target, _), completeness in house.executor.each(pages, gather):
        if completeness is not None:
            known[target] = completeness
        progress.advance(target)
    return known


def _known(house: House, sight: Sight) -> Completeness | None:
    return house.ledger.requisites.completeness(sight.observation.visit_id)


def _is_page(sight: Sight) -> bool:
    return sight.capture is not None and 200 <= (sight.observation.status or 0) < 300


def _as_got(target: str, sight: Sight) -> Got:
    """A cited page that another page needs as well, a picture for instance."""
    seen = sight.observation
    assert sight.capture is not None
    missing = "" if _is_page(sight) else f"http {seen.status}" if seen.status else "no answer"
    return Got(seen.visit_id, target, seen.at, seen.final_url, missing, ((seen.final_url, seen.at, sight.capture),))


async def _gather(gatherer: Gatherer, sight: Sight) -> Completeness | None:
    """Gather one page, and enter it; None when it is no page, or its capture cannot be read."""
    house, capture, visit = gatherer.house, sight.capture, sight.observation.visit_id
    assert capture is not None
    assert house.writer is not None
    page = await asyncio.to_thread(_read, gatherer, sight)
    if page is None or page.response is None or not is_page(page.response):
        return None
    gathering = Gathering(gatherer, page, visit, capture.record_id)
    found = await gathering.gather(page.response)
    await asyncio.to_thread(house.writer.store_requisites, found)
    await asyncio.to_thread(house.writer.commit)
    house.ledger.requisites.keep(gathering.got)
    house.ledger.requisites.keep_completeness(visit, found.summary)
    house.written.update(place.warc for got in gathering.got for _, _, place in got.captures)
    gatherer.entered(got.url for got in gathering.got)
    return found.summary


def _read(gatherer: Gatherer, sight: Sight) -> Exchange | None:
    """The page as it is stored: what is read of it is what a reader of the capture will find."""
    house = gatherer.house
    assert sight.capture is not None
    exchange = warc.read_record(house.folder, sight.capture, find=gatherer.reader.find)
    if exchange is None or exchange.response is None:
        return None
    return replace(exchange, outcome=network.with_content(exchange.response, house.settings.network.max_decoded_bytes))
