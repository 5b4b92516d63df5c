"""Finishes what killed runs left behind: every whole record of their `.open` files gets a final file and an index.

The `.open` file is read, never changed, and removed last; whatever is no whole record is set aside as NAME.tail. Killed in the
middle, it goes on the next time and comes to the same files.
"""

from __future__ import annotations

import filecmp
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import BinaryIO

from citekeeper.warc.files import OPEN, is_still, lock, storage_error, sync_folder, write_pieces, write_whole
from citekeeper.warc.index import index_line
from citekeeper.warc.members import Damage, Member, read_exactly, scan
from citekeeper.warc.records import parse
from citekeeper.warc.sums import sha256_of_file, sums_path, sums_text

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
        if not lock(handle.fileno()) or not is_still(handle.fileno(), path):
            return None
        return _finish(path, handle)


def _finish(path: Path, handle: BinaryIO) -> Recovered:
    parts = list(scan(handle, keep=0))
    whole = [part for part in parts if isinstance(part, Member)]
    damaged = [part for part in parts if isinstance(part, Damage)]
    wanted = path.with_name(path.name.removesuffix(OPEN))
    tail = _set_aside(handle, damaged, wanted) if damaged else None
    final = _save(path, handle, whole, wanted, intact=not damaged) if whole else None
    sync_folder(path.parent)
    _journal(path).unlink(missing_ok=True)
    path.unlink(missing_ok=True)
    sync_folder(path.parent)
    tail_bytes = sum(part.length for part in damaged)
    return Recovered(path.name, final.name if final else None, len(whole), tail.name if tail else None, tail_bytes)


def _set_aside(handle: BinaryIO, damaged: list[Damage], wanted: Path) -> Path:
    tail = wanted.with_name(_stem(wanted) + ".tail")
    part = tail.with_name(tail.name + ".part")
    write_pieces(part, _pieces(handle, damaged))
    return _settle(part, tail)


def _save(path: Path, handle: BinaryIO, whole: list[Member], wanted: Path, *, intact: bool) -> Path:
    """Give the whole records their final file, and its index and sums before it."""
    part = path
    if not intact:
        part = wanted.with_name(wanted.name + ".part")
        write_pieces(part, _pieces(handle, whole))
    final = _free_name(part, wanted)
    lines = index_of(part, final.name)
    index = final.with_name(_stem(final) + ".cdxj")
    write_whole(index, lines)
    sums = {final.name: sha256_of_file(part), index.name: hashlib.sha256(lines).hexdigest()}
    write_whole(sums_path(final), sums_text(sums))
    return _settle(part, final)


def _settle(part: Path, wanted: Path) -> Path:
    target = _free_name(part, wanted)
    part.rename(target)
    return target


def _free_name(part: Path, wanted: Path) -> Path:
    """The wanted name, or the next one that is free or holds the very same bytes: nothing else is ever overwritten."""
    stem, suffix = _stem(wanted), wanted.name.removeprefix(_stem(wanted))
    names = (wanted.with_name(f"{stem}-{number}{suffix}") for number in count(2))
    # The same bytes: a recovery that was killed after this point had written them already.
    return next(name for name in chain([wanted], names) if not name.exists() or filecmp.cmp(part, name, shallow=False))


def _stem(path: Path) -> str:
    return path.name.removesuffix(_SUFFIX).removesuffix(".tail")


def _pieces(handle: BinaryIO, parts: Iterable[Member | Damage]) -> Iterator[bytes]:
    for part in parts:
        at, end = part.offset, part.offset + part.length
        while at < end and (piece := read_exactly(handle, at, min(_PIECE, end - at))):
            yield piece
            at += len(piece)


def index_of(path: Path, name: str) -> bytes:
    """The CDXJ index of a WARC file that is to be called `name`, made from its records."""
    lines: list[bytes] = []
    with path.open("rb") as handle:
        for part in scan(handle):
            record = parse(part.data) if isinstance(part, Member) else None
            if record:
                line = index_line(record, name, part.offset, read_exactly(handle, part.offset, part.length))
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
