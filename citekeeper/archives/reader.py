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


@dataclass(frozen=True, slots=True)
class _Lost:
    """A walk that led to no page."""

    first: ArchivedRedirect | None
    """The archived redirect that it began with; the versions of the page before and after that may still be good."""
    answer: MementoAnswer
    is_unplayable: bool = False
    """The archive answered, and has or finds nothing to play there."""


class Reader:
    """Reads the mementos of one archive."""

    def __init__(self, name: str, ask: AskPlayback, places: Places) -> None:
        self._name = name
        self._ask = ask
        self._places = places

    async def best(self, search: Search, judge: Judge) -> MementoAnswer:
        """The good copy nearest to the date among the search's leads and their neighbours; at most three are read."""
        trouble: Unavailable | None = None
        while (lead := search.next()) is not None:
            look = await self._look(lead, judge)
            if isinstance(look, _Lost) and look.is_unplayable:
                search.is_unplayable = True
                look = self._unplayable(look, lead)
            if isinstance(look, Look):
                search.note(look)
                for link in look.neighbours:
                    search.suggest(self._places.lead(link.target, link.moment))
                trouble = trouble or look.trouble
            elif search.best is None and (isinstance(look.answer, Unavailable) or not search.looks):
                return look.answer
            else:
                break
        # What could not be read now may be read next time.
        return trouble if trouble is not None and search.best is None else search.outcome()

    async def _look(self, lead: Lead, judge: Judge) -> Look | _Lost:
        arrival = await self._walk(lead)
        if isinstance(arrival, _Lost):
            return self._nowhere(arrival, lead)
        captured, last = arrival.captured, arrival.copies[-1]
        view = self._places.view_url(last.fetched.url, captured.moment, last.archived.url)
        memento = Memento(view, captured.moment, self._name, last.archived.url, captured.status)
        why_not = _plainly_not(captured.status, last.archived.url, lead) or await judge(memento, arrival.copies)
        return Look(memento, not why_not, why_not, arrival.first.neighbours)

    def _unplayable(self, lost: _Lost, lead: Lead) -> Look:
        """What a capture is worth that the archive names and cannot show: others may be shown."""
        view = self._places.view_url(lead.url, lead.moment, lead.original)
        memento = Memento(view, lead.moment, self._name, lead.original, None)
        return Look(memento, False, "could not be played", (), lost.answer if isinstance(lost.answer, Unavailable) else None)

    def _nowhere(self, lost: _Lost, lead: Lead) -> Look | _Lost:
        """What a walk that led to no page is worth: the neighbours of the redirect that it began with."""
        if lost.first is None or lost.first.moment is None:
            return lost
        view = self._places.view_url(lead.url, lost.first.moment, lead.original)
        memento = Memento(view, lost.first.moment, self._name, lead.original, lost.first.status)
        trouble = lost.answer if isinstance(lost.answer, Unavailable) else None
        told = lost.answer.message if isinstance(lost.answer, Missing | Excluded | Unavailable) else ""
        return Look(memento, False, told or "a redirect to a page that is not archived", lost.first.neighbours, trouble)

    async def _walk(self, lead: Lead) -> _Arrival | _Lost:
        """Follow archived redirects to a page, within bounds."""
        url = lead.url
        first: ArchivedRedirect | None = None
        seen: set[str] = set()
        copies: list[Copy] = []
        for _ in range(_MOST_HOPS + 1):
            if url in seen:
                return _Lost(first, Missing("archived redirects in a circle"))
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
                    return _Lost(first, no_memento(answer), isinstance(answer, NotArchived | Trouble))
                case _:
                    assert_never(answer)
        return _Lost(first, Missing(f"more than {_MOST_HOPS} archived redirects"))


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
