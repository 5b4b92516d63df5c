"""Nothing inside is ever connected to: a server really listens on an inner address, and nobody ever knocks."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from citekeeper.demo import Request, Step, World, answer
from citekeeper.model import Ask, FailureKind, Purpose, Visit
from citekeeper.network import ENGINES, Door, visit
from citekeeper.settings import NetworkSettings

OUTSIDE, INSIDE = "127.0.0.1", "127.0.0.2"
"""Only the first may be visited in these tests; both can be connected to."""
SPELLINGS = {
    "plain": INSIDE,
    "decimal": "2130706434",
    "octal": "0177.0.0.2",
    "hex": "0x7f.0.0.2",
    "one-hex": "0x7f000002",
    "short": "127.2",
    "mapped": f"[::ffff:{INSIDE}]",
    "user": f"good.example@{INSIDE}",
    "name": "inner.example",
    "one-of-two": "half.example",
    "turning": "turning.example",
    "full-width": "１２７.0.0.2",
    "dot": "127.0.0.2.",
}


@dataclass
class Listener:
    """Counts who connects."""

    port: int
    knocks: int = 0
    _socket: socket.socket = field(default_factory=lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM))

    def __post_init__(self) -> None:
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((INSIDE, self.port))
        self._socket.listen(50)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.knocks += 1
                connection.close()

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


def leading(request: Request) -> list[Step]:
    """A redirect to what the query names; its robots.txt is inside as well."""
    place = f"http://{INSIDE}/robots.txt" if request.path == "/robots.txt" else request.target.partition("?")[2]
    return [answer(302, "Found", {"Location": place})]


def proxying(_request: Request) -> list[Step]:
    return [answer(body="a proxy's page")]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    dns = {"inner.example": (INSIDE,), "half.example": (OUTSIDE, INSIDE), "turning.example": (INSIDE, OUTSIDE)}
    with World(sites={"leading.example": leading, "proxy.example": proxying}, dns=dns, scenes=()) as made:
        yield made


@pytest.fixture(scope="module")
def listeners(world: World) -> Iterator[tuple[Listener, ...]]:
    """On the ports that the world's detours lead to, for http and https."""
    found = tuple(Listener(port) for port in (world.web.http_port, world.web.https_port))
    yield found
    for each in found:
        each.close()


def settings(world: World, **changes: object) -> NetworkSettings:
    prefix = "network."
    values = {key.removeprefix(prefix): value for key, value in world.settings_overrides().items() if key.startswith(prefix)}
    return NetworkSettings(**{**values, "host_request_interval": 0.0, **changes})  # type: ignore[arg-type]  # names are checked


def visited(world: World, urls: list[str], **changes: object) -> list[Visit]:
    async def run() -> list[Visit]:
        async with Door(settings(world, **changes)) as door:
            return list(await asyncio.gather(*(visit(url, door.fetch) for url in urls)))

    return asyncio.run(run())


PROXIES = {
    "no-proxy": {"proxy": "none"},
    "a-proxy": {"proxy": "http://127.0.0.1:{port}"},
    "a-socks-proxy": {"proxy": "socks5h://127.0.0.1:{port}"},
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("through", PROXIES)
def test_no_spelling_and_no_redirect_leads_inside_whatever_proxy_is_set(
    world: World, listeners: tuple[Listener, ...], engine: str, through: str
) -> None:
    changes = {key: value.format(port=world.web.http_port) for key, value in PROXIES[through].items()}
    straight = [f"{scheme}://{host}/" for host in SPELLINGS.values() for scheme in ("http", "https")]
    world.web.log.clear()
    for seen in visited(world, straight, engine=engine, **changes):
        assert seen.last.failure is not None, seen.target
        assert seen.last.failure.kind is FailureKind.FORBIDDEN_ADDRESS, seen.target
    assert len(world.web.log) == 0, "a proxy is told of no inner address either"
    led = [f"http://leading.example/?http://{host}/" for host in SPELLINGS.values()]
    for seen in visited(world, led, engine=engine):
        assert seen.last.failure is not None, seen.target
        assert (len(seen.exchanges), seen.last.failure.kind) == (2, FailureKind.FORBIDDEN_ADDRESS), seen.target
    assert [each.knocks for each in listeners] == [0, 0]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("variable", ["http_proxy", "HTTPS_PROXY", "ALL_PROXY"])
def test_nor_whatever_the_environment_says(
    world: World, listeners: tuple[Listener, ...], engine: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, f"http://127.0.0.1:{world.web.http_port}")
    monkeypatch.setenv("NO_PROXY", "inner.example")
    world.web.log.clear()
    urls = [f"{scheme}://{host}/" for host in SPELLINGS.values() for scheme in ("http", "https")]
    kinds = {seen.last.failure and seen.last.failure.kind for seen in visited(world, urls, engine=engine, proxy="")}
    assert kinds == {FailureKind.FORBIDDEN_ADDRESS}
    assert (len(world.web.log), [each.knocks for each in listeners]) == (0, [0, 0])


@pytest.mark.parametrize("engine", ENGINES)
def test_a_robots_txt_that_lies_inside_is_not_fetched(world: World, listeners: tuple[Listener, ...], engine: str) -> None:
    async def run() -> int:
        async with Door(settings(world, engine=engine)) as door:
            await door.fetch(Ask("http://leading.example/x", Purpose.PROBE))
            return door.counts[Purpose.PROBE]

    assert asyncio.run(run()) > 0
    assert [each.knocks for each in listeners] == [0, 0]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_listener_would_have_heard_a_knock(world: World, listeners: tuple[Listener, ...], engine: str) -> None:
    """With the address allowed it is connected to, so that the silence above means something."""
    before = sum(each.knocks for each in listeners)
    (seen,) = visited(world, [f"http://{INSIDE}/"], engine=engine, allow_addresses=("127.0.0.0/8",))
    assert seen.last.failure is not None
    assert sum(each.knocks for each in listeners) > before
    for each in listeners:
        each.knocks = 0
