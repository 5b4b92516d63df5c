"""Politeness: how many requests at once, to all and to one host, and how long between two to one host."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from citekeeper.model import Clock, Limiter, Purpose
from citekeeper.settings import NetworkSettings

ARCHIVE_CONCURRENCY = 4
"""Archives have their own limits on requests a minute; this only keeps a slow answer from blocking the next question."""
_SWEEP_AT = 4096
"""Hosts remembered before those with nothing to wait for are forgotten."""
_SLOWEST = 8.0
"""Seconds between two requests to a host that keeps saying that they are too many."""
_MOST_REBUKES = 8
"""How often in a row a host may say so before it is left alone."""
_PATIENCE = 3
"""Times that we wait for a host that asks us to; then it is left alone, or one host with many addresses would hold up a run for hours."""


@dataclass(slots=True)
class _Place:
    pool: str
    """Under which name other processes know it."""
    slots: asyncio.Semaphore
    interval: float
    next_start: float
    waiting: int = 0
    complaints: int = 0
    """Pauses that it asked for."""
    rebukes: int = 0
    """Answers in a row that said that we ask too much."""
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn to ask one host; an asynchronous context manager, in a class because a generator costs as much as the rest of it."""

    politeness: Politeness
    place: _Place

    async def __aenter__(self) -> None:
        await self.politeness.enter(self.place)

    async def __aexit__(self, *exc: object) -> None:
        self.politeness.leave(self.place)


class Politeness:
    """Turns for requests; a host that is waited for never takes a place from another."""

    def __init__(self, settings: NetworkSettings, clock: Clock, limiter: Limiter | None = None) -> None:
        """`limiter` shares the pauses with other processes; without one they hold in this process alone."""
        self._settings = settings
        self._limiter = limiter
        self._clock = clock
        self._everyone = asyncio.Semaphore(settings.max_concurrency)
        self._places: dict[tuple[str, bool], _Place] = {}

    def turn(self, host: str, purpose: Purpose) -> Turn:
        """Entered, waits for a turn to ask `host`, and holds it until it is left."""
        return Turn(self, self._place(host, is_archive=purpose is Purpose.ARCHIVE))

    def heed(self, host: str, seconds: float) -> None:
        """`host` asked for a pause (Retry-After): nothing more is asked of it until then, of others as before.

        One longer than `max_retry_after`, or one too many, closes the host for the rest of the run.
        """
        place = self._place(host, is_archive=False)
        place.complaints += 1
        if seconds > self._settings.max_retry_after or place.complaints > _PATIENCE:
            place.is_closed = True
        else:
            place.next_start = max(place.next_start, self._clock.monotonic() + seconds)
            if self._limiter is not None:
                self._limiter.trip(place.pool, seconds)

    def slow_down(self, host: str) -> None:
        """`host` said "too many requests" and not for how long: it is asked half as often from now on, others as before."""
        place = self._place(host, is_archive=False)
        place.rebukes += 1
        place.is_closed = place.is_closed or place.rebukes > _MOST_REBUKES
        place.interval = min(2 * place.interval, max(_SLOWEST, self._settings.host_request_interval))
        place.next_start = max(place.next_start, self._clock.monotonic() + place.interval)

    def calm_down(self, host: str) -> None:
        """`host` gave an answer: its patience is not at an end, though it is asked no faster than it has shown to bear."""
        place = self._places.get((host, False))
        if place is not None:
            place.rebukes = 0

    def is_closed(self, host: str) -> bool:
        """Whether `host` told us to stay away longer than we can wait."""
        place = self._places.get((host, False))
        return place is not None and place.is_closed

    async def enter(self, place: _Place) -> None:
        """Take a place of the host, wait for its time, take a place of all."""
        place.waiting += 1
        try:
            await place.slots.acquire()
            try:
                await self._pause(place)
                await self._everyone.acquire()
            except BaseException:
                place.slots.release()
                raise
        except BaseException:
            place.waiting -= 1
            raise

    def leave(self, place: _Place) -> None:
        """Give back both."""
        self._everyone.release()
        place.slots.release()
        place.waiting -= 1

    async def _pause(self, place: _Place) -> None:
        now = self._clock.monotonic()
        start = max(now, place.next_start)
        place.next_start = start + place.interval
        if start > now:
            await self._clock.sleep(start - now)
        if self._limiter is not None and place.interval > 0:
            await self._share(self._limiter, place)

    async def _share(self, limiter: Limiter, place: _Place) -> None:
        """Take turns with other processes on the same archive folder, and keep the pauses that the host asked them for."""
        for _ in range(2):
            stop = min(limiter.tripped(place.pool), self._settings.max_retry_after)
            if stop > 0:
                await self._clock.sleep(stop)
            await limiter.take(place.pool, 60.0 / place.interval)
            # While we waited for our turn, the host may have asked another process for a pause.
            if limiter.tripped(place.pool) <= 0:
                return

    def _place(self, host: str, *, is_archive: bool) -> _Place:
        place = self._places.get((host, is_archive))
        if place is None:
            if len(self._places) >= _SWEEP_AT:
                self._sweep()
            slots = ARCHIVE_CONCURRENCY if is_archive else self._settings.host_concurrency
            interval = 0.0 if is_archive else self._settings.host_request_interval
            place = _Place(f"host {host}", asyncio.Semaphore(max(1, slots)), interval, self._clock.monotonic())
            self._places[host, is_archive] = place
        return place

    def _sweep(self) -> None:
        now = self._clock.monotonic()
        self._places = {key: place for key, place in self._places.items() if self._matters(place, now)}

    def _matters(self, place: _Place, now: float) -> bool:
        is_slowed = place.interval > self._settings.host_request_interval
        return bool(place.waiting or place.complaints or is_slowed or place.is_closed or place.next_start > now)
