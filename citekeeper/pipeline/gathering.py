"""What one page needs, gathered: level by level, within the caps, each address asked for once in a run whoever needs it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from citekeeper import network, warc
from citekeeper.ledger import Got
from citekeeper.model import Exchange, Failure, FailureKind, NeedKind, PageRequisites, Purpose, Requisite, Response, Stop, Visit
from citekeeper.pipeline.comparing import Reader
from citekeeper.pipeline.house import House
from citekeeper.pipeline.needs import BYTES, COUNT, DEEP, MEDIA, TIME, got_of, needs_of, order_of
from citekeeper.requisites import Needs

_MOST_LISTED = 2_000
"""Needs of one page that are told one by one."""
_MOST_KNOWN = 20_000
"""Requisites of a run that are held in memory; others are looked up in the ledger."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A requisite that was asked for, and what it needs itself."""

    got: Got
    needs: Needs | None
    """None when it was not read for that yet."""


_Waited = asyncio.Future[Fetched | None]


@dataclass(slots=True)
class _Known:
    """A requisite that is being asked for, or was."""

    fetched: _Waited
    """None when it was not asked for after all, because the page that wanted it had no more leave."""
    is_entered: bool = False
    """It is in the ledger, so that it may be forgotten here."""


@dataclass(slots=True)
class Gatherer:
    """What the pages of a run share."""

    house: House
    reader: Reader
    since: datetime
    """When the run began: what was asked for after that is not asked for again."""
    _known: dict[str, _Known] = field(default_factory=dict)

    def know(self, got: Got) -> None:
        """Take what another stage asked for."""
        known = self._enter(got.url)
        known.fetched.set_result(Fetched(got, None))
        known.is_entered = True

    def claim(self, url: str) -> tuple[_Waited, bool]:
        """What becomes of a requisite, and whether it is the caller's to ask for: nobody else in this run did."""
        known = self._known.get(url)
        if known is not None:
            return known.fetched, False
        got = self.house.ledger.requisites.since(url, self.since)
        if got is not None:
            self.know(got)
            return self._known[url].fetched, False
        return self._enter(url).fetched, True

    def _enter(self, url: str) -> _Known:
        if len(self._known) >= _MOST_KNOWN:
            self._known = {each: known for each, known in self._known.items() if not known.is_entered}
        known = self._known[url] = _Known(asyncio.get_running_loop().create_future())
        return known

    def tell(self, url: str, fetched: Fetched | None) -> None:
        """Tell those who wait for a requisite."""
        known = self._known[url] if fetched is not None else self._known.pop(url)
        if not known.fetched.done():
            known.fetched.set_result(fetched)

    def entered(self, urls: Iterable[str]) -> None:
        """These are in the ledger now."""
        for url in urls:
            if url in self._known:
                self._known[url].is_entered = True


