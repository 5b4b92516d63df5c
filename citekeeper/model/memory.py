"""What archives remember: index rows, mementos, and our own captures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from citekeeper.model.wire import Exchange


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One line of an archive's capture index."""

    urlkey: str
    timestamp: datetime
    original: str
    mimetype: str
    status: int | None
    """None when the index does not tell (a revisit)."""
    digest: str
    """The archive's payload digest, not for checking a decoded body."""


@dataclass(frozen=True, slots=True)
class Memento:
    """An archived version of a page."""

    url: str
    """Where to see it."""
    datetime: datetime
    archive: str
    original: str
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """One answer of an archive, and the answer of the site that it holds."""

    fetched: Exchange
    """With the archive, now."""
    archived: Exchange
    """With the site, then: its address, the moment of the capture, and the head rebuilt from what the archive tells of it."""


@dataclass(frozen=True, slots=True)
class Rows:
    """An index answered."""

    rows: tuple[IndexRow, ...]
    complete: bool = True
    """False when the limit was reached: more rows exist."""


@dataclass(frozen=True, slots=True)
class Found:
    """The archive has it."""

    memento: Memento
    passed_over: tuple[str, ...] = ()
    """Copies that were read before it and are not the page, each with the reason: "login on 2020-11-14"."""


@dataclass(frozen=True, slots=True)
class Missing:
    """The archive answered that it has nothing, or nothing good."""

    message: str = ""
    """What it has instead, when it has something: captures of error pages, for example."""
    passed_over: tuple[str, ...] = ()
    """As in `Found`."""


@dataclass(frozen=True, slots=True)
class Excluded:
    """The archive will not show this site."""

    message: str


@dataclass(frozen=True, slots=True)
class Unavailable:
    """The archive could not be asked, or did not answer: nothing is known."""

    message: str


IndexAnswer = Rows | Excluded | Unavailable
MementoAnswer = Found | Missing | Excluded | Unavailable


@dataclass(frozen=True, slots=True)
class Capture:
    """Where our own record of a visit's final answer lies."""

    warc: str
    """File name, relative to the archive folder."""
    offset: int
    length: int
    """Bytes of the compressed record."""
    record_id: str
    payload_digest: str | None
    """"sha1:…" base32; None for a visit without an answer."""
    revisit: bool = False
    """The record holds the head only; an earlier record holds the same payload."""
