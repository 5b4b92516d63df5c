"""Reading back what was just written: whether the main document of a visit stands in its file byte for byte as it was received.

What is compared is what a reader would find: the bytes of the file, decompressed anew. A revisit keeps no body; then its head is
compared, and the body with the record that it refers to.
"""

from __future__ import annotations

from pathlib import Path

from citekeeper.http1 import entity_body, parse_head
from citekeeper.model import Capture, Exchange
from citekeeper.warc.digests import payload_of, split_block
from citekeeper.warc.payloads import path_of
from citekeeper.warc.records import inflate

_BLANK = b"\r\n\r\n"


def difference(folder: Path, exchange: Exchange, capture: Capture, holder: Capture | None) -> str | None:
    """How the stored record of `exchange` differs from it, in words; None when it does not, or there was no answer.

    `holder` is where the record lies that a revisit refers to.
    """
    response = exchange.response
    if response is None:
        return None
    block = _block(folder, capture)
    if block is None:
        return f"cannot be read at byte {capture.offset} of {capture.warc}"
    if exchange.not_modified is not None:
        return _compared(block, exchange.not_modified.head, capture)
    if not capture.revisit:
        return _compared(block, response.head + response.body, capture)
    return _compared(block, response.head, capture) or _body_differs(folder, exchange, holder)


def _body_differs(folder: Path, exchange: Exchange, holder: Capture | None) -> str | None:
    response = exchange.response
    received = payload_of(exchange, response).body if response is not None else b""
    if not received:
        return None
    block = _block(folder, holder) if holder else None
    head_bytes, body = split_block(block) if block else (b"", b"")
    head = parse_head(head_bytes)
    if holder is None or head is None:
        return "refers to a record that is not to be found" + (f" at byte {holder.offset} of {holder.warc}" if holder else "")
    return _compared(entity_body(head.headers, body), received, holder)


def _compared(stored: bytes, received: bytes, capture: Capture) -> str | None:
    if stored == received:
        return None
    at = next((n for n, (one, other) in enumerate(zip(stored, received, strict=False)) if one != other), min(len(stored), len(received)))
    return f"differs from what was received at byte {at} of its record (byte {capture.offset} of {capture.warc})"


def _block(folder: Path, capture: Capture) -> bytes | None:
    """The block of the record that `capture` tells the place of; None when no such record is there.

    Only what is needed to find it is read of its header: this is done for every page, and takes a sixth of the time that storing it takes.
    """
    path = path_of(folder, capture)
    if path is None:
        return None
    with path.open("rb") as handle:
        handle.seek(capture.offset)
        data = inflate(handle.read(capture.length))
    if data is None:
        return None
    head, blank, rest = data.partition(_BLANK)
    named = f"WARC-Record-ID: <{capture.record_id}>\r\n".encode() in head
    return rest[: -len(_BLANK)] if blank and named and rest.endswith(_BLANK) else None
