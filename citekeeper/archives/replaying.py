"""Archives that play what they hold: a TimeGate to find the capture near a date, playback to read it, and often a searchable index."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from citekeeper.archives.addresses import Replay, gate_url, history_url, index_url, pywb_index_url
from citekeeper.archives.archive import Judge, any_page
from citekeeper.archives.index_answers import read_index
from citekeeper.archives.manners import Manners
from citekeeper.archives.memento import (
    ArchivedRedirect,
    Barred,
    Captured,
    Elsewhere,
    NoAnswer,
    NotArchived,
    Playback,
    TooFast,
    Trouble,
    playback_parts,
    read_playback,
)
from citekeeper.archives.nearest import Lead, Search
from citekeeper.archives.reader import Reader, no_memento
from citekeeper.archives.timestamps import format_http_date, format_timestamp
from citekeeper.model import Exchange, IndexAnswer, Memento, MementoAnswer, Response, Rows, Unavailable
from citekeeper.surt import surt

_SMALLER_LIMIT = 100
_LONGEST_HISTORY = 2_000
"""Days with a capture; more than five years of daily ones."""
_BETWEEN_TRIES = 1.0
_MOST_DETOURS = 20
_SOME_TIME = timedelta(days=180)
_MOST_UNZIPPED = 16 * 1024 * 1024
# What the archive packs itself could not be told from what the site sent packed.
_AS_IT_IS = ("Accept-Encoding", "identity")


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where and how one archive is asked."""

    index: str
    """The index, without a query."""
    gate: str
    """What stands in front of an address to be looked up."""
    replay: Replay
    is_pywb: bool = False
    """Its index speaks pywb's dialect (JSON lines, substring filters, no collapsing) and not that of the Wayback Machine."""


@dataclass(frozen=True, slots=True)
class Pools:
    """The names of the limits that its requests count against."""

    index: str
    playback: str


