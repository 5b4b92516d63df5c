"""The gzip members of a WARC file, one after the other, each proven whole or not: CRC, size, and one record exactly.

Pure reading in bounded memory; damage is a value, because what lies before and behind it can still be used.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from citekeeper.warc.records import MAX_RECORD_HEAD, whole_length

_PIECE = 1 << 16
_GZIP = 31
_MAGIC = b"\x1f\x8b\x08"
_MOST_ATTEMPTS = 10_000
"""How many places that look like a member are tried behind damage, before the rest is given up."""


@dataclass(frozen=True, slots=True)
class Member:
    """One whole record in its gzip member."""

    offset: int
    length: int
    """Compressed bytes."""
    data: bytes
    """The record, uncompressed, or its beginning when it is larger than was asked for."""
    size: int
    """Uncompressed bytes."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that are no whole record."""

    offset: int
    length: int
    reason: str


def scan(handle: BinaryIO, keep: int = MAX_RECORD_HEAD) -> Iterator[Member | Damage]:
    """Every member of the file, with up to `keep` bytes of each record; damaged ranges are told and jumped over."""
    end = handle.seek(0, os.SEEK_END)
    at = 0
    while at < end:
        found = read_member(handle, at, keep)
        if isinstance(found, Damage):
            following = _next_whole(handle, at + 1, keep)
            found = Damage(at, (following.offset if following else end) - at, found.reason)
        yield found
        at = found.offset + found.length


def read_member(handle: BinaryIO, offset: int, keep: int) -> Member | Damage:
    """The member at `offset`, read to its end."""
    if not 0 <= offset < handle.seek(0, os.SEEK_END):
        return Damage(offset, 0, "the file ends before it")
    handle.seek(offset)
    inflater = zlib.decompressobj(_GZIP)
    kept, size, taken, rest, more = bytearray(), 0, 0, b"", False
    wanted = max(keep, MAX_RECORD_HEAD)
    while not inflater.eof:
        piece = rest or handle.read(_PIECE)
        if not (piece or more):
            return Damage(offset, taken, "the file ends inside a record")
        try:
            data = inflater.decompress(piece, _PIECE)
        except zlib.error as error:
            return Damage(offset, taken, f"not a sound gzip member ({error})")
        if not (kept or data[:5] == b"WARC/"[: len(data)]):
            return Damage(offset, taken, "a gzip member that holds no record")
        # A full output may leave more inside the inflater; and at the end both attributes hold what was not used.
        more = len(data) == _PIECE
        rest = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
        taken += len(piece) - len(rest)
        size += len(data)
        kept += data[: max(0, wanted - len(kept))]
    if whole_length(bytes(kept[:MAX_RECORD_HEAD])) != size:
        return Damage(offset, taken, "a gzip member that does not hold one whole record")
    return Member(offset, taken, bytes(kept[:keep]), size)


def _next_whole(handle: BinaryIO, start: int, keep: int) -> Member | None:
    """The first whole member behind damage."""
    for attempt, candidate in enumerate(_candidates(handle, start)):
        if attempt >= _MOST_ATTEMPTS:
            return None
        found = read_member(handle, candidate, keep)
        if isinstance(found, Member):
            return found
    return None


def _candidates(handle: BinaryIO, start: int) -> Iterator[int]:
    base, window = start, b""
    while True:
        handle.seek(base)
        window = handle.read(_PIECE)
        if len(window) < len(_MAGIC):
            return
        at = window.find(_MAGIC)
        while at >= 0:
            yield base + at
            at = window.find(_MAGIC, at + 1)
        # Two bytes again, for a magic number that lies across the edge.
        base += len(window) - (len(_MAGIC) - 1)


def read_exactly(handle: BinaryIO, offset: int, length: int) -> bytes:
    """The bytes of one member, for copying."""
    handle.seek(offset)
    return handle.read(length)


def sha256_of(handle: BinaryIO, offset: int, length: int) -> str:
    """Fixity of one stretch of a file, in bounded memory."""
    handle.seek(offset)
    digest = hashlib.sha256()
    while length > 0 and (piece := handle.read(min(length, _PIECE))):
        digest.update(piece)
        length -= len(piece)
    return digest.hexdigest()
