"""What pages need to be shown: what was asked for, and how much of it each page has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from citekeeper.ledger.database import Database
from citekeeper.model import Capture, Completeness


@dataclass(frozen=True, slots=True)
class Got:
    """One requisite that was asked for, and what came of it."""

    visit: str
    url: str
    """As it was asked for."""
    at: datetime
    final_url: str
    """Where redirects led."""
    missing: str
    """Why it counts as missing; empty when all of it came."""
    captures: tuple[tuple[str, datetime, Capture], ...]
    """Address, time and place of each exchange, in order."""
    size: int = 0
    """Bytes of its bodies, as sent."""


class Requisites:
    """Requisites in the ledger. A visit is entered only after its captures are on disk."""

    def __init__(self, database: Database) -> None:
        self._db = database.connection
        self._change = database.change

    def keep(self, got: Sequence[Got]) -> None:
        """Enter requisites; one that is already known is left as it is."""
        with self._change() as db:
            for each in got:
                row = (each.visit, each.url, _text(each.at), msgspec.json.encode(each).decode())
                db.execute("INSERT OR IGNORE INTO requisites VALUES (?, ?, ?, ?)", row)
                for hop, (url, at, capture) in enumerate(each.captures):
                    told = msgspec.json.encode(capture).decode()
                    place = (capture.payload_digest, capture.record_id, capture.revisit, capture.warc, told)
                    db.execute(
                        "INSERT OR IGNORE INTO captures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (each.visit, hop, url, _text(at), *place)
                    )

    def knows(self, visit: str) -> bool:
        """Whether the visit was entered."""
        return self._db.execute("SELECT 1 FROM requisites WHERE visit = ?", (visit,)).fetchone() is not None

    def since(self, url: str, moment: datetime) -> Got | None:
        """What was asked for under an address at or after that moment; the latest."""
        query = "SELECT got FROM requisites WHERE url = ? AND at >= ? ORDER BY at DESC LIMIT 1"
        row = self._db.execute(query, (url, _text(moment))).fetchone()
        return None if row is None else msgspec.json.decode(row[0], type=Got)

    def keep_completeness(self, page: str, completeness: Completeness) -> None:
        """Enter how much of what it needs the page of a visit has."""
        with self._change() as db:
            db.execute("INSERT OR REPLACE INTO completeness VALUES (?, ?)", (page, msgspec.json.encode(completeness).decode()))

    def completeness(self, page: str) -> Completeness | None:
        """How much of what it needs the page of a visit has; None when that was never looked at."""
        row = self._db.execute("SELECT completeness FROM completeness WHERE page = ?", (page,)).fetchone()
        return None if row is None else msgspec.json.decode(row[0], type=Completeness)


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
