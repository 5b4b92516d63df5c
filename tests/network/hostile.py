"""Servers that mean harm or are broken, each with what a visit to it must come to."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import cycle

import brotli
import zstandard

from citekeeper.demo import Close, Hold, Pause, Request, Reset, Step, World, answer
from citekeeper.demo.dns import DnsAnswer
from citekeeper.demo.wire import Site
from citekeeper.model import Cut, FailureKind, Stop, TlsFault

MAX_HEAD, MAX_BODY, MAX_DECODED, MAX_REDIRECTS = 128 * 1024, 2_400_000, 3_000_000, 6
PIECE, PIECES = 16 * 1024 * 1024, 64
"""Bombs are 1 GiB: 64 times 16 MiB."""

OK = b"HTTP/1.1 200 OK\r\n"
ENDED = b"Content-Length: 0\r\n\r\n"


@dataclass(frozen=True)
class End:
    """How a visit ends."""

    stop: Stop = Stop.ANSWER
    failure: FailureKind | None = None
    cut: Cut | tuple[Cut, ...] | None = None
    """Several where the engines differ in how long they put up with nonsense, or in how fast they read it."""
    problem: str | None = None
    hops: int | None = None


@dataclass(frozen=True)
class Trap:
    end: End
    site: Site | None = None
    """None: there is no such server, or only an address."""
    url: str = ""
    """Empty: http://NAME.example/."""
    dns: DnsAnswer | None = None
    tls: TlsFault | None = None


def fails(kind: FailureKind) -> End:
    return End(Stop.FAILURE, kind)


def says(*steps: Step) -> Site:
    return lambda _request: steps


def repeats(*steps: Step, first: bytes = b"") -> Site:
    def site(_request: Request) -> Iterator[Step]:
        yield first
        yield from cycle(steps)

    return site


def leads(location: bytes) -> Site:
    """A redirect; the server answers no second time."""
    return says(b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\n" + ENDED)


def wanders(request: Request) -> list[Step]:
    """To a new place each time."""
    return [answer(302, "Found", {"Location": f"/{len(request.target)}{'x' * len(request.target)}"})]


def to_and_fro(request: Request) -> list[Step]:
    return [answer(301, "Moved", {"Location": "/a" if request.path == "/b" else "/b"})]


# ── bombs ─────────────────────────────────────────────────────────────────────────────────────


def _gzip_bomb() -> bytes:
    return gzip.compress(bytes(PIECE), mtime=0) * PIECES


def _deflate_bomb() -> bytes:
    made = zlib.compressobj()
    first = made.compress(bytes(PIECE)) + made.flush(zlib.Z_FULL_FLUSH)
    again = made.compress(bytes(PIECE)) + made.flush(zlib.Z_FULL_FLUSH)
    return first + again * (PIECES - 1)


def _brotli_bomb() -> bytes:
    made = brotli.Compressor(quality=1)
    return b"".join([*(made.process(bytes(PIECE)) for _ in range(PIECES)), made.finish()])


def _zstd_bomb() -> bytes:
    frame: bytes = zstandard.ZstdCompressor(level=1).compress(bytes(PIECE))
    return frame * PIECES


def _nested_bomb() -> bytes:
    return gzip.compress(gzip.compress(_gzip_bomb(), mtime=0), mtime=0)


BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "gzip-bomb": ("gzip", _gzip_bomb),
    "deflate-bomb": ("deflate", _deflate_bomb),
    "brotli-bomb": ("br", _brotli_bomb),
    "zstd-bomb": ("zstd", _zstd_bomb),
    "nested-bomb": ("gzip, gzip, gzip", _nested_bomb),
}


def bombs(name: str) -> Site:
    coding, make = BOMBS[name]
    made = lru_cache(make)
    READY.append(made)

    def site(_request: Request) -> list[Step]:
        return [answer(headers={"Content-Encoding": coding, "Content-Type": "text/html"}, body=made())]

    return site


READY: list[Callable[[], bytes]] = []
"""Makes each bomb; called before the server has to answer."""


# ── all of them ───────────────────────────────────────────────────────────────────────────────

