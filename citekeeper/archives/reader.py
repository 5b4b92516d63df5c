"""Reads copies one by one, nearest first, until a good one is found: redirects inside the archive followed, each copy judged."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, assert_never
from urllib.parse import urlsplit

from citekeeper.archives.archive import Judge
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
)
from citekeeper.archives.nearest import Lead, Look, Search
from citekeeper.archives.rebuilding import as_captured
from citekeeper.model import Copy, Exchange, Excluded, Memento, MementoAnswer, Missing, Unavailable

_MOST_HOPS = 5

AskPlayback = Callable[[str], Awaitable[tuple[Exchange, Playback]]]


class Places(Protocol):
    """How the addresses of an archive's captures are written."""

    def lead(self, target: str, moment: datetime | None = None) -> Lead | None:
        """The capture at `target`."""

    def onward(self, target: str, lead: Lead) -> str:
        """Where an archived redirect leads."""

    def view_url(self, raw: str, moment: datetime, original: str) -> str:
        """A capture as people see it."""


@dataclass(frozen=True, slots=True)
class _Arrival:
    """Where the walk through archived redirects ended."""

    captured: Captured
    first: Captured | ArchivedRedirect
    """The capture of the address itself: its neighbours are the versions of the page that was asked for."""
    copies: tuple[Copy, ...]


class Reader:
    """Reads the mementos of one archive."""

    def __init__(self, name: str, ask: AskPlayback, places: Places) -> None:
        self._name = name
        self._ask = ask
        self._places = places

    async def best(self, search: Search, judge: Judge) -> MementoAnswer:
        """The good copy nearest to the date among the search's leads and their neighbours; at most three are read."""
        while (lead := search.next()) is not None:
            look = await self._look(lead, judge)
            if isinstance(look, Look):
                search.note(look)
                for link in look.neighbours:
                    search.suggest(self._places.lead(link.target, link.moment))
            elif search.best is None and (isinstance(look, Unavailable) or not search.looks):
                return look
            else:
                break
        return search.outcome()

    async def _look(self, lead: Lead, judge: Judge) -> Look | MementoAnswer:
        arrival = await self._walk(lead)
        if not isinstance(arrival, _Arrival):
            return arrival
        captured, last = arrival.captured, arrival.copies[-1]
        view = self._places.view_url(last.fetched.url, captured.moment, last.archived.url)
        memento = Memento(view, captured.moment, self._name, last.archived.url, captured.status)
        why_not = _plainly_not(captured.status, last.archived.url, lead) or await judge(memento, arrival.copies)
        return Look(memento, not why_not, why_not, arrival.first.neighbours)

    async def _walk(self, lead: Lead) -> _Arrival | MementoAnswer:
        """Follow archived redirects to a page, within bounds."""
        url = lead.url
        first: Captured | ArchivedRedirect | None = None
        seen: set[str] = set()
        copies: list[Copy] = []
        for _ in range(_MOST_HOPS + 1):
            if url in seen:
                return Missing("the archived redirects run in a circle")
            seen.add(url)
            exchange, answer = await self._ask(url)
            copies += _copy(exchange, answer, lead)
            match answer:
                case Captured():
                    return _Arrival(answer, first or answer, tuple(copies))
                case ArchivedRedirect(target=target) | Elsewhere(target):
                    if first is None and isinstance(answer, ArchivedRedirect):
                        first = answer
                    url = self._places.onward(target, lead)
                case NotArchived() | Barred() | TooFast() | NoAnswer() | Trouble():
                    return no_memento(answer)
                case _:
                    assert_never(answer)
        return Missing(f"more than {_MOST_HOPS} archived redirects")


def _copy(exchange: Exchange, answer: Playback, lead: Lead) -> list[Copy]:
    """What one answer holds: nothing unless it is a capture."""
    if exchange.response is None or not isinstance(answer, Captured | ArchivedRedirect) or answer.moment is None:
        return []
    told = answer.original if isinstance(answer, Captured) else None
    played = playback_parts(exchange.url)
    original = told or (played[1] if played else lead.original) or exchange.url
    return [Copy(exchange, as_captured(exchange, exchange.response, answer.moment, original))]


def _plainly_not(status: int, original: str, lead: Lead) -> str:
    """What can be told without reading the page."""
    if not 200 <= status < 300:
        return f"status {status}"
    if lead.original and _is_root(original) and not _is_root(lead.original):
        return "a redirect to the home page"
    return ""


def _is_root(url: str) -> bool:
    return urlsplit(url).path.strip("/") == ""


def no_memento(answer: NotArchived | Barred | TooFast | NoAnswer | Trouble) -> MementoAnswer:
    """What an answer without a capture means."""
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
