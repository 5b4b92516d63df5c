"""An answer read from a socket by hand: head and body exactly as sent, under a deadline and caps; for the portable engine.

Framing follows RFC 9112, 6.3, as strictly as libcurl does, so that both engines bring back the same bytes and the same failures.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from dataclasses import dataclass, field

from citekeeper.http1 import parse_head
from citekeeper.model import Cut, Failure, FailureKind
from citekeeper.network.answers import has_body

_AT_ONCE = 64 * 1024
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] [0-9]{3}(?![0-9])", re.IGNORECASE)
_HEAD_END = re.compile(rb"\n\r?\n")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?")
_LONGEST_CHUNK_LINE = 16 * 1024
_LARGEST_LENGTH = 2**63


class Ended(Exception):
    """The exchange ended in a Failure; an exception only because libraries in between let nothing else through."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.failure = Failure(kind, message)


class _BadChunk(ValueError):
    """The chunked framing is faulty."""


@dataclass(slots=True)
class WireReader:
    """Reads one answer; what is left over shows that the connection cannot be used again."""

    sock: socket.socket
    deadline: float
    """On time.monotonic()."""
    buffer: bytearray = field(default_factory=bytearray)

    def read_head(self, max_head: int) -> bytes:
        """The final head, interim ones (100, 103) passed over; raises Ended."""
        passed = 0
        while True:
            head = self._next_head(max_head - passed)
            passed += len(head)
            _check_head(head)
            if not re.match(rb"HTTP/1\.[01] 1(?!01)", head, re.IGNORECASE):
                return head

    def _next_head(self, allowed: int) -> bytes:
        searched = 0
        while (match := _HEAD_END.search(self.buffer, searched)) is None or match.end() > allowed:
            if len(self.buffer) > allowed:
                raise Ended(FailureKind.HEAD_TOO_LARGE, "the head is larger than allowed")
            if self.buffer[:5].upper() != b"HTTP/"[: len(self.buffer)]:
                raise Ended(FailureKind.PROTOCOL, "the answer is not HTTP")
            searched = max(0, len(self.buffer) - 3)
            if not self._more_head():
                _check_head(_judgeable(bytes(self.buffer)))
                raise Ended(FailureKind.RESET, "closed before the head was complete")
        head = bytes(self.buffer[: match.end()])
        del self.buffer[: match.end()]
        return head

    def _more_head(self) -> bool:
        try:
            return self._more()
        except TimeoutError:
            raise Ended(FailureKind.TIMEOUT, "no complete head in time") from None
        except OSError as error:
            raise Ended(FailureKind.RESET, f"{error.strerror or error}") from error

    def read_body(self, head: bytes, method: str, max_body: int) -> tuple[bytes, Cut | None]:
        """The body as sent and why it is short, if it is; raises Ended when its length cannot be known."""
        parsed = parse_head(head)
        if parsed is None or not has_body(method, parsed.status):
            return b"", None
        codings = _values(head, b"transfer-encoding")
        length = None if codings else _content_length(head)
        scanner = _ChunkScanner() if codings and codings[-1].lower() == b"chunked" else None
        try:
            while (end := _end_of_body(self.buffer, length, scanner)) is None or end > max_body:
                if len(self.buffer) > max_body:
                    return self._take(max_body), Cut.LENGTH
                if not self._more():
                    return self._take(len(self.buffer)), None if length is None and scanner is None else Cut.DISCONNECT
            return self._take(end), None
        except TimeoutError:
            return self._take(len(self.buffer)), Cut.TIME
        except (OSError, _BadChunk):
            return self._take(len(self.buffer)), Cut.DISCONNECT

    def _take(self, size: int) -> bytes:
        body = bytes(self.buffer[:size])
        del self.buffer[:size]
        return body

    def _more(self) -> bool:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.sock.settimeout(left)
        try:
            data = self.sock.recv(_AT_ONCE)
        except ssl.SSLWantReadError:
            raise TimeoutError from None
        self.buffer += data
        return bool(data)


