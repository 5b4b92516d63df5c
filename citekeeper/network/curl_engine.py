"""The default engine: libcurl through pycurl, with the wire bytes kept exactly as they are.

Neither transfer- nor content-decoding, HTTP/1.1, no redirects, no cookies, no netrc, no environment: what to do is in the order.
Known gap: libcurl joins folded header lines (obsolete line folding, RFC 9112, 5.2) before it hands them out.
"""

from __future__ import annotations

import errno
import os
import socket
from dataclasses import replace
from typing import Any

import pycurl

from citekeeper.model import Cut, Failure, FailureKind, Tls
from citekeeper.network.certificates import LONGEST_CHAIN, Trust, tls_failure, version_token
from citekeeper.network.curl_loop import CurlLoop
from citekeeper.network.engine import Answer, Order, Wire
from citekeeper.network.guard import Guard
from citekeeper.network.request_heads import request_target

_SECURED = b"SSL connection using "
_SUPPRESS_CONNECT_HEADERS = 265
"""CURLOPT_SUPPRESS_CONNECT_HEADERS, which pycurl does not name: a proxy's answer to CONNECT is not the page's."""
_TLS_ERRORS = frozenset(
    {
        pycurl.E_SSL_CONNECT_ERROR,
        pycurl.E_PEER_FAILED_VERIFICATION,
        pycurl.E_SSL_CERTPROBLEM,
        pycurl.E_SSL_CIPHER,
        pycurl.E_SSL_CACERT_BADFILE,
        pycurl.E_SSL_ISSUER_ERROR,
        pycurl.E_SSL_INVALIDCERTSTATUS,
        pycurl.E_SSL_ENGINE_INITFAILED,
    }
)
_BROKEN_OFF = frozenset({pycurl.E_PARTIAL_FILE, pycurl.E_RECV_ERROR, pycurl.E_SEND_ERROR, pycurl.E_GOT_NOTHING})
_TOO_LARGE = 100
"""CURLE_TOO_LARGE: libcurl's own limit on one header line."""
_NO_CONNECTION_WORDS = ("Send failure", "Recv failure", "reset by peer", "SSL_ERROR_SYSCALL", "unexpected eof", "SSL_ERROR_ZERO_RETURN")
"""How libcurl words a connection that ended in the handshake, for which it has the same code as for a bad certificate."""


class _Handover:
    """A new socket on its way into libcurl: pycurl takes a duplicate of it, and ours is closed when it is let go."""

    def __init__(self, made: socket.socket) -> None:
        self._fd = made.detach()

    def fileno(self) -> int:
        return self._fd

    def __del__(self) -> None:
        os.close(self._fd)


