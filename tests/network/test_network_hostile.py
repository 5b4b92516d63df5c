"""Every hostile server ends as an outcome with a reason; the others are visited all the same; nothing inside is connected to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hostile import MAX_BODY, MAX_DECODED, MAX_HEAD, MAX_REDIRECTS, TRAPS, hostile_world, is_late, url_of

from citekeeper import pipeline
from citekeeper.config import configure
from citekeeper.demo import Request, Step, World, answer
from citekeeper.model import Ask, Audit, Exchange, State, Visit
from citekeeper.network import ENGINES, Door, SystemClock, visit, visit_all
from citekeeper.settings import NetworkSettings

LATE, PATIENT = 1.0, 30.0
"""Seconds: only what is to run into its deadline has a short one; on a busy machine the others would, too."""


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with hostile_world() as made:
        yield made


def settings(world: World, engine: str) -> NetworkSettings:
    prefix = "network."
    values = {key.removeprefix(prefix): value for key, value in world.settings_overrides().items() if key.startswith(prefix)}
    values |= {
        "engine": engine,
        "max_retries": 0,
        "timeout": PATIENT,
        "connect_timeout": PATIENT,
        "max_head_bytes": MAX_HEAD,
        "max_body_bytes": MAX_BODY,
        "max_decoded_bytes": MAX_DECODED,
        "max_redirects": MAX_REDIRECTS,
        "max_concurrency": 8,
        "host_request_interval": 0.0,
    }
    return NetworkSettings(**values)  # type: ignore[arg-type]  # names are checked by the dataclass


async def visit_them(world: World, engine: str) -> dict[str, Visit]:
    chosen = settings(world, engine)
    async with Door(chosen) as door:

        async def one(url: str) -> Visit:
            async def fetch(ask: Ask) -> Exchange:
                return await door.fetch(replace(ask, timeout=LATE) if url in late else ask)

            return await visit(url, fetch, max_redirects=MAX_REDIRECTS)

        late = {url_of(name) for name in TRAPS if is_late(name)}

        urls = [*map(url_of, TRAPS), "http://good.example/"]
        return {seen.target: seen async for seen in visit_all(urls, one, settings=chosen, clock=SystemClock())}


@pytest.fixture(scope="module")
def visits(world: World) -> dict[str, dict[str, Visit]]:
    return {engine: asyncio.run(visit_them(world, engine)) for engine in ENGINES}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", TRAPS)
def test_a_hostile_server_ends_as_an_outcome_with_a_reason(name: str, engine: str, visits: dict[str, dict[str, Visit]]) -> None:
    found, end = visits[engine][url_of(name)], TRAPS[name].end
    failure, response = found.last.failure, found.last.response
    assert (found.stop, failure and failure.kind) == (end.stop, end.failure), failure
    assert failure is None or failure.message
    assert end.hops in (None, len(found.exchanges))
    if response is not None:
        assert response.cut in end.cut if isinstance(end.cut, tuple) else response.cut is end.cut
        assert response.problem == end.problem


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", TRAPS)
def test_its_time_and_its_bytes_are_bounded(name: str, engine: str, visits: dict[str, dict[str, Visit]]) -> None:
    for exchange in visits[engine][url_of(name)].exchanges:
        # The deadline, and what a busy machine may take to notice that it is over.
        assert exchange.elapsed < (LATE if is_late(name) else PATIENT) + 15
        if exchange.response is not None:
            assert len(exchange.response.head) <= MAX_HEAD
            assert len(exchange.response.body) <= MAX_BODY
            assert len(exchange.response.content) <= MAX_DECODED or exchange.response.problem is None


@pytest.mark.parametrize("engine", ENGINES)
def test_a_good_page_among_them_is_read_all_the_same(engine: str, visits: dict[str, dict[str, Visit]]) -> None:
    response = visits[engine]["http://good.example/"].last.response
    assert response is not None
    assert b"Harbour" in response.content


@pytest.mark.parametrize("engine", ENGINES)
def test_only_this_machine_was_connected_to(engine: str, visits: dict[str, dict[str, Visit]]) -> None:
    addresses = {exchange.ip for each in visits[engine].values() for exchange in each.exchanges}
    assert addresses <= {None, "127.0.0.1"}


def test_no_socket_is_ever_opened_to_an_address_inside(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the engine whose sockets are Python's, so that each connection can be seen."""
    tried: list[str] = []
    connect = socket.socket.connect

    def seen(self: socket.socket, address: tuple[str, int]) -> None:
        tried.append(address[0])
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", seen)
    inside = [url_of(name) for name in TRAPS if "inside" in name or "inner" in name]

    async def run() -> None:
        chosen = settings(world, "requests")
        async with Door(chosen) as door:
            for url in inside:
                await visit(url, door.fetch)

    asyncio.run(run())
    assert set(tried) == {"127.0.0.1"}