INSIDE = "10.0.0.1"
HIDDEN = {
    "plain": INSIDE,
    "decimal": "167772161",
    "octal": "012.0.0.01",
    "hex": "0xa.0x0.0x0.0x1",
    "one-hex": "0x0a000001",
    "short": "10.1",
    "mixed": "0xA.0.1",
    "fullwidth": "１０.0.0.1",
    "ideographic-dots": "10。0。0。1",
    "percent-encoded": "%31%30.0.0.1",
    "trailing-dot": "10.0.0.1.",
    "mapped": "[::ffff:10.0.0.1]",
    "mapped-hex": "[::ffff:a00:1]",
    "compatible": "[::10.0.0.1]",
    "nat64": "[64:ff9b::10.0.0.1]",
    "6to4": "[2002:a00:1::]",
    "loopback-v6": "[::1]",
    "zone": "[fe80::1%25lo]",
    "metadata": "169.254.169.254",
    "nothing": "0",
    "user": f"good.example@{INSIDE}",
    "user-and-port": f"good.example:80@{INSIDE}:80",
    "two-users": f"good.example@good.example@{INSIDE}",
    "backslash": f"{INSIDE}\\@good.example",
    "inner-name": "inner.example",
    "half-inner-name": "half-inner.example",
    "mapped-name": "mapped.example",
}
"""Ways of writing an address inside, as a host."""

ELSEWHERE = {
    "file": b"file:///etc/passwd",
    "gopher": b"gopher://good.example/x",
    "javascript": b"javascript:alert(1)",
    "data": b"data:text/html,hello",
    "ftp": b"ftp://good.example/x",
    "dict": b"dict://good.example:2628/x",
    "nothing": b"",
    "no-host": b"http://",
    "bad-port": b"http://good.example:99999/",
    "too-long": b"/" + b"x" * 70_000,
}
CORES = ("http://%s/", "//%s/", "http:\\\\%s/")

