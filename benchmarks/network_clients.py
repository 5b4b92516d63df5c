"""What the network benchmark runs against the servers: citekeeper's own door, with and without capture, in a process of its own."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

from citekeeper import network, warc
from citekeeper.ledger import Ledger, Seen, StoredCapture
from citekeeper.model import Observation, Visit
from citekeeper.settings import NetworkSettings

GROUP = 64


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
    found: Counter[str] = Counter()
    clock = network.SystemClock()
    with Ledger.open(folder, clock) as ledger:

        def earlier(digest: str) -> warc.Earlier | None:
            known = ledger.earlier(digest)
            return None if known is None else warc.Earlier(known.record_id, known.url, known.at)

        with warc.open_writer(folder, clock=clock, software="benchmark", user_agent="benchmark", earlier=earlier) as writer:
            waiting: list[Visit] = []

            def keep(visits: list[Visit]) -> None:
                stored = [(visit, writer.store(visit)) for visit in visits]
                writer.commit()
                ledger.keep_seen([_seen(visit, captures) for visit, captures in stored])

            async with network.Door(settings) as door:

                async def visit_one(url: str) -> Visit:
                    return await network.visit(url, door.fetch)

                keeping: asyncio.Future[None] | None = None
                async for visit in network.visit_all(urls, visit_one, settings=settings, clock=clock):
                    found[_outcome(visit)] += 1
                    waiting.append(visit)
                    if len(waiting) >= GROUP:
                        if keeping is not None:
                            await keeping
                        keeping = asyncio.ensure_future(asyncio.to_thread(keep, waiting))
                        waiting = []
                if keeping is not None:
                    await keeping
                keep(waiting)
    return found


def _seen(visit: Visit, captures: tuple[warc.Capture, ...]) -> Seen:  # type: ignore[name-defined]
    observation = Observation(at=visit.last.started, target=visit.target, final_url=visit.last.url, status=200, visit_id=visit.id)
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
