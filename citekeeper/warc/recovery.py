"""Finishes what killed runs left behind: every whole record of their `.open` files gets a final file and an index.

The `.open` file is read, never changed, and removed last; whatever is no whole record is set aside as NAME.tail. Killed in the
middle, it goes on the next time and comes to the same files.
"""

from __future__ import annotations

import filecmp
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import BinaryIO

from citekeeper.warc.files import OPEN, lock, storage_error, sync_folder, write_whole
from citekeeper.warc.index import index_line
from citekeeper.warc.members import Damage, Member, read_exactly, scan
from citekeeper.warc.records import parse

_SUFFIX = ".warc.gz"
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Recovered:
    """What became of one file that a killed run left."""

    source: str
    """The name of its `.open` file, which is gone now."""
    warc: str | None
    """The name of the finished file; None when there was no whole record."""
    records: int
    """Whole records in it, its warcinfo included."""
    tail: str | None
    """The name of the file that keeps what was no whole record; None when there was nothing of the kind."""
    tail_bytes: int


def recover(folder: Path) -> tuple[Recovered, ...]:
    """Finish every `.open` file in `folder` whose writer is gone; those of living writers are left alone.

    Raises DiskFull or StorageError when the finished files cannot be written; the `.open` files are then still there.
    """
    try:
        found = [_recover_one(path) for path in sorted(folder.glob(f"*{_SUFFIX}{OPEN}"))]
        _remove_orphans(folder)
    except OSError as error:
        raise storage_error(error, folder) from error
    return tuple(each for each in found if each)


def _recover_one(path: Path) -> Recovered | None:
    try:
        handle = path.open("r+b")
    except FileNotFoundError:
        return None  # Its writer, or another recovery, finished it just now.
    with handle:
        if not lock(handle.fileno()) or os.fstat(handle.fileno()).st_nlink == 0:
            return None
        return _finish(path, handle)


def _finish(path: Path, handle: BinaryIO) -> Recovered:
    parts = list(scan(handle, keep=0))
    whole = [part for part in parts if isinstance(part, Member)]
    damaged = [part for part in parts if isinstance(part, Damage)]
    name = path.name.removesuffix(OPEN)
    tail = _copy(handle, damaged, path.with_name(name.removesuffix(_SUFFIX) + ".tail")) if damaged else None
    final = _copy(handle, whole, path.with_name(name)) if whole else None
    if final:
        _write_index(final)
    sync_folder(path.parent)
    _journal(path).unlink(missing_ok=True)
    path.unlink()
    sync_folder(path.parent)
    tail_bytes = sum(part.length for part in damaged)
    return Recovered(path.name, final.name if final else None, len(whole), tail.name if tail else None, tail_bytes)


def _copy(handle: BinaryIO, parts: list[Member] | list[Damage], wanted: Path) -> Path:
    """Write `parts` of the file, one after the other, under the wanted name, or the next free one: nothing is overwritten."""
    temporary = wanted.with_name(wanted.name + ".part")
    with temporary.open("wb") as out:
        for part in parts:
            for piece in _pieces(handle, part):
                out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    for target in _names(wanted):
        if not target.exists():
            temporary.rename(target)
            return target
        # A recovery that was killed here before has written it already.
        if filecmp.cmp(temporary, target, shallow=False):
            temporary.unlink()
            return target
    raise AssertionError("names never run out")


def _pieces(handle: BinaryIO, part: Member | Damage) -> Iterator[bytes]:
    at, end = part.offset, part.offset + part.length
    while at < end and (piece := read_exactly(handle, at, min(_PIECE, end - at))):
        yield piece
        at += len(piece)


def _names(wanted: Path) -> Iterator[Path]:
    yield wanted
    stem, suffix = (wanted.name.removesuffix(_SUFFIX), _SUFFIX) if wanted.name.endswith(_SUFFIX) else (wanted.stem, wanted.suffix)
    for number in count(2):
        yield wanted.with_name(f"{stem}-{number}{suffix}")


def _write_index(final: Path) -> None:
    write_whole(final.with_name(final.name.removesuffix(_SUFFIX) + ".cdxj"), index_of(final))


def index_of(path: Path) -> bytes:
    """The CDXJ index of a WARC file, made from its records."""
    lines: list[bytes] = []
    with path.open("rb") as handle:
        for part in scan(handle):
            record = parse(part.data) if isinstance(part, Member) else None
            if record:
                line = index_line(record, path.name, part.offset, read_exactly(handle, part.offset, part.length))
                lines += [line] if line else []
    return b"".join(sorted(lines))


def _journal(path: Path) -> Path:
    return path.with_name(path.name.removesuffix(_SUFFIX + OPEN) + ".cdxj" + OPEN)


def _remove_orphans(folder: Path) -> None:
    """Journals of files that were finished, but not tidied up."""
    for journal in folder.glob(f"*.cdxj{OPEN}"):
        name = journal.name.removesuffix(".cdxj" + OPEN) + _SUFFIX
        if (folder / name).exists() and not (folder / (name + OPEN)).exists():
            journal.unlink(missing_ok=True)
