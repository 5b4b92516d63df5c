"""The walk of a citation through the rooms: read, extract, resolve, visit, capture, remember, judge.

May import every room of the walk through its front. walk.py is the screen on which the whole of it can be read;
each stage is a module of its own. These functions are what the command line and Python users call.
"""

from __future__ import annotations

from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from citekeeper.errors import InputError
from citekeeper.model import Audit, Clock, ExtractedDocument, Finding, ReferencePast, Rot, SourceProblem, Trace
from citekeeper.pipeline.progress import Progress, Silent
from citekeeper.pipeline.waivers import CODES, reason_of
from citekeeper.settings import Settings

if TYPE_CHECKING:
    from citekeeper import warc
    from citekeeper.ledger import Save
    from citekeeper.pipeline.baseline import Renewal
    from citekeeper.pipeline.checking import Checked, Selection
    from citekeeper.pipeline.exporting import Shipment
    from citekeeper.pipeline.fixing import Fixed, Fixing
    from citekeeper.pipeline.saving import SaveReport
    from citekeeper.pipeline.verifying import Outcome as VerifyOutcome
    from citekeeper.pipeline.verifying import Wishes

__all__ = [
    "CODES",
    "Checked",
    "Extraction",
    "Fixed",
    "Fixing",
    "Progress",
    "Renewal",
    "Save",
    "SaveReport",
    "Selection",
    "Shipment",
    "Silent",
    "VerifyOutcome",
    "Wishes",
    "audit",
    "audit_text",
    "capture",
    "check",
    "explain",
    "export",
    "extract",
    "histories",
    "last_audit",
    "plan_repairs",
    "reason_of",
    "renew_baseline",
    "save",
    "summary",
    "take_in",
    "verify",
    "write_repairs",
]

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


def explain(
    names: Sequence[str], settings: Settings | None = None, *, stdin: BinaryIO | None = None
) -> tuple[list[tuple[str, list[Trace]]], tuple[SourceProblem, ...]]:
    """How each reference that `extract` finds was read, by document, and the sources that could not be read.

    Raises InputError when no source could be read.
    """
    from citekeeper.pipeline.tracing import traces_of

    return traces_of(names, settings or Settings(), stdin)


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


def check(
    names: Sequence[str],
    settings: Settings | None = None,
    *,
    base: str | None = None,
    baseline: Path | None = None,
    allow_empty: bool = False,
    clock: Clock | None = None,
    progress: Progress | None = None,
    stdin: BinaryIO | None = None,
) -> Checked:
    """Check what is new in the sources named, as texts that are not published yet.

    `base`: a git revision; only references added since. `baseline`: a file of references that are known to be broken.
    Raises InputError when no source could be read or none holds a reference (unless `allow_empty`), UsageError when git or
    the baseline cannot be used, StorageError when the archive folder cannot.
    """
    from citekeeper.pipeline.checking import Selection, check_sources

    selection = Selection(base, baseline, allow_empty)
    return _run(check_sources(names, settings or Settings(), selection, clock or _clock(), progress or Silent(), stdin))


def plan_repairs(
    names: Sequence[str],
    settings: Settings | None = None,
    *,
    unsafe: bool = False,
    refang: bool = False,
    clock: Clock | None = None,
    progress: Progress | None = None,
) -> Fixing:
    """Audit the files named and plan their repairs; nothing is written.

    `unsafe`: guesses too. `refang`: write defanged and broken addresses out. Raises as `audit` does.
    """
    from citekeeper.pipeline import fixing

    work = fixing.plan_repairs(names, settings or Settings(), clock or _clock(), progress or Silent(), unsafe=unsafe, refang=refang)
    return _run(work)


def write_repairs(fixed: Fixed) -> SourceProblem | None:
    """Write one repaired file, whole or not at all; or say why not. Raises StorageError when it cannot be written."""
    from citekeeper.pipeline import fixing

    return fixing.write(fixed)


def renew_baseline(path: Path, checked: Checked, broken: Sequence[Finding], *, clock: Clock | None = None) -> Renewal:
    """Write the baseline anew after a check: the findings of `broken` are known from now on, what is well again leaves it."""
    from citekeeper.pipeline import baseline

    renewal = baseline.renew(checked.known, broken, checked.audit.findings, (clock or _clock()).now().date())
    baseline.write(path, renewal.text)
    return renewal


