"""The loopback web: one thread, real sockets on 127.0.0.1, every host answered by its own script."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
import time
from collections import Counter
from collections.abc import Coroutine, Iterator, Mapping
from types import TracebackType
from typing import Any, Self, assert_never

from citekeeper.demo.tls import Certificates
from citekeeper.demo.wire import Close, Hold, Pause, Request, RequestLog, Reset, Sent, Site, Step, answer
from citekeeper.http1 import parse_fields

_HEAD_LIMIT = 256 * 1024
_BODY_LIMIT = 16 * 1024 * 1024

_GONE = (ConnectionError, ssl.SSLError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError)
"""How a client, or a handshake that it refused, ends a conversation: part of ordinary life on a web."""


_HANDSHAKE_FAILURE = b"\x15\x03\x03\x00\x02\x02\x28"
"""A fatal alert, in the clear (RFC 8446, 6)."""


class LoopbackWeb:
    """A web server on two ephemeral ports of 127.0.0.1, http and, with certificates, https.

    `sites` maps a host to its script; "*.parked.example" answers every name below, "*" every other name. The mapping is
    read at each request, so a test may change it. An error in a script is raised again when the web is left.
    """

    def __init__(self, sites: Mapping[str, Site], *, certificates: Certificates | None = None) -> None:
        self.sites = dict(sites)
        self.log = RequestLog()
        self.connections = 0
        """Connections accepted so far, TLS handshakes that failed included."""
        self.http_port = 0
        self.https_port = 0
        self._certificates = certificates
        self._seen: Counter[tuple[str, str]] = Counter()
        self._active: Counter[str] = Counter()
        self._broken: list[BaseException] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="loopback-web", daemon=True)

    def __enter__(self) -> Self:
        self._listeners: list[tuple[socket.socket, ssl.SSLContext | None]] = [(_listen(), None)]
        if self._certificates is not None:
            self._listeners.append((_listen(), self._certificates.context))
            self.https_port = self._listeners[1][0].getsockname()[1]
        self.http_port = self._listeners[0][0].getsockname()[1]
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._loop is not None
        assert self._stop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        if self._broken and error is None:
            raise self._broken[0]

    def site(self, host: str) -> Site:
        """The script that answers for `host`."""
        _, _, parent = host.partition(".")
        return self.sites.get(host) or self.sites.get(f"*.{parent}") or self.sites.get("*") or _misdirected

    def _run(self) -> None:
        try:
            # Windows' own default loop cannot watch a listening socket for readers.
            with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
                runner.run(self._serve())
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        for listener, context in self._listeners:
            self._loop.add_reader(listener, self._accept, listener, context)
        self._ready.set()
        await self._stop.wait()
        for listener, _ in self._listeners:
            self._loop.remove_reader(listener)
            listener.close()
        # A conversation accepted in this very turn must begin, or nobody would own its socket.
        await asyncio.sleep(0)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        # Aborted transports close their sockets in the loop's next turns.
        for _ in range(3):
            await asyncio.sleep(0)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._broken.append(error)

    def _accept(self, listener: socket.socket, context: ssl.SSLContext | None) -> None:
        with contextlib.suppress(BlockingIOError, ConnectionError):
            client, _ = listener.accept()
            client.setblocking(False)
            self.connections += 1
            self._start(self._converse(client, context, self.connections))

    async def _converse(self, client: socket.socket, context: ssl.SSLContext | None, number: int) -> None:
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=_HEAD_LIMIT)
        protocol = asyncio.StreamReaderProtocol(reader)
        with contextlib.suppress(*_GONE):
            with _alerts(client) if context else contextlib.nullcontext():
                transport, _ = await loop.connect_accepted_socket(lambda: protocol, client, ssl=context)
            writer = asyncio.StreamWriter(transport, protocol, reader, loop)
            try:
                while await self._exchange(reader, writer, number):
                    pass
                writer.close()
                await writer.wait_closed()
            finally:
                transport.abort()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> bool:
        """Answer one request; True when the connection may carry another."""
        request = await self._read(reader, writer, number)
        if request is None:
            return False
        self.log.add(request)
        sent = Sent(request.method)
        try:
            for step in self.site(request.host)(request):
                if not await _take(step, reader, writer, sent):
                    return False
        finally:
            self._active[request.host] -= 1
        wants_close = (request.header("Connection") or "").lower() == "close" or b"HTTP/1.0" in request.raw.partition(b"\r\n")[0]
        return sent.is_whole() and not wants_close

    async def _read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> Request | None:
        raw = await reader.readuntil(b"\r\n\r\n")
        line, _, rest = raw.partition(b"\r\n")
        words = line.decode("latin-1").split(" ")
        if len(words) != 3:
            return None
        headers = parse_fields(rest)
        lengths = [value for name, value in headers if name.lower() == "content-length" and value.isdigit()]
        body = await reader.readexactly(min(int(lengths[0]), _BODY_LIMIT)) if lengths else b""
        secured = writer.get_extra_info("ssl_object")
        sni = self._certificates.name_of(secured) if self._certificates and secured else None
        host = _host(words[1], headers, sni)
        self._active[host] += 1
        self._seen[host, words[1]] += 1
        return Request(
            host=host,
            method=words[0],
            target=words[1],
            headers=headers,
            body=body,
            at=time.monotonic(),
            tls=secured is not None,
            sni=sni,
            connection=number,
            nth=self._seen[host, words[1]] - 1,
            active=self._active[host],
            raw=raw,
        )


async def _take(step: Step, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: Sent) -> bool:
    """Do one step of a script; False when it ended the connection."""
    match step:
        case bytes():
            writer.write(step)
            sent.add(step)
            await writer.drain()
            return True
        case Pause():
            await asyncio.sleep(step.seconds)
            return True
        case Hold():
            while await reader.read(65536):
                pass
            return False
        case Reset():
            # Lingering for no time makes the kernel send RST instead of FIN.
            # A client that went first has closed it already.
            with contextlib.suppress(OSError):
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            return False
        case Close():
            return False
        case _:
            assert_never(step)


@contextlib.contextmanager
def _alerts(client: socket.socket) -> Iterator[None]:
    """Send the alert of a handshake that our certificates refused: asyncio drops the connection before it goes out."""
    with client.dup() as spare:
        try:
            yield
        except ssl.SSLError as error:
            if error.reason == "CALLBACK_FAILED":
                spare.send(_HANDSHAKE_FAILURE)
            raise


def _listen() -> socket.socket:
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    listener.setblocking(False)
    return listener


def _host(target: str, headers: tuple[tuple[str, str], ...], sni: str | None) -> str:
    named = next((value for name, value in headers if name.lower() == "host"), "")
    authority = target.partition("://")[2].partition("/")[0] if "://" in target[:8] else named
    host = authority.rpartition("@")[2].lower()
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host) or sni or ""


def _misdirected(request: Request) -> list[Step]:
    """No such host on this web (RFC 9110, 15.5.20)."""
    return [answer(421, "Misdirected Request", {"Content-Type": "text/plain"}, f"no site for {request.host!r}\n")]
