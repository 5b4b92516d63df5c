"""One request on its way through requests and urllib3, which know nothing of guards, deadlines and wire bytes.

A job runs in one thread from beginning to end; the connection classes below find it there and do what it says.
"""

from __future__ import annotations

import base64
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from citekeeper.http1 import parse_head
from citekeeper.model import Failure, FailureKind, Tls
from citekeeper.network.certificates import tls_failure, tls_of
from citekeeper.network.engine import Answer, Order
from citekeeper.network.guard import Guard
from citekeeper.network.request_heads import request_target
from citekeeper.network.wire_reading import Ended, WireReader

_here = threading.local()


@dataclass(slots=True)
class Job:
    """An order being carried out."""

    order: Order
    guard: Guard
    begun: float = field(default_factory=time.monotonic)
    sent: bytearray = field(default_factory=bytearray)
    is_fresh: bool = False
    """The connection was made for this job, not kept from an earlier one."""
    opening: socket.socket | None = None
    """The socket while it is being connected."""
    connection: _Recorded | None = None
    answer: Answer | None = None
    is_reusable: bool = False

    @property
    def deadline(self) -> float:
        """On time.monotonic()."""
        return self.begun + self.order.timeout

    @property
    def connect_left(self) -> float:
        """Seconds left for connecting; at least one millisecond, as 0 would mean not to wait at all."""
        by = self.begun + min(self.order.connect_timeout, self.order.timeout)
        return max(0.001, by - time.monotonic())

    def again(self) -> Job:
        """The same order anew, with what is left of its time."""
        return Job(self.order, self.guard, self.begun)

    def abort(self) -> None:
        """Wake the thread that waits for the server; called from another one."""
        sock = self.connection.sock if self.connection is not None else self.opening
        if sock is not None:
            # Not connected yet, or closed by now.
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def open_socket(self) -> socket.socket:
        """Connect to the endpoint and nowhere else; raises Ended."""
        ip = str(self.order.endpoint.ip)
        if self.order.proxy is None and not self.guard.permits(ip):
            raise Ended(FailureKind.FORBIDDEN_ADDRESS, f"{ip} is not a public address")
        family = socket.AF_INET6 if self.order.endpoint.ip.version == 6 else socket.AF_INET
        self.opening = made = socket.socket(family, socket.SOCK_STREAM)
        try:
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            made.settimeout(self.connect_left)
            made.connect((ip, self.order.endpoint.port))
        except OSError as error:
            made.close()
            raise _not_connected(error, is_proxy=self.order.proxy is not None) from error
        made.settimeout(self.connect_left)
        return made

    def read(self, sock: socket.socket, method: str) -> None:
        """Read the answer; raises Ended when there is none."""
        if isinstance(sock, ssl.SSLSocket):
            # Otherwise a connection cut by anyone on the way looks like the proper end of the body.
            setattr(sock, "suppress_ragged_eofs", False)  # noqa: B010 - typeshed leaves the attribute out
        reader = WireReader(sock, self.deadline)
        head = reader.read_head(self.order.max_head)
        body, cut = reader.read_body(head, method, self.order.max_body)
        self.answer = Answer(head, body, cut)
        self.is_reusable = cut is None and not reader.buffer and _is_kept_alive(head) and _has_known_end(head, method)


def _not_connected(error: OSError, *, is_proxy: bool) -> Ended:
    message = error.strerror or str(error)
    if is_proxy:
        return Ended(FailureKind.PROXY, message)
    if isinstance(error, TimeoutError):
        return Ended(FailureKind.CONNECT_TIMEOUT, message)
    return Ended(FailureKind.REFUSED if isinstance(error, ConnectionRefusedError) else FailureKind.UNREACHABLE, message)


def _is_kept_alive(head: bytes) -> bool:
    parsed = parse_head(head)
    if parsed is None:
        return False
    said = {token.strip().lower() for name, value in parsed.headers if name.lower() == "connection" for token in value.split(",")}
    return "close" not in said and (parsed.version == "1.1" or "keep-alive" in said)


def _has_known_end(head: bytes, method: str) -> bool:
    parsed = parse_head(head)
    names = {name.lower() for name, _ in parsed.headers} if parsed is not None else set()
    return method == "HEAD" or bool(names & {"content-length", "transfer-encoding"}) or (parsed is not None and parsed.status in (204, 304))


@contextmanager
def carried_by_this_thread(job: Job) -> Iterator[None]:
    """Make `job` the one that connections of this thread belong to."""
    _here.job = job
    try:
        yield
    finally:
        del _here.job


def job_of_this_thread() -> Job:
    """The job that this thread carries."""
    job: Job = _here.job
    return job