class ReplayArchive:
    """An archive with an index, a TimeGate and playback."""

    has_index = True

    def __init__(self, name: str, manners: Manners, endpoints: Endpoints, pools: Pools, *, index_limit: int) -> None:
        self.name = name
        self._manners = manners
        self._endpoints = endpoints
        self._pools = pools
        self._index_limit = index_limit
        self._reader = Reader(name, self._playback, endpoints.replay)
        self._detours = _MOST_DETOURS

    async def rows(self, prefix: str) -> IndexAnswer:
        """The captures whose addresses begin with `prefix`, one row for each address; one request, two when the server gives up."""
        limit = self._index_limit
        exchange = await self._ask_index(prefix, limit, plain=False)
        if exchange.response is not None and exchange.response.status in (500, 502, 503, 504):
            limit = min(limit, _SMALLER_LIMIT)
            exchange = await self._ask_index(prefix, limit, plain=True)
        return read_index(exchange, prefix, limit, empty_is_none=self._endpoints.is_pywb)

    async def history(self, url: str) -> IndexAnswer:
        """The captures of `url` itself that show a page or say that there is none, at most one a day; one request."""
        asked = history_url(self._endpoints.index, url, limit=_LONGEST_HISTORY, is_pywb=self._endpoints.is_pywb)
        exchange = await self._manners.ask(self._pools.index, asked)
        answer = read_index(exchange, url, _LONGEST_HISTORY, empty_is_none=self._endpoints.is_pywb, with_errors=True)
        if not isinstance(answer, Rows):
            return answer
        key = surt(url)
        return Rows(tuple(row for row in answer.rows if surt(row.original) == key), answer.complete)

    async def _ask_index(self, prefix: str, limit: int, *, plain: bool) -> Exchange:
        make = pywb_index_url if self._endpoints.is_pywb else index_url
        return await self._manners.ask(self._pools.index, make(self._endpoints.index, prefix, limit=limit, plain=plain))

    async def nearest(self, url: str, when: datetime, judge: Judge = any_page) -> MementoAnswer:
        """The good capture of `url` nearest to `when`: the TimeGate, then at most three captures."""
        search = Search(when)
        headers = (("Accept-Datetime", format_http_date(search.when)),)
        _, answer = await self._playback(gate_url(self._endpoints.gate, url), headers)
        found = self._first_lead(answer, url)
        if not isinstance(found, Lead):
            return found
        search.suggest(found)
        best = await self._reader.best(search, judge)
        if search.is_unplayable and search.best is None and self._may_detour() and await self._suggest_another(url, search, found):
            return await self._reader.best(search, judge)
        return best

    def _may_detour(self) -> bool:
        """Whether one more detour may be made: a capture that cannot be played is an exception, or the archive is in trouble."""
        self._detours -= 1
        return self._detours >= 0

    async def _suggest_another(self, url: str, search: Search, unread: Lead) -> bool:
        """Ask for a capture from some time before or after one that the archive names and cannot show; whether there is one."""
        for away in (-_SOME_TIME, _SOME_TIME):
            headers = (("Accept-Datetime", format_http_date(unread.moment + away)),)
            lead = self._first_lead((await self._playback(gate_url(self._endpoints.gate, url), headers))[1], url)
            if isinstance(lead, Lead) and lead.moment != unread.moment:
                search.suggest(lead)
                return True
        return False

    async def content(self, memento: Memento) -> Exchange:
        """The capture's own bytes; an archive that cannot be asked is a failure in the exchange."""
        digits, original = playback_parts(memento.url) or (format_timestamp(memento.datetime), memento.original)
        exchange = await self._manners.ask(self._pools.playback, self._endpoints.replay.raw_url(digits, original), (_AS_IT_IS,))
        return _unzipped(exchange)

    async def _playback(self, url: str, headers: tuple[tuple[str, str], ...] = ()) -> tuple[Exchange, Playback]:
        return await ask_playback(self._manners, self._pools.playback, url, headers)

    def _first_lead(self, answer: Playback, url: str) -> Lead | MementoAnswer:
        """The capture that the TimeGate names; its last word when it names none."""
        match answer:
            case Elsewhere(target):
                return self._endpoints.replay.lead(target) or Unavailable("the archive redirected to something that is not a capture")
            case Captured(moment) | ArchivedRedirect(datetime() as moment):
                # A TimeGate that answers with the capture itself (RFC 7089, 4.2) is asked for it again, unrewritten.
                return Lead(moment, self._endpoints.replay.raw_url(format_timestamp(moment), url), url)
            case ArchivedRedirect():
                return Unavailable("the archive showed a redirect without telling its date")
            case NotArchived() | Barred() | TooFast() | NoAnswer() | Trouble():
                return no_memento(answer)
            case _:
                assert_never(answer)


async def ask_playback(manners: Manners, pool: str, url: str, headers: tuple[tuple[str, str], ...] = ()) -> tuple[Exchange, Playback]:
    """Ask for a capture or at a TimeGate; once more when the archive stumbles."""
    exchange = await manners.ask(pool, url, (*headers, _AS_IT_IS))
    answer = read_playback(exchange)
    if isinstance(answer, Trouble) and answer.status >= 500:
        await manners.pause(_BETWEEN_TRIES)
        exchange = await manners.ask(pool, url, (*headers, _AS_IT_IS))
        answer = read_playback(exchange)
    return _unzipped(exchange), answer


def _unzipped(exchange: Exchange) -> Exchange:
    response = exchange.response
    return exchange if response is None else replace(exchange, outcome=_without_gzip(response))


def _without_gzip(response: Response) -> Response:
    """Undo a gzip that the headers did not declare.

    Some captures come with an empty and a second Content-Encoding, which makes clients skip decoding
    (edgi-govdata-archiving/wayback, `_client.py`).
    """
    declared = response.header("content-type") or ""
    if not response.content.startswith(b"\x1f\x8b") or not declared.startswith("text/"):
        return response
    try:
        content = zlib.decompressobj(wbits=31).decompress(response.content, _MOST_UNZIPPED)
    except zlib.error:
        return response
    return replace(response, content=content)
