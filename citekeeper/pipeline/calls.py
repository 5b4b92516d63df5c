"""How many requests to archives one reference took: counted where each is allowed, by the limit that it counts against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from citekeeper.model import Limiter

Calls = tuple[tuple[str, int], ...]
"""The name of a limit, and how many requests: ("cdx", 1), ("playback", 2)."""

_counter: ContextVar[Counter[str] | None] = ContextVar("archive calls", default=None)


@contextmanager
def counted() -> Iterator[Callable[[], Calls]]:
    """Count the requests that are made inside, also by tasks begun there; the function given tells them."""
    counter: Counter[str] = Counter()
    token = _counter.set(counter)
    try:
        yield lambda: tuple(sorted(counter.items()))
    finally:
        _counter.reset(token)


def together(*calls: Calls) -> Calls:
    """The sum."""
    counter: Counter[str] = Counter()
    for each in calls:
        counter.update(dict(each))
    return tuple(sorted(counter.items()))


class CountingLimiter:
    """A limiter that tells of each request to whoever counts."""

    def __init__(self, limiter: Limiter) -> None:
        self._limiter = limiter

    async def take(self, pool: str, per_minute: float, *, burst: int = 1) -> None:
        """Wait for one token of `pool`."""
        counter = _counter.get()
        if counter is not None:
            counter[pool] += 1
        await self._limiter.take(pool, per_minute, burst=burst)

    def trip(self, pool: str, seconds: float) -> None:
        """Stop every call to `pool` for that long."""
        self._limiter.trip(pool, seconds)

    def tripped(self, pool: str) -> float:
        """Seconds until calls to `pool` may be made again."""
        return self._limiter.tripped(pool)
