"""What was asked, seen and judged, as rows: runs, documents, findings, observations, captures, archive answers.

Values are kept as JSON of the nouns, beside the columns that are searched. A row is written only after the
capture it speaks of is on disk, so the ledger never runs ahead of the evidence.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import msgspec

from citekeeper.ledger.database import Database
from citekeeper.ledger.limits import Limits
from citekeeper.ledger.past import Past
from citekeeper.ledger.requisites import Requisites
from citekeeper.ledger.saves import Saves
from citekeeper.ledger.versions import Unversioned, Version, Versions, keep_versions
from citekeeper.model import (
    Audit,
    AuditedDocument,
    Capture,
    Clock,
    Evidence,
    Excluded,
    ExtractedDocument,
    Finding,
    Found,
    IndexAnswer,
    MementoAnswer,
    Missing,
    Observation,
    Rows,
    SourceProblem,
    Unavailable,
)

_ANSWERS: dict[str, type[Any]] = {each.__name__: each for each in (Rows, Found, Missing, Excluded)}


@dataclass(frozen=True, slots=True)
class Run:
    """One audit as the ledger knows it."""

    id: int
    started: datetime
    resumed: bool
    """It was begun by an earlier process that did not come to its end."""


@dataclass(frozen=True, slots=True)
class StoredCapture:
    """A capture to be entered: which exchange of the visit it holds."""

    url: str
    at: datetime
    capture: Capture
    revisit: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """One visit to be entered: what was observed and where it is kept."""

    observation: Observation
    captures: tuple[StoredCapture, ...]
    versions: tuple[Version | Unversioned, ...] = ()
    """Of the pages that came whole, when this run saw them itself."""


@dataclass(frozen=True, slots=True)
class EarlierCapture:
    """An earlier full record with the same payload."""

    record_id: str
    url: str
    at: datetime
    capture: Capture


class Ledger:
    """The open ledger of one archive folder. Use as a context manager."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._db = database.connection
        self._change = database.change
        self._clock = clock
        self.limits = Limits(database, clock)
        """The rate limits that all processes on this folder share."""
        self.past = Past(self._db)
        """What earlier runs found."""
        self.saves = Saves(database, clock)
        """The pages to be archived."""
        self.versions = Versions(self._db)
        """What servers call the pages that we keep."""
        self.requisites = Requisites(database)
        """What pages need to be shown."""

    @classmethod
    def open(cls, folder: Path, clock: Clock) -> Self:
        """Open or make the ledger in `folder`; StorageError when that cannot be done or a newer version made it."""
        return cls(Database.open(folder), clock)

    @classmethod
    def open_to_read(cls, folder: Path, clock: Clock) -> Self:
        """The same for whoever only reads: also in a folder that cannot be written to, and nothing can be entered then."""
        return cls(Database.open_to_read(folder), clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._database.close()

    # ── runs ──────────────────────────────────────────────────────────────────────────────────

    def begin(self, key: str) -> Run:
        """Start a run, or go on with the one of the same key that did not end."""
        row = self._db.execute("SELECT id, started FROM runs WHERE key = ? AND finished IS NULL ORDER BY id DESC", (key,)).fetchone()
        if row is not None:
            return Run(row[0], _time(row[1]), resumed=True)
        started = self._clock.now()
        with self._change() as db:
            cursor = db.execute("INSERT INTO runs (key, started) VALUES (?, ?)", (key, _text(started)))
        assert cursor.lastrowid is not None
        return Run(cursor.lastrowid, started, resumed=False)

    def keep_references(self, run: Run, documents: Iterable[ExtractedDocument]) -> None:
        """Enter what was found in each document, before anything is asked of the web."""
        with self._change() as db:
            _forget_documents(db, run.id)
            for position, each in enumerate(documents):
                document = _insert_document(db, run.id, position, each)
                rows = [(document, n, reference.address.url, _json(reference)) for n, reference in enumerate(each.references)]
                db.executemany("INSERT INTO refs VALUES (?, ?, ?, ?)", rows)

    def finish(self, run: Run, audit: Audit) -> None:
        """Enter the findings and mark the run as done."""
        outcome = _json(_Outcome(audit.problems, audit.conclusive, audit.inconclusive_because, audit.requests, audit.rules, audit.fresh))
        with self._change() as db:
            ids = dict(db.execute("SELECT position, id FROM documents WHERE run = ?", (run.id,)))
            for position, document in enumerate(audit.documents):
                rows = [
                    (ids[position], n, each.resolution.url, each.verdict.state, _json(each)) for n, each in enumerate(document.findings)
                ]
                db.executemany("INSERT OR REPLACE INTO findings VALUES (?, ?, ?, ?, ?)", rows)
            db.execute("UPDATE runs SET finished = ?, outcome = ? WHERE id = ?", (_text(audit.finished), outcome, run.id))

    def last_audit(self) -> Audit | None:
        """The audit that ended last, or None."""
        row = self._db.execute(
            "SELECT id, started, finished, outcome FROM runs WHERE finished IS NOT NULL ORDER BY finished DESC, id DESC"
        ).fetchone()
        if row is None:
            return None
        run, started, finished, text = row
        outcome = msgspec.json.decode(text, type=_Outcome)
        return Audit(
            _time(started),
            _time(finished),
            self._documents(run),
            outcome.problems,
            outcome.conclusive,
            outcome.because,
            outcome.requests,
            rules=outcome.rules,
            fresh=outcome.fresh,
        )

    def _documents(self, run: int) -> tuple[AuditedDocument, ...]:
        rows = self._db.execute("SELECT id, source, title, published FROM documents WHERE run = ? ORDER BY position", (run,)).fetchall()
        return tuple(
            AuditedDocument(source, title, _time(published).date() if published else None, self._findings(document))
            for document, source, title, published in rows
        )

    def _findings(self, document: int) -> tuple[Finding, ...]:
        rows = self._db.execute("SELECT finding FROM findings WHERE document = ? ORDER BY position", (document,))
        return tuple(msgspec.json.decode(row[0], type=Finding) for row in rows)

    # ── visits ────────────────────────────────────────────────────────────────────────────────

    def keep_seen(self, seen: Sequence[Seen]) -> None:
        """Enter visits whose captures are on disk; one that is already known is left as it is."""
        with self._change() as db:
            for each in seen:
                observation = each.observation
                db.execute(
                    "INSERT OR IGNORE INTO observations VALUES (?, ?, ?, ?)",
                    (observation.visit_id, observation.target, _text(observation.at), _json(observation)),
                )
                db.executemany(
                    "INSERT OR IGNORE INTO captures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    [_capture_row(observation.visit_id, hop, capture) for hop, capture in enumerate(each.captures)],
                )
                keep_versions(db, each.versions)

    def observation(self, target: str, since: datetime) -> Observation | None:
        """The latest observation of `target` made at or after `since`."""
        row = self._db.execute(
            "SELECT observation FROM observations WHERE target = ? AND at >= ? ORDER BY at DESC LIMIT 1", (target, _text(since))
        ).fetchone()
        return None if row is None else msgspec.json.decode(row[0], type=Observation)

    def capture(self, visit: str) -> Capture | None:
        """Where the last exchange of a visit is kept, or an archived copy, by its address."""
        row = self._db.execute("SELECT capture FROM captures WHERE visit = ? ORDER BY hop DESC LIMIT 1", (visit,)).fetchone()
        return None if row is None else msgspec.json.decode(row[0], type=Capture)

    def captures(self) -> Iterator[Capture]:
        """Where every exchange of every visit is kept."""
        for row in self._db.execute("SELECT capture FROM captures ORDER BY visit, hop"):
            yield msgspec.json.decode(row[0], type=Capture)

    def earlier(self, payload_digest: str) -> EarlierCapture | None:
        """The first full record that holds this payload."""
        row = self._db.execute(
            "SELECT record_id, url, at, capture FROM captures WHERE digest = ? AND NOT revisit ORDER BY at LIMIT 1", (payload_digest,)
        ).fetchone()
        return None if row is None else EarlierCapture(row[0], row[1], _time(row[2]), msgspec.json.decode(row[3], type=Capture))

    def keep_copy(self, memento: str, captures: Sequence[StoredCapture]) -> None:
        """Enter where the archived copy at the address `memento` is kept: the redirects to it, and itself."""
        rows = [_capture_row(memento, hop, capture) for hop, capture in enumerate(captures)]
        with self._change() as db:
            db.executemany("INSERT OR IGNORE INTO captures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def keep_comparison(self, visit: str, memento: str, evidence: Sequence[Evidence]) -> None:
        """Enter what comparing the page of a visit with the archived copy at `memento` gave."""
        with self._change() as db:
            db.execute("INSERT OR REPLACE INTO comparisons VALUES (?, ?, ?)", (visit, memento, _json(tuple(evidence))))

    def comparison(self, visit: str, memento: str) -> tuple[Evidence, ...]:
        """What comparing gave; empty when that was not done."""
        row = self._db.execute("SELECT evidence FROM comparisons WHERE visit = ? AND memento = ?", (visit, memento)).fetchone()
        return () if row is None else msgspec.json.decode(row[0], type=tuple[Evidence, ...])

    def observations(self, target: str, before: datetime) -> tuple[Observation, ...]:
        """Every observation of `target` made before that moment, oldest first."""
        rows = self._db.execute("SELECT observation FROM observations WHERE target = ? AND at < ? ORDER BY at", (target, _text(before)))
        return tuple(msgspec.json.decode(row[0], type=Observation) for row in rows)

    def knows_visit(self, visit: str) -> bool:
        """Whether the visit was entered."""
        return self._db.execute("SELECT 1 FROM observations WHERE visit = ?", (visit,)).fetchone() is not None

    def keep_warc(self, name: str) -> None:
        """Enter that every visit in the file `name` is known."""
        with self._change() as db:
            db.execute("INSERT OR IGNORE INTO warcs VALUES (?)", (_storable(name),))

    def known_warcs(self) -> frozenset[str]:
        """The names of the files of which every visit is known."""
        return frozenset(row[0] for row in self._db.execute("SELECT name FROM warcs"))

    # ── archives ──────────────────────────────────────────────────────────────────────────────

    def answer(self, archive: str, question: str, max_age: float, missing_max_age: float) -> IndexAnswer | MementoAnswer | None:
        """An archive's earlier answer, unless it is older than its kind may be (seconds)."""
        row = self._db.execute("SELECT at, kind, answer FROM answers WHERE archive = ? AND question = ?", (archive, question)).fetchone()
        if row is None:
            return None
        at, kind, text = row
        value: IndexAnswer | MementoAnswer = msgspec.json.decode(text, type=_ANSWERS[kind])
        is_empty = isinstance(value, Missing) or (isinstance(value, Rows) and not value.rows)
        oldest = self._clock.now() - timedelta(seconds=missing_max_age if is_empty else max_age)
        return value if _time(at) >= oldest else None

    def keep_answer(self, archive: str, question: str, answer: IndexAnswer | MementoAnswer) -> None:
        """Remember an answer; that an archive could not be asked is not one."""
        if isinstance(answer, Unavailable):
            return
        row = (archive, question, _text(self._clock.now()), type(answer).__name__, _json(answer))
        with self._change() as db:
            db.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)", row)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a finished run keeps besides its findings."""

    problems: tuple[SourceProblem, ...]
    conclusive: bool
    because: str | None
    requests: tuple[tuple[str, int], ...]
    rules: str = ""
    fresh: bool = False


def run_key(documents: Iterable[str], settings: Iterable[str]) -> str:
    """A digest of what makes two audits the same job: the texts read and the settings that change what is asked."""
    digest = hashlib.sha256()
    for part in (*documents, "\x00settings", *settings):
        digest.update(hashlib.sha256(part.encode("utf-8", "surrogatepass")).digest())
    return digest.hexdigest()


def _forget_documents(db: sqlite3.Connection, run: int) -> None:
    for table in ("refs", "findings"):
        db.execute(f"DELETE FROM {table} WHERE document IN (SELECT id FROM documents WHERE run = ?)", (run,))  # noqa: S608 - two fixed names
    db.execute("DELETE FROM documents WHERE run = ?", (run,))


def _insert_document(db: sqlite3.Connection, run: int, position: int, document: ExtractedDocument) -> int:
    published = document.published.isoformat() if document.published else None
    cursor = db.execute(
        "INSERT INTO documents (run, position, source, title, published) VALUES (?, ?, ?, ?, ?)",
        (run, position, _storable(document.source), document.title and _storable(document.title), published),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _capture_row(visit: str, hop: int, stored: StoredCapture) -> tuple[Any, ...]:
    capture = stored.capture
    at = _text(stored.at)
    return visit, hop, stored.url, at, capture.payload_digest, capture.record_id, stored.revisit, capture.warc, _json(capture)


def _json(value: object) -> str:
    return msgspec.json.encode(value, enc_hook=None).decode()


def _storable(text: str) -> str:
    """SQLite stores UTF-8; a file name that is not becomes readable instead of failing."""
    return text.encode("utf-8", "backslashreplace").decode()


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
