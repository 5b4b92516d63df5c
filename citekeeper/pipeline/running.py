"""Runs the asynchronous walk to its end, or to the user's word to stop: Ctrl-C and SIGTERM end it tidily."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import Coroutine
from typing import TypeVar

from citekeeper.errors import Interrupted

T = TypeVar("T")


def run(work: Coroutine[object, object, T]) -> T:
    """The result of `work`; Interrupted, after everything is put in order, when a signal ends it."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        return asyncio.run(_stoppable(work))
    except (KeyboardInterrupt, asyncio.CancelledError) as error:
        raise Interrupted("interrupted", hint="what was done is kept, and the same command goes on from there") from error
    finally:
        # The event loop takes its handler away, and leaves none.
        if threading.current_thread() is threading.main_thread() and before is not None:
            signal.signal(signal.SIGTERM, before)


async def _stoppable(work: Coroutine[object, object, T]) -> T:
    task = asyncio.current_task()
    assert task is not None
    # asyncio.run treats SIGINT so by itself; signals reach only the main thread, and Windows knows no handlers here.
    if threading.current_thread() is threading.main_thread() and hasattr(signal, "SIGTERM"):
        _cancel_on_sigterm(task)
    return await work


def _cancel_on_sigterm(task: asyncio.Task[object]) -> None:
    with contextlib.suppress(NotImplementedError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
