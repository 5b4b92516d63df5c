"""Verifying what is stored: files, packages, and the archive folder with what its ledger says is in it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from citekeeper import warc
from citekeeper.errors import InputError, UsageError
from citekeeper.ledger import FILE_NAME, Ledger
from citekeeper.model import Clock


@dataclass(frozen=True, slots=True)
class Wishes:
    """What verifying is to rely on and to do."""

    keys: tuple[str, ...] = ()
    """Fingerprints or PEM files of keys that may have signed."""
    authorities: tuple[str, ...] = ()
    """PEM files of authorities that may have stamped."""
    since: datetime | None = None
    """Files of an archive folder that were found sound at or after it are passed over."""
    repair: Path | None = None
    """A new file for the whole records of a damaged one."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was judged, and what was saved."""

    verifications: tuple[warc.Verification, ...]
    salvaged: warc.Salvaged | None = None

    @property
    def is_sound(self) -> bool:
        """Whether nothing is broken."""
        return all(each.is_sound for each in self.verifications)


def verify_paths(paths: Sequence[Path], wishes: Wishes, clock: Clock, key_folder: Path) -> Outcome:
    """Verify each path, and save what is whole when that is wished.

    Raises InputError for a path that is not there, UsageError for wishes that do not fit together.
    """
    for path in paths:
        if not path.exists():
            raise InputError("is not there", where=str(path), hint="name a WARC or WACZ file, or an archive folder")
    if wishes.repair is not None and (len(paths) != 1 or paths[0].is_dir()):
        raise UsageError("saves the records of one file", where="--repair", hint="name exactly one file")
    trust = warc.read_trust(wishes.keys, wishes.authorities, key_folder)
    for path in paths:
        if path.is_dir() and not _holds_captures(path):
            raise InputError("holds neither captures nor a ledger", where=str(path), hint="name a WARC or WACZ file, or an archive folder")
    judged = tuple(_verify(path, trust, wishes, clock) for path in paths)
    saved = warc.salvage(paths[0], wishes.repair) if wishes.repair else None
    return Outcome(judged, saved)


def _holds_captures(folder: Path) -> bool:
    return (folder / FILE_NAME).exists() or any(".warc" in each.name for each in folder.iterdir())


def _verify(path: Path, trust: warc.Trust, wishes: Wishes, clock: Clock) -> warc.Verification:
    has_ledger = path.is_dir() and (path / FILE_NAME).exists()
    with Ledger.open_to_read(path, clock) if has_ledger else nullcontext(None) as ledger:
        stored = ledger.captures() if ledger else ()
        return warc.verify(path, now=clock.now(), trust=trust, stored=stored, since=wishes.since)
