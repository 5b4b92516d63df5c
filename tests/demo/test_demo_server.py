"""The loopback web says exactly what a script says, and ends as it says."""

from __future__ import annotations

import gzip
import os
import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPSConnection

import pytest

from citekeeper.demo import Certificates, Close, Hold, LoopbackWeb, Pause, Request, Reset, Step, answer
from citekeeper.http1 import dechunk, parse_head


def ask(port: int, host: str, target: str = "/", *, extra: str = "") -> bytes:
    """Everything that the server sends until it closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as sock:
        sock.sendall(f"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{extra}\r\n".encode())
        return b"".join(iter(lambda: sock.recv(65536), b""))


def scripts() -> dict[str, object]:
    def flaky(request: Request) -> Iterable[Step]:
        return [answer(503, "Service Unavailable") if request.nth == 0 else answer(body="now it works")]

    def drip(request: Request) -> Iterator[Step]:
        yield b"HTTP/1.1 200 OK\r\n"
        while True:
            yield b"X"
            yield Pause(0.01)

    return {
        "news.example": lambda request: [answer(headers={"Content-Type": "text/plain"}, body=f"you asked {request.target}")],
        "chunky.example": lambda request: [answer(body="0123456789" * 300, chunked=True, gzipped=True)],
        "raw.example": lambda request: [b"NOT HTTP AT ALL\n", Close()],
        "cut.example": lambda request: [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"],
        "endless.example": lambda request: [b"HTTP/1.1 200 OK\r\n\r\nuntil it closes"],
        "silent.example": lambda request: [Hold()],
        "reset.example": lambda request: [b"HTTP/1.1 200 OK\r\n", Reset()],
        "flaky.example": flaky,
        "drip.example": drip,
        "*.parked.example": lambda request: [answer(body=f"buy {request.host}")],
    }


@pytest.fixture(scope="module")
def web() -> Iterator[LoopbackWeb]:
    certificates = Certificates(datetime.now(UTC))
    with LoopbackWeb(scripts(), certificates=certificates) as web:  # type: ignore[arg-type]  # lambdas of one file
        yield web
    certificates.close()


def test_a_host_answers_by_its_own_script(web: LoopbackWeb) -> None:
    assert ask(web.http_port, "news.example", "/a?b").endswith(b"\r\n\r\nyou asked /a?b")
    assert ask(web.http_port, "NEWS.example:8080").endswith(b"you asked /")


def test_a_star_answers_for_every_name_below(web: LoopbackWeb) -> None:
    assert ask(web.http_port, "any.parked.example").endswith(b"buy any.parked.example")


def test_an_unknown_host_is_misdirected(web: LoopbackWeb) -> None:
    assert ask(web.http_port, "nowhere.example").startswith(b"HTTP/1.1 421 Misdirected Request\r\n")


def test_well_formed_answers_keep_the_connection(web: LoopbackWeb) -> None:
    connection = HTTPConnection("127.0.0.1", web.http_port, timeout=5)
    for target in ("/keep/1", "/keep/2"):
        connection.request("GET", target, headers={"Host": "news.example"})
        assert connection.getresponse().read() == f"you asked {target}".encode()
    connection.close()
    first, second = (web.log.of("news.example", target)[0] for target in ("/keep/1", "/keep/2"))
    assert first.connection == second.connection


def test_chunks_and_gzip_are_what_they_say(web: LoopbackWeb) -> None:
    raw = ask(web.http_port, "chunky.example")
    head, _, body = raw.partition(b"\r\n\r\n")
    parsed = parse_head(head + b"\r\n\r\n")
    assert parsed is not None
    assert ("Content-Encoding", "gzip") in parsed.headers
    assert gzip.decompress(dechunk(body).payload) == b"0123456789" * 300


@pytest.mark.parametrize(
    ("host", "wire"),
    [
        ("raw.example", b"NOT HTTP AT ALL\n"),
        ("cut.example", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"),
        ("endless.example", b"HTTP/1.1 200 OK\r\n\r\nuntil it closes"),
    ],
)
def test_broken_answers_are_sent_byte_for_byte_and_closed(web: LoopbackWeb, host: str, wire: bytes) -> None:
    with socket.create_connection(("127.0.0.1", web.http_port), timeout=5) as sock:
        sock.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert b"".join(iter(lambda: sock.recv(65536), b"")) == wire


def test_a_reset_is_a_reset(web: LoopbackWeb) -> None:
    with pytest.raises(ConnectionResetError):
        ask(web.http_port, "reset.example")


def test_a_reset_is_a_reset_under_tls_too(web: LoopbackWeb) -> None:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", web.https_port), timeout=5) as raw,
        context.wrap_socket(raw, server_hostname="reset.example") as sock,
        # OpenSSL tells a reset as an end of file: ask the kernel.
        socket.socket(fileno=os.dup(sock.fileno())) as kernel,
    ):
        kernel.settimeout(5)
        sock.sendall(b"GET / HTTP/1.1\r\nHost: reset.example\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            list(iter(lambda: kernel.recv(65536), b""))


def test_a_held_connection_says_nothing_until_the_client_goes(web: LoopbackWeb) -> None:
    with socket.create_connection(("127.0.0.1", web.http_port), timeout=0.2) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nHost: silent.example\r\n\r\n")
        with pytest.raises(TimeoutError):
            sock.recv(1)


def test_a_script_can_count_and_drip(web: LoopbackWeb) -> None:
    assert b" 503 " in ask(web.http_port, "flaky.example", "/counted")
    assert b" 200 " in ask(web.http_port, "flaky.example", "/counted")
    with socket.create_connection(("127.0.0.1", web.http_port), timeout=5) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nHost: drip.example\r\n\r\n")
        got = b""
        while len(got) < 25:
            got += sock.recv(1024)
    assert got.startswith(b"HTTP/1.1 200 OK\r\nXXXX")


def test_the_log_knows_host_target_headers_and_time(web: LoopbackWeb) -> None:
    before = time.monotonic()
    ask(web.http_port, "news.example", "/logged", extra="X-Trace: 7\r\n")
    (entry,) = web.log.of("news.example", "/logged")
    assert entry.header("x-trace") == "7"
    assert not entry.tls
    assert before <= entry.at <= time.monotonic()
    assert entry.url == "http://news.example/logged"


def test_an_absolute_target_names_the_host_as_to_a_proxy(web: LoopbackWeb) -> None:
    assert ask(web.http_port, "proxy.example", "http://news.example/x").endswith(b"you asked http://news.example/x")


def test_https_is_answered_with_the_name_of_the_handshake(web: LoopbackWeb) -> None:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    connection = HTTPSConnection("127.0.0.1", web.https_port, timeout=5, context=context)
    connection.request("GET", "/secure", headers={"Host": "news.example"})
    assert connection.getresponse().read() == b"you asked /secure"
    connection.close()
    (entry,) = web.log.of("news.example", "/secure")
    assert entry.tls


def test_an_error_in_a_script_is_raised_when_the_web_is_left() -> None:
    def broken(request: Request) -> Iterable[Step]:
        raise ValueError("a mistake in a test")

    with pytest.raises(ValueError, match="a mistake in a test"), LoopbackWeb({"*": broken}) as web:
        assert ask(web.http_port, "any.example") == b""


def test_leaving_ends_open_connections_and_half_done_handshakes() -> None:
    certificates = Certificates(datetime.now(UTC))
    with LoopbackWeb({"*": lambda request: [Hold()]}, certificates=certificates) as web:
        sockets = [socket.create_connection(("127.0.0.1", port), timeout=5) for port in (web.http_port, web.https_port) * 3]
        sockets[0].sendall(b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n")
    for sock in sockets:
        sock.close()
    certificates.close()
