"""Our own captures as an archive: `archive/` answers first, and where nobody else has a copy."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from citekeeper import network, warc
from citekeeper.archives import Judge, PrefixTest, any_page, distance
from citekeeper.model import (
    Copy,
    Exchange,
    Failure,
    FailureKind,
    Found,
    IndexAnswer,
    IndexRow,
    Memento,
    MementoAnswer,
    Missing,
    Rows,
)
from citekeeper.surt import surt

NAME = "local"
_MOST_LOOKS = 3


class LocalArchive:
    """The captures that the archive folder held when the run began; nothing is asked of any network."""

    name = NAME
    has_index = True

    def __init__(self, folder: Path, *, index_limit: int, max_bytes: int) -> None:
        """`max_bytes`: what is decoded of one page."""
        self._folder = folder
        self._limit = index_limit
        self._max_bytes = max_bytes
        # Its index is read when the first revisit asks for it.
        self._find = warc.payloads(folder)
        self._lines: dict[str, list[warc.IndexLine]] = {}
        for line in warc.index(folder):
            if line.url.startswith(("http://", "https://")) and line.status is not None:
                self._lines.setdefault(line.key, []).append(line)

    def only_remembering(self) -> LocalArchive:
        """The same: it is nothing but memory."""
        return self

    async def rows(self, prefix: str) -> IndexAnswer:
        """The captures whose addresses begin with `prefix`, one row for each address."""
        belongs = PrefixTest(prefix)
        found = [row for lines in self._lines.values() if (row := _row(lines)) is not None and belongs(row)]
        return Rows(tuple(found[: self._limit]), complete=len(found) <= self._limit)

    async def nearest(self, url: str, when: datetime, judge: Judge = any_page) -> MementoAnswer:
        """The capture of `url` nearest to `when` that `judge` takes."""
        lines = [line for line in self._lines.get(surt(url), ()) if line.status is not None and line.status < 300]
        passed_over: list[str] = []
        for line in sorted(lines, key=lambda each: distance(_moment(each), when))[:_MOST_LOOKS]:
            exchange = await asyncio.to_thread(self._read, line)
            if exchange is None:
                continue
            place = (self._folder / line.capture.warc).absolute().as_uri()
            memento = Memento(f"{place}#{line.capture.offset}", exchange.started, NAME, line.url, line.status)
            why_not = await judge(memento, (Copy(exchange, exchange),))
            if not why_not:
                return Found(memento, tuple(passed_over))
            passed_over.append(f"{why_not} on {exchange.started:%Y-%m-%d}")
        return Missing("", tuple(passed_over))

    async def content(self, memento: Memento) -> Exchange:
        """The capture's own bytes."""
        found = next((line for line in self._of(memento) if memento.url.endswith(f"{line.capture.warc}#{line.capture.offset}")), None)
        exchange = await asyncio.to_thread(self._read, found) if found else None
        failure = Failure(FailureKind.PROTOCOL, "the capture is not in the archive folder any more")
        return exchange or Exchange(memento.original, memento.datetime, 0.0, b"", failure)

    def _of(self, memento: Memento) -> Iterator[warc.IndexLine]:
        yield from self._lines.get(surt(memento.original), ())

    def _read(self, line: warc.IndexLine) -> Exchange | None:
        exchange = warc.replay(self._folder, line, find=self._find)
        if exchange is None or exchange.response is None:
            return None
        decoded = network.with_content(exchange.response, self._max_bytes)
        return Exchange(exchange.url, exchange.started, 0.0, b"", decoded)


def _row(lines: list[warc.IndexLine]) -> IndexRow | None:
    """The earliest good capture of one address, as another archive's index would tell of it."""
    good = [line for line in lines if line.status is not None and line.status < 400]
    if not good:
        return None
    first = min(good, key=lambda line: line.timestamp)
    mime = next((line.mime for line in good if line.mime != "warc/revisit"), "warc/revisit")
    return IndexRow(first.key, _moment(first), first.url, mime, first.status, first.capture.payload_digest or "-")


def _moment(line: warc.IndexLine) -> datetime:
    return datetime.strptime(line.timestamp.ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