class _Line:
    """One easy handle, used again and again, and what its current transfer has received."""

    def __init__(self, trust: Trust, guard: Guard) -> None:
        self._guard = guard
        self._headers: tuple[tuple[str, str], ...] | None = None
        self._method: str | None = "GET"
        self._pinned: str | None = None
        self.easy = easy = pycurl.Curl()
        for option, value in _constant_options(trust):
            easy.setopt(option, value)
        easy.setopt(pycurl.HEADERFUNCTION, self._on_header)
        easy.setopt(pycurl.WRITEFUNCTION, self._on_body)
        easy.setopt(pycurl.DEBUGFUNCTION, self._on_debug)
        easy.setopt(pycurl.OPENSOCKETFUNCTION, self._on_socket)

    def prepare(self, order: Order) -> None:
        """Forget the last transfer and take up `order`."""
        self.order = order
        self.head: list[bytes] = []
        self.head_size = 0
        self.is_head_complete = False
        self.body: list[bytes] = []
        self.body_size = 0
        self.request: list[bytes] = []
        self.secured: Tls | None = None
        self.refused: str | None = None
        self.too_much: FailureKind | Cut | None = None
        self._set_request(order)
        self._set_route(order)

    def forget(self) -> None:
        """Let go of what was received: idle lines are kept, and a body may be large."""
        self.head, self.body, self.request = [], [], []

    def _set_request(self, order: Order) -> None:
        easy = self.easy
        easy.setopt(pycurl.URL, order.target.url)
        # Left to itself libcurl rewrites percent-encodings to upper case.
        easy.setopt(pycurl.REQUEST_TARGET, request_target(order.target, absolute=_is_forwarded(order)))
        if order.headers != self._headers or order.body or order.method != self._method:
            easy.setopt(pycurl.HTTPHEADER, _header_lines(order))
            self._set_method(order)
        easy.setopt(pycurl.TIMEOUT_MS, max(1, int(order.timeout * 1000)))
        easy.setopt(pycurl.CONNECTTIMEOUT_MS, max(1, int(min(order.connect_timeout, order.timeout) * 1000)))

    def _set_method(self, order: Order) -> None:
        easy = self.easy
        # What was sent with a body is set anew each time.
        self._headers, self._method = order.headers, None if order.body else order.method
        if order.body or order.method == "POST":
            easy.setopt(pycurl.POSTFIELDS, order.body)
        elif order.method == "HEAD":
            easy.setopt(pycurl.NOBODY, True)
        else:
            easy.setopt(pycurl.HTTPGET, True)
        if order.method in ("GET", "HEAD", "POST"):
            easy.unsetopt(pycurl.CUSTOMREQUEST)
        else:
            easy.setopt(pycurl.CUSTOMREQUEST, order.method)

    def _set_route(self, order: Order) -> None:
        easy, ip = self.easy, order.endpoint.ip
        place = f"[{ip}]" if ip.version == 6 else str(ip)
        if order.proxy is None:
            # Pinned by address: libcurl never asks DNS, so there is nothing to rebind between the guard and the connection.
            pinned = f"::{place}:{order.endpoint.port}"
            if pinned != self._pinned:
                easy.setopt(pycurl.CONNECT_TO, [pinned])
                easy.setopt(pycurl.PROXY, "")
                self._pinned = pinned
            return
        self._pinned = None
        easy.setopt(pycurl.CONNECT_TO, [])
        easy.setopt(pycurl.RESOLVE, [f"+{order.proxy.host}:{order.endpoint.port}:{place}"])
        easy.setopt(pycurl.PROXY, order.proxy.url)
        if order.proxy.user is not None:
            easy.setopt(pycurl.PROXYUSERNAME, order.proxy.user)
            easy.setopt(pycurl.PROXYPASSWORD, order.proxy.password or "")

    def _on_socket(self, _purpose: int, address: Any) -> Any:
        ip = address.addr[0] if isinstance(address.addr, tuple) else ""
        expected = str(self.order.endpoint.ip)
        if ip != expected or not (self.order.proxy is not None or self._guard.permits(ip)):
            self.refused = str(ip)
            return pycurl.SOCKET_BAD
        return _Handover(socket.socket(address.family, address.socktype, address.protocol))

    def _on_header(self, line: bytes) -> int | None:
        self.head_size += len(line)
        if self.head_size > self.order.max_head:
            self.too_much = FailureKind.HEAD_TOO_LARGE
            return 0
        if self.is_head_complete:
            if not line.startswith(b"HTTP/"):
                return None
            self.head, self.is_head_complete = [], False
        self.head.append(line)
        # An interim answer (100, 103) has a head of its own; the next status line starts anew.
        self.is_head_complete = line in (b"\r\n", b"\n")
        return None

    def _on_body(self, data: bytes) -> int | None:
        room = self.order.max_body - self.body_size
        self.body_size += len(data)
        if len(data) > room:
            self.body.append(data[:room])
            self.too_much = Cut.LENGTH
            return 0
        self.body.append(data)
        return None

    def _on_debug(self, kind: int, data: bytes) -> None:
        if kind == pycurl.INFOTYPE_HEADER_OUT:
            # Written again when libcurl repeats the request because a kept connection had gone; CONNECT is the proxy's.
            self.request = [] if data.startswith(b"CONNECT ") else [data]
        elif kind == pycurl.INFOTYPE_DATA_OUT:
            self.request.append(data)
        elif kind == pycurl.INFOTYPE_TEXT and data.startswith(_SECURED):
            version, _, rest = data[len(_SECURED) :].decode("latin-1").partition(" / ")
            self.secured = Tls(version_token(version.strip()), rest.partition(" / ")[0].strip())

    def outcome(self, code: int, message: str) -> Answer | Failure:
        """What the finished transfer amounts to."""
        if self.too_much is FailureKind.HEAD_TOO_LARGE or (code == _TOO_LARGE and not self.is_head_complete):
            return Failure(FailureKind.HEAD_TOO_LARGE, f"more than {self.order.max_head:,} bytes of head")
        if self.is_head_complete and not self._is_interim() and self._stands_despite(code):
            return Answer(b"".join(self.head), b"".join(self.body), self._cut(code))
        return self._failure(code, message)

    def met_only_dead_connections(self, outcome: Answer | Failure) -> bool:
        """Whether the request went out on kept connections alone, all of which the server had closed by then."""
        went_away = isinstance(outcome, Failure) and outcome.kind is FailureKind.RESET and not self.head_size
        return went_away and self.order.method in ("GET", "HEAD") and self.easy.getinfo(pycurl.NUM_CONNECTS) == 0

    def _is_interim(self) -> bool:
        parts = self.head[0].split(None, 2)
        return len(parts) > 1 and parts[1].startswith(b"1") and parts[1] != b"101"

    def _stands_despite(self, code: int) -> bool:
        """Whether the head is an answer, with whatever there is of its body."""
        is_bodys_fault = code in _BROKEN_OFF or code in _TLS_ERRORS or code == pycurl.E_OPERATION_TIMEDOUT
        return code == 0 or self.too_much is Cut.LENGTH or is_bodys_fault

    def _cut(self, code: int) -> Cut | None:
        if self.too_much is Cut.LENGTH:
            return Cut.LENGTH
        if code == pycurl.E_OPERATION_TIMEDOUT:
            return Cut.TIME
        return None if code == 0 else Cut.DISCONNECT

    def _failure(self, code: int, message: str) -> Failure:
        if self.refused is not None:
            return Failure(FailureKind.FORBIDDEN_ADDRESS, f"{self.refused} is not an address that was checked")
        if self._is_proxy_at_fault(code):
            return Failure(FailureKind.PROXY, message)
        if code == pycurl.E_OPERATION_TIMEDOUT:
            return Failure(FailureKind.TIMEOUT if self._is_connected() else FailureKind.CONNECT_TIMEOUT, message)
        if code == pycurl.E_COULDNT_CONNECT:
            return Failure(_connect_kind(self.easy.getinfo(pycurl.OS_ERRNO)), message)
        if code in _TLS_ERRORS and not any(words in message for words in _NO_CONNECTION_WORDS):
            return tls_failure(self.easy.getinfo(pycurl.SSL_VERIFYRESULT), message)
        if code == 0 and self.head and self.head[-1].startswith(b"\r"):
            return Failure(FailureKind.PROTOCOL, "the head ends in what is no blank line")
        if code == 0 or code in _BROKEN_OFF or code in _TLS_ERRORS:
            return Failure(FailureKind.RESET, message or "closed before the head was complete")
        if code == pycurl.E_COULDNT_RESOLVE_HOST:
            return Failure(FailureKind.DNS, message)
        return Failure(FailureKind.PROTOCOL, message)

    def _is_proxy_at_fault(self, code: int) -> bool:
        if self.order.proxy is None:
            return False
        is_tunnel = self.order.target.scheme == "https"
        refused_tunnel = is_tunnel and self.easy.getinfo(pycurl.HTTP_CONNECTCODE) not in (0, 200)
        # As long as nothing was sent through it, there was no tunnel; one that is silent may be waiting for the server itself.
        no_tunnel = is_tunnel and not self.request and code not in _TLS_ERRORS and code != pycurl.E_OPERATION_TIMEDOUT
        return refused_tunnel or no_tunnel or code in (pycurl.E_COULDNT_RESOLVE_PROXY, pycurl.E_COULDNT_CONNECT, _PROXY_HANDSHAKE)

    def _is_connected(self) -> bool:
        # libcurl's own times are 0 on a kept connection.
        return bool(self.request or self.head_size)


