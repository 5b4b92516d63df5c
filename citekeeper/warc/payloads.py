"""What revisit records refer to, found by way of the index: payloads by their digest, whole answers by their address, date and id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Protocol

from citekeeper.http1 import entity_body, freshened, parse_head
from citekeeper.model import Capture, NotModified, Response
from citekeeper.surt import surt
from citekeeper.warc.composition import NOT_MODIFIED
from citekeeper.warc.digests import sha1, split_block
from citekeeper.warc.files import OPEN
from citekeeper.warc.index import index
from citekeeper.warc.members import Member, read_member
from citekeeper.warc.records import Record, parse, read_date

MAX_RECORD = 64 << 20
"""Bytes of one record that are read; citekeeper's own are smaller by far."""


@dataclass(frozen=True, slots=True)
class Original:
    """An answer stored in full."""

    record_id: str
    url: str
    at: datetime
    response: Response
    """With `content` left empty."""


class Find(Protocol):
    """Where revisits find what they do not hold."""

    def __call__(self, digest: str) -> bytes | None:
        """The entity-body with this payload digest."""

    def original(self, revisit: Record) -> Original | None:
        """The answer that a revisit record refers to."""


def path_of(folder: Path, capture: Capture) -> Path | None:
    """The file of a capture, finished or not; None when it is not in the folder."""
    # A name from an index or a ledger is not trusted to stay within the folder.
    if Path(capture.warc).name != capture.warc:
        return None
    paths = (folder / capture.warc, folder / (capture.warc + OPEN))
    return next((path for path in paths if path.is_file()), None)


def read_original(folder: Path, capture: Capture) -> Original | None:
    """The answer that `capture` tells the place of, proven by its digest; None when it is gone, damaged, cut or another one."""
    path = path_of(folder, capture)
    record = _record_at(path, capture.offset) if path else None
    if record is None or record.type != "response" or (capture.record_id and record.id != capture.record_id):
        return None
    head_bytes, body = split_block(record.block)
    head, at = parse_head(head_bytes), read_date(record.field("WARC-Date") or "")
    if head is None or at is None or record.field("WARC-Truncated"):
        return None
    digest = record.field("WARC-Payload-Digest")
    if digest != capture.payload_digest or digest != sha1(entity_body(head.headers, body)):
        return None
    response = Response(head.status, head.reason, head.headers, head_bytes, body, b"")
    return Original(record.id, record.field("WARC-Target-URI") or "", at, response)


def _record_at(path: Path, offset: int) -> Record | None:
    try:
        with path.open("rb") as handle:
            member = read_member(handle, offset, MAX_RECORD)
    except OSError:
        return None  # It went in the meantime, or may not be read: as good as gone.
    return parse(member.data) if isinstance(member, Member) and member.size == len(member.data) else None


def is_unchanged(record: Record) -> bool:
    """Whether a record holds a server's word that a page did not change."""
    return record.type == "revisit" and record.field("WARC-Profile") == NOT_MODIFIED


def resolved(record: Record, told: bytes, find: Find | None) -> tuple[Response, NotModified] | None:
    """The answer that the 304 with the head `told` in a revisit record speaks of; None when it is not to be found."""
    original = find.original(record) if find else None
    head = parse_head(told)
    if original is None or head is None:
        return None
    stored = original.response
    fresh = Response(stored.status, stored.reason, freshened(stored.headers, head.headers), stored.head, stored.body, b"")
    return fresh, NotModified(told, original.record_id, original.url, original.at)


def payloads(folder: Path) -> Find:
    """A look-up among the responses indexed in `folder`, whose index is read when it is first used; nothing that fails its digest."""
    return _Payloads(folder)


class _Payloads:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def _places(self) -> tuple[dict[str, Capture], dict[tuple[str, str], list[Capture]]]:
        by_digest: dict[str, Capture] = {}
        by_moment: dict[tuple[str, str], list[Capture]] = defaultdict(list)
        for line in index(self.folder):
            if not line.capture.revisit and line.capture.payload_digest:
                by_digest.setdefault(line.capture.payload_digest, line.capture)
                by_moment[line.key, line.timestamp].append(line.capture)
        return by_digest, by_moment

    def __call__(self, digest: str) -> bytes | None:
        capture = self._places[0].get(digest)
        path = path_of(self.folder, capture) if capture else None
        record = _record_at(path, capture.offset) if capture and path else None
        if record is None or record.type != "response":
            return None
        head_bytes, body = split_block(record.block)
        head = parse_head(head_bytes)
        payload = entity_body(head.headers, body) if head else None
        return payload if payload is not None and sha1(payload) == digest else None

    def original(self, revisit: Record) -> Original | None:
        wanted = (revisit.field("WARC-Refers-To") or "").strip("<>")
        found = (read_original(self.folder, capture) for capture in self._candidates(revisit))
        return next((each for each in found if each and each.record_id == wanted), None)

    def _candidates(self, revisit: Record) -> Iterator[Capture]:
        uri, at = revisit.field("WARC-Refers-To-Target-URI"), read_date(revisit.field("WARC-Refers-To-Date") or "")
        if uri and at:
            yield from self._places[1].get((surt(uri), f"{at:%Y%m%d%H%M%S}"), ())
