"""The queue of pages to be archived: what is wanted, under way, to be confirmed and done; it outlives every run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from citekeeper.ledger.database import Database
from citekeeper.model import Clock


class SaveState(StrEnum):
    """How far a page is."""

    QUEUED = "queued"
    SUBMITTED = "submitted"
    """The service has a job for it."""
    UNCONFIRMED = "unconfirmed"
    """The service said that it is done, or that it failed; neither is believed before the copy was looked for."""
    SAVED = "saved"
    """A copy was read."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Save:
    """One page of the queue."""

    url: str
    state: SaveState
    due: datetime
    """Not to be touched before."""
    asked: datetime
    """When it was last submitted, or queued."""
    tries: int = 0
    job: str = ""
    message: str = ""
    memento: str = ""
    """The copy's address, once read."""


class Saves:
    """The queue in the ledger."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def add(self, urls: Iterable[str]) -> None:
        """Queue pages; what is under way already stays as it is, what was done or given up before begins anew."""
        now = _text(self._clock.now())
        rows = [(url, SaveState.QUEUED, now, now) for url in urls]
        with self._database.change() as db:
            db.executemany(
                "INSERT INTO saves (url, state, due, asked) VALUES (?, ?, ?, ?) ON CONFLICT (url) DO UPDATE SET "
                "state = excluded.state, due = excluded.due, asked = excluded.asked, tries = 0, job = '', message = '', memento = '' "
                "WHERE saves.state IN ('saved', 'failed')",
                rows,
            )

    def keep(self, save: Save) -> None:
        """Enter how far a page is."""
        with self._database.change() as db:
            db.execute(
                "INSERT OR REPLACE INTO saves (url, state, due, asked, tries, job, message, memento) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (save.url, save.state, _text(save.due), _text(save.asked), save.tries, save.job, save.message, save.memento),
            )

    def claim(self, save: Save, until: datetime) -> bool:
        """Take a page for oneself until then; False when another process has it, or had it."""
        with self._database.change() as db:
            cursor = db.execute(
                "UPDATE saves SET due = ?, asked = ? WHERE url = ? AND state = ? AND due = ?",
                (_text(until), _text(self._clock.now()), save.url, save.state, _text(save.due)),
            )
            return cursor.rowcount == 1

    def put_off(self, until: datetime) -> None:
        """Let nothing that is queued be submitted before `until`: a quota of the service is used up."""
        for each in self.all(SaveState.QUEUED):
            if each.due < until:
                self.keep(replace(each, due=until))

    def all(self, *states: SaveState) -> Sequence[Save]:
        """The pages in these states (or in any), longest due first."""
        rows = self._database.connection.execute(
            "SELECT url, state, due, asked, tries, job, message, memento FROM saves ORDER BY due, url"
        ).fetchall()
        found = [Save(row[0], SaveState(row[1]), _time(row[2]), _time(row[3]), *row[4:]) for row in rows]
        return [each for each in found if not states or each.state in states]

    def submitted_since(self, moment: datetime) -> int:
        """How many pages were submitted at or after `moment`."""
        row = self._database.connection.execute(
            "SELECT count(*) FROM saves WHERE asked >= ? AND state <> 'queued'", (_text(moment),)
        ).fetchone()
        return int(row[0])


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