class WireResponse(http.client.HTTPResponse):
    """http.client's answer, read by our own reader: http.client drops reason and framing, and has no deadline."""

    def __init__(self, sock: Any, debuglevel: int = 0, method: str | None = None, url: str | None = None) -> None:
        super().__init__(sock, debuglevel, method, url)
        self._sock = sock
        self._asked = method or "GET"

    def begin(self) -> None:
        """Read head and body at once."""
        job = job_of_this_thread()
        job.read(self._sock, self._asked)
        assert job.answer is not None
        parsed = parse_head(job.answer.head)
        if parsed is None:
            raise Ended(FailureKind.PROTOCOL, "the answer is not HTTP")
        self.code = self.status = parsed.status
        self.reason, self.version = parsed.reason, 11
        self.headers = self.msg = http.client.HTTPMessage()
        self.chunked, self.length, self.will_close = False, 0, False
        del self._sock


class _Recorded:
    """What both connection classes add to urllib3's: the guard's socket, a record of what is sent, and failures as values."""

    sock: Any
    tls: Tls | None = None
    ip: str | None = None

    def _new_conn(self) -> socket.socket:
        job = job_of_this_thread()
        made = job.open_socket()
        job.is_fresh = True
        self.ip = str(job.order.endpoint.ip)
        return made

    def _tunnel(self) -> None:
        """Ask the proxy for a tunnel; raises Ended."""
        order = job_of_this_thread().order
        assert order.proxy is not None
        place = f"[{order.target.host}]" if ":" in order.target.host else order.target.host
        lines = [f"CONNECT {place}:{order.target.port} HTTP/1.1", f"Host: {place}:{order.target.port}"]
        lines += [f"{name}: {value}" for name, value in proxy_authorization(order)]
        try:
            self.sock.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
            head = parse_head(WireReader(self.sock, job_of_this_thread().deadline).read_head(order.max_head))
        except Ended as ended:
            # A proxy that is silent may be waiting for the server itself; anything else is its own.
            if ended.failure.kind is FailureKind.TIMEOUT:
                raise
            raise Ended(FailureKind.PROXY, ended.failure.message) from ended
        except OSError as error:
            raise Ended(FailureKind.PROXY, error.strerror or str(error)) from error
        if head is None or head.status != 200:
            raise Ended(FailureKind.PROXY, f"the proxy refused the tunnel: {head.status if head is not None else 'no HTTP'}")


def proxy_authorization(order: Order) -> list[tuple[str, str]]:
    """The field that shows our user and password to the proxy, if it wants any."""
    if order.proxy is None or order.proxy.user is None:
        return []
    token = base64.b64encode(f"{order.proxy.user}:{order.proxy.password or ''}".encode()).decode("ascii")
    return [("Proxy-Authorization", f"Basic {token}")]


class PlainConnection(_Recorded, HTTPConnection):
    """http."""

    response_class = WireResponse

    def request(self, method: str, url: str, body: Any = None, headers: Any = None, **options: Any) -> None:
        """Send the order's own target: urllib3 would rewrite its percent-encoding."""
        job = job_of_this_thread()
        job.connection = self
        super().request(method, request_target(job.order.target, absolute=job.order.proxy is not None), body, headers, **options)

    def send(self, data: Any) -> None:
        """Send and record."""
        _send(self, super().send, data)


class SecureConnection(_Recorded, HTTPSConnection):
    """https."""

    response_class = WireResponse

    def connect(self) -> None:
        """Connect and shake hands; raises Ended."""
        try:
            super().connect()
        except ssl.SSLError as error:
            raise _handshake_failed(error) from error
        except urllib3.exceptions.SSLError as error:
            raise Insecure(tls_failure(62, str(error))) from error
        except TimeoutError as error:
            raise Ended(FailureKind.CONNECT_TIMEOUT, "no TLS handshake in time") from error
        except OSError as error:
            raise Ended(FailureKind.RESET, error.strerror or str(error)) from error
        self.tls = tls_of(self.sock)

    def request(self, method: str, url: str, body: Any = None, headers: Any = None, **options: Any) -> None:
        """Send the order's own target: urllib3 would rewrite its percent-encoding."""
        job = job_of_this_thread()
        job.connection = self
        super().request(method, request_target(job.order.target, absolute=False), body, headers, **options)

    def send(self, data: Any) -> None:
        """Send and record."""
        _send(self, super().send, data)


class Insecure(Ended):
    """The handshake failed; carries the Failure with its TLS fault."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.kind, failure.message)
        self.failure = failure


def _handshake_failed(error: ssl.SSLError) -> Ended:
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return Ended(FailureKind.RESET, "closed during the TLS handshake")
    code = getattr(error, "verify_code", 0)
    return Insecure(tls_failure(code, getattr(error, "verify_message", "") or error.reason or str(error)))


def _send(connection: Any, send: Any, data: Any) -> None:
    job = job_of_this_thread()
    if connection.sock is None:
        connection.connect()
    connection.sock.settimeout(max(0.001, job.deadline - time.monotonic()))
    try:
        send(data)
    except TimeoutError:
        raise Ended(FailureKind.TIMEOUT, "the request could not be sent in time") from None
    job.sent += data