TRAPS: dict[str, Trap] = {
    "header-drip": Trap(fails(FailureKind.TIMEOUT), repeats(b"x", Pause(0.05), first=OK + b"X: ")),
    "body-drip": Trap(End(cut=Cut.TIME), repeats(b"x", Pause(0.05), first=OK + b"Content-Length: 50000\r\n\r\n")),
    "chunk-drip": Trap(End(cut=Cut.TIME), repeats(b"1\r\nx\r\n", Pause(0.05), first=OK + b"Transfer-Encoding: chunked\r\n\r\n")),
    "silence": Trap(fails(FailureKind.TIMEOUT), says(Hold())),
    "endless-body": Trap(End(cut=Cut.LENGTH), repeats(b"y" * 65536, first=OK + b"\r\n")),
    "endless-chunks": Trap(
        End(cut=(Cut.LENGTH, Cut.TIME)), repeats(b"1\r\nx\r\n" * 10_000, first=OK + b"Transfer-Encoding: chunked\r\n\r\n")
    ),
    "endless-chunk-line": Trap(
        End(cut=(Cut.LENGTH, Cut.DISCONNECT)), repeats(b"f" * 65536, first=OK + b"Transfer-Encoding: chunked\r\n\r\n5;")
    ),
    "endless-trailers": Trap(End(cut=Cut.LENGTH), repeats(b"X-T: y\r\n" * 10_000, first=OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n")),
    "endless-headers": Trap(fails(FailureKind.HEAD_TOO_LARGE), repeats(b"X-A: " + b"y" * 1000 + b"\r\n", first=OK)),
    "endless-header": Trap(fails(FailureKind.HEAD_TOO_LARGE), repeats(b"y" * 65536, first=OK + b"X: ")),
    "endless-status-line": Trap(fails(FailureKind.HEAD_TOO_LARGE), repeats(b"y" * 65536, first=b"HTTP/1.1 200 ")),
    "early-hints-flood": Trap(fails(FailureKind.HEAD_TOO_LARGE), repeats(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")),
    "continue-flood": Trap(fails(FailureKind.HEAD_TOO_LARGE), repeats(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)),
    **{name: Trap(End(problem="decoded-too-large"), bombs(name)) for name in BOMBS},
    "too-many-codings": Trap(
        End(problem="unknown-encoding:gzip,gzip,gzip,gzip"), says(answer(headers={"Content-Encoding": "gzip, gzip, gzip, gzip"}, body="x"))
    ),
    "length-too-long": Trap(End(cut=Cut.DISCONNECT), says(OK + b"Content-Length: 500\r\n\r\nhello", Close())),
    "two-lengths": Trap(fails(FailureKind.PROTOCOL), says(OK + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nhello", Close())),
    "length-in-words": Trap(fails(FailureKind.PROTOCOL), says(OK + b"Content-Length: five\r\n\r\nhello", Close())),
    "chunks-truncated": Trap(End(cut=Cut.DISCONNECT), says(OK + b"Transfer-Encoding: chunked\r\n\r\n50\r\nhello", Close())),
    "chunk-of-all-the-world": Trap(
        End(cut=Cut.DISCONNECT), says(OK + b"Transfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nhello", Close())
    ),
    "chunks-of-nonsense": Trap(
        End(problem="bad-chunking"), says(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhelloXX\r\n0\r\n\r\n", Close())
    ),
    "http-0-9": Trap(fails(FailureKind.PROTOCOL), says(b"<html>hello</html>", Close())),
    "garbage": Trap(fails(FailureKind.PROTOCOL), says(bytes(range(256)) * 50, Close())),
    "zeros": Trap(fails(FailureKind.PROTOCOL), says(bytes(100_000), Close())),
    "loop": Trap(End(Stop.LOOP, hops=1), leads(b"/")),
    "loop-of-two": Trap(End(Stop.LOOP, hops=3), to_and_fro),
    "chain": Trap(End(Stop.TOO_MANY_HOPS, hops=MAX_REDIRECTS + 1), wanders),
    **{f"to-{name}": Trap(End(Stop.BAD_LOCATION, hops=1), leads(location)) for name, location in ELSEWHERE.items()},
    **{
        f"to-inside-{name}": Trap(End(Stop.FAILURE, FailureKind.FORBIDDEN_ADDRESS, hops=2), leads((CORES[at % 3] % host).encode("utf-8")))
        for at, (name, host) in enumerate(HIDDEN.items())
    },
    **{f"inside-{name}": Trap(fails(FailureKind.FORBIDDEN_ADDRESS), url=f"http://{host}/") for name, host in HIDDEN.items()},
    "inner": Trap(fails(FailureKind.FORBIDDEN_ADDRESS), dns=(INSIDE,)),
    "half-inner": Trap(fails(FailureKind.FORBIDDEN_ADDRESS), dns=("127.0.0.1", INSIDE)),
    "mapped": Trap(fails(FailureKind.FORBIDDEN_ADDRESS), dns=("::ffff:10.0.0.1",)),
    "homograph": Trap(fails(FailureKind.NXDOMAIN), url="http://gооd.example/"),
    "closed-at-once": Trap(fails(FailureKind.RESET), says(Close())),
    "reset-at-once": Trap(fails(FailureKind.RESET), says(Reset())),
    "closed-in-the-status-line": Trap(fails(FailureKind.RESET), says(b"HTTP/1.1 20", Close())),
    "closed-in-the-head": Trap(fails(FailureKind.RESET), says(OK + b"Content-Ty", Close())),
    "closed-before-the-blank-line": Trap(fails(FailureKind.RESET), says(OK + b"A: b\r\n", Close())),
    "reset-in-the-body": Trap(End(cut=Cut.DISCONNECT), says(OK + b"Content-Length: 50\r\n\r\nhello", Pause(0.05), Reset())),
    **{
        f"tls-{fault.value}": Trap(fails(FailureKind.TLS), says(answer()), url=f"https://tls-{fault.value}.example/", tls=fault)
        for fault in TlsFault
        if fault is not TlsFault.OTHER
    },
    "latin-1-everywhere": Trap(
        End(), says(b"HTTP/1.1 200 Tr\xe8s bien\r\nX-\xe9: \xff\r\nSet-Cookie: \xfe=\xfd\r\nContent-Length: 4\r\n\r\n\xff\xfe\x00\xd8")
    ),
    "latin-1-location": Trap(End(Stop.LOOP, hops=2), leads(b"/caf\xe9")),
    "cookies-without-end": Trap(
        End(Stop.LOOP), says(b"HTTP/1.1 302 Found\r\nLocation: /\r\n" + b"Set-Cookie: a=" + b"b" * 3000 + b"\r\n" + ENDED)
    ),
    "nested": Trap(End(), says(answer(headers={"Content-Type": "text/html"}, body=b"<div>" * 400_000))),
    "nested-formatting": Trap(End(), says(answer(headers={"Content-Type": "text/html"}, body=b"<b><i><font>" * 130_000))),
}


def url_of(name: str) -> str:
    return TRAPS[name].url or f"http://{name}.example/"


def good_page(_request: Request) -> list[Step]:
    text = "The harbour lay quiet that winter, and the ferry came twice a day with the mail. " * 20
    return [answer(headers={"Content-Type": "text/html"}, body=f"<title>Harbour</title><h1>Harbour</h1><p>{text}</p>")]


def is_late(name: str) -> bool:
    """Whether the visit is to run into its deadline."""
    end = TRAPS[name].end
    return end.failure is FailureKind.TIMEOUT or end.cut is Cut.TIME


def hostile_world() -> World:
    for make in READY:
        make()
    sites = {f"{name}.example": trap.site for name, trap in TRAPS.items() if trap.site is not None}
    dns = {f"{name}.example": trap.dns for name, trap in TRAPS.items() if trap.dns is not None}
    tls = {f"{name}.example": trap.tls for name, trap in TRAPS.items() if trap.tls is not None}
    return World(sites={**sites, "good.example": good_page}, dns=dns, tls=tls, scenes=())
