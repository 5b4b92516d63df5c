"""One answer read back by its line in the index: what a replay of our own captures needs, and nothing of the visit around it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from citekeeper.http1 import entity_body, parse_head
from citekeeper.model import Exchange, Response
from citekeeper.warc.digests import split_block
from citekeeper.warc.index import IndexLine
from citekeeper.warc.members import Member, read_member
from citekeeper.warc.payloads import MAX_RECORD, Find, is_unchanged
from citekeeper.warc.records import parse, read_date


def replay(folder: Path, line: IndexLine, *, find: Find) -> Exchange | None:
    """The answer that a line of the index of `folder` tells the place of; None when it is not there, damaged or no answer.

    The payload of a revisit is asked from `find` (see `payloads`). Nothing is decoded: `content` is empty.
    """
    path = folder / line.capture.warc
    # A name from an index is not trusted to stay within the folder.
    if Path(line.capture.warc).name != line.capture.warc or not path.is_file():
        return None
    with path.open("rb") as handle:
        member = read_member(handle, line.capture.offset, MAX_RECORD)
    record = parse(member.data) if isinstance(member, Member) else None
    head_bytes, body = split_block(record.block) if record else (b"", b"")
    head = parse_head(head_bytes)
    if record is None or head is None or record.type not in ("response", "revisit") or is_unchanged(record):
        return None  # A 304 says only that an earlier capture holds, and that has a line of its own.
    payload = find(record.field("WARC-Payload-Digest") or "") if record.type == "revisit" else entity_body(head.headers, body)
    if payload is None:
        return None
    moment = read_date(record.field("WARC-Date") or "") or datetime.strptime(line.timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    headers = tuple((name, value) for name, value in head.headers if name.lower() != "transfer-encoding")
    return Exchange(line.url, moment, 0.0, b"", Response(head.status, head.reason, headers, head_bytes, payload, b""))