def _judgeable(head: bytes) -> bytes:
    """The complete lines of a head that broke off; not the very last, which might have been folded, had there been more."""
    lines, _, tail = head.rpartition(b"\n")
    return lines if tail else lines.rpartition(b"\n")[0]


def _check_head(head: bytes) -> None:
    if head and not _STATUS_LINE.match(head):
        raise Ended(FailureKind.PROTOCOL, "the answer does not begin as HTTP/1.0 or HTTP/1.1 does")
    for number, line in enumerate(head.split(b"\n")):
        text = line.removesuffix(b"\r")
        # Only a field can be folded, so the first line behind the status line must be one.
        is_field = number == 1 or (number > 1 and text[:1] not in (b" ", b"\t"))
        if b"\r" in text or b"\0" in text or (is_field and text and b":" not in text):
            raise Ended(FailureKind.PROTOCOL, "the head holds what is no header field")


def _values(head: bytes, name: bytes) -> list[bytes]:
    """What the fields `name` say that frame the body; one with a blank before its colon frames nothing (RFC 9112, 5.1)."""
    lines = [line.partition(b":") for line in head.split(b"\n")[1:]]
    return [part.strip() for key, _, value in lines if key.lower() == name for part in value.split(b",")]


def _content_length(head: bytes) -> int | None:
    """None when there is none, or one that no counter holds; raises Ended for nonsense or two different ones."""
    values = set(_values(head, b"content-length"))
    if not values:
        return None
    value = values.pop()
    if values or not value.isdigit():
        raise Ended(FailureKind.PROTOCOL, "the Content-Length is none")
    length = int(value[:20])
    return length if length < _LARGEST_LENGTH else None


@dataclass(slots=True)
class _ChunkScanner:
    """Finds the end of a chunked body in a growing buffer."""

    at: int = 0
    left: int = 0
    """Bytes of the current chunk not seen yet."""
    owes_line_end: bool = False
    """A chunk's data has been seen, the line end behind it has not."""
    is_last: bool = False
    """The chunk of size 0 has been seen; trailers follow, and a blank line."""

    def end(self, buffer: bytearray) -> int | None:
        """Where the body ends, behind its trailers; None when it has not ended yet. Raises _BadChunk."""
        while True:
            skipped = min(self.left, len(buffer) - self.at)
            self.at += skipped
            self.left -= skipped
            if self.left:
                return None
            found = buffer.find(b"\n", self.at, self.at + _LONGEST_CHUNK_LINE)
            if found < 0 and len(buffer) - self.at < _LONGEST_CHUNK_LINE:
                self._check_beginning(bytes(buffer[self.at : self.at + 1]))
                return None
            line = bytes(buffer[self.at : found if found >= 0 else self.at + _LONGEST_CHUNK_LINE])
            self.at += len(line) + 1
            if self._read(line.removesuffix(b"\r")):
                return self.at

    def _check_beginning(self, line: bytes) -> None:
        """What does not even begin as it must will not get better with the next packet."""
        allowed = b"\r" if self.owes_line_end else line[:1] if self.is_last else _CHUNK_BEGINNINGS
        if line and line[:1] not in allowed:
            raise _BadChunk

    def _read(self, line: bytes) -> bool:
        """Take in one line; whether it was the body's last."""
        if self.is_last:
            return not line
        if self.owes_line_end:
            if line:
                raise _BadChunk
            self.owes_line_end = False
            return False
        match = _CHUNK_SIZE.fullmatch(line)
        if match is None:
            raise _BadChunk
        self.left = int(match[1], 16)
        self.owes_line_end = self.left > 0
        self.is_last = self.left == 0
        return False


_CHUNK_BEGINNINGS = b"0123456789abcdefABCDEF \t"


def _end_of_body(buffer: bytearray, length: int | None, scanner: _ChunkScanner | None) -> int | None:
    if scanner is not None:
        return scanner.end(buffer)
    return length if length is not None and len(buffer) >= length else None
