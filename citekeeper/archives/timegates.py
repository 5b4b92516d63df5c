"""Any archive or aggregator that speaks Memento (RFC 7089): a TimeGate or a TimeMap leads to copies, wherever they are."""

from __future__ import annotations

from datetime import datetime

from citekeeper.archives.addresses import AnyReplay, gate_url
from citekeeper.archives.archive import Judge, any_page
from citekeeper.archives.links import parse_links
from citekeeper.archives.manners import Manners, Pool, is_rate_limit
from citekeeper.archives.memento import ArchivedRedirect, Captured, Elsewhere, Playback, read_playback
from citekeeper.archives.nearest import Lead, Search
from citekeeper.archives.reader import Reader, no_memento
from citekeeper.archives.replaying import ask_playback
from citekeeper.archives.timestamps import format_http_date
from citekeeper.model import Clock, Exchange, Fetch, IndexAnswer, Limiter, Memento, MementoAnswer, Missing, Unavailable

_MOST_MEMENTOS = 20_000


class TimeGate:
    """An archive, or an aggregator of archives such as MemGator, that is asked through its TimeGate, or its TimeMap for want of one."""

    has_index = False

    def __init__(
        self,
        name: str,
        fetch: Fetch,
        *,
        limiter: Limiter,
        clock: Clock,
        url: str,
        is_timemap: bool = False,
        per_minute: float = 30.0,
        patience: float = 90.0,
        timeout: float | None = None,
    ) -> None:
        """`url`: what stands in front of the address that is looked up."""
        self.name = name
        self._url = url
        self._is_timemap = is_timemap
        self._manners = Manners(fetch, limiter, clock, pools=(Pool(name, per_minute, burst=2),), patience=patience, timeout=timeout)
        self._places = AnyReplay()
        self._reader = Reader(name, self._playback, self._places)

    async def rows(self, prefix: str) -> IndexAnswer:
        """Memento looks up whole addresses only."""
        return Unavailable("it has no index that can be searched")

    async def nearest(self, url: str, when: datetime, judge: Judge = any_page) -> MementoAnswer:
        """The copy nearest to `when` that `judge` takes; at most three are read."""
        search = Search(when)
        problem = await (self._from_timemap(url, search) if self._is_timemap else self._from_timegate(url, search))
        return problem or await self._reader.best(search, judge)

    async def content(self, memento: Memento) -> Exchange:
        """The copy's own bytes where the archive has them apart, else as it shows them."""
        lead = self._places.lead(memento.url, memento.datetime)
        exchange, _ = await self._playback(lead.url if lead else memento.url)
        return exchange

    async def _playback(self, url: str) -> tuple[Exchange, Playback]:
        return await ask_playback(self._manners, self.name, url)

    async def _from_timegate(self, url: str, search: Search) -> MementoAnswer | None:
        headers = (("Accept-Datetime", format_http_date(search.when)),)
        exchange, answer = await ask_playback(self._manners, self.name, gate_url(self._url, url), headers)
        self._suggest_linked(exchange, search)
        if isinstance(answer, Elsewhere):
            # A memento whose address does not tell its date says it when it is read.
            search.suggest(self._places.lead(answer.target) or Lead(search.when, answer.target, url))
        elif isinstance(answer, Captured):
            search.suggest(self._places.lead(_content_location(exchange), answer.moment))
        elif not search.has_leads:
            return _last_word(answer)
        return None

    async def _from_timemap(self, url: str, search: Search) -> MementoAnswer | None:
        exchange = await self._manners.ask(self.name, gate_url(self._url, url))
        response = exchange.response
        if response is None or is_rate_limit(exchange) or response.status >= 500:
            return _last_word(read_playback(exchange))
        if response.status == 404:
            return Missing()
        if response.status != 200:
            return Unavailable(f"the TimeMap answered {response.status}")
        links = [link for link in parse_links(response.content.decode("utf-8", "replace")) if link.is_memento]
        for link in links[:_MOST_MEMENTOS]:
            search.suggest(self._places.lead(link.target, link.moment))
        return None if search.has_leads else Unavailable("the TimeMap names no memento")

    def _suggest_linked(self, exchange: Exchange, search: Search) -> None:
        """The mementos that a TimeGate names in its Link field: the nearest, and often its neighbours."""
        if exchange.response is not None:
            for link in parse_links(", ".join(exchange.response.header_values("link"))):
                if link.is_memento:
                    search.suggest(self._places.lead(link.target, link.moment))


def _content_location(exchange: Exchange) -> str:
    response = exchange.response
    return (response.header("content-location") if response else None) or exchange.url


def _last_word(answer: Playback) -> MementoAnswer:
    match answer:
        case Captured() | Elsewhere() | ArchivedRedirect():
            return Unavailable("the answer leads to no memento")
        case _:
            return no_memento(answer)
