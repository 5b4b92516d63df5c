"""Proxies that are broken or mean harm: it is said of them, in time, and nothing is said of the page."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from itertools import cycle

import pytest

from citekeeper.demo import Close, LoopbackWeb, Request, Reset, Step, World
from citekeeper.demo.wire import Site
from citekeeper.model import Ask, Exchange, FailureKind, Response
from citekeeper.network import ENGINES, Door
from citekeeper.settings import NetworkSettings


def says(*steps: Step) -> Site:
    return lambda _: steps


def endless(_request: Request) -> Iterator[Step]:
    yield b"HTTP/1.1 200 OK\r\n"
    yield from cycle([b"X-A: " + b"y" * 1000 + b"\r\n"])


BROKEN: dict[str, Site] = {
    "closed": says(Close()),
    "reset": says(Reset()),
    "half-a-head": says(b"HTTP/1.1 200 O", Close()),
    "garbage": says(bytes(range(256)) * 20, Close()),
    "endless-head": endless,
    "wants-a-password": says(b"HTTP/1.1 407 Wanted\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n", Close()),
    "sends-away": says(b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\nContent-Length: 0\r\n\r\n", Close()),
}


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World(sites={"good.example": says(b"")}, scenes=()) as made:
        yield made


def asked(world: World, engine: str, proxy: str, urls: Iterable[str]) -> list[Exchange]:
    prefix = "network."
    values = {key.removeprefix(prefix): value for key, value in world.settings_overrides().items() if key.startswith(prefix)}
    chosen = NetworkSettings(**{**values, "host_request_interval": 0.0, "engine": engine, "proxy": proxy})  # type: ignore[arg-type]

    async def run() -> list[Exchange]:
        async with Door(chosen) as door:
            return [await door.fetch(Ask(url)) for url in urls]

    return asyncio.run(run())


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("fault", BROKEN)
def test_a_tunnel_that_cannot_be_had_is_the_proxys_fault(world: World, engine: str, fault: str) -> None:
    with LoopbackWeb({"*": BROKEN[fault]}) as proxy:
        (exchange,) = asked(world, engine, f"http://127.0.0.1:{proxy.http_port}", ["https://good.example/"])
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.PROXY
    assert exchange.failure.message


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("fault", ["closed", "reset", "half-a-head"])
def test_a_proxy_that_goes_without_a_word_says_nothing_of_the_page(world: World, engine: str, fault: str) -> None:
    with LoopbackWeb({"*": BROKEN[fault]}) as proxy:
        (exchange,) = asked(world, engine, f"http://127.0.0.1:{proxy.http_port}", ["http://good.example/"])
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.PROXY


@pytest.mark.parametrize("engine", ENGINES)
def test_a_kept_connection_that_the_proxy_closed_is_opened_again(world: World, engine: str) -> None:
    def once(request: Request) -> list[Step]:
        return [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", *([Close()] if request.nth % 2 else [])]

    with LoopbackWeb({"*": once}) as proxy:
        found = asked(world, engine, f"http://127.0.0.1:{proxy.http_port}", ["http://good.example/"] * 6)
    assert [each.outcome.body if isinstance(each.outcome, Response) else each.failure for each in found] == [b"hi"] * 6
