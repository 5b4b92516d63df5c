"""The seams between rooms: what is passed in, so that decisions need no I/O of their own."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from citekeeper.model.wire import Ask, Exchange


class Fetch(Protocol):
    """The door to the web: one request, one exchange, never an exception for what one server does."""

    async def __call__(self, ask: Ask) -> Exchange:
        """Make one request; a redirect is an answer like any other."""


class Clock(Protocol):
    """Time, injected."""

    def now(self) -> datetime:
        """The date and time, UTC."""

    def monotonic(self) -> float:
        """Seconds that never run backwards."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""


class Limiter(Protocol):
    """Rate limits that several processes share."""

    async def take(self, pool: str, per_minute: float, *, burst: int = 1) -> None:
        """Wait for one token of `pool`."""

    def trip(self, pool: str, seconds: float) -> None:
        """Stop every call to `pool` for that long."""

    def tripped(self, pool: str) -> float:
        """Seconds until calls to `pool` may be made again; 0 when they may."""
