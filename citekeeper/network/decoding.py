"""From a body as sent to its content: chunked framing and content codings undone, never more than the cap; pure.

A bomb is never allocated: decoders give small pieces, and the pieces are counted. What could be decoded is kept, and what went
wrong is said.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace

from citekeeper.http1 import dechunk, is_chunked
from citekeeper.model import Response

Headers = tuple[tuple[str, str], ...]
Decoder = Callable[[bytes], Iterator[bytes]]
"""Gives the decoded bytes in pieces; raises _Broken when the stream is faulty or ends early."""

MAX_CODINGS = 3
"""Nested codings undone; real pages have one, two by mistake."""
_PIECE = 64 * 1024
_HEX_DIGITS = frozenset({b"", *(bytes([code]) for code in b"0123456789abcdefABCDEF")})
_ZSTD_WINDOW = 8 * 1024 * 1024
"""RFC 9659: a zstd content coding needs no bigger window."""


class _Broken(ValueError):
    """The stream is faulty or ends early."""


def _inflate(body: bytes, window: int) -> Iterator[bytes]:
    at = 0
    while True:
        stream = zlib.decompressobj(window)
        try:
            while not stream.eof and (stream.unconsumed_tail or at < len(body)):
                yield stream.decompress(stream.unconsumed_tail or body[at : (at := at + _PIECE)], _PIECE)
            if not stream.eof:
                yield stream.flush()
        except zlib.error as error:
            raise _Broken from error
        if not stream.eof:
            raise _Broken
        at = min(at, len(body)) - len(stream.unused_data)
        # A gzip body may have several members (RFC 1952, 2.2); anything else behind the end is ignored, as browsers do.
        if window != _GZIP or not body.startswith(b"\x1f\x8b", at):
            return


_GZIP, _ZLIB, _RAW = 31, 15, -15


def _gunzip(body: bytes) -> Iterator[bytes]:
    return _inflate(body, _GZIP)


def _undeflate(body: bytes) -> Iterator[bytes]:
    # "deflate" means zlib (RFC 9110, 8.4.1.2), but many servers send the raw stream; two bytes tell them apart.
    is_zlib = len(body) >= 2 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    return _inflate(body, _ZLIB if is_zlib else _RAW)


def _unbrotli(body: bytes) -> Iterator[bytes]:
    import brotli

    stream = brotli.Decompressor()
    pending = body
    try:
        while not stream.is_finished():
            piece = stream.process(pending, output_buffer_limit=_PIECE)
            if not piece and not pending:
                raise _Broken
            pending = b""
            yield piece
    except brotli.error as error:
        raise _Broken from error


def _unzstd(body: bytes) -> Iterator[bytes]:
    import zstandard

    decoder = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    try:
        with decoder.stream_reader(io.BytesIO(body), read_across_frames=True) as reader:
            while piece := reader.read(_PIECE):
                yield piece
    except zstandard.ZstdError as error:
        raise _Broken from error


_DECODERS: dict[str, Decoder] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _undeflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}


def _gather(pieces: Iterator[bytes], allowed: int) -> tuple[bytes, str | None]:
    """The decoded bytes, at most `allowed`, and "bad" or "large" when something is wrong."""
    parts: list[bytes] = []
    size = 0
    try:
        for piece in pieces:
            parts.append(piece)
            size += len(piece)
            if size > allowed:
                return b"".join(parts)[:allowed], "large"
    except _Broken:
        return b"".join(parts), "bad"
    return b"".join(parts), None


def _codings(headers: Headers) -> list[str]:
    """What was applied to the content, in order: content codings, then transfer codings but the framing."""
    of: dict[str, list[str]] = {"content-encoding": [], "transfer-encoding": []}
    for name, value in headers:
        listed = of.get(name.lower())
        if listed is not None:
            listed += [token.strip().lower() for token in value.split(",")]
    return [token for listed in of.values() for token in listed if token not in ("", "identity", "chunked", "none")]


def decode(headers: Headers, body: bytes, *, max_bytes: int, is_whole: bool = True) -> tuple[bytes, str | None]:
    """The content of a body as sent, at most `max_bytes`, and what is wrong with its encoding (see `Response.problem`).

    With `is_whole` false the body is known to be cut, and a stream that ends early is no fault of its own.
    A body that is not encoded at all, whatever its fields say, is its own content.
    """
    problem: str | None = None
    if is_chunked(headers):
        framed = dechunk(body)
        # Some servers say chunked and send the plain page: better the page than nothing.
        is_plain = not framed.payload and not framed.complete and body[:1].strip() not in _HEX_DIGITS
        problem = None if framed.valid and not is_plain else "bad-chunking"
        body = body if is_plain else framed.payload
    content, fault = _undo(_codings(headers), body, max_bytes, is_whole)
    return content, problem or fault


def _undo(codings: list[str], body: bytes, max_bytes: int, is_whole: bool) -> tuple[bytes, str | None]:
    if len(codings) > MAX_CODINGS:
        return body[:max_bytes], f"unknown-encoding:{','.join(codings)[:60]}"
    for coding in reversed(codings):
        decoder = _DECODERS.get(coding)
        if decoder is None:
            return body[:max_bytes], f"unknown-encoding:{coding[:60]}"
        if not body:
            return b"", None
        decoded, fault = _gather(decoder(body), max_bytes)
        if fault == "large":
            return decoded, "decoded-too-large"
        if fault == "bad" and is_whole:
            return (decoded or body)[:max_bytes], f"bad-{coding.removeprefix('x-')}"
        body = decoded
    return body[:max_bytes], "decoded-too-large" if len(body) > max_bytes else None


def with_content(response: Response, max_bytes: int) -> Response:
    """`response` with content and problem drawn again from its body, for captures read back."""
    content, problem = decode(response.headers, response.body, max_bytes=max_bytes, is_whole=response.cut is None)
    return replace(response, content=content, problem=problem)
