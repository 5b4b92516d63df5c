"""One WARC record out of a range of a file of Common Crawl: what the site sent, and when; pure, never raises."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime

from citekeeper.http1 import parse_fields, parse_head
from citekeeper.model import Exchange, Response

_MOST_BYTES = 16 * 1024 * 1024
_GZIP = 31


def read_response(member: bytes) -> Exchange | None:
    """The answer in a gzipped response record; None when it is something else, damaged, or larger than 16 MiB."""
    record = _unzipped(member)
    fields, mark, block = record.partition(b"\r\n\r\n")
    named = {name.lower(): value for name, value in parse_fields(fields.partition(b"\r\n")[2])}
    moment = _moment(named.get("warc-date", ""))
    raw, blank, body = block.partition(b"\r\n\r\n")
    head = parse_head(raw + blank)
    if not mark or named.get("warc-type") != "response" or moment is None or head is None or not named.get("warc-target-uri"):
        return None
    # The record ends with two empty lines that are not the body's.
    body = body.removesuffix(b"\r\n\r\n")
    response = Response(head.status, head.reason, head.headers, raw + blank, body, body)
    return Exchange(named["warc-target-uri"].strip("<>"), moment, 0.0, b"", response)


def _unzipped(member: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=_GZIP).decompress(member, _MOST_BYTES)
    except zlib.error:
        return b""


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None
