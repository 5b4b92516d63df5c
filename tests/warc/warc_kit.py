"""Visits to store, and a clock and ids that always say the same: shared by the tests of the captures room."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from citekeeper.http1 import parse_head
from citekeeper.model import Cut, Exchange, Failure, FailureKind, Response, Stop, Tls, Visit
from citekeeper.warc import Earlier, Writer, open_writer

NOON = datetime(2026, 1, 2, 12, 0, 0, 123456, tzinfo=UTC)
PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
PEM_2 = "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n"
TLS = Tls("tls/1.3", "TLS_AES_128_GCM_SHA256", (PEM, PEM_2))


class FixedClock:
    def __init__(self, moment: datetime = NOON) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


def counted_ids(space: int = 0) -> Callable[[], str]:
    numbers: Iterator[int] = iter(range(space * 2**32 + 1, (space + 1) * 2**32))
    return lambda: uuid.UUID(int=next(numbers), version=4).urn


def nothing_earlier(digest: str) -> Earlier | None:
    return None


def writer_in(
    folder: Path, *, space: int = 0, earlier: Callable[[str], Earlier | None] = nothing_earlier, target_size: int = 10**9
) -> Writer:
    return open_writer(
        folder,
        clock=FixedClock(),
        software="citekeeper/0.0 (test)",
        user_agent="citekeeper-test/0.0 (+https://example.org/bot)",
        earlier=earlier,
        new_id=counted_ids(space),
        target_size=target_size,
    )


def response(body: bytes = b"<p>Hello</p>", *fields: str, status: str = "200 OK", cut: Cut | None = None, length: bool = True) -> Response:
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html; charset=utf-8", *fields]
    lines += [f"Content-Length: {len(body)}"] if length else []
    head = "\r\n".join([*lines, "", ""]).encode("latin-1")
    parsed = parse_head(head)
    assert parsed is not None
    return Response(parsed.status, parsed.reason, parsed.headers, head, body, b"", cut)


def exchange(
    url: str = "http://news.example/a",
    outcome: Response | Failure | None = None,
    *,
    started: datetime = NOON,
    ip: str | None = "203.0.113.7",
    tls: Tls | None = None,
    request: bytes | None = None,
    via_proxy: bool = False,
) -> Exchange:
    if request is None:
        host, _, path = url.partition("://")[2].partition("/")
        request = f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: test\r\n\r\n".encode("ascii", "replace")
    return Exchange(url, started, 0.25, request, outcome or response(), ip, tls, "GET", via_proxy)


def visit(*exchanges: Exchange, stop: Stop = Stop.ANSWER, attempts: int = 1, number: int = 1) -> Visit:
    made = exchanges or (exchange(),)
    return Visit(str(uuid.UUID(int=number)), made[0].url, tuple(made), stop, attempts)


def refused(url: str = "http://closed.example/", kind: FailureKind = FailureKind.REFUSED) -> Visit:
    failure = Failure(kind, "connection refused")
    return visit(exchange(url, failure, request=b"", ip=None), stop=Stop.FAILURE)


def finished(folder: Path) -> Path:
    (path,) = folder.glob("*.warc.gz")
    return path


def judge(*paths: Path, lenient: bool = True) -> str:
    """What the conformance checker beside the data has to say; nothing when there is none or it is content."""
    data = os.environ.get("CITEKEEPER_DATA")
    if not data:
        return ""
    checker = Path(data).parent / "tools" / "check_warc.py"
    done = subprocess.run([sys.executable, str(checker), "--strict", *map(str, paths)], capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    return said if done.returncode or (not lenient and "info " in said) else ""
