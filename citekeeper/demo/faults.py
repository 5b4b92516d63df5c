"""What goes wrong with an archive: answers that are spoiled on the way, rate limits, and the firewall behind them."""

from __future__ import annotations

import gzip
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from citekeeper.demo.wire import Close, Hold, Pause, Request, Reset, Step, answer
from citekeeper.http1 import entity_body, parse_head

Fault = Callable[[bytes], Iterable[Step]]
"""Makes of the answer that was due the steps that go out instead."""


def nginx_error(status: int, reason: str) -> Fault:
    """The page that the archive's front server sends: 429 (without Retry-After), 503, 504, 520, …"""
    title = f"{status} {reason}"
    body = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
        "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
    return lambda _: [answer(status, reason, {"Server": "nginx", "Content-Type": "text/html"}, body)]


too_many_requests = nginx_error(429, "Too Many Requests")
unavailable = nginx_error(503, "Service Temporarily Unavailable")
gateway_timeout = nginx_error(504, "Gateway Time-out")


def too_many_requests_until(seconds: str) -> Fault:
    """A 429 that says when to come back; `seconds` as it stands in Retry-After, a number or a date."""
    return lambda _: [answer(429, "Too Many Requests", {"Server": "nginx", "Content-Type": "text/html", "Retry-After": seconds})]


def empty(_: bytes) -> list[Step]:
    """200 and nothing in it."""
    return [answer(200, "OK", {"Server": "nginx", "Content-Type": "application/json"})]


def html_instead(_: bytes) -> list[Step]:
    """200 and a page where data was asked for."""
    title = "Internet Archive: Scheduled Maintenance"
    body = f"<!DOCTYPE html><html><head><title>{title}</title></head><body>Please come back later.</body></html>"
    return [answer(200, "OK", {"Server": "nginx", "Content-Type": "text/html; charset=utf-8"}, body)]


def java_exception(_: bytes) -> list[Step]:
    """200 and the text of an error of the old index server."""
    body = "java.lang.IllegalArgumentException: fromKey > toKey\n"
    return [answer(200, "OK", {"Server": "nginx", "Content-Type": "text/plain"}, body)]


def runtime_error(status: int, reason: str, exception: str) -> Fault:
    """Playback that failed inside the archive, which says why in a header (`LiveDocumentNotAvailableException: …`)."""
    headers = {"Server": "nginx", "Content-Type": "text/html; charset=utf-8", "x-archive-wayback-runtime-error": exception}
    return lambda _: [answer(status, reason, headers, "<html><title>Internet Archive Wayback Machine</title></html>")]


def truncated(due: bytes) -> list[Step]:
    """The connection ends in the middle of the body, in spite of what the head promised."""
    head, blank, body = due.partition(b"\r\n\r\n")
    return [head + blank + body[: len(body) // 2], Close()]


def cut_json(due: bytes) -> list[Step]:
    """A whole answer whose JSON ends in the middle."""
    content = _content(due)
    return [answer(200, "OK", {"Server": "nginx", "Content-Type": "application/json"}, content[: len(content) // 2])]


def doubled_encoding(due: bytes) -> list[Step]:
    """Two Content-Encoding fields, the first one empty, as on some mementos: clients forget to unpack."""
    head = parse_head(due.partition(b"\r\n\r\n")[0])
    framing = ("content-length", "content-encoding", "transfer-encoding")
    kept = [(name, value) for name, value in head.headers if name.lower() not in framing] if head else []
    return [answer(200, "OK", [*kept, ("content-encoding", "")], _content(due), gzipped=True)]


def _content(due: bytes) -> bytes:
    """The body of our own answer as meant: without chunks and gzip."""
    head, blank, rest = due.partition(b"\r\n\r\n")
    parsed = parse_head(head + blank)
    assert parsed is not None
    body = entity_body(parsed.headers, rest)
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


def slow(seconds: float) -> Fault:
    """The right answer, late."""
    return lambda due: [Pause(seconds), due]


def refused(_: bytes) -> list[Step]:
    """The firewall: the connection is reset without a word."""
    return [Reset()]


def silent(_: bytes) -> list[Step]:
    """The firewall, in its other form."""
    return [Hold()]


@dataclass(slots=True)
class FaultPlan:
    """Which of the next requests go wrong, and how."""

    _due: list[tuple[str, Fault, int | None]] = field(default_factory=list)

    def add(self, path: str, fault: Fault, *, times: int | None = 1) -> None:
        """The next `times` requests (None: all) whose target begins with `path` go wrong."""
        self._due.append((path, fault, times))

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._due.clear()

    def take(self, target: str) -> Fault | None:
        """The fault of a request for `target`; used up by being asked for."""
        for index, (path, fault, times) in enumerate(self._due):
            if target.startswith(path):
                if times is not None:
                    self._due[index : index + 1] = [(path, fault, times - 1)] if times > 1 else []
                return fault
        return None


@dataclass(slots=True)
class Quota:
    """A pool's rate limit: so many requests in any 60 seconds; who goes on all the same meets the firewall."""

    per_minute: int
    patience: int = 10
    """How many 429 are sent in a row before the firewall closes."""
    _times: deque[float] = field(default_factory=deque)
    _ignored: int = 0
    _blocked_until: float = 0.0

    def check(self, request: Request) -> Fault | None:
        """Count a request; the fault when it is one too many."""
        if request.at < self._blocked_until:
            return refused
        while self._times and self._times[0] <= request.at - 60:
            self._times.popleft()
        if len(self._times) < self.per_minute:
            self._times.append(request.at)
            self._ignored = 0
            return None
        self._ignored += 1
        if self._ignored > self.patience:
            # An hour for the first offence (IA staff, edgi-govdata-archiving/wayback#137).
            self._blocked_until = request.at + 3600
            return refused
        return too_many_requests
