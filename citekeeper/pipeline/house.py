"""What a run works with, opened together and closed together: ledger, captures, the door to the web, archives."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from citekeeper import __version__, archives, health, network, warc
from citekeeper.archives import Archive
from citekeeper.errors import StorageError
from citekeeper.executors import Executor, LocalExecutor
from citekeeper.ledger import Ledger, Seen, StoredCapture
from citekeeper.model import Capture, Clock, Exchange, SourceProblem, Visit
from citekeeper.pipeline.calls import CountingLimiter
from citekeeper.pipeline.local import NAME as LOCAL
from citekeeper.pipeline.local import LocalArchive
from citekeeper.pipeline.memory import RememberingArchive
from citekeeper.pipeline.needs import got_of
from citekeeper.settings import Settings

RunArchive = RememberingArchive | LocalArchive
"""What a run asks: another's memory with the ledger in front of it, or our own."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class House:
    """The open tools of one run."""

    settings: Settings
    clock: Clock
    folder: Path
    ledger: Ledger
    door: network.Door
    writer: warc.Writer | None
    """None when nothing is to be captured."""
    archives: tuple[RunArchive, ...]
    executor: Executor
    written: set[str]
    """The capture files whose visits this run entered in the ledger."""
    damaged: list[SourceProblem]
    """Captures that read back otherwise than they were received."""

    def wayback(self) -> Archive:
        """The Wayback Machine, asked anew: without the memory of earlier answers."""
        options = replace(self.settings.archives, use=("wayback",))
        return archives.open_archives(options, self.door.fetch, limiter=self.ledger.limits, clock=self.clock)[0]


@asynccontextmanager
async def open_house(settings: Settings, clock: Clock) -> AsyncIterator[House]:
    """Open everything a run needs, bring an interrupted run's captures home, and close it all in the end.

    Raises StorageError when the archive folder cannot be used.
    """
    folder = Path(settings.archive)
    user_agent = network.user_agent(settings.network)
    with Ledger.open(folder, clock) as ledger:
        await _bring_home(folder, ledger, settings)
        writing = _writer(folder, clock, user_agent, ledger) if settings.capture and not settings.offline else nullcontext(None)
        async with network.Door(settings.network, clock=clock, limiter=ledger.limits) as door:
            with writing as writer:
                asked = _archives(settings, door, ledger, clock)
                executor = LocalExecutor(settings.network.max_concurrency)
                house = House(settings, clock, folder, ledger, door, writer, asked, executor, set(), [])
                yield house
            # Only after a tidy end: then every visit in them is known. The files of any other end are read in by the next run.
            for name in house.written:
                ledger.keep_warc(name)


def vantage(settings: Settings) -> str:
    """From where and as whom pages are seen, in one line: user agent, resolver, network; no address of this machine's own network."""
    chosen = ", ".join(settings.network.dns)
    resolver = f"names from {chosen}" if chosen else "names from the system's resolver"
    way = "through a proxy" if settings.network.proxy else "directly"
    return f"{network.user_agent(settings.network)}; {resolver}; {way}"


def _writer(folder: Path, clock: Clock, user_agent: str, ledger: Ledger) -> warc.Writer:
    def earlier(digest: str) -> warc.Earlier | None:
        found = ledger.earlier(digest)
        return None if found is None else warc.Earlier(found.record_id, found.url, found.at, found.capture)

    return warc.open_writer(folder, clock=clock, software=f"citekeeper/{__version__}", user_agent=user_agent, earlier=earlier)


def _archives(settings: Settings, door: network.Door, ledger: Ledger, clock: Clock) -> tuple[RunArchive, ...]:
    def local() -> LocalArchive:
        limit, max_bytes = settings.archives.wayback.index_limit, settings.network.max_decoded_bytes
        return LocalArchive(Path(settings.archive), index_limit=limit, max_bytes=max_bytes)

    limiter = CountingLimiter(ledger.limits)
    opened = archives.open_archives(settings.archives, door.fetch, limiter=limiter, clock=clock, own={LOCAL: local})
    return tuple(each if isinstance(each, LocalArchive) else RememberingArchive(each, ledger, settings.archives) for each in opened)


# ── captures that the ledger does not know yet ────────────────────────────────────────────────


async def _bring_home(folder: Path, ledger: Ledger, settings: Settings) -> None:
    """`recover`, beside the event loop; a folder of many captures without a ledger takes minutes, so it can be stopped in between."""
    stopped = threading.Event()
    work = asyncio.ensure_future(asyncio.to_thread(recover, folder, ledger, settings, stopped.is_set))
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        stopped.set()
        # The ledger is closed only when nobody writes into it any more.
        await work
        raise


def recover(folder: Path, ledger: Ledger, settings: Settings, is_stopped: Callable[[], bool] = lambda: False) -> None:
    """Salvage what a killed run left open, and enter every stored visit that the ledger does not know.

    A run writes its captures first and its ledger second; whatever lies between the two is brought home here,
    so that nothing captured is fetched again. Stopped, it has entered a part, and goes on the next time.
    """
    warc.recover(folder)
    known = ledger.known_warcs()
    unknown = [path for path in sorted(folder.glob("*.warc.gz")) if path.name not in known]
    find = warc.payloads(folder) if unknown else None
    for path in unknown:
        if not _enter(path, find, ledger, settings, is_stopped):
            return


def _enter(path: Path, find: warc.Find | None, ledger: Ledger, settings: Settings, is_stopped: Callable[[], bool]) -> bool:
    """Judge the visits in a file from their records, and enter those that the ledger does not know; whether it came to its end."""
    try:
        for each in warc.read_visits(path, find=find):
            if is_stopped():
                return False
            _enter_visit(each, ledger, settings)
        for page in warc.read_page_requisites(path):
            ledger.requisites.keep_completeness(page.visit, page.summary)
    except StorageError as error:
        # A damaged file is somebody's evidence still: it stays where it is, and the run goes on without what cannot be read.
        _log.warning("%s", error)
    ledger.keep_warc(path.name)
    return True


def _enter_visit(stored: warc.StoredVisit, ledger: Ledger, settings: Settings) -> None:
    if any(name == warc.REQUISITE_OF for name, _ in stored.note):
        ledger.requisites.keep([got_of(stored.visit.target, stored.visit, stored.captures)])
    elif not ledger.knows_visit(stored.visit.id):
        ledger.keep_seen([seen(_decoded(stored.visit, settings), stored.captures, settings)])


def _decoded(visit: Visit, settings: Settings) -> Visit:
    """A stored visit with the content of each answer, as it was when it was fetched."""
    return replace(visit, exchanges=tuple(_decoded_exchange(each, settings) for each in visit.exchanges))


def _decoded_exchange(exchange: Exchange, settings: Settings) -> Exchange:
    if exchange.response is None:
        return exchange
    return replace(exchange, outcome=network.with_content(exchange.response, settings.network.max_decoded_bytes))


def seen(visit: Visit, captures: tuple[Capture, ...], settings: Settings) -> Seen:
    """A visit as the ledger keeps it: what the signals saw, and where each exchange lies."""
    observation = health.observe(visit, vantage=vantage(settings))
    stored = tuple(
        StoredCapture(exchange.url, exchange.started, capture, capture.revisit)
        for exchange, capture in zip(visit.exchanges, captures, strict=False)
    )
    return Seen(observation, stored)
