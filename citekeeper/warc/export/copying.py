"""Copies records into an export: the bytes of each as they were captured, its gzip header made the same everywhere, and its index line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from citekeeper.warc.export.choosing import Choice
from citekeeper.warc.export.sorting import SortedLines
from citekeeper.warc.index import line_of
from citekeeper.warc.members import Member, read_exactly, read_member
from citekeeper.warc.records import MAX_RECORD_HEAD, Record, compress, parse, serialise

_PIECE = 1 << 18
_HEADER = 10
_CHECKSUM, _EXTRA, _NAME, _COMMENT = 2, 4, 8, 16
_FIELD = 1 << 16


class Sink(Protocol):
    """Where the bytes of a capture file go."""

    def write(self, data: bytes, /) -> object:
        """Take the next bytes."""


@dataclass(slots=True)
class Copied:
    """How far a copy has come."""

    size: int = 0
    records: int = 0


def plain_header() -> bytes:
    """The gzip header of every member of an export: that of our own."""
    return compress(b"")[:_HEADER]


def copy(choice: Choice, warcinfo: Record, name: str, sink: Sink, lines: SortedLines) -> Copied:
    """Write the warcinfo of the export and every chosen record, in the order of files and places."""
    copied, header = Copied(), plain_header()
    member = compress(serialise(warcinfo))
    sink.write(member)
    copied.size, copied.records = len(member), 1
    for chosen in choice.files:
        with chosen.path.open("rb") as handle:
            for offset, length in sorted(chosen.places):
                _copy_one(handle, offset, length, header, name, sink, lines, copied)
    return copied


def _copy_one(handle: BinaryIO, offset: int, length: int, header: bytes, name: str, sink: Sink, lines: SortedLines, copied: Copied) -> None:
    member = read_member(handle, offset, MAX_RECORD_HEAD)
    record = parse(member.data) if isinstance(member, Member) else None
    if record is None:
        return  # It was whole a moment ago: whoever changes files under our hands gets the rest.
    digest, size = hashlib.sha256(), 0
    for piece in _pieces(handle, offset, length, header):
        digest.update(piece)
        sink.write(piece)
        size += len(piece)
    line = line_of(record, name, copied.size, size, digest.hexdigest())
    if line:
        lines.add(line)
    copied.size += size
    copied.records += 1


def _pieces(handle: BinaryIO, offset: int, length: int, header: bytes) -> Iterator[bytes]:
    """A member with its header exchanged: what other programs put there is no part of the record, and under no checksum."""
    yield header
    at, end = offset + header_length(read_exactly(handle, offset, min(length, 4 * _FIELD))), offset + length
    while at < end and (piece := read_exactly(handle, at, min(_PIECE, end - at))):
        yield piece
        at += len(piece)


def header_length(data: bytes) -> int:
    """Bytes of the gzip header that `data` begins with (RFC 1952, 2.3)."""
    flags, at = data[3], _HEADER
    if flags & _EXTRA:
        at += 2 + int.from_bytes(data[at : at + 2], "little")
    for flag in (_NAME, _COMMENT):
        if flags & flag:
            at = data.index(b"\0", at) + 1
    return at + (2 if flags & _CHECKSUM else 0)
