"""Saves the whole records of a damaged file into a new one; the input is only read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from citekeeper.errors import InputError
from citekeeper.warc.files import storage_error, sync_folder, write_pieces
from citekeeper.warc.members import Damage, read_exactly, scan
from citekeeper.warc.records import compress, whole_length
from citekeeper.warc.verification.heads import Reader
from citekeeper.warc.verification.units import Unit, kind_of, units

_MOST_RECORD = 1 << 30
"""Bytes of one record that are taken into memory to be compressed again."""
_MOST_HEAD = 4 << 20
_PIECE = 1 << 20


@dataclass(slots=True)
class Salvaged:
    """What was saved."""

    records: int = 0
    left: int = 0
    """Bytes of the input that belong to no whole record."""


def salvage(source: Path, target: Path) -> Salvaged:
    """Write every whole record of `source` into the new file `target`, each in a gzip member of its own.

    Records are copied as they are: one whose digest is wrong stays so. Raises InputError when there is none or `target` exists,
    StorageError or DiskFull when it cannot be written.
    """
    if target.exists():
        raise InputError("is there already", where=str(target), hint="name a file that does not exist yet")
    saved = Salvaged()
    part = target.with_name(target.name + ".part")
    try:
        with source.open("rb") as handle:
            write_pieces(part, _members(handle, saved))
        if saved.records:
            part.rename(target)
            sync_folder(target.parent)
        else:
            part.unlink()
    except OSError as error:
        raise storage_error(error, target) from error
    if not saved.records:
        raise InputError("holds no whole record", where=str(source), hint="there is nothing to save")
    return saved


def _members(handle: BinaryIO, saved: Salvaged) -> Iterator[bytes]:
    if kind_of(handle) == "zstd" or _is_plain_warc(handle):
        yield from _packed(handle, saved)
        return
    # Of anything else, a broken ZIP package for example, the gzip members that hold a record are looked for.
    for part in scan(handle, keep=0):
        if isinstance(part, Damage):
            before = saved.records
            yield from _shared(handle, part, saved)
            saved.left += part.length if saved.records == before else 0
            continue
        saved.records += 1
        at, end = part.offset, part.offset + part.length
        while at < end and (piece := read_exactly(handle, at, min(_PIECE, end - at))):
            yield piece
            at += len(piece)


def _shared(handle: BinaryIO, damage: Damage, saved: Salvaged) -> Iterator[bytes]:
    """The whole records of a piece that holds several of them, or that is cut."""
    handle.seek(damage.offset)
    if handle.read(3) != b"\x1f\x8b\x08":
        return
    from citekeeper.warc.verification.units import GzipUnit

    yield from _records(GzipUnit(handle, damage.offset, damage.offset + damage.length), saved)


def _packed(handle: BinaryIO, saved: Salvaged) -> Iterator[bytes]:
    for unit in units(handle):
        if unit.damage:
            continue
        yield from _records(unit, saved)
    saved.left = 0


def _records(unit: Unit, saved: Salvaged) -> Iterator[bytes]:
    reader = Reader(unit)
    while reader.peek(1):
        data = _record(reader)
        if data:
            saved.records += 1
            yield compress(data)
        elif not reader.skip_to_record():
            return


def _record(reader: Reader) -> bytes | None:
    head = bytearray()
    while (line := reader.line()).endswith(b"\n"):
        head += line
        if not line.strip(b"\r\n"):
            break
        if len(head) > _MOST_HEAD:
            return None
    length = whole_length(bytes(head))
    if length is None or length > _MOST_RECORD:
        return None
    data = bytearray(head)
    while len(data) < length and (piece := reader.take(length - len(data))):
        data += piece
    return bytes(data) if len(data) == length and data.endswith(b"\r\n\r\n") else None


def _is_plain_warc(handle: BinaryIO) -> bool:
    handle.seek(0, os.SEEK_SET)
    return handle.read(5) == b"WARC/"
