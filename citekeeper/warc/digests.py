"""What a response's payload is, byte for byte, and the digest that names it.

The payload is the entity-body: transfer-coding undone, content-coding kept (iipc/warc-specifications, issue 22); its digest is
written as SHA-1 in base32 so that it can be compared with the Wayback Machine's.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass

from citekeeper.http1 import dechunk, is_chunked
from citekeeper.model import Exchange, Response

_BLANK_LINE = re.compile(rb"\n\r?\n")
_BODILESS = (204, 304)


@dataclass(frozen=True, slots=True)
class Payload:
    """A response's entity-body."""

    body: bytes
    digest: str | None
    """None when the framing is broken, so that nobody can say what the payload is."""
    complete: bool
    """As far as the framing tells."""


def payload_of(exchange: Exchange, response: Response) -> Payload:
    """The payload of an answer."""
    if is_chunked(response.headers):
        chunks = dechunk(response.body)
        digest = sha1(chunks.payload) if chunks.valid else None
        # The last chunk is not the end: that is the blank line behind it and its trailers (RFC 9112, 7.1).
        ended = chunks.complete and response.body.endswith((b"\n\r\n", b"\n\n"))
        return Payload(chunks.payload, digest, ended or _is_bodiless(exchange, response))
    length = response.header("Content-Length") or ""
    promised = int(length) if length.isascii() and length.isdigit() and len(length) < 16 else 0
    complete = len(response.body) >= promised or _is_bodiless(exchange, response)
    return Payload(response.body, sha1(response.body), complete)


def split_block(block: bytes) -> tuple[bytes, bytes]:
    """A response block as head, through the blank line, and body; all of it is head when there is no blank line."""
    blank = _BLANK_LINE.search(block)
    end = blank.end() if blank else len(block)
    return block[:end], block[end:]


def sha1(data: bytes) -> str:
    """The labelled digest, `sha1:` and 32 base32 digits."""
    # SHA-1 names payloads here, as in every web archive's index; the block digest, SHA-256, is the one that proves.
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode("ascii")


def _is_bodiless(exchange: Exchange, response: Response) -> bool:
    return exchange.method == "HEAD" or response.status in _BODILESS
