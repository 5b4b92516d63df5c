"""A WARC file as the pieces it is compressed in: gzip members, Zstandard frames, or one plain stretch; each read once, in bounds.

Damage is a value: a piece that ends too early or does not decode says so, and reading goes on at the next one that begins a record.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Protocol

_PIECE = 1 << 16
_GZIP = 31
GZIP_MAGIC = b"\x1f\x8b\x08"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
ZSTD_DICTIONARY = b"\x5d\x2a\x4d\x18"
_RECORD = b"WARC/"
_PROBE = 4096
_MOST_ATTEMPTS = 10_000
"""Places behind damage that look like the beginning of a piece and are tried."""

_LARGE, _MOST_FOLD = 256 << 20, 400
"""A piece that is both larger than this and expands more than that is not read on: deflate reaches 1032, web pages 10."""


class Inflater(Protocol):
    """What decompresses one piece."""

    @property
    def eof(self) -> bool:
        """Whether the piece is complete."""

    @property
    def unused_data(self) -> bytes:
        """What lies behind it."""


class Unit:
    """One piece of a file."""

    def __init__(self, handle: BinaryIO, offset: int, end: int) -> None:
        self._handle = handle
        self._left = end - offset
        self.offset = offset
        self.taken = 0
        """Bytes of the file that it takes, so far."""
        self.size = 0
        """Bytes given, so far."""
        self.damage = ""
        """Why it could not be read to its end."""
        self.is_huge = False
        self.head = b""
        """Its first ten bytes, as compressed."""
        self._digest = hashlib.sha256()

    def piece(self) -> bytes:
        """The next bytes of it; nothing at its end, or when it is damaged."""
        raw = self._raw()
        self._use(raw)
        self.size += len(raw)
        return raw

    @property
    def sha256(self) -> str:
        """Of the bytes of the file that were read."""
        return self._digest.hexdigest()

    def _raw(self) -> bytes:
        self._handle.seek(self.offset + self.taken)
        return self._handle.read(min(_PIECE, self._left - self.taken))

    def _use(self, raw: bytes) -> None:
        if not self.taken:
            self.head = raw[:10]
        self.taken += len(raw)
        self._digest.update(raw)

    def _give(self, data: bytes) -> bytes:
        self.size += len(data)
        if self.size > _LARGE and self.size > _MOST_FOLD * self.taken:
            self.is_huge, self.damage = True, f"expands more than {_MOST_FOLD}-fold"
            return b""
        return data


class GzipUnit(Unit):
    """A gzip member."""

    def __init__(self, handle: BinaryIO, offset: int, end: int) -> None:
        super().__init__(handle, offset, end)
        self._inflater = zlib.decompressobj(_GZIP)
        self._may_hold_more = False

    def piece(self) -> bytes:
        """The next bytes of it, decompressed."""
        while not (self._inflater.eof or self.damage):
            raw = self._raw()
            if not (raw or self._may_hold_more):
                self.damage = "the file ends inside it"
                return b""
            try:
                data = self._inflater.decompress(raw, 4 * _PIECE)
            except zlib.error as error:
                self.damage = str(error)
                return b""
            rest = len(self._inflater.unused_data if self._inflater.eof else self._inflater.unconsumed_tail)
            self._use(raw[: len(raw) - rest])
            self._may_hold_more = len(data) == 4 * _PIECE
            if data:
                return self._give(data)
        return b""


class ZstdUnit(Unit):
    """A Zstandard frame."""

    def __init__(self, handle: BinaryIO, offset: int, end: int, dictionary: bytes | None) -> None:
        import zstandard

        super().__init__(handle, offset, end)
        known = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
        self._inflater = zstandard.ZstdDecompressor(dict_data=known, max_window_size=1 << 27).decompressobj()
        self.is_complete = _is_described(handle, offset)

    def piece(self) -> bytes:
        """The next bytes of it, decompressed."""
        import zstandard

        while not (self._inflater.eof or self.damage):
            # A small bite: Zstandard cannot be told to stop after so much output.
            raw = self._raw()[:4096]
            if not raw:
                self.damage = "the file ends inside it"
                return b""
            try:
                data = self._inflater.decompress(raw)
            except (zstandard.ZstdError, MemoryError) as error:
                self.damage = str(error)
                return b""
            self._use(raw[: len(raw) - len(self._inflater.unused_data)])
            if data:
                return self._give(data)
        return b""


def kind_of(handle: BinaryIO) -> str:
    """What the file is by its first bytes: "gzip", "zstd" or "plain"."""
    handle.seek(0)
    head = handle.read(4)
    if head[:3] == GZIP_MAGIC:
        return "gzip"
    return "zstd" if head in (ZSTD_MAGIC, ZSTD_DICTIONARY) else "plain"


def units(handle: BinaryIO) -> Iterator[Unit]:
    """Every piece of the file; one that begins with neither magic number nor record is given with its damage told."""
    kind, end = kind_of(handle), handle.seek(0, os.SEEK_END)
    if kind == "plain":
        yield Unit(handle, 0, end)
        return
    at, dictionary = _past_dictionary(handle) if kind == "zstd" else (0, None)
    while at < end:
        unit = _begin(handle, at, end, kind, dictionary)
        yield unit
        while unit.piece():
            pass
        at = _next(handle, at + 1, kind, end) if unit.damage else at + unit.taken


def _begin(handle: BinaryIO, at: int, end: int, kind: str, dictionary: bytes | None) -> Unit:
    handle.seek(at)
    magic = GZIP_MAGIC if kind == "gzip" else ZSTD_MAGIC
    if handle.read(len(magic)) != magic:
        unit = Unit(handle, at, end)
        unit.damage = "bytes that are no record"
        return unit
    return GzipUnit(handle, at, end) if kind == "gzip" else ZstdUnit(handle, at, end, dictionary)


def _next(handle: BinaryIO, start: int, kind: str, end: int) -> int:
    """Where the next piece begins that holds the beginning of a record; the end of the file when there is none."""
    magic = GZIP_MAGIC if kind == "gzip" else ZSTD_MAGIC
    for attempt, at in enumerate(_occurrences(handle, magic, start)):
        if attempt >= _MOST_ATTEMPTS:
            break
        handle.seek(at)
        if _begins_record(handle.read(_PROBE), kind):
            return at
    return end


def _begins_record(data: bytes, kind: str) -> bool:
    """Whether a piece that begins with `data` begins with a record; from few bytes, because there may be many to try."""
    if kind == "gzip":
        try:
            return zlib.decompressobj(_GZIP).decompress(data, len(_RECORD)) == _RECORD
        except zlib.error:
            return False
    import zstandard

    try:
        return zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj().decompress(data)[: len(_RECORD)] == _RECORD
    except (zstandard.ZstdError, MemoryError):
        return False


def _occurrences(handle: BinaryIO, magic: bytes, start: int) -> Iterator[int]:
    base = start
    while True:
        handle.seek(base)
        window = handle.read(_PIECE)
        if len(window) < len(magic):
            return
        at = window.find(magic)
        while at >= 0:
            yield base + at
            at = window.find(magic, at + 1)
        base += len(window) - (len(magic) - 1)


def _past_dictionary(handle: BinaryIO) -> tuple[int, bytes | None]:
    """Where the first frame begins, and the dictionary before it (a skippable frame, see warc-zstd)."""
    import zstandard

    handle.seek(0)
    head = handle.read(8)
    if head[:4] != ZSTD_DICTIONARY:
        return 0, None
    length = int.from_bytes(head[4:8], "little")
    data = handle.read(min(length, 64 << 20))
    if data[:4] == ZSTD_MAGIC:
        try:
            data = zstandard.ZstdDecompressor().decompress(data, max_output_size=8 << 20)
        except zstandard.ZstdError:
            data = b""
    return 8 + length, data or None


def _is_described(handle: BinaryIO, offset: int) -> bool:
    import zstandard

    handle.seek(offset)
    try:
        frame = zstandard.get_frame_parameters(handle.read(18))
    except zstandard.ZstdError:
        return False
    return frame.has_checksum and frame.content_size != zstandard.CONTENTSIZE_UNKNOWN
