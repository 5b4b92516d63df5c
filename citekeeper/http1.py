"""HTTP/1 bytes read as values: heads, fields and chunked bodies; pure, lenient, never raises on hostile input.

Source: RFC 9112. Lenient where servers are sloppy (bare LF, no reason phrase), strict where framing is at stake.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_STATUS_LINE = re.compile(rb"HTTP/(\d)(?:\.(\d))?[ \t]+(\d{3})(?:[ \t]+([^\r\n]*))?\r?\n?")
_BLANKS = " \t\r"
_FOLD = re.compile(r"\r?\n[ \t]+")
_FRAMING = frozenset({"content-length", "transfer-encoding"})
_CODING_NAME = len("transfer-encoding")
_CUT_SIZE_LINE = re.compile(rb"[ \t]*(?:[0-9A-Fa-f]{1,16}[ \t]*(?:;[^\r\n]*)?)?\r?")
"""What a chunk's size line may look like before its line end has come."""
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n")


@dataclass(frozen=True, slots=True)
class Head:
    """A status line and its fields."""

    version: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Dechunked:
    """What a chunked body carries."""

    payload: bytes
    complete: bool
    """The last chunk was seen."""
    valid: bool
    """The framing was sound as far as it went."""


def parse_head(head: bytes) -> Head | None:
    """Read a response head (status line, field lines, blank line); None when it is not HTTP/1."""
    match = _STATUS_LINE.match(head)
    if match is None:
        return None
    reason = (match[4] or b"").decode("latin-1").strip()
    minor = (match[2] or b"0").decode()
    return Head(f"{match[1].decode()}.{minor}", int(match[3]), reason, parse_fields(head[match.end() :]))


def parse_fields(lines: bytes) -> tuple[tuple[str, str], ...]:
    """Read field lines; folded lines are joined, lines without a colon are left out (RFC 9112, 5).

    A blank before the colon is dropped, as proxies must (RFC 9112, 5.1), but where the field would frame the body: there it
    stays in the name, so that the field means nothing, as it does to both engines.
    """
    text = lines.decode("latin-1")
    if "\n " in text or "\n\t" in text:
        text = _FOLD.sub(" ", text)
    fields: list[tuple[str, str]] = []
    for line in text.split("\n"):
        name, colon, value = line.partition(":")
        bare = name.strip(_BLANKS)
        if colon and bare:
            fields.append((name if bare != name and bare.lower() in _FRAMING else bare, value.strip(_BLANKS)))
    return tuple(fields)


def is_chunked(headers: tuple[tuple[str, str], ...]) -> bool:
    """Whether the final transfer-coding is chunked (RFC 9112, 6.1)."""
    codings = [value for name, value in headers if len(name) == _CODING_NAME and name.lower() == "transfer-encoding"]
    return bool(codings) and ",".join(codings).rsplit(",", 1)[-1].strip().lower() == "chunked"


def dechunk(body: bytes) -> Dechunked:
    """Undo chunked framing; what came before a fault or a cut is kept."""
    parts: list[bytes] = []
    at = 0
    while True:
        match = _CHUNK_SIZE.match(body, at)
        if match is None:
            return Dechunked(b"".join(parts), False, _CUT_SIZE_LINE.fullmatch(body, at) is not None)
        size, at = int(match[1], 16), match.end()
        if size == 0:
            return Dechunked(b"".join(parts), True, True)
        parts.append(body[at : at + size])
        if at + size > len(body):
            return Dechunked(b"".join(parts), False, True)
        at += size
        if body[at : at + 2] == b"\r\n":
            at += 2
        elif body[at : at + 1] == b"\n":
            at += 1
        elif at < len(body) and body[at:] != b"\r":
            return Dechunked(b"".join(parts), False, False)


def entity_body(headers: tuple[tuple[str, str], ...], body: bytes) -> bytes:
    """The body without chunked framing and with content-coding: what a WARC payload digest covers."""
    return dechunk(body).payload if is_chunked(headers) else body


_OF_THE_BODY = frozenset({"transfer-encoding", "connection", "keep-alive", "etag"})


def freshened(stored: tuple[tuple[str, str], ...], told: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The fields of a stored answer brought up to date by those of a 304 (RFC 9111, 3.2 and 4.3.4).

    What describes the stored body stays as it is. Cookies are those of the 304 alone: the stored ones were for another visit.
    """
    newer = [(name, value) for name, value in told if not _describes_body(name)]
    replaced = {name.lower() for name, _ in newer} | {"set-cookie"}
    return (*((name, value) for name, value in stored if name.lower() not in replaced), *newer)


def _describes_body(name: str) -> bool:
    lowered = name.lower()
    return lowered in _OF_THE_BODY or lowered.startswith("content-")
