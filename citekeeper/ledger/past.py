"""The findings of all finished runs, by document or by address, oldest first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from citekeeper.model import Finding

_FINDINGS = """
    SELECT runs.finished, documents.source, findings.finding FROM findings
    JOIN documents ON documents.id = findings.document JOIN runs ON runs.id = documents.run
    WHERE runs.finished IS NOT NULL AND {column} = ? ORDER BY runs.finished, runs.id, documents.position, findings.position"""


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

    def _rows(self, query: str, value: str) -> Iterator[PastFinding]:
        for finished, source, finding in self._db.execute(query, (value,)):
            at = datetime.fromisoformat(finished)
            yield PastFinding(at if at.tzinfo else at.replace(tzinfo=UTC), source, msgspec.json.decode(finding, type=Finding))
