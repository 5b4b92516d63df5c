"""The findings of all finished runs, by document or by address, oldest first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import msgspec

from citekeeper.model import Finding, State

_FINDINGS = """
    SELECT runs.finished, documents.source, findings.finding FROM findings
    JOIN documents ON documents.id = findings.document JOIN runs ON runs.id = documents.run
    WHERE runs.finished IS NOT NULL AND {column} = ? ORDER BY runs.finished, runs.id, documents.position, findings.position"""


_COUNTS = """
    SELECT documents.source, runs.finished, runs.outcome, findings.state, COUNT(*) FROM documents
    JOIN runs ON runs.id = documents.run LEFT JOIN findings ON findings.document = documents.id
    WHERE runs.finished IS NOT NULL GROUP BY documents.id, findings.state ORDER BY runs.finished, runs.id, documents.id"""
_DOCUMENTS = """
    SELECT documents.id, documents.source, documents.published, runs.finished, runs.outcome FROM documents
    JOIN runs ON runs.id = documents.run WHERE runs.finished IS NOT NULL ORDER BY runs.finished, runs.id"""


@dataclass(frozen=True, slots=True)
class LastAudit:
    """One document as its last audit left it."""

    finished: datetime
    source: str
    published: date | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many references of one document one audit found in each state."""

    finished: datetime
    source: str
    states: dict[State, int]


@dataclass(frozen=True, slots=True)
class PastFinding:
    """One finding of one run."""

    finished: datetime
    """When the run ended."""
    source: str
    finding: Finding


class Past:
    """Reads what earlier runs found."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def sources(self) -> list[str]:
        """The names of all documents that were audited, sorted."""
        return [row[0] for row in self._db.execute("SELECT DISTINCT source FROM documents ORDER BY source")]

    def urls(self) -> list[str]:
        """All addresses that were judged, sorted."""
        return [row[0] for row in self._db.execute("SELECT DISTINCT url FROM findings WHERE url IS NOT NULL ORDER BY url")]

    def of_source(self, source: str) -> Iterator[PastFinding]:
        """Every finding in the document of this name."""
        return self._rows(_FINDINGS.format(column="documents.source"), source)

    def of_url(self, url: str) -> Iterator[PastFinding]:
        """Every finding on this address, in any document."""
        return self._rows(_FINDINGS.format(column="findings.url"), url)

    def audits(self) -> list[date]:
        """The days on which audits ended, oldest first."""
        rows = self._db.execute("SELECT finished FROM runs WHERE finished IS NOT NULL ORDER BY finished")
        return [_moment(row[0]).astimezone(UTC).date() for row in rows]

    def counts(self) -> list[Counted]:
        """The states that every audit found in every document, oldest first; checks of what is new are left out."""
        found: list[Counted] = []
        for source, finished, outcome, state, number in self._db.execute(_COUNTS):
            if msgspec.json.decode(outcome, type=_Freshness).fresh:
                continue
            at = _moment(finished)
            if not found or (found[-1].source, found[-1].finished) != (source, at):
                found.append(Counted(at, source, {}))
            if state is not None:
                found[-1].states[State(state)] = found[-1].states.get(State(state), 0) + number
        return found

    def last_audits(self) -> Iterator[LastAudit]:
        """Every document as its last audit left it; a check, which looks at new references only, counts where there was no audit."""
        chosen: dict[str, tuple[bool, int, str | None, str]] = {}
        for document, source, published, finished, outcome in self._db.execute(_DOCUMENTS):
            is_fresh = msgspec.json.decode(outcome, type=_Freshness).fresh
            if source not in chosen or not is_fresh or chosen[source][0]:
                chosen[source] = is_fresh, document, published, finished
        for source, (_, document, published, finished) in chosen.items():
            rows = self._db.execute("SELECT finding FROM findings WHERE document = ? ORDER BY position", (document,))
            findings = tuple(msgspec.json.decode(row[0], type=Finding) for row in rows)
            yield LastAudit(_moment(finished), source, date.fromisoformat(published) if published else None, findings)

    def _rows(self, query: str, value: str) -> Iterator[PastFinding]:
        for finished, source, finding in self._db.execute(query, (value,)):
            yield PastFinding(_moment(finished), source, msgspec.json.decode(finding, type=Finding))


class _Freshness(msgspec.Struct):
    """What is asked of a run's outcome here."""

    fresh: bool = False


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
