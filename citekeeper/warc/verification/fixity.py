"""What was verified before: one line for each time, in a file of the archive folder, so that a schedule goes on where it was."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from citekeeper.warc.files import storage_error

LOG = "verified.jsonl"
_MOST_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Verified:
    """A file that was verified."""

    file: str
    at: datetime
    sha256: str
    sound: bool


def read_log(folder: Path) -> dict[str, Verified]:
    """The latest verification of each file that found it sound; damaged lines are passed over."""
    path = folder / LOG
    if not path.exists():
        return {}
    with path.open("rb") as handle:
        lines = handle.read(_MOST_BYTES).split(b"\n")
    return {each.file: each for line in lines if (each := _read_line(line)) and each.sound}


def add_to_log(folder: Path, verified: list[Verified]) -> None:
    """Add lines; raises StorageError when that cannot be done."""
    lines = [json.dumps(_facts(each)) + "\n" for each in verified]
    try:
        with (folder / LOG).open("a", encoding="utf-8") as log:
            log.write("".join(lines))
    except OSError as error:
        raise storage_error(error, folder) from error


def _facts(verified: Verified) -> dict[str, object]:
    at = f"{verified.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return {"at": at, "file": verified.file, "sha256": verified.sha256, "sound": verified.sound}


def _read_line(line: bytes) -> Verified | None:
    try:
        facts = json.loads(line)
        at = datetime.fromisoformat(str(facts["at"]))
        return Verified(str(facts["file"]), at if at.tzinfo else at.replace(tzinfo=UTC), str(facts["sha256"]), facts["sound"] is True)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