_PROXY_HANDSHAKE = 97
"""CURLE_PROXY."""


def _constant_options(trust: Trust) -> list[tuple[int, Any]]:
    options: list[tuple[int, Any]] = [
        (pycurl.HTTP_TRANSFER_DECODING, False),
        (pycurl.HTTP_CONTENT_DECODING, False),
        (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1),
        (pycurl.FOLLOWLOCATION, False),
        (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
        (pycurl.PATH_AS_IS, True),
        (pycurl.NOSIGNAL, True),
        (pycurl.NOPROXY, ""),
        (_SUPPRESS_CONNECT_HEADERS, True),
        (pycurl.VERBOSE, True),
        # 0.04 ms for each new connection.
        (pycurl.OPT_CERTINFO, True),
        # The default of 16 KB means a call into Python for each 16 KB of body.
        (pycurl.BUFFERSIZE, 128 * 1024),
    ]
    if trust.file is not None:
        options.append((pycurl.CAINFO, trust.file))
    if trust.folder is not None:
        options.append((pycurl.CAPATH, trust.folder))
    return options


def _header_lines(order: Order) -> list[bytes]:
    lines = [f"{name}: {value}".encode("latin-1") if value else f"{name};".encode() for name, value in order.headers]
    if order.body or order.method == "POST":
        # What libcurl would add of itself to a request with a body.
        named = {name.lower() for name, _ in order.headers}
        lines += [f"{name}:".encode() for name in ("Expect", "Content-Type") if name.lower() not in named]
    return lines


def _is_forwarded(order: Order) -> bool:
    """Whether a proxy asks for the page in our place, instead of opening a tunnel (socks proxies never do)."""
    return order.proxy is not None and order.proxy.scheme in ("http", "https") and order.target.scheme == "http"


def _connect_kind(number: int) -> FailureKind:
    if number == errno.ECONNREFUSED:
        return FailureKind.REFUSED
    return FailureKind.CONNECT_TIMEOUT if number == errno.ETIMEDOUT else FailureKind.UNREACHABLE


def _chain_shown(easy: Any) -> tuple[str, ...]:
    """The certificates of a connection that this transfer made, PEM, leaf first."""
    fields = (field for certificate in easy.getinfo_raw(pycurl.INFO_CERTINFO)[:LONGEST_CHAIN] for field in certificate)
    return tuple(value.decode("ascii", "replace") for name, value in fields if name == b"Cert")


class CurlEngine:
    """Requests through one multi handle; connections and TLS sessions are shared by all."""

    def __init__(self, trust: Trust, guard: Guard, max_connections: int) -> None:
        self._trust = trust
        self._guard = guard
        self._loop = CurlLoop(max_connections)
        self._idle: list[_Line] = []
        self._secured: dict[int, Tls] = {}
        self._remembered = 2 * max_connections

    async def send(self, order: Order) -> Wire:
        """Make one request."""
        line = self._idle.pop() if self._idle else _Line(self._trust, self._guard)
        wire = await self._attempt(line, order)
        if line.met_only_dead_connections(wire.outcome):
            # libcurl tries five kept connections and gives up, though that says nothing about the page.
            line.easy.setopt(pycurl.FRESH_CONNECT, True)
            wire = await self._attempt(line, order)
            line.easy.setopt(pycurl.FRESH_CONNECT, False)
        line.forget()
        self._idle.append(line)
        return wire

    async def _attempt(self, line: _Line, order: Order) -> Wire:
        line.prepare(order)
        code, message = await self._loop.run(line.easy)
        ip = line.easy.getinfo(pycurl.PRIMARY_IP) or None
        return Wire(b"".join(line.request), line.outcome(code, message), ip, self._tls(line))

    def _tls(self, line: _Line) -> Tls | None:
        """How the connection is secured; libcurl tells it only when the connection is made."""
        if line.order.target.scheme != "https":
            return None
        connection = line.easy.getinfo(pycurl.CONN_ID)
        if line.secured is not None:
            secured = replace(line.secured, chain=_chain_shown(line.easy))
            if len(self._secured) >= self._remembered:
                del self._secured[next(iter(self._secured))]
            self._secured[connection] = secured
        return self._secured.get(connection)

    async def close(self) -> None:
        """Close every connection and handle."""
        self._loop.close()
        for line in self._idle:
            line.easy.close()
        self._idle.clear()
