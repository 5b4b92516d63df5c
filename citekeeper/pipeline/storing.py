"""Taking visits to disk while others are still under way: captures first, then the ledger, in groups as large as the disk is slow."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Self

from citekeeper import warc
from citekeeper.ledger import Ledger, Seen
from citekeeper.model import Capture, Visit
from citekeeper.pipeline.reading_text import no_text

_GROUP = 64
"""Visits made durable together: a commit costs some milliseconds whatever it holds."""
_MOST_WAITING = 256
"""Visits that wait to be stored; with more, no further ones are taken, so that memory stays flat."""
_MOST_BYTES = 64 * 1024 * 1024
"""The same, in bytes of body and content."""

Observe = Callable[[Visit, tuple[Capture, ...]], Seen]


@dataclass(frozen=True, slots=True)
class Stored:
    """One visit, safely kept."""

    visit: Visit
    captures: tuple[Capture, ...]
    seen: Seen
    difference: str | None = None
    """How the capture of the main document differs from what was received, if it does."""


@dataclass(slots=True)
class Storing:
    """An asynchronous context manager; leaving it waits until everything taken is kept, also when the run is interrupted."""

    writer: warc.Writer | None
    ledger: Ledger
    observe: Observe
    """Reads a visit's pages; called in a thread, since that takes milliseconds each."""
    kept: Callable[[Stored], None]
    """Told of each visit once it is on the disk and in the ledger."""
    text_of: Callable[[Visit], str | None] = no_text
    """The text to be stored beside a visit's page, if any; called in a thread."""
    _waiting: list[Visit] = field(default_factory=list)
    _bytes: int = 0
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _is_closing: bool = False
    _task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._work())
        return self

    async def __aexit__(self, *exc: object) -> None:
        assert self._task is not None
        self._is_closing = True
        finishing = asyncio.ensure_future(self._finish())
        try:
            await asyncio.shield(finishing)
        except asyncio.CancelledError:
            # Told to stop once more: what was fetched is still kept, so that it is not fetched again.
            await finishing
            raise

    async def _finish(self) -> None:
        async with self._changed:
            self._changed.notify_all()
        assert self._task is not None
        await self._task

    async def take(self, visit: Visit) -> None:
        """Hand over a visit; waits while too many wait, and raises what went wrong with storing."""
        async with self._changed:
            await self._changed.wait_for(self._has_room)
            self._waiting.append(visit)
            self._bytes += _size(visit)
            self._changed.notify_all()
        if self._is_broken():
            await self._finish()

    def _has_room(self) -> bool:
        return (len(self._waiting) < _MOST_WAITING and self._bytes < _MOST_BYTES) or self._is_broken()

    def _is_broken(self) -> bool:
        return self._task is not None and self._task.done()

    async def _work(self) -> None:
        try:
            while group := await self._next_group():
                await self._keep(group)
        finally:
            # Whoever waits for room learns that there will be none.
            async with self._changed:
                self._changed.notify_all()

    async def _next_group(self) -> list[Visit]:
        """What waits, up to a group; empty when there is nothing left and nothing will come."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._waiting or self._is_closing)
            group, self._waiting = self._waiting[:_GROUP], self._waiting[_GROUP:]
            self._bytes -= sum(map(_size, group))
            self._changed.notify_all()
        return group

    async def _keep(self, group: Sequence[Visit]) -> None:
        stored = await asyncio.to_thread(self._write, group)
        self.ledger.keep_seen([each.seen for each in stored])
        for each in stored:
            self.kept(each)

    def _write(self, group: Sequence[Visit]) -> list[Stored]:
        writer = self.writer
        captures: list[tuple[Capture, ...]] = [
            writer.store(visit, text=self.text_of(visit)) if writer is not None else () for visit in group
        ]
        if writer is not None:
            writer.commit()
        return [
            Stored(visit, places, self.observe(visit, places), writer.difference(visit, places) if writer is not None else None)
            for visit, places in zip(group, captures, strict=True)
        ]


def _size(visit: Visit) -> int:
    responses = [exchange.response for exchange in visit.exchanges]
    return sum(len(each.body) + len(each.content) for each in responses if each is not None)
