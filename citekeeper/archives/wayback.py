"""The Wayback Machine as a client it would be glad of: index, nearest good capture, original bytes."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from urllib.parse import urlsplit

from citekeeper.archives import cdx
from citekeeper.archives.addresses import PrefixTest, index_url, playback_url, timegate_url, view_url
from citekeeper.archives.manners import Manners, Pool
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
from citekeeper.archives.nearest import Lead, Look, Search
from citekeeper.archives.timestamps import format_http_date, format_timestamp
from citekeeper.model import (
    Clock,
    Exchange,
    Excluded,
    Fetch,
    Found,
    IndexAnswer,
    Limiter,
    Memento,
    MementoAnswer,
    Missing,
    Response,
    Rows,
    Unavailable,
)

CDX = "cdx"
PLAYBACK = "playback"
_MOST_HOPS = 5
_SMALLER_LIMIT = 100
_BETWEEN_TRIES = 1.0
_MOST_UNZIPPED = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Arrival:
    """Where the walk through archived redirects ended."""

    exchange: Exchange
    captured: Captured
    first: Captured | ArchivedRedirect
    """The capture of the address itself: its neighbours are the versions of the page that was asked for."""


class Wayback:
    """The Wayback Machine, or any server that speaks as it does."""

    name = "wayback"

    def __init__(
        self,
        fetch: Fetch,
        *,
        limiter: Limiter,
        clock: Clock,
        url: str = "https://web.archive.org",
        cdx_per_minute: float = 24.0,
        playback_per_minute: float = 480.0,
        index_limit: int = 200,
        patience: float = 90.0,
        timeout: float | None = None,
        is_good: Callable[[Exchange], bool] | None = None,
    ) -> None:
        """`is_good` judges the archived page itself, beyond its status; `patience` is the longest stop waited out,
        `timeout` the longest that one request takes, in seconds (None: as the network is set)."""
        pools = (Pool(CDX, cdx_per_minute), Pool(PLAYBACK, playback_per_minute, burst=4))
        self._manners = Manners(fetch, limiter, clock, pools=pools, patience=patience, timeout=timeout)
        self._base = url.rstrip("/")
        self._index_limit = index_limit
        self._is_good = is_good

    async def rows(self, prefix: str) -> IndexAnswer:
        """The captures whose addresses begin with `prefix`, one row for each address; one request, two when the server gives up."""
        limit = self._index_limit
        exchange = await self._manners.ask(CDX, index_url(self._base, prefix, limit=limit))
        if exchange.response is not None and exchange.response.status in (500, 502, 503, 504):
            limit = min(limit, _SMALLER_LIMIT)
            exchange = await self._manners.ask(CDX, index_url(self._base, prefix, limit=limit, plain=True))
        return _index_answer(exchange, PrefixTest(prefix), limit)

    async def nearest(self, url: str, when: datetime) -> MementoAnswer:
        """The good capture of `url` nearest to `when`: the TimeGate, then at most three captures."""
        search = Search(when)
        headers = (("Accept-Datetime", format_http_date(search.when)),)
        gate = await self._playback(timegate_url(self._base, url), headers)
        problem = self._open(search, gate[0], gate[1], url)
        if problem is not None:
            return problem
        while (lead := search.next()) is not None:
            look = await self._look(lead)
            if isinstance(look, Look):
                search.note(look)
            elif search.best is None and (isinstance(look, Unavailable) or not search.looks):
                return look
            else:
                break
        return _outcome(search)

    async def content(self, memento: Memento) -> Exchange:
        """The capture's own bytes; an archive that cannot be asked is a failure in the exchange."""
        digits, original = playback_parts(memento.url) or (format_timestamp(memento.datetime), memento.original)
        exchange = await self._manners.ask(PLAYBACK, playback_url(self._base, digits, original))
        response = exchange.response
        return exchange if response is None else replace(exchange, outcome=_unzipped(response))

    async def _playback(self, url: str, headers: tuple[tuple[str, str], ...] = ()) -> tuple[Exchange, Playback]:
        """Ask; once more when the archive stumbles."""
        exchange = await self._manners.ask(PLAYBACK, url, headers)
        answer = read_playback(exchange)
        if isinstance(answer, Trouble) and answer.status >= 500:
            await self._manners.pause(_BETWEEN_TRIES)
            exchange = await self._manners.ask(PLAYBACK, url, headers)
            answer = read_playback(exchange)
        return exchange, answer

    def _open(self, search: Search, exchange: Exchange, answer: Playback, url: str) -> MementoAnswer | None:
        """Begin the search with what the TimeGate said; its last word when there is nothing to search."""
        match answer:
            case Elsewhere(target):
                parts = playback_parts(target)
                if parts is None:
                    return Unavailable("the archive redirected to something that is not a capture")
                search.suggest(parts[0].ljust(14, "0"), parts[1])
            case Captured(moment) | ArchivedRedirect(datetime() as moment):
                # A TimeGate that answers with the capture itself (RFC 7089, 4.2) is asked for it again, unrewritten.
                search.suggest(format_timestamp(moment), url)
            case ArchivedRedirect():
                return Unavailable("the archive showed a redirect without telling its date")
            case NotArchived() | Barred() | TooFast() | NoAnswer() | Trouble():
                return _no_memento(answer)
            case _:
                assert_never(answer)
        return None

    async def _look(self, lead: Lead) -> Look | MementoAnswer:
        arrival = await self._walk(lead)
        if not isinstance(arrival, _Arrival):
            return arrival
        captured = arrival.captured
        _, played = playback_parts(arrival.exchange.url) or (lead.digits, lead.original)
        original = captured.original or played
        view = view_url(self._base, format_timestamp(captured.moment), original)
        memento = Memento(view, captured.moment, self.name, original, captured.status)
        why_not = self._why_not(arrival, lead)
        return Look(memento, not why_not, why_not, arrival.first.neighbours)

    def _why_not(self, arrival: _Arrival, lead: Lead) -> str:
        status = arrival.captured.status
        if not 200 <= status < 300:
            return f"status {status}"
        if _is_root(playback_parts(arrival.exchange.url)) and not _is_root((lead.digits, lead.original)):
            return "a redirect to the home page"
        if self._is_good is not None and not self._is_good(arrival.exchange):
            return "not the page itself"
        return ""

    async def _walk(self, lead: Lead) -> _Arrival | MementoAnswer:
        """Follow archived redirects to a page, within bounds."""
        url = playback_url(self._base, lead.digits, lead.original)
        first: Captured | ArchivedRedirect | None = None
        seen: set[str] = set()
        for _ in range(_MOST_HOPS + 1):
            if url in seen:
                return Missing("the archived redirects run in a circle")
            seen.add(url)
            exchange, answer = await self._playback(url)
            match answer:
                case Captured():
                    return _Arrival(exchange, answer, first or answer)
                case ArchivedRedirect(target=target) | Elsewhere(target):
                    if first is None and isinstance(answer, ArchivedRedirect):
                        first = answer
                    url = self._onward(target, lead)
                case NotArchived() | Barred() | TooFast() | NoAnswer() | Trouble():
                    return _no_memento(answer)
                case _:
                    assert_never(answer)
        return Missing(f"more than {_MOST_HOPS} archived redirects")

    def _onward(self, target: str, lead: Lead) -> str:
        """Where a redirect leads, always on this archive and always unrewritten, whatever host the Location names."""
        parts = playback_parts(target) if "/web/" in target or target.startswith(self._base) else None
        digits, original = parts or (lead.digits, target)
        return playback_url(self._base, digits, original)


