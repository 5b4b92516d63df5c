"""Taking captures of other programs, or of another archive folder, into this one: every record, in files with index and sums."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from citekeeper.errors import InputError
from citekeeper.warc.export.exporting import WACZ, WARC
from citekeeper.warc.files import storage_error, sync_folder, write_whole
from citekeeper.warc.recovery import index_of
from citekeeper.warc.sums import sha256_of_file, sums_path, sums_text
from citekeeper.warc.verification import Severity, Verification, salvage

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_PIECE = 1 << 20
TOLERATED = frozenset(
    {"index-line", "index-wrong", "index-gap", "index-missing", "pages", "page-uncaptured", "package", "visit-incomplete"}
)
"""Errors in what is made anew here, or in what is only missing: the records themselves are as sound as before."""


@dataclass(frozen=True, slots=True)
class Imported:
    """One file that was taken in."""

    source: str
    name: str
    """In the archive folder."""
    records: int


def take_in(source: Path, verification: Verification, folder: Path) -> list[Imported]:
    """Take every capture file of `source`, which was verified, into `folder`.

    Raises InputError when it is damaged: evidence is not mixed with what is broken. StorageError or DiskFull when there is no place.
    """
    broken = {each.code for each in verification.problems if each.severity is Severity.ERROR} - TOLERATED
    if broken:
        hint = f"see citekeeper verify {source}; citekeeper verify --repair FILE saves its whole records"
        raise InputError(f"is damaged or malformed ({', '.join(sorted(broken))})", where=str(source), hint=hint)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=".import-") as temporary:
            return [_take(source, name, path, folder) for name, path in _capture_files(source, Path(temporary))]
    except OSError as error:
        raise storage_error(error, folder) from error


def _capture_files(source: Path, temporary: Path) -> Iterator[tuple[str, Path]]:
    """The name and the content of each capture file, each record in a gzip member of its own."""
    if not source.name.endswith(WACZ):
        yield source.name, _repacked(source, temporary / "0")
        return
    with zipfile.ZipFile(source) as package:
        entries = [each for each in package.infolist() if each.filename.startswith("archive/") and not each.is_dir()]
        for number, entry in enumerate(entries):
            raw = temporary / f"raw{number}"
            # Under a name of ours: one from inside a package could lead anywhere.
            with package.open(entry) as content, raw.open("wb") as out:
                while piece := content.read(_PIECE):
                    out.write(piece)
            yield entry.filename.rpartition("/")[2], _repacked(raw, temporary / f"{number}")
            raw.unlink()


def _repacked(source: Path, target: Path) -> Path:
    salvage(source, target)
    return target


def _take(source: Path, name: str, path: Path, folder: Path) -> Imported:
    stem = _UNSAFE.sub("-", name.removesuffix(".gz").removesuffix(".zst").removesuffix(".warc")).strip(".-")[:100] or "imported"
    target, is_new = _free_name(folder, stem, path)
    lines = index_of(path, target.name)
    if is_new:
        index = target.with_name(target.name.removesuffix(WARC) + ".cdxj")
        write_whole(index, lines)
        sums = {target.name: sha256_of_file(path), index.name: hashlib.sha256(lines).hexdigest()}
        write_whole(sums_path(target), sums_text(sums))
        path.rename(target)
        sync_folder(folder)
    return Imported(str(source), target.name, lines.count(b"\n"))


def _free_name(folder: Path, stem: str, path: Path) -> tuple[Path, bool]:
    """A name in the folder, and whether it is new: the same file taken in twice is there once."""
    for number in count(1):
        target = folder / f"{stem}{f'-{number}' if number > 1 else ''}{WARC}"
        if not target.exists():
            return target, True
        if target.stat().st_size == path.stat().st_size and sha256_of_file(target) == sha256_of_file(path):
            return target, False
    raise AssertionError("names do not end")
