"""The walk of a citation through the rooms: read, extract, resolve, visit, capture, remember, judge.

May import every room of the walk through its front. walk.py is the screen on which the whole of it can be read;
each stage is a module of its own. These functions are what the command line and Python users call.
"""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from citekeeper.errors import InputError
from citekeeper.model import Audit, Clock, ExtractedDocument, SourceProblem
from citekeeper.pipeline.progress import Progress, Silent
from citekeeper.settings import Settings

__all__ = ["Extraction", "Progress", "Silent", "audit", "audit_text", "capture", "extract", "last_audit"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Extraction:
    """The references found, and the sources that could not be read."""

    documents: tuple[ExtractedDocument, ...]
    problems: tuple[SourceProblem, ...]


def extract(names: Sequence[str], settings: Settings | None = None, *, stdin: BinaryIO | None = None) -> Extraction:
    """The references in files, folders and standard input, without any network.

    Raises InputError when no source could be read.
    """
    from citekeeper.pipeline import loading

    settings = settings or Settings()
    loaded = loading.load_local(names, settings, stdin)
    loading.require_something(loaded)
    return Extraction(tuple(loading.extract(document, settings.ignore) for document in loaded.documents), loaded.problems)


def audit(
    names: Sequence[str],
    settings: Settings | None = None,
    *,
    clock: Clock | None = None,
    progress: Progress | None = None,
    stdin: BinaryIO | None = None,
) -> Audit:
    """Audit every reference in the sources named: the whole walk.

    Raises InputError when no source could be read or none holds a reference, StorageError when the archive folder
    cannot be used.
    """
    from citekeeper.pipeline.walk import audit_sources

    return _run(audit_sources(names, settings or Settings(), clock or _clock(), progress or Silent(), stdin))


def audit_text(
    text: str, name: str, settings: Settings | None = None, *, clock: Clock | None = None, progress: Progress | None = None
) -> Audit:
    """Audit a text at hand; its format is told by the ending of `name`."""
    from citekeeper.pipeline.walk import audit_text as start

    return _run(start(text, name, settings or Settings(), clock or _clock(), progress or Silent()))


def capture(
    urls: Sequence[str], settings: Settings | None = None, *, clock: Clock | None = None, progress: Progress | None = None
) -> Audit:
    """Visit addresses and store what was seen; no archive is asked. Raises InputError for what is no web address."""
    from citekeeper.pipeline.capturing import capture_addresses

    return _run(capture_addresses(urls, settings or Settings(), clock or _clock(), progress or Silent()))


def last_audit(settings: Settings | None = None, *, rejudge: bool = False) -> Audit | None:
    """The audit that ended last in the archive folder; with `rejudge`, each verdict drawn again by today's rules."""
    from citekeeper.ledger import FILE_NAME, Ledger

    folder = Path((settings or Settings()).archive)
    if not (folder / FILE_NAME).exists():
        raise InputError("is no archive folder: it holds no ledger", where=str(folder), hint="name one with --archive")
    with Ledger.open(folder, _clock()) as ledger:
        found = ledger.last_audit()
    if found is None or not rejudge:
        return found
    from citekeeper.pipeline.judging import rejudged

    return rejudged(found)


def _clock() -> Clock:
    from citekeeper.network import SystemClock

    return SystemClock()


def _run(work: Coroutine[object, object, T]) -> T:
    from citekeeper.pipeline.running import run

    return run(work)