def save(
    names: Sequence[str],
    settings: Settings | None = None,
    *,
    environ: Mapping[str, str],
    clock: Clock | None = None,
    progress: Progress | None = None,
    stdin: BinaryIO | None = None,
) -> SaveReport:
    """Have the references of the sources archived by the Wayback Machine, and go on with what earlier calls queued.

    The keys are taken from `environ`; without them nothing is submitted, and the report says so. Raises UsageError when one
    of the two is missing, StorageError when the archive folder cannot be used.
    """
    from citekeeper.pipeline.saving import save_sources

    return _run(save_sources(names, settings or Settings(), environ, clock or _clock(), progress or Silent(), stdin))


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
    with Ledger.open_to_read(folder, _clock()) as ledger:
        found = ledger.last_audit()
        if found is None or not rejudge:
            return found
        from citekeeper.pipeline.earlier import History
        from citekeeper.pipeline.judging import rejudged

        return rejudged(found, History(ledger, (settings or Settings()).archives.use))


def verify(paths: Sequence[Path], wishes: Wishes | None = None, *, environ: Mapping[str, str], clock: Clock | None = None) -> VerifyOutcome:
    """Verify captures, packages and archive folders, offline: every question judged apart, nothing changed.

    `environ` tells where the user's own key is. Raises InputError for a path that is not there, UsageError or ConfigError
    for wishes that cannot be met.
    """
    from citekeeper.pipeline import verifying
    from citekeeper.warc import key_folder

    return verifying.verify_paths(paths, wishes or verifying.Wishes(), clock or _clock(), key_folder(environ))


def export(
    shipment: Shipment, settings: Settings | None = None, *, environ: Mapping[str, str], clock: Clock | None = None
) -> warc.Exported:
    """Write captures as WARC or WACZ, signed and time-stamped as wished; an existing file is never overwritten.

    Raises UsageError or InputError when there is nothing to export as wished, StorageError when it cannot be written or stamped.
    """
    from citekeeper.pipeline.exporting import ship, stamp
    from citekeeper.warc import key_folder

    settings, clock = settings or Settings(), clock or _clock()
    # Without an event loop, so that Ctrl-C ends it wherever it is.
    exported = ship(shipment, settings, clock, key_folder(environ))
    if shipment.authorities:
        _run(stamp(shipment, settings, clock))
    return exported


def take_in(paths: Sequence[Path], settings: Settings | None = None, *, clock: Clock | None = None) -> list[warc.Imported]:
    """Take other people's WARC and WACZ files into the archive folder, once they were verified.

    Raises InputError for one that is not there or is damaged, StorageError when the folder cannot be written to.
    """
    from citekeeper.pipeline import exporting

    return exporting.take_in(paths, settings or Settings(), clock or _clock())


def __getattr__(name: str) -> Any:
    # Loaded when first used, so that no command pays for what another needs.
    if name == "Shipment":
        from citekeeper.pipeline import exporting

        return exporting.Shipment
    if name in ("Wishes", "VerifyOutcome"):
        from citekeeper.pipeline import verifying

        return {"Wishes": verifying.Wishes, "VerifyOutcome": verifying.Outcome}[name]
    if name == "SaveReport":
        from citekeeper.pipeline import saving

        return saving.SaveReport
    if name == "Save":
        from citekeeper import ledger

        return ledger.Save
    if name == "Renewal":
        from citekeeper.pipeline import baseline

        return baseline.Renewal
    if name in ("Fixed", "Fixing"):
        from citekeeper.pipeline import fixing

        return getattr(fixing, name)
    if name in ("Checked", "Selection"):
        from citekeeper.pipeline import checking

        return getattr(checking, name)
    raise AttributeError(f"module 'citekeeper.pipeline' has no attribute {name!r}")


def histories(names: Sequence[str], settings: Settings | None = None) -> tuple[ReferencePast, ...]:
    """What each reference of the documents named, and each address named, was in all finished audits; of all documents without names.

    Raises InputError when the folder holds no ledger or no audit knows a name.
    """
    from citekeeper.ledger import FILE_NAME, Ledger
    from citekeeper.pipeline.recalling import recall

    folder = Path((settings or Settings()).archive)
    if not (folder / FILE_NAME).exists():
        raise InputError("is no archive folder: it holds no ledger", where=str(folder), hint="name one with --archive")
    with Ledger.open_to_read(folder, _clock()) as ledger:
        return recall(ledger, names)


def summary(settings: Settings | None = None) -> Rot:
    """How the references of all documents audited in the archive folder rot; `settings.as_of` dates documents that tell no date.

    Raises InputError when the folder holds no ledger, or no finished audit of a document.
    """
    from citekeeper.ledger import FILE_NAME, Ledger
    from citekeeper.pipeline.summarising import summarise

    settings = settings or Settings()
    folder = Path(settings.archive)
    if not (folder / FILE_NAME).exists():
        raise InputError("is no archive folder: it holds no ledger", where=str(folder), hint="name one with --archive")
    with Ledger.open_to_read(folder, _clock()) as ledger:
        return summarise(ledger, settings.as_of, str(folder))


def _clock() -> Clock:
    from citekeeper.network import SystemClock

    return SystemClock()


def _run(work: Coroutine[object, object, T]) -> T:
    from citekeeper.pipeline.running import run

    return run(work)
