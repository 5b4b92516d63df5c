"""What sites are made of: requests, the steps of an answer, and a helper that writes well-formed ones."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from citekeeper.http1 import is_chunked, parse_head

Headers = Mapping[str, str] | Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it reached the loopback web."""

    host: str
    """Lower-case, without port: from an absolute target, else Host, else SNI."""
    method: str
    target: str
    """As sent: "/path?query", or absolute when the client took us for a proxy."""
    headers: tuple[tuple[str, str], ...]
    body: bytes
    at: float
    """`time.monotonic()` when the head was complete."""
    tls: bool
    sni: str | None
    connection: int
    """Which connection it came on, counted from 1; equal numbers mean keep-alive."""
    nth: int
    """How many requests for the same host and target came before."""
    active: int
    """Requests in flight to the same host when it came, itself included."""
    raw: bytes
    """The head as sent."""

    def header(self, name: str) -> str | None:
        """The first value of the field `name`, compared without case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def url(self) -> str:
        """What was asked for, as an address with the default port."""
        scheme = "https" if self.tls else "http"
        return self.target if "://" in self.target else f"{scheme}://{self.host}{self.target}"


@dataclass(frozen=True, slots=True)
class Pause:
    """Say nothing for that many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Hold:
    """Say nothing until the client goes."""


@dataclass(frozen=True, slots=True)
class Reset:
    """End the connection with a TCP reset."""


@dataclass(frozen=True, slots=True)
class Close:
    """End the connection in the ordinary way."""


Step = bytes | Pause | Hold | Reset | Close
Site = Callable[[Request], Iterable[Step]]
"""Answers one request, step by step; it runs on the server's event loop and must not block."""


class RequestLog:
    """The requests that came, in order; safe to read from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[Request] = []

    def add(self, request: Request) -> None:
        """Append."""
        with self._lock:
            self._requests.append(request)

    def snapshot(self) -> tuple[Request, ...]:
        """What came so far."""
        with self._lock:
            return tuple(self._requests)

    def clear(self) -> None:
        """Forget what came."""
        with self._lock:
            self._requests.clear()

    def of(self, host: str, target: str | None = None) -> tuple[Request, ...]:
        """The requests for `host`, and for `target` when given."""
        return tuple(each for each in self.snapshot() if each.host == host and target in (None, each.target))

    def count(self, host: str, target: str | None = None) -> int:
        """How many requests came for `host`, and for `target` when given."""
        return len(self.of(host, target))

    def __iter__(self) -> Iterator[Request]:
        return iter(self.snapshot())

    def __len__(self) -> int:
        return len(self.snapshot())


def answer(
    status: int = 200,
    reason: str = "OK",
    headers: Headers = (),
    body: bytes | str = b"",
    *,
    chunked: bool | int = False,
    gzipped: bool = False,
) -> bytes:
    """A well-formed answer: framed by Content-Length, or by chunks (of that many bytes; True: 1,024).

    `gzipped` compresses the body and says so. A given Content-Length or Transfer-Encoding is left as it is.
    """
    data = body.encode() if isinstance(body, str) else body
    fields = list(headers.items() if isinstance(headers, Mapping) else headers)
    if gzipped:
        data = gzip.compress(data, mtime=0)
        fields.append(("Content-Encoding", "gzip"))
    named = {name.lower() for name, _ in fields}
    if chunked:
        fields.append(("Transfer-Encoding", "chunked"))
        data = chunks(data, 1024 if chunked is True else chunked)
    elif not named & {"content-length", "transfer-encoding"} and status not in (204, 304):
        fields.append(("Content-Length", str(len(data))))
    return head(status, reason, fields) + data


def head(status: int, reason: str, headers: Headers = ()) -> bytes:
    """Status line, header lines and the blank line."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    lines = chain([f"HTTP/1.1 {status} {reason}"], (f"{name}: {value}" for name, value in pairs), ["", ""])
    return "\r\n".join(lines).encode("latin-1")


def chunks(data: bytes, size: int) -> bytes:
    """`data` in chunked framing, with the last chunk."""
    cut = (data[at : at + size] for at in range(0, len(data), size))
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in cut) + b"0\r\n\r\n"


class Sent:
    """What went out in answer to one request: enough of it to tell whether the connection can go on."""

    def __init__(self, method: str) -> None:
        self._method = method
        self._start = b""
        self._total = 0
        self._tail = b""

    def add(self, data: bytes) -> None:
        """Note what was sent."""
        if b"\r\n\r\n" not in self._start:
            self._start += data[:65536]
        self._total += len(data)
        self._tail = (self._tail + data[-8:])[-8:]

    def is_whole(self) -> bool:
        """Whether the client can tell where the answer ended; otherwise only closing ends it (RFC 9112, 6.3)."""
        raw, blank, _ = self._start.partition(b"\r\n\r\n")
        parsed = parse_head(raw + blank) if blank else None
        if parsed is None or parsed.status < 200:
            return False
        body = self._total - len(raw) - len(blank)
        if self._method == "HEAD" or parsed.status in (204, 304):
            return body == 0
        if is_chunked(parsed.headers):
            return self._tail.endswith(b"0\r\n\r\n")
        lengths = {value for name, value in parsed.headers if name.lower() == "content-length"}
        return lengths == {str(body)}
