"""Who runs the steps of an audit: the pipeline says what, an executor says how many at once and where.

Pure of I/O of its own. May import model and ledger. A new executor is one file with an `each` like that of
`local.py` and one line in `EXECUTORS`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from typing import Protocol, TypeVar

from citekeeper.executors.local import LocalExecutor

__all__ = ["EXECUTORS", "Executor", "LocalExecutor"]

T = TypeVar("T")
R = TypeVar("R")


class Executor(Protocol):
    """Runs one step for many items."""

    def each(self, items: Iterable[T], step: Callable[[T], Awaitable[R]]) -> AsyncGenerator[tuple[T, R], None]:
        """Each item with its result, in the order in which they are done; the first exception ends it all."""


EXECUTORS: Mapping[str, Callable[[int], Executor]] = {"local": LocalExecutor}
"""By name; the argument is how many steps may be under way at once."""
