"""Which version of a page we keep, and what its server calls it: what a later visit can ask about instead of fetching it again.

Only what a run of this folder saw itself is entered: captures that were imported, or read back from files after the ledger was
lost, are evidence, but nobody knows that they came from the server.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from citekeeper.model import Capture


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a page, as its server told of it."""

    url: str
    """Without a fragment."""
    seen: datetime
    """When it last came whole."""
    kind: str
    """Its Content-Type and Content-Encoding."""
    etag: str
    last_modified: str
    visitor: str
    """What the request said of itself."""
    capture: Capture


@dataclass(frozen=True, slots=True)
class Unversioned:
    """A page came whole, and tells nothing to ask with later."""

    url: str


class Versions:
    """The versions in the ledger, one for each address."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def of(self, url: str) -> Version | None:
        """The version of the page at `url` that came last."""
        row = self._db.execute(
            "SELECT url, seen, kind, etag, last_modified, visitor, capture FROM versions WHERE url = ?", (url,)
        ).fetchone()
        if row is None:
            return None
        url, seen, kind, etag, last_modified, visitor, capture = row
        place = msgspec.json.decode(capture, type=Capture)
        return Version(url, datetime.fromisoformat(seen), kind, etag, last_modified, visitor, place)


def keep_versions(db: sqlite3.Connection, seen: Iterable[Version | Unversioned]) -> None:
    """Enter what came whole, within a transaction."""
    for each in seen:
        if isinstance(each, Unversioned):
            db.execute("DELETE FROM versions WHERE url = ?", (each.url,))
        elif each.capture.revisit:
            _seen_again(db, each)
        else:
            db.execute("INSERT OR REPLACE INTO versions VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _row(each))


def _seen_again(db: sqlite3.Connection, version: Version) -> None:
    """The same bytes under what may be another name: the record that holds them stays, when it is one of this address."""
    _, seen, digest, kind, etag, last_modified, visitor, _ = _row(version)
    changed = db.execute(
        "UPDATE versions SET seen = ?, etag = ?, last_modified = ?, visitor = ? WHERE url = ? AND digest = ? AND kind = ?",
        (seen, etag, last_modified, visitor, version.url, digest, kind),
    )
    if not changed.rowcount:
        db.execute("DELETE FROM versions WHERE url = ?", (version.url,))


def _row(version: Version) -> tuple[str, ...]:
    seen = version.seen.astimezone(UTC).isoformat(timespec="microseconds")
    capture = msgspec.json.encode(version.capture).decode()
    digest = version.capture.payload_digest or ""
    return version.url, seen, digest, version.kind, version.etag, version.last_modified, version.visitor, capture