def _outcome(search: Search) -> MementoAnswer:
    if search.best is not None:
        return Found(search.best)
    seen = "; ".join(f"{look.why_not} on {look.memento.datetime:%Y-%m-%d}" for look in search.looks)
    return Missing(f"no good capture: {seen}" if seen else "")


def _no_memento(answer: NotArchived | Barred | TooFast | NoAnswer | Trouble) -> MementoAnswer:
    match answer:
        case NotArchived():
            return Missing()
        case Barred(message):
            return Excluded(message)
        case TooFast():
            return Unavailable("the archive asked us to slow down (429)")
        case NoAnswer(_, message) | Trouble(_, message):
            return Unavailable(message)
        case _:
            assert_never(answer)


def _is_root(parts: tuple[str, str] | None) -> bool:
    return parts is not None and urlsplit(parts[1]).path.strip("/") == ""


def _index_answer(exchange: Exchange, belongs: PrefixTest, limit: int) -> IndexAnswer:
    response = exchange.response
    if response is None:
        assert exchange.failure is not None
        return Unavailable(exchange.failure.message)
    runtime_error = response.header("x-archive-wayback-runtime-error") or ""
    # The old server says it in the body, the new one only in the header.
    barred = cdx.refusal(runtime_error) or (cdx.refusal(_beginning(response)) if response.status != 200 else None)
    if barred is not None:
        return Excluded(barred.message)
    if response.status == 429:
        return Unavailable("the archive asked us to slow down (429)")
    if response.status != 200 or runtime_error:
        return Unavailable(f"the index answered {response.status} {runtime_error or response.reason}".strip())
    if response.cut is not None or response.problem is not None:
        return Unavailable(f"the index answer is incomplete ({response.cut or response.problem})")
    if not response.content.strip():
        # JSON without a match is "[]"; nothing at all is a server in trouble, and must not be remembered as "no match".
        return Unavailable("the index answered with nothing at all")
    return _rows(cdx.parse_index(response.content), belongs, limit)


def _rows(page: cdx.IndexPage, belongs: PrefixTest, limit: int) -> IndexAnswer:
    match page:
        case cdx.Page(rows, printed, resume_key):
            kept = tuple(row for row in rows if belongs(row) and (row.status is None or row.status < 400))
            return Rows(kept, complete=printed < limit and resume_key is None)
        case cdx.Barred(message):
            return Excluded(message)
        case cdx.Garbled(message):
            return Unavailable(message)
        case _:
            assert_never(page)


def _beginning(response: Response) -> str:
    return response.content[:2000].decode("utf-8", "replace")


def _unzipped(response: Response) -> Response:
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
