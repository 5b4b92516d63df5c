"""What the network benchmark runs against the servers: citekeeper's own door, with and without capture, in a process of its own."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from citekeeper import network
from citekeeper.model import Capture, Observation, Visit
from citekeeper.settings import NetworkSettings

if TYPE_CHECKING:
    from citekeeper.ledger import Seen


def settings_for(ca_file: str, concurrency: int, timeout: float) -> NetworkSettings:
    return NetworkSettings(
        ca_file=ca_file,
        max_concurrency=concurrency,
        host_concurrency=concurrency,
        host_request_interval=0.0,
        max_retries=0,
        timeout=timeout,
        allow_addresses=("127.0.0.0/8",),
        proxy="none",
    )


async def check(urls: list[str], settings: NetworkSettings) -> Counter[str]:
    """Visit, read, drop."""
    found: Counter[str] = Counter()
    async with network.Door(settings) as door:

        async def visit_one(url: str) -> Visit:
            return await network.visit(url, door.fetch)

        async for visit in network.visit_all(urls, visit_one, settings=settings, clock=network.SystemClock()):
            found[_outcome(visit)] += 1
    return found


async def capture(urls: list[str], settings: NetworkSettings, folder: Path) -> Counter[str]:
    """Visit, read, hash, look for the same payload, compress, index, sync, enter in the ledger; all but judge."""
    from citekeeper import warc
    from citekeeper.ledger import Ledger
    from citekeeper.pipeline.storing import Storing

    found: Counter[str] = Counter()
    clock = network.SystemClock()
    with Ledger.open(folder, clock) as ledger:

        def earlier(digest: str) -> warc.Earlier | None:
            known = ledger.earlier(digest)
            return None if known is None else warc.Earlier(known.record_id, known.url, known.at)

        with warc.open_writer(folder, clock=clock, software="benchmark", user_agent="benchmark", earlier=earlier) as writer:
            async with network.Door(settings) as door, Storing(writer, ledger, _seen, lambda stored: None) as storing:

                async def visit_one(url: str) -> Visit:
                    return await network.visit(url, door.fetch)

                async for visit in network.visit_all(urls, visit_one, settings=settings, clock=clock):
                    found[_outcome(visit)] += 1
                    await storing.take(visit)
    return found


def _seen(visit: Visit, captures: tuple[Capture, ...]) -> Seen:
    from citekeeper.ledger import Seen, StoredCapture

    observation = Observation(
        at=visit.last.started,
        target=visit.target,
        final_url=visit.last.url,
        status=200,
        hops=(),
        failure=None,
        evidence=(),
        visit_id=visit.id,
    )
    stored = [StoredCapture(each.url, each.started, at, at.revisit) for each, at in zip(visit.exchanges, captures, strict=True)]
    return Seen(observation, tuple(stored))


def _outcome(visit: Visit) -> str:
    response = visit.last.response
    if response is not None:
        return (
            str(response.status) if not response.cut and not response.problem else f"{response.status} {response.cut or response.problem}"
        )
    return visit.last.failure.kind.value if visit.last.failure else ""


def main() -> None:
    what, file, ca_file, concurrency, timeout, folder = sys.argv[1:]
    urls = Path(file).read_text().split()
    settings = settings_for(ca_file, int(concurrency), float(timeout))
    if what == "check":
        found = asyncio.run(check(urls, settings))
    else:
        found = asyncio.run(capture(urls, replace(settings, max_body_bytes=64 << 20), Path(folder)))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
