"""Sorting lines that do not fit into memory: sorted runs in temporary files, merged."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import IO, Self

_RUN = 8_000
"""Lines held at once, some 3 MB of an index."""


class SortedLines:
    """Takes lines in any order and gives them in byte order. A context manager: its temporary files go with it."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._runs: list[IO[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for run in self._runs:
            run.close()

    def add(self, line: bytes) -> None:
        """Take a line, with its end."""
        self._held.append(line)
        if len(self._held) >= _RUN:
            self._spill()

    def __iter__(self) -> Iterator[bytes]:
        if self._runs:
            self._spill()
            for run in self._runs:
                run.seek(0)
            return heapq.merge(*self._runs)
        return iter(sorted(self._held))

    def _spill(self) -> None:
        run = tempfile.TemporaryFile(prefix="citekeeper-")  # noqa: SIM115 - closed with the context
        run.writelines(sorted(self._held))
        self._runs.append(run)
        self._held.clear()
