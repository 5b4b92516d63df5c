"""Threads that wait for the operating system, and that nobody waits for: leaving the program does not wait for a slow name server.

A ThreadPoolExecutor is joined when Python ends, however long getaddrinfo, which cannot be interrupted, still takes.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Generic, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class _Errand(Generic[Result]):
    call: Callable[[], Result]
    done: asyncio.Future[Result]
    loop: asyncio.AbstractEventLoop

    def run(self) -> None:
        # The loop may be closed, or its task cancelled, by the time the answer is there.
        with suppress(RuntimeError):
            try:
                result = self.call()
            except (OSError, ValueError) as error:
                self.loop.call_soon_threadsafe(self._fail, error)
            else:
                self.loop.call_soon_threadsafe(self._succeed, result)

    def _succeed(self, result: Result) -> None:
        if not self.done.done():
            self.done.set_result(result)

    def _fail(self, error: OSError | ValueError) -> None:
        if not self.done.done():
            self.done.set_exception(error)


class Waiters(Generic[Result]):
    """Up to `most` daemon threads, started when first needed."""

    def __init__(self, most: int, name: str) -> None:
        self._most = most
        self._name = name
        self._errands: SimpleQueue[_Errand[Result] | None] = SimpleQueue()
        self._started = 0
        self._open = 0
        """Errands given out and not finished, as far as this side knows."""

    async def run(self, call: Callable[[], Result]) -> Result:
        """Run `call` in a thread; its OSError and ValueError are raised here."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Result] = loop.create_future()
        errand = _Errand(call, done, loop)
        self._open += 1
        if self._started < min(self._open, self._most):
            self._started += 1
            threading.Thread(target=self._serve, name=f"{self._name}-{self._started}", daemon=True).start()
        self._errands.put(errand)
        try:
            return await done
        finally:
            self._open -= 1

    def _serve(self) -> None:
        while (errand := self._errands.get()) is not None:
            errand.run()

    def close(self) -> None:
        """Let each thread end when it has finished what it does."""
        for _ in range(self._started):
            self._errands.put(None)
