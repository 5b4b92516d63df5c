"""The SQLite file itself: its tables, how it is opened, and what its failures mean to the user."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from citekeeper.errors import DiskFull, StorageError

FILE_NAME = "ledger.sqlite3"
VERSION = 1
"""Goes up when an older citekeeper could no longer read the file."""

_SCHEMA = """
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, started TEXT NOT NULL, finished TEXT, outcome TEXT);
CREATE INDEX runs_by_key ON runs (key);
CREATE TABLE documents (
    id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, position INTEGER NOT NULL,
    source TEXT NOT NULL, title TEXT, published TEXT, UNIQUE (run, position));
CREATE TABLE findings (
    document INTEGER NOT NULL REFERENCES documents, position INTEGER NOT NULL, url TEXT, state TEXT NOT NULL,
    finding TEXT NOT NULL, PRIMARY KEY (document, position));
CREATE INDEX findings_by_url ON findings (url);
CREATE TABLE refs (
    document INTEGER NOT NULL REFERENCES documents, position INTEGER NOT NULL, url TEXT, reference TEXT NOT NULL,
    PRIMARY KEY (document, position));
CREATE TABLE observations (
    visit TEXT PRIMARY KEY, target TEXT NOT NULL, at TEXT NOT NULL, observation TEXT NOT NULL);
CREATE INDEX observations_by_target ON observations (target, at);
CREATE TABLE captures (
    visit TEXT NOT NULL, hop INTEGER NOT NULL, url TEXT NOT NULL, at TEXT NOT NULL, digest TEXT,
    record_id TEXT NOT NULL UNIQUE, revisit INTEGER NOT NULL, warc TEXT NOT NULL, capture TEXT NOT NULL,
    PRIMARY KEY (visit, hop));
CREATE INDEX captures_by_digest ON captures (digest) WHERE digest IS NOT NULL AND NOT revisit;
CREATE INDEX captures_by_warc ON captures (warc);
CREATE TABLE warcs (name TEXT PRIMARY KEY);
CREATE TABLE answers (
    archive TEXT NOT NULL, question TEXT NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL, answer TEXT NOT NULL,
    PRIMARY KEY (archive, question));
CREATE TABLE comparisons (
    visit TEXT NOT NULL, memento TEXT NOT NULL, evidence TEXT NOT NULL, PRIMARY KEY (visit, memento));
CREATE TABLE limits (
    pool TEXT PRIMARY KEY, tokens REAL NOT NULL, at REAL NOT NULL, tripped_until REAL NOT NULL DEFAULT 0);
"""

_ADDED = """
CREATE TABLE IF NOT EXISTS requisites (
    visit TEXT PRIMARY KEY, url TEXT NOT NULL, at TEXT NOT NULL, got TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS requisites_by_url ON requisites (url, at);
CREATE TABLE IF NOT EXISTS completeness (page TEXT PRIMARY KEY, completeness TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS saves (
    url TEXT PRIMARY KEY, state TEXT NOT NULL, due TEXT NOT NULL, asked TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
    job TEXT NOT NULL DEFAULT '', message TEXT NOT NULL DEFAULT '', memento TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS versions (
    url TEXT PRIMARY KEY, seen TEXT NOT NULL, digest TEXT NOT NULL, kind TEXT NOT NULL, etag TEXT NOT NULL,
    last_modified TEXT NOT NULL, visitor TEXT NOT NULL, capture TEXT NOT NULL);
"""
"""Tables that came later; an older citekeeper leaves them alone."""


@dataclass(frozen=True, slots=True)
class Database:
    """An open ledger file."""

    connection: sqlite3.Connection
    path: Path

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open or make the file in `folder`; StorageError when that cannot be done or a newer version made it."""
        path = folder / FILE_NAME
        _make_folder(folder)
        try:
            connection = sqlite3.connect(path, timeout=30.0, isolation_level=None, check_same_thread=False)
            try:
                _prepare(connection, path)
            except BaseException:
                connection.close()
                raise
        except sqlite3.Error as error:
            raise _storage_error(error, path) from error
        return cls(connection, path)

    @classmethod
    def open_to_read(cls, folder: Path) -> Self:
        """Open the file as `open` does, or, where nothing may be written, only for reading; what changes it then fails."""
        if os.access(folder, os.W_OK | os.X_OK):
            return cls.open(folder)
        path = folder / FILE_NAME
        try:
            connection = _connect_to_read(path)
            try:
                _check_version(connection, path)
            except BaseException:
                connection.close()
                raise
        except sqlite3.Error as error:
            raise _storage_error(error, path) from error
        return cls(connection, path)

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """One write transaction; on any failure nothing of it is kept."""
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            yield self.connection
            self.connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._undo()
            raise _storage_error(error, self.path) from error
        except BaseException:
            self._undo()
            raise

    def _undo(self) -> None:
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"cannot make the archive folder: {error.strerror}", where=str(folder), hint="name another one with --archive"
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise StorageError("no permission to write into the archive folder", where=str(folder), hint="name another one with --archive")


def _connect_to_read(path: Path) -> sqlite3.Connection:
    """Beside a log that a killed run left, if it can be read; without one the file cannot change under our hands."""
    address = path.absolute().as_uri()
    for how in ("mode=ro", "mode=ro&immutable=1"):
        connection = sqlite3.connect(f"{address}?{how}", uri=True, timeout=30.0, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master")
        except sqlite3.OperationalError:
            connection.close()
            if "immutable" in how:
                raise
        else:
            return connection
    raise AssertionError("one of the two ways either works or raises")


def _check_version(db: sqlite3.Connection, path: Path) -> int:
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise StorageError(
            f"was written by a newer citekeeper (version {version} of its format, this one reads {VERSION})",
            where=str(path),
            hint="update citekeeper, or name another folder with --archive",
        )
    return version


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    db.execute("PRAGMA busy_timeout = 30000")
    version = _check_version(db, path)
    # WAL lets a report be read while an audit writes; NORMAL may lose the last rows in a power cut, never the file:
    # https://www.sqlite.org/pragma.html#pragma_synchronous. The captures bring such rows back.
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    if version == 0:
        _create(db)
    for statement in _ADDED.split(";"):
        db.execute(statement)


def _create(db: sqlite3.Connection) -> None:
    db.execute("BEGIN IMMEDIATE")
    # A second process may have made the tables while this one waited for the lock.
    if db.execute("PRAGMA user_version").fetchone()[0] == 0:
        for statement in _SCHEMA.split(";"):
            if statement.strip():
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {VERSION}")
    db.execute("COMMIT")


def _storage_error(error: sqlite3.Error, path: Path) -> StorageError:
    message = str(error)
    if "full" in message:
        return DiskFull("no room left on the device", where=str(path), hint="free some space; what was done is kept")
    if "not a database" in message or "malformed" in message:
        hint = "move it away; captures stay readable without it and are read back into a new one"
        return StorageError("is not a ledger that citekeeper can read", where=str(path), hint=hint)
    if "locked" in message:
        return StorageError("is held by another process", where=str(path), hint="wait for it to end, or name another folder with --archive")
    return StorageError(f"cannot be used: {message}", where=str(path), hint="check its permissions, or name another folder with --archive")
