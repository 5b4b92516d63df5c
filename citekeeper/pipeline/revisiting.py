"""Asking whether a page changed instead of fetching it again: what is remembered of it, and what is remembered for the next time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import timedelta

from citekeeper import network, warc
from citekeeper.ledger import Unversioned, Version
from citekeeper.model import Ask, Capture, Exchange, Visit
from citekeeper.pipeline.house import House
from citekeeper.pipeline.resolving import target_of


def recall_for(house: House) -> network.Recall | None:
    """Finds the stored answers that this run may ask servers about; None when it must fetch every page whole."""
    settings = house.settings.network
    if house.writer is None or settings.revalidate_for <= 0:
        return None
    visitor = network.appearance(settings)

    async def recall(ask: Ask) -> network.Remembered | None:
        version = house.ledger.versions.of(target_of(ask.url))
        if version is None or version.visitor != visitor or house.door.adds_headers(ask.url):
            return None
        if house.clock.now() - version.seen > timedelta(seconds=settings.revalidate_for):
            return None
        # Read before anything is asked: a server's word about a page that we cannot read any more is worth nothing.
        return await asyncio.to_thread(_remembered, house, version)

    return recall


def _remembered(house: House, version: Version) -> network.Remembered | None:
    original = warc.read_original(house.folder, version.capture)
    if original is None:
        return None
    response = network.with_content(original.response, house.settings.network.max_decoded_bytes)
    if response.problem:
        return None
    validators = network.Validators(version.etag, version.last_modified)
    return network.Remembered(validators, response, original.record_id, original.url, original.at)


def versions_of(visit: Visit, captures: Sequence[Capture], visitor: str) -> tuple[Version | Unversioned, ...]:
    """What the visit learned of the versions of pages; a 304 tells nothing new, and an error nothing of the page."""
    return tuple(_versions(visit, captures, visitor))


def _versions(visit: Visit, captures: Sequence[Capture], visitor: str) -> Iterator[Version | Unversioned]:
    for exchange, capture in zip(visit.exchanges, captures, strict=False):
        response = exchange.response
        if response is None or response.status != 200 or exchange.not_modified:
            continue
        url, validators = target_of(exchange.url), network.validators_of(exchange)
        if validators is None or capture.payload_digest is None:
            yield Unversioned(url)
        else:
            yield Version(url, exchange.started, _kind(exchange), validators.etag, validators.last_modified, visitor, capture)


def _kind(exchange: Exchange) -> str:
    response = exchange.response
    assert response is not None
    return "; ".join(f"{name}: {','.join(response.header_values(name))}" for name in ("content-type", "content-encoding"))