class Gathering:
    """One page on the way to all that it needs."""

    def __init__(self, gatherer: Gatherer, page: Exchange, visit: str, record: str) -> None:
        self._gatherer = gatherer
        self._house = gatherer.house
        self._page = page
        self._visit = visit
        self._record = record
        self._found: dict[str, Requisite] = {}
        self._unlisted = 0
        self._begun = self._house.clock.monotonic()
        self._asked = 0
        self._size = 0
        self._refused: dict[str, str] = {}
        self.got: list[Got] = []
        """What this page had asked for."""

    async def gather(self, response: Response) -> PageRequisites:
        """Ask for everything, store it, and say what there is; nothing of it is committed yet."""
        needs = await asyncio.to_thread(needs_of, response, self._page.url, NeedKind.FRAME)
        wave = self._listed(needs, "")
        for _ in range(self._house.settings.max_requisite_depth):
            wave = await self._level(wave)
        for each in wave:
            self._settle(replace(each, missing=DEEP))
        page = self._page
        return PageRequisites(
            self._visit, page.url.partition("#")[0], page.started, self._record, tuple(self._found.values()), self._unlisted
        )

    def _settle(self, requisite: Requisite) -> None:
        self._found[requisite.need.url] = requisite

    def _listed(self, needs: Needs, hops: str) -> list[Requisite]:
        """Those that were not listed before, in the order in which they are asked for."""
        self._unlisted += needs.unlisted
        wave: list[Requisite] = []
        for need in needs.needs:
            if need.url in self._found or need.url == self._page.url.partition("#")[0]:
                continue
            if len(self._found) >= _MOST_LISTED:
                self._unlisted += 1
                continue
            requisite = Requisite(need, hops + ("X" if need.is_guess else "E"))
            if need.kind is NeedKind.MEDIA:
                self._settle(replace(requisite, missing=MEDIA))
            else:
                self._settle(requisite)
                wave.append(requisite)
        return sorted(wave, key=lambda each: order_of(each.need))

    async def _level(self, wave: list[Requisite]) -> list[Requisite]:
        """Get these; what they need in turn."""
        following: list[Requisite] = []
        pending = {each.need.url: each for each in wave}
        while pending:
            claims = {url: self._gatherer.claim(url) for url in pending}
            await self._ask_for([pending[url] for url, (_, is_mine) in claims.items() if is_mine])
            again: dict[str, Requisite] = {}
            for url, (waited, is_mine) in claims.items():
                fetched = await asyncio.shield(waited)
                if fetched is not None:
                    following += await self._take(pending[url], fetched)
                elif is_mine:
                    self._settle(replace(pending[url], missing=self._refused.get(url, TIME)))
                else:
                    # Whoever was to ask for it had no more leave; this page may.
                    again[url] = pending[url]
            pending = again
        return sorted(following, key=lambda each: order_of(each.need))

    async def _take(self, requisite: Requisite, fetched: Fetched) -> list[Requisite]:
        got = fetched.got
        record = got.captures[-1][2].record_id if got.captures else ""
        self._settle(replace(requisite, visit=got.visit, record=record, missing=got.missing))
        if got.missing:
            return []
        needs = fetched.needs
        if needs is None:
            needs = await asyncio.to_thread(self._read_again, got, requisite.need.kind)
        return self._listed(needs, requisite.hops)

    def _read_again(self, got: Got, kind: NeedKind) -> Needs:
        response = self._gatherer.reader.read(got.captures[-1][2]) if got.captures else None
        return needs_of(response, got.final_url, kind) if response is not None else Needs(())

    async def _ask_for(self, wanted: list[Requisite]) -> None:
        """Ask for requisites that are this page's to ask for, and tell everybody who waits for them."""
        pending = {each.need.url: each for each in wanted}
        settings = self._house.settings.network
        try:
            async for visit in network.visit_all(list(pending), self._visit_one, settings=settings, clock=self._house.clock):
                requisite = pending.pop(visit.target)
                is_asked = visit.target not in self._refused
                self._gatherer.tell(visit.target, await self._kept(visit, requisite) if is_asked else None)
        finally:
            for url in pending:
                self._gatherer.tell(url, None)

    async def _visit_one(self, url: str) -> Visit:
        refusal = self._refusal()
        if refusal:
            self._refused[url] = refusal
            failure = Failure(FailureKind.BUDGET, refusal)
            return Visit("", url, (Exchange(url, self._house.clock.now(), 0.0, b"", failure),), Stop.FAILURE)
        self._asked += 1
        settings = self._house.settings.network
        return await network.visit(url, self._house.door.for_link(), max_redirects=settings.max_redirects, purpose=Purpose.REQUISITE)

    def _refusal(self) -> str:
        """Why nothing more is asked for this page; empty while it has leave."""
        settings = self._house.settings
        if self._asked >= settings.max_requisites:
            return COUNT
        if self._size >= settings.max_requisite_bytes:
            return BYTES
        spent = self._house.clock.monotonic() - self._begun
        return TIME if spent >= settings.max_requisite_time else ""

    async def _kept(self, visit: Visit, requisite: Requisite) -> Fetched:
        """A visit, stored; only its place and what it needs are kept in memory."""
        writer = self._house.writer
        assert writer is not None
        note = {warc.REQUISITE_OF: self._visit, warc.REQUISITE_VIA: self._page.url, warc.REQUISITE_HOPS: requisite.hops}
        captures = await asyncio.to_thread(writer.store, visit, note=note)
        got = got_of(visit.target, visit, captures)
        self._size += got.size
        self.got.append(got)
        response = visit.last.response if not got.missing else None
        if response is None:
            return Fetched(got, Needs(()))
        return Fetched(got, await asyncio.to_thread(needs_of, response, got.final_url, requisite.need.kind))
