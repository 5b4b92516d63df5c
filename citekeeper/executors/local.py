"""Runs steps in this process, on the event loop, a bounded number at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class LocalExecutor:
    """At most `limit` steps under way; items are drawn only as room comes free, so memory stays flat."""

    limit: int = 64

    async def each(self, items: Iterable[T], step: Callable[[T], Awaitable[R]]) -> AsyncGenerator[tuple[T, R], None]:
        """Each item with its result, in the order in which they are done; the first exception ends it all."""

        async def one(item: T) -> tuple[T, R]:
            return item, await step(item)

        waiting = iter(items)
        running: set[asyncio.Task[tuple[T, R]]] = set()
        done: set[asyncio.Task[tuple[T, R]]] = set()
        try:
            running |= {asyncio.create_task(one(item)) for item in islice(waiting, self.limit)}
            while running:
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                running |= {asyncio.create_task(one(item)) for item in islice(waiting, len(done))}
                for task in done:
                    yield task.result()
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, *done, return_exceptions=True)
