"""One WARC file judged: its compressed pieces, and every record in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from citekeeper.warc.files import OPEN
from citekeeper.warc.verification.facts import RecordFacts
from citekeeper.warc.verification.heads import Reader
from citekeeper.warc.verification.problems import Aspect, Problems
from citekeeper.warc.verification.records import ReadRecord, judge_record
from citekeeper.warc.verification.units import Unit, ZstdUnit, kind_of, units

SUFFIXES = {"gzip": ".warc.gz", "zstd": ".warc.zst", "plain": ".warc"}
_USUAL_SIZE = 1_500_000_000


def judge_warc(handle: BinaryIO, name: str, now: datetime, problems: Problems) -> Iterator[RecordFacts]:
    """Read the file `name` to its end, tell its problems, and give each record that has at least a header."""
    problems.present(Aspect.STRUCTURE)
    kind = kind_of(handle)
    _judge_name(name, kind, problems)
    file = _File(name, now, problems, is_plain=kind == "plain")
    for unit in units(handle):
        yield from file.read(unit)
    file.judge()


def _judge_name(name: str, kind: str, problems: Problems) -> None:
    if name.endswith(OPEN):
        problems.add("left-open", name, "it is not finished")
    elif not name.endswith(SUFFIXES[kind]):
        problems.add("file-name", name, f"its content is that of a {SUFFIXES[kind]} file")


class _File:
    """What is to be known of a file beyond its single records."""

    def __init__(self, name: str, now: datetime, problems: Problems, *, is_plain: bool) -> None:
        self._name = name
        self._now = now
        self._problems = problems
        self._is_plain = is_plain
        self._headers: Counter[bytes] = Counter()
        self._first_with: dict[bytes, int] = {}
        self._count = 0
        self._is_own = False
        self._size = 0

    def read(self, unit: Unit) -> Iterator[RecordFacts]:
        """Every record of a piece."""
        if unit.damage:
            self._problems.add("bytes-between", f"{self._name}@{unit.offset}", unit.damage)
            return
        if self._is_plain:
            yield from self._records(unit)
        else:
            yield from self._judge_piece(unit, list(self._records(unit)))
        if unit.damage:
            code = "too-large" if unit.is_huge else "member-damaged"
            self._problems.add(code, f"{self._name}@{unit.offset}", unit.damage)
        self._size = unit.offset + unit.taken

    def judge(self) -> None:
        """What can be told at the end."""
        if not self._count:
            self._problems.add("file-empty", self._name, "not one record")
        if self._size > _USUAL_SIZE:
            self._problems.add("file-size", self._name, f"{self._size} bytes")
        rare = [header for header, count in self._headers.items() if count == 1]
        if self._is_own and len(self._headers) > 1:
            self._tell_header("member-header-changed", rare or list(self._headers))
        elif len(rare) == 1 and len(self._headers) == 2 and self._headers.total() > 2:
            self._tell_header("member-header", rare)

    def _tell_header(self, code: str, headers: list[bytes]) -> None:
        # The ten bytes before the compressed data are under no checksum of their own.
        for header in headers[:10]:
            self._problems.add(code, f"{self._name}@{self._first_with[header]}", f"its gzip header is {header.hex()}")

    def _records(self, unit: Unit) -> Iterator[RecordFacts]:
        reader = Reader(unit)
        while reader.peek(1):
            started = reader.position
            read = judge_record(reader, self._name, started if self._is_plain else unit.offset, self._now, self._problems)
            if read:
                self._count_in(read)
                read.facts.length = reader.position - started if self._is_plain else None
                yield read.facts
            if not (read and read.is_framed) and not reader.skip_to_record():
                return

    def _count_in(self, read: ReadRecord) -> None:
        if self._count == 0 and read.facts.type != "warcinfo":
            self._problems.add("warcinfo", read.facts.where, "the first record is no warcinfo")
        self._count += 1
        if read.facts.has_digest:
            self._problems.present(Aspect.DIGESTS)
        self._is_own |= read.is_own

    def _judge_piece(self, unit: Unit, inside: list[RecordFacts]) -> list[RecordFacts]:
        while unit.piece():
            pass
        if unit.damage:
            return inside
        where = f"{self._name}@{unit.offset}"
        if len(inside) > 1:
            self._problems.add("member-shared", where, f"{len(inside)} records in one compressed piece")
        elif inside:
            inside[0].length, inside[0].sha256 = unit.taken, unit.sha256
        if isinstance(unit, ZstdUnit) and not unit.is_complete:
            self._problems.add("frame-form", where, "the frame lacks its size or its checksum")
        elif not isinstance(unit, ZstdUnit):
            # Bytes 4 to 10: flags, time and system; those before are the magic number.
            self._headers[unit.head[3:]] += 1
            self._first_with.setdefault(unit.head[3:], unit.offset)
        return inside