@pytest.mark.parametrize("engine", ENGINES)
def test_an_answer_that_nobody_asked_for_is_not_given_to_the_next_request(engine: str, world: World) -> None:
    def smuggling(request: Request) -> list[Step]:
        return [answer(body=f"for {request.path}") + answer(body="smuggled")]

    async def run() -> list[bytes]:
        async with Door(settings(world, engine)) as door:
            found = [await visit(f"http://smuggling.example/{n}", door.fetch) for n in range(4)]
        return [each.last.response.body if each.last.response else b"" for each in found]

    world.web.sites["smuggling.example"] = smuggling
    world.dns.zone["smuggling.example"] = ("127.0.0.1",)
    assert asyncio.run(run()) == [b"for /%d" % n for n in range(4)]


def flags(world: World, archive: Path) -> dict[str, object]:
    return {
        **world.settings_overrides(),
        "archive": str(archive),
        "archives.use": (),
        "network.timeout": 3.0,
        # Few at once: the servers live in this process, and the good page's has to get its turn within its deadline.
        "network.max_concurrency": 16,
        "network.max_retries": 0,
        "network.max_head_bytes": MAX_HEAD,
        "network.max_body_bytes": MAX_BODY,
        "network.max_decoded_bytes": MAX_DECODED,
    }


@pytest.fixture(scope="module")
def audit(world: World, tmp_path_factory: pytest.TempPathFactory) -> Audit:
    urls = [url_of(name) for name in TRAPS if name.isascii() and url_of(name).isascii()]
    text = "".join(f"[{number}] <{url}>\n\n" for number, url in enumerate(["http://good.example/", *urls], 1))
    settings = configure(flags(world, tmp_path_factory.mktemp("archive")), {}, isolated=True).settings
    return pipeline.audit_text(text, "article.md", settings)


SAID = {
    "length-too-long": (State.TRANSIENT, "body-incomplete", "disconnect after 5 bytes"),
    "chunks-truncated": (State.TRANSIENT, "body-incomplete", "disconnect after 5 bytes"),
    "reset-in-the-body": (State.TRANSIENT, "body-incomplete", "disconnect after 5 bytes"),
    "chunks-of-nonsense": (State.UNKNOWN, "body-unreadable", "bad-chunking"),
    "too-many-codings": (State.UNKNOWN, "body-unreadable", "unknown-encoding:gzip,gzip,gzip,gzip"),
    "gzip-bomb": (State.UNKNOWN, "body-unreadable", "decoded-too-large"),
    "endless-body": (State.OK, "body-capped", "2,400,000 bytes read"),
    "garbage": (State.TRANSIENT, "protocol", ""),
    "endless-headers": (State.UNKNOWN, "head-too-large", ""),
    "to-file": (State.UNKNOWN, "bad-location", ""),
    "tls-expired": (State.TLS_BROKEN, "tls-expired", ""),
}
"""What is said of each: state, reason, and the reason's detail where both engines word it alike."""


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_cut_or_badly_encoded_is_said_in_the_verdict(engine: str, world: World, tmp_path: Path) -> None:
    text = "".join(f"[{number}] <{url_of(name)}>\n\n" for number, name in enumerate(SAID, 1))
    settings = configure({**flags(world, tmp_path), "network.engine": engine}, {}, isolated=True).settings
    found = {finding.resolution.url: finding.verdict for finding in pipeline.audit_text(text, "article.md", settings).findings}
    for name, (state, code, detail) in SAID.items():
        verdict = found[url_of(name)]
        reason = next((each for each in verdict.reasons if each.code == code), None)
        assert (verdict.state, reason is not None) == (state, True), (name, verdict)
        assert reason is not None
        assert not detail or reason.detail == detail, name


def test_an_audit_of_nothing_but_traps_comes_to_its_end(audit: Audit) -> None:
    assert len(audit.findings) > len(TRAPS) // 2
    for finding in audit.findings:
        assert finding.verdict.reasons, finding.resolution.url


def test_a_trap_is_never_called_fine_and_the_good_page_is(audit: Audit) -> None:
    states = {finding.resolution.url: finding.verdict.state for finding in audit.findings}
    assert states["http://good.example/"] is State.OK
    for name in ("header-drip", "loop", "to-file", "to-inside-plain", "gzip-bomb", "garbage", "tls-expired"):
        assert states[url_of(name)] is not State.OK, name


def test_what_the_traps_sent_is_stored_within_its_caps(audit: Audit, tmp_path: Path) -> None:
    captured = [finding for finding in audit.findings if finding.capture is not None]
    assert len(captured) > len(audit.findings) // 2
    assert all(finding.capture.length < MAX_BODY + MAX_HEAD + 10_000 for finding in captured if finding.capture)
