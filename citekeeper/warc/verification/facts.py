"""What is kept of each record while a set of files is verified: enough to compare it with its index and with those it refers to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from citekeeper.warc.verification.labels import Label


@dataclass(slots=True)
class RecordFacts:
    """One record; filled while it is read."""

    file: str
    offset: int
    type: str
    id: str
    """In angle brackets, as written."""
    uri: str
    date: str
    moment: datetime | None = None
    length: int | None = None
    """Bytes in the file; None when it shares its piece with others."""
    sha256: str = ""
    """Of those bytes."""
    concurrent: tuple[str, ...] = ()
    refers_to: str = ""
    refers_uri: str = ""
    refers_date: str = ""
    warcinfo: str = ""
    payload: Label | None = None
    has_digest: bool = False
    """Of its block or its payload: there is something that shows whether it was changed."""
    status: int | None = None
    method: str = ""
    missing_body: int = 0
    """Bytes that Content-Length promises of a body that is not there; in an answer to HEAD that is right."""
    is_same_payload: bool = False
    """A revisit that saw an identical payload."""
    has_source: bool = False
    """It holds what an archive sent, under the address of the original."""
    visit: tuple[str, ...] = field(default=())
    """Of a visit's record: the ids of the records that belong to it."""
    requisites: tuple[str, ...] = field(default=())
    """Of the record that says what a page needs: the ids of the records that hold it."""

    @property
    def where(self) -> str:
        """The place, for people."""
        return f"{self.file}@{self.offset} {self.type}"

    @property
    def is_capture(self) -> bool:
        """Whether it belongs into an index."""
        return self.type in ("response", "revisit", "resource") and bool(self.uri) and self.moment is not None
