"""What `citekeeper fix` does: an audit, its findings as edits, and files written whole or not at all."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import diff_bytes, unified_diff
from pathlib import Path

from citekeeper import documents, repairs
from citekeeper.errors import StorageError
from citekeeper.model import Audit, AuditedDocument, Clock, Document, SourceProblem
from citekeeper.pipeline import patches
from citekeeper.pipeline.house import open_house
from citekeeper.pipeline.loading import load_local, require_something
from citekeeper.pipeline.progress import Progress
from citekeeper.pipeline.walk import extract_all, walk
from citekeeper.repairs import Plan
from citekeeper.settings import Settings


@dataclass(frozen=True, slots=True)
class Fixed:
    """One document, and what its repair makes of it."""

    source: str
    plan: Plan
    before: bytes
    after: bytes
    """Equal to `before` when there is nothing to do."""

    is_text: bool = True
    """False for a container, such as a Word file."""

    def diff(self) -> bytes:
        """The change as a patch that `git apply` takes, and, for a text, `patch` too."""
        if not self.is_text:
            return patches.of_bytes(self.source, self.before, self.after)
        before, after = (patches.quoted(f"{side}/{self.source}") for side in "ab")
        shown = diff_bytes(unified_diff, _lines(self.before), _lines(self.after), before, after)
        return b"".join(line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n" for line in shown)


@dataclass(frozen=True, slots=True)
class Fixing:
    """The outcome of a run of `fix`, before anything is written."""

    audit: Audit
    documents: tuple[Fixed, ...]
    problems: tuple[SourceProblem, ...]
    """Documents that cannot be written, beside those that could not be read."""


async def plan_repairs(names: Sequence[str], settings: Settings, clock: Clock, progress: Progress, *, unsafe: bool, refang: bool) -> Fixing:
    """Audit the files named and plan their repairs; nothing is written."""
    async with open_house(settings, clock) as house:
        loaded = load_local(names, settings)
        require_something(loaded)
        audit = await walk(house, extract_all(loaded.documents, settings), loaded.problems, progress)
        now = clock.now()
    found = [_fixed(*pair, now, unsafe=unsafe, refang=refang) for pair in zip(loaded.documents, audit.documents, strict=True)]
    fixed = tuple(each for each in found if isinstance(each, Fixed))
    return Fixing(audit, fixed, (*loaded.problems, *(each for each in found if isinstance(each, SourceProblem))))


def write(fixed: Fixed) -> SourceProblem | None:
    """Write the repaired file in place of the old one, whole or not at all; or say why not.

    Raises StorageError when the file cannot be written.
    """
    path = Path(fixed.source)
    if path.read_bytes() != fixed.before:
        return SourceProblem(fixed.source, "was changed while it was audited", "run the same command again")
    try:
        _replace(Path(os.path.realpath(path)), fixed.after)
    except OSError as error:
        raise StorageError(f"cannot be written: {error.strerror or error}", where=fixed.source, hint="check its permissions") from error
    return None


def _fixed(document: Document, audited: AuditedDocument, now: datetime, *, unsafe: bool, refang: bool) -> Fixed | SourceProblem:
    path = Path(document.source)
    if not path.is_file():
        return SourceProblem(document.source, "is no file, so there is nothing to write to", "save it, and name the file")
    plan = repairs.plan(document, audited.findings, unsafe=unsafe, refang=refang)
    before = path.read_bytes()
    if not plan.edits:
        return Fixed(document.source, plan, before, before)
    if document.format in repairs.PACKED:
        return _repacked(document, plan, before, now)
    rewriting = repairs.rewriting_of(before, document.text)
    after = rewriting.write(repairs.apply(document.text, plan.edits)) if rewriting is not None else None
    if after is None:
        return SourceProblem(document.source, "has no encoding that gives all its bytes back", "save it as UTF-8 first")
    return Fixed(document.source, plan, before, after)


def _repacked(document: Document, plan: Plan, before: bytes, now: datetime) -> Fixed | SourceProblem:
    # The places of the repairs are those of the file that was read; another one must not get them.
    if documents.read(before, source=document.source) != document:
        return SourceProblem(document.source, "was changed while it was audited", "run the same command again")
    packed = repairs.packed(before, document, plan.edits, now)
    done = replace(plan, edits=packed.edits, left=(*plan.left, *packed.left))
    return Fixed(document.source, done, before, packed.data, is_text=False)


def _replace(path: Path, data: bytes) -> None:
    """Put a new file in the place of `path`, with its permissions; an interrupted write leaves the old one."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:60]}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, path.stat().st_mode & 0o7777)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _lines(data: bytes) -> list[bytes]:
    """Lines as git knows them, which end at line feeds only."""
    return [line for line in re.split(rb"(?<=\n)", data) if line]
