"""What both engines must bring back, byte for byte, for the same answers on the wire."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import cycle, pairwise
from random import Random

import brotli
import pytest

from citekeeper.demo import Close, Hold, LoopbackWeb, Pause, Request, Reset, Step, World
from citekeeper.model import Ask, Cut, Exchange, FailureKind
from citekeeper.network import ENGINES, Door
from citekeeper.settings import NetworkSettings

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
MAX_HEAD, MAX_BODY, MAX_DECODED = 20_000, 100_000, 150_000
ZIPPED = gzip.compress(b"a page " * 30, mtime=0)
PACKED = brotli.compress(b"a page " * 30)


@dataclass(frozen=True)
class Forever:
    """The same steps again and again."""

    steps: tuple[Step, ...]


def endless(data: bytes) -> Forever:
    return Forever((data,))


def dripping() -> Forever:
    return Forever((b"x", Pause(0.02)))


@dataclass(frozen=True)
class Answered:
    body: bytes
    content: bytes | None = None
    """None: the same as the body."""
    cut: Cut | None = None
    problem: str | None = None
    status: int = 200
    head: bytes | None = None
    """None: what the script sends up to its first blank line."""


@dataclass(frozen=True)
class Cased:
    steps: tuple[Step | Forever, ...]
    expected: Answered | FailureKind


def case(expected: Answered | FailureKind, *steps: Step | Forever) -> Cased:
    return Cased(steps, expected)


def length(size: int) -> bytes:
    return b"Content-Length: %d\r\n\r\n" % size


CASES: dict[str, Cased] = {
    "plain": case(Answered(b"hello"), OK + length(5) + b"hello"),
    "empty": case(Answered(b""), OK + length(0)),
    "chunked": case(
        Answered(b"5;x=y\r\nhello\r\n3\r\nabc\r\n0\r\n\r\n", b"helloabc"), CHUNKED + b"5;x=y\r\nhello\r\n3\r\nabc\r\n0\r\n\r\n"
    ),
    "chunked_in_drops": case(
        Answered(b"5\r\nhello\r\n0\r\n\r\n", b"hello"), CHUNKED, *[bytes([each]) for each in b"5\r\nhello\r\n0\r\n\r\n"]
    ),
    "chunked_with_bare_lf": case(Answered(b"5\nhello\n0\n\n", b"hello"), CHUNKED + b"5\nhello\n0\n\n"),
    "chunked_with_trailers": case(
        Answered(b"5\r\nhello\r\n0\r\nX-T: a\r\nX-U: b\r\n\r\n", b"hello"), CHUNKED + b"5\r\nhello\r\n0\r\nX-T: a\r\nX-U: b\r\n\r\n"
    ),
    "chunked_beside_a_length": case(
        Answered(b"5\r\nhello\r\n0\r\n\r\n", b"hello"),
        OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    ),
    "gzip_as_sent": case(Answered(ZIPPED, b"a page " * 30), OK + b"Content-Encoding: gzip\r\n" + length(len(ZIPPED)) + ZIPPED),
    "brotli": case(Answered(PACKED, b"a page " * 30), OK + b"Content-Encoding: br\r\n" + length(len(PACKED)) + PACKED),
    "gzip_that_is_none": case(Answered(b"plain", problem="bad-gzip"), OK + b"Content-Encoding: gzip\r\n" + length(5) + b"plain"),
    "unknown_coding": case(
        Answered(b"plain", problem="unknown-encoding:rot13"), OK + b"Content-Encoding: rot13\r\n" + length(5) + b"plain"
    ),
    "no_content": case(Answered(b"", status=204), b"HTTP/1.1 204 No Content\r\nA: b\r\n\r\n"),
    "not_modified": case(Answered(b"", status=304), b"HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n"),
    "no_reason": case(Answered(b"hi"), b"HTTP/1.1 200\r\n" + length(2) + b"hi"),
    "bare_lf": case(Answered(b"hi", head=b"HTTP/1.1 200 OK\nContent-Length: 2\n\n"), b"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi"),
    "latin_1_field": case(Answered(b"hi"), OK + b"X: caf\xe9\r\n" + length(2) + b"hi"),
    "repeated_fields": case(Answered(b"hi"), OK + b"Set-Cookie: a=1\r\nset-cookie: b=2\r\n" + length(2) + b"hi"),
    "five_hundred_fields": case(Answered(b""), OK + b"X-A: 1\r\n" * 500 + length(0)),
    "odd_status": case(Answered(b"hi", status=999), b"HTTP/1.1 999 Odd\r\n" + length(2) + b"hi"),
    "interim_answers": case(
        Answered(b"hi", head=OK + length(2)),
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n",
        OK + length(2) + b"hi",
    ),
    "close_delimited": case(Answered(b"hello"), b"HTTP/1.0 200 OK\r\n\r\n", b"hello", Close()),
    "redirect": case(Answered(b"", status=302), b"HTTP/1.1 302 Found\r\nLocation: /plain\r\n" + length(0)),
    "length_too_long": case(Answered(b"hello", cut=Cut.DISCONNECT), OK + length(50) + b"hello", Close()),
    "length_too_short": case(Answered(b"hel"), OK + length(3) + b"hello"),
    "same_length_twice": case(Answered(b"hello"), OK + b"Content-Length: 5\r\n" + length(5) + b"hello"),
    "two_lengths": case(FailureKind.PROTOCOL, OK + b"Content-Length: 3\r\n" + length(5) + b"hello", Close()),
    "negative_length": case(FailureKind.PROTOCOL, OK + b"Content-Length: -5\r\n\r\nhello", Close()),
    "length_beyond_counting": case(Answered(b"hello"), OK + b"Content-Length: 99999999999999999999999\r\n\r\nhello", Close()),
    "chunk_cut": case(Answered(b"5\r\nhel", b"hel", Cut.DISCONNECT), CHUNKED + b"5\r\nhel", Close()),
    "last_chunk_missing": case(Answered(b"5\r\nhello\r\n", b"hello", Cut.DISCONNECT), CHUNKED + b"5\r\nhello\r\n", Close()),
    "chunks_that_are_none": case(
        Answered(b"<p>plain page</p>\n", cut=None, problem="bad-chunking"), CHUNKED + b"<p>plain page</p>\n", Close()
    ),
    "chunk_longer_than_said": case(
        Answered(b"5\r\nhelloworld\r\n0\r\n\r\n", b"hello", problem="bad-chunking"), CHUNKED + b"5\r\nhelloworld\r\n0\r\n\r\n", Close()
    ),
    "reset_in_the_body": case(Answered(b"hello", cut=Cut.DISCONNECT), OK + length(50) + b"hello", Pause(0.1), Reset()),
    "body_over_the_cap": case(Answered(b"x" * MAX_BODY, cut=Cut.LENGTH), OK + length(3 * MAX_BODY) + b"x" * 3 * MAX_BODY),
    "body_exactly_at_the_cap": case(Answered(b"x" * MAX_BODY), OK + length(MAX_BODY) + b"x" * MAX_BODY),
    "endless_body": case(Answered(b"y" * MAX_BODY, cut=Cut.LENGTH), OK + b"\r\n", endless(b"y" * 4096)),
    "bomb": case(
        Answered(bomb := gzip.compress(bytes(5_000_000), mtime=0), bytes(MAX_DECODED), problem="decoded-too-large"),
        OK + b"Content-Encoding: gzip\r\n" + length(len(bomb)) + bomb,
    ),
    "endless_head": case(FailureKind.HEAD_TOO_LARGE, OK, endless(b"X-A: " + b"y" * 100 + b"\r\n")),
    "endless_field": case(FailureKind.HEAD_TOO_LARGE, OK + b"X: ", endless(b"y" * 1000)),
    "endless_interim_answers": case(FailureKind.HEAD_TOO_LARGE, endless(b"HTTP/1.1 100 Continue\r\n\r\n")),
    "dripped_head": case(FailureKind.TIMEOUT, OK + b"X: ", dripping()),
    "dripped_body": case(Answered(b"", cut=Cut.TIME), OK + b"\r\n", Hold()),
    "dripped_length": case(Answered(b"ab", cut=Cut.TIME), OK + length(50), b"a", Pause(0.05), b"b", Hold()),
    "silence": case(FailureKind.TIMEOUT, Hold()),
    "reset": case(FailureKind.RESET, Reset()),
    "closed": case(FailureKind.RESET, Close()),
    "half_a_head": case(FailureKind.RESET, OK + b"Content-Le", Close()),
    "head_without_blank_line": case(FailureKind.RESET, OK + b"Content-Length: 5\r\n", Close()),
    "another_protocol": case(FailureKind.PROTOCOL, b"SSH-2.0-OpenSSH_9.6\r\n", Close()),
    "http_0_9": case(FailureKind.PROTOCOL, b"<html>hello</html>", Close()),
    "status_of_two_digits": case(FailureKind.PROTOCOL, b"HTTP/1.1 20 OK\r\n" + length(2) + b"hi", Close()),
    "status_of_four_digits": case(FailureKind.PROTOCOL, b"HTTP/1.1 2000 OK\r\n" + length(2) + b"hi", Close()),
    "http_2_in_letters": case(FailureKind.PROTOCOL, b"HTTP/2 200 OK\r\n" + length(2) + b"hi", Close()),
    "field_without_colon": case(FailureKind.PROTOCOL, OK + b"garbage\r\n" + length(2) + b"hi", Close()),
    "nul_in_a_field": case(FailureKind.PROTOCOL, OK + b"X: a\0b\r\n" + length(2) + b"hi", Close()),
}
FOLDED = OK + b"X: a\r\n  b\r\n" + length(2)


def played(steps: Iterable[Step | Forever]) -> Iterator[Step]:
    for step in steps:
        if isinstance(step, Forever):
            yield from cycle(step.steps)
        else:
            yield step


def site(request: Request) -> Iterator[Step]:
    name = request.path.removeprefix("/")
    if name == "folded":
        return iter([FOLDED + b"hi"])
    return played(CASES[name].steps if name in CASES else (b"HTTP/1.1 404 Not Found\r\n" + length(0),))


def settings(engine: str, **changes: object) -> NetworkSettings:
    values: dict[str, object] = {
        "engine": engine,
        "timeout": 1.5,
        "connect_timeout": 1.4,
        "host_concurrency": 100,
        "host_request_interval": 0.0,
        "allow_addresses": ("127.0.0.0/8",),
        "max_head_bytes": MAX_HEAD,
        "max_body_bytes": MAX_BODY,
        "max_decoded_bytes": MAX_DECODED,
    }
    return NetworkSettings(**{**values, **changes})  # type: ignore[arg-type]  # names are checked by the dataclass


def runs_into_the_deadline(name: str) -> bool:
    expected = CASES[name].expected
    return expected is FailureKind.TIMEOUT or (isinstance(expected, Answered) and expected.cut is Cut.TIME)


async def _fetch_all(engine: str, port: int) -> dict[str, Exchange]:
    # Only those that are to run into a deadline have a short one, and a time of their own: on a busy machine others would, too.
    late = [name for name in CASES if runs_into_the_deadline(name)]
    others = [*(name for name in CASES if name not in late), "folded"]
    found: dict[str, Exchange] = {}
    async with Door(settings(engine, timeout=30.0, connect_timeout=30.0)) as door:
        for names, timeout in ((others, None), (late, 1.0)):
            asks = [door.fetch(Ask(f"http://127.0.0.1:{port}/{name}", timeout=timeout)) for name in names]
            found.update(zip(names, await asyncio.gather(*asks), strict=True))
    return found


@pytest.fixture(scope="module")
def brought() -> dict[str, dict[str, Exchange]]:
    """What each engine brought back for each case."""
    with LoopbackWeb({"*": site}) as web:
        return {engine: asyncio.run(_fetch_all(engine, web.http_port)) for engine in ENGINES}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", CASES)
def test_an_answer_is_brought_back_as_it_crossed_the_wire(engine: str, name: str, brought: dict[str, dict[str, Exchange]]) -> None:
    expected = CASES[name].expected
    exchange = brought[engine][name]
    assert exchange.url.endswith(f"/{name}")
    if isinstance(expected, FailureKind):
        assert exchange.failure is not None, exchange.response
        assert exchange.failure.kind is expected
        assert exchange.failure.message
        return
    response = exchange.response
    assert response is not None, exchange.failure
    sent = b"".join(step for step in CASES[name].steps if isinstance(step, bytes))
    assert response.head == (sent[: sent.index(b"\r\n\r\n") + 4] if expected.head is None else expected.head)
    assert (response.status, response.body, response.cut, response.problem) == (
        expected.status,
        expected.body,
        expected.cut,
        expected.problem,
    )
    assert response.content == (expected.body if expected.content is None else expected.content)
    assert exchange.ip == "127.0.0.1"


@pytest.mark.parametrize("name", CASES)
def test_both_engines_send_and_bring_back_the_same_bytes(name: str, brought: dict[str, dict[str, Exchange]]) -> None:
    one, other = (brought[engine][name] for engine in ("curl", "requests"))
    assert one.request.partition(b"Host: ")[2].partition(b"\r\n")[2] == other.request.partition(b"Host: ")[2].partition(b"\r\n")[2]
    if one.response is not None and other.response is not None:
        assert one.response == other.response
    else:
        assert one.failure is not None
        assert other.failure is not None
        assert one.failure.kind is other.failure.kind


def test_a_folded_field_means_the_same_though_libcurl_unfolds_it(brought: dict[str, dict[str, Exchange]]) -> None:
    curl, portable = brought["curl"]["folded"].response, brought["requests"]["folded"].response
    assert curl is not None
    assert portable is not None
    assert curl.headers == portable.headers == (("X", "a b"), ("Content-Length", "2"))
    assert portable.head == FOLDED
    assert curl.head == FOLDED.replace(b"\r\n  b", b" b")


@pytest.mark.parametrize("engine", ENGINES)
def test_the_request_kept_is_the_request_sent(engine: str) -> None:
    async def run(port: int) -> Exchange:
        async with Door(settings(engine)) as door:
            return await door.fetch(Ask(f"http://127.0.0.1:{port}/%7Ea/../b%e9[]?q='x y'&z=%zz#part", headers=(("X-Own", "1"),)))

    with LoopbackWeb({"*": site}) as web:
        exchange = asyncio.run(run(web.http_port))
        sent = web.log.snapshot()[0].raw
    assert exchange.request == sent
    assert sent.startswith(b"GET /%7Ea/../b%e9[]?q='x%20y'&z=%zz HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"\r\nX-Own: 1\r\n" in sent
    assert b"Accept-Encoding: gzip\r\n" in sent
    assert exchange.url.endswith("#part")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT"])
def test_other_methods_and_bodies_go_out_as_asked(engine: str, method: str) -> None:
    body = b"" if method == "HEAD" else b"a=1&b=2"

    async def run(port: int) -> Exchange:
        async with Door(settings(engine)) as door:
            return await door.fetch(Ask(f"http://127.0.0.1:{port}/plain", method=method, headers=(("Content-Type", "text/x"),), body=body))

    def answering(_request: Request) -> list[Step]:
        return [OK + length(5) + (b"" if method == "HEAD" else b"hello")]

    with LoopbackWeb({"*": answering}) as web:
        exchange = asyncio.run(run(web.http_port))
        seen = web.log.snapshot()[0]
    assert exchange.response is not None, exchange.failure
    assert exchange.response.body == (b"" if method == "HEAD" else b"hello")
    assert (seen.method, seen.body) == (method, body)
    assert exchange.request == seen.raw + body


@pytest.mark.parametrize("engine", ENGINES)
def test_a_request_leaves_no_trace_in_the_next_one(engine: str) -> None:
    asks = [
        ("GET", b""),
        ("HEAD", b""),
        ("GET", b""),
        ("POST", b"a=1"),
        ("GET", b""),
        ("PUT", b"long" * 300_000),
        ("POST", b""),
        ("GET", b""),
    ]

    def echoing(request: Request) -> list[Step]:
        said = f"{request.method} {len(request.body)}".encode()
        return [OK + length(len(said)) + (b"" if request.method == "HEAD" else said)]

    async def run(port: int) -> list[Exchange]:
        async with Door(settings(engine)) as door:
            url = f"http://127.0.0.1:{port}/"
            return [await door.fetch(Ask(url, method=method, body=body)) for method, body in asks]

    with LoopbackWeb({"*": echoing}) as web:
        found = asyncio.run(run(web.http_port))
        sent = [request.raw + request.body for request in web.log]
        assert web.connections == 1
    for (method, body), exchange, raw in zip(asks, found, sent, strict=True):
        assert exchange.response is not None, exchange.failure
        assert exchange.response.body == (b"" if method == "HEAD" else b"%b %d" % (method.encode(), len(body)))
        assert exchange.request == raw
    assert not any(b"Expect:" in raw or b"Content-Type:" in raw for raw in sent)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_connection_is_kept_and_used_again(engine: str) -> None:
    async def run(port: int) -> list[Exchange]:
        async with Door(settings(engine)) as door:
            names = ("plain", "chunked", "no_content", "redirect", "plain")
            return [await door.fetch(Ask(f"http://127.0.0.1:{port}/{name}")) for name in names]

    with LoopbackWeb({"*": site}) as web:
        found = asyncio.run(run(web.http_port))
        assert [each.response is not None for each in found] == [True] * 5
        assert web.connections == 1


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kept", [1, 8])
def test_kept_connections_that_the_server_closed_are_no_failure(engine: str, kept: int) -> None:
    """libcurl gives up after five of them; a server whose keep-alive time runs out leaves any number."""

    def closing(request: Request) -> Iterator[Step]:
        first_here = request.connection not in seen
        seen.add(request.connection)
        if first_here:
            # Long enough for all of them to be under way at once, on connections of their own.
            yield Pause(0.2)
        yield OK + length(5) + b"hello" if first_here else Reset()

    async def run(port: int) -> Exchange:
        async with Door(settings(engine)) as door:
            await asyncio.gather(*(door.fetch(Ask(f"http://127.0.0.1:{port}/{n}")) for n in range(kept)))
            return await door.fetch(Ask(f"http://127.0.0.1:{port}/again"))

    seen: set[int] = set()
    with LoopbackWeb({"*": closing}) as web:
        exchange = asyncio.run(run(web.http_port))
    assert exchange.response is not None, exchange.failure
    assert exchange.response.body == b"hello"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_refused_connection_is_told_from_silence(engine: str) -> None:
    async def run() -> Exchange:
        async with Door(settings(engine)) as door:
            return await door.fetch(Ask("http://127.0.0.1:1/"))

    failure = asyncio.run(run()).failure
    assert failure is not None
    assert failure.kind is FailureKind.REFUSED


@pytest.mark.parametrize("engine", ENGINES)
def test_a_cancelled_fetch_leaves_the_door_usable(engine: str) -> None:
    async def run() -> Exchange:
        loop, arrived = asyncio.get_running_loop(), asyncio.Event()

        def holding(request: Request) -> Iterator[Step]:
            loop.call_soon_threadsafe(arrived.set)
            return site(request)

        with LoopbackWeb({"*": holding}) as web:
            async with Door(settings(engine, timeout=30.0)) as door:
                waiting = asyncio.create_task(door.fetch(Ask(f"http://127.0.0.1:{web.http_port}/silence")))
                await arrived.wait()
                waiting.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await waiting
                return await door.fetch(Ask(f"http://127.0.0.1:{web.http_port}/plain"))

    exchange = asyncio.run(run())
    assert exchange.response is not None
    assert exchange.response.body == b"hello"


@pytest.mark.parametrize("engine", ENGINES)
def test_secrets_go_out_and_are_not_kept(engine: str) -> None:
    async def run(port: int) -> Exchange:
        async with Door(settings(engine, headers=("X-Api-Key: swordfish",))) as door:
            secrets = (("Authorization", "Bearer swordfish"), ("Cookie", "id=swordfish"))
            return await door.fetch(Ask(f"http://user:swordfish@127.0.0.1:{port}/plain", headers=secrets))

    with LoopbackWeb({"*": site}) as web:
        exchange = asyncio.run(run(web.http_port))
        sent = web.log.snapshot()[0].raw
    assert sent.count(b"swordfish") == 3
    assert b"swordfish" not in exchange.request
    assert "swordfish" not in exchange.url
    kept = [line for line in sent.split(b"\r\n") if b"swordfish" not in line]
    assert exchange.request == b"\r\n".join(kept)


def sound_answer(random: Random) -> tuple[bytes, ...]:
    """An answer that is well formed, in any of the ways that there are, cut into packets anywhere."""
    body = random.choice([b"", b"hello", b"0\r\n\r\n", b"\r\n" * 9, random.randbytes(random.randrange(3000))])
    content = gzip.compress(body, mtime=0) if random.random() < 0.3 else body
    fields = [b"Content-Encoding: gzip"] if content is not body else []
    fields += random.sample([b"X-A: b", b"x-a:b", b"X-Empty:", b"Set-Cookie: a=b", b"Set-Cookie: c=\xe9", b"Connection: keep-alive"], 3)
    match random.randrange(3):
        case 0:
            fields.append(b"Content-Length: %d" % len(content))
            framed = content
        case 1:
            fields.append(b"Transfer-Encoding: chunked")
            sizes = [random.randrange(1, 900) for _ in content]
            framed = chunks_of(content, sizes) + b"0\r\n" + random.choice([b"", b"X-T: 1\r\n"]) + b"\r\n"
        case _:
            fields.append(b"Connection: close")
            framed = content
    random.shuffle(fields)
    interim = random.choice([b"", b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"])
    wire = interim + b"HTTP/1.1 200 OK\r\n" + b"\r\n".join([*fields, b"", framed])
    cuts = sorted({0, len(wire), *(random.randrange(len(wire)) for _ in range(random.randrange(6)))})
    return tuple(wire[start:end] for start, end in pairwise(cuts))


def chunks_of(content: bytes, sizes: list[int]) -> bytes:
    parts, at = [], 0
    for size in sizes:
        if at < len(content):
            part = content[at : at + size]
            parts.append(b"%X\r\n%b\r\n" % (len(part), part))
            at += size
    return b"".join(parts)


@pytest.mark.parametrize("is_secure", [False, True], ids=["http", "https"])
def test_any_sound_answer_in_any_packets_is_the_same_from_both_engines(is_secure: bool) -> None:
    random = Random(20201113)
    answers = [sound_answer(random) for _ in range(150)]

    def numbered(request: Request) -> Iterator[Step]:
        for packet in answers[int(request.path[1:])]:
            yield packet
            yield Pause(0)
        yield Close()

    async def run(engine: str) -> list[Exchange]:
        async with Door(settings(engine, timeout=10.0, connect_timeout=10.0, host_concurrency=8, **where)) as door:
            base = f"{'https' if is_secure else 'http'}://sound.example"
            return list(await asyncio.gather(*(door.fetch(Ask(f"{base}/{number}")) for number in range(len(answers)))))

    with World(sites={"sound.example": numbered}, scenes=()) as world:
        overrides = world.settings_overrides()
        where = {name: overrides[f"network.{name}"] for name in ("dns", "connect_to", "ca_file")}
        one, other = (asyncio.run(run(engine)) for engine in ("curl", "requests"))
    for steps, mine, yours in zip(answers, one, other, strict=True):
        assert mine.response == yours.response, (steps, mine.failure, yours.failure)
        assert mine.response is not None, mine.failure
        assert (mine.response.cut, mine.response.problem) == (None, None)
        wire = b"".join(steps)
        assert wire.endswith(mine.response.head + mine.response.body)
