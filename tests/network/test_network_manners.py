"""What we leave alone: what robots.txt asks us to, what uses up its budget, what another process has just asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from citekeeper.demo import Hold, Pause, Request, Step, World, answer
from citekeeper.demo.wire import Site
from citekeeper.errors import ConfigError
from citekeeper.ledger import Ledger
from citekeeper.model import Ask, Exchange, FailureKind, Purpose, Visit
from citekeeper.network import ENGINES, Door, SystemClock, visit
from citekeeper.settings import NetworkSettings

RULES = "User-agent: *\nDisallow: /private\n\nUser-agent: citekeeper\nDisallow: /secret\n"


def site(robots: Site) -> Site:
    def answering(request: Request) -> Iterable[Step]:
        return robots(request) if request.path == "/robots.txt" else [answer(body="page")]

    return answering


def broken(_request: Request) -> list[Step]:
    return [answer(503, "Unavailable")]


def wandering(request: Request) -> list[Step]:
    moved = request.target == "/robots.txt"
    return [answer(301, "Moved", {"Location": "/robots.txt?moved"}) if moved else answer(body=RULES)]


def slow(_request: Request) -> list[Step]:
    return [Pause(0.4), answer(body="page")]


SITES: dict[str, Site] = {
    "ruled.example": site(lambda _: [answer(body=RULES)]),
    "wandering.example": site(wandering),
    "unruled.example": site(lambda _: [answer(404, "Not Found")]),
    "broken.example": site(broken),
    "binary.example": site(lambda _: [answer(body=bytes(range(256)) * 4000)]),
    "silent.example": lambda _: [Hold()],
    "slow.example": slow,
    "looping.example": lambda request: [Pause(0.15), answer(302, "Found", {"Location": f"{request.target}x"})],
}


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World(sites=SITES, scenes=()) as made:
        yield made


def settings(world: World, **changes: object) -> NetworkSettings:
    prefix = "network."
    values = {key.removeprefix(prefix): value for key, value in world.settings_overrides().items() if key.startswith(prefix)}
    return NetworkSettings(**{**values, "host_request_interval": 0.0, **changes})  # type: ignore[arg-type]  # names are checked


def asked(world: World, *asks: Ask, **changes: object) -> list[Exchange]:
    async def run() -> list[Exchange]:
        async with Door(settings(world, **changes)) as door:
            return list(await asyncio.gather(*(door.fetch(ask) for ask in asks)))

    return asyncio.run(run())


def kinds(exchanges: Iterable[Exchange]) -> list[FailureKind | None]:
    return [exchange.failure.kind if exchange.failure is not None else None for exchange in exchanges]


def probe(url: str) -> Ask:
    return Ask(url, Purpose.PROBE)


# ── robots.txt ────────────────────────────────────────────────────────────────────────────────


def test_probes_keep_to_the_rules_for_our_name() -> None:
    with World(sites=SITES, scenes=()) as world:
        found = asked(world, probe("http://ruled.example/secret/x"), probe("http://ruled.example/private"), probe("http://ruled.example/"))
        assert kinds(found) == [FailureKind.ROBOTS, None, None]
        assert [request.target for request in world.web.log].count("/robots.txt") == 1
        assert "/secret/x" not in [request.target for request in world.web.log]


@pytest.mark.parametrize(("honoured", "kind"), [(False, None), (True, FailureKind.ROBOTS)])
def test_visits_keep_to_them_only_when_the_user_wants_it(world: World, honoured: bool, kind: FailureKind | None) -> None:
    assert kinds(asked(world, Ask("http://ruled.example/secret"), robots=honoured)) == [kind]


def test_rules_for_all_hold_for_another_name(world: World) -> None:
    found = asked(world, probe("http://ruled.example/private"), probe("http://ruled.example/secret"), user_agent="another/1.0 (x)")
    assert kinds(found) == [FailureKind.ROBOTS, None]


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("unruled.example", None),
        ("broken.example", FailureKind.ROBOTS),
        ("wandering.example", FailureKind.ROBOTS),
        ("binary.example", None),
        ("nowhere.example", FailureKind.NXDOMAIN),
    ],
)
def test_a_missing_file_allows_a_broken_one_forbids_and_no_host_is_no_host(world: World, host: str, kind: FailureKind | None) -> None:
    assert kinds(asked(world, probe(f"http://{host}/secret"))) == [kind]


# ── budgets ───────────────────────────────────────────────────────────────────────────────────


async def visits(world: World, urls: list[str], **changes: object) -> list[Exchange]:
    async with Door(settings(world, **changes)) as door:
        return [(await visit(url, door.for_link(), max_redirects=100)).last for url in urls]


def test_a_link_that_uses_up_its_budget_is_given_up_with_a_reason(world: World) -> None:
    (last,) = asyncio.run(visits(world, ["http://looping.example/"], link_budget=0.5))
    assert last.failure is not None
    assert (last.failure.kind, last.failure.message) == (FailureKind.BUDGET, "gave up after 0.5 s on this link")


def test_a_run_that_uses_up_its_budget_gives_up_the_rest_at_once(world: World) -> None:
    asked_before = len(world.web.log.of("slow.example", "/"))
    found = asyncio.run(visits(world, ["http://silent.example/", *["http://slow.example/"] * 20], run_budget=0.3))
    assert set(kinds(found)) == {FailureKind.BUDGET}
    assert len(world.web.log.of("slow.example", "/")) == asked_before, "nothing is asked after the end"
    assert found[-1].failure is not None
    assert found[-1].failure.message == "gave up after 0.3 s on this run"


def test_a_host_that_lets_us_wait_uses_up_its_budget_and_no_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("citekeeper.network.budgets.QUICK", 0.1)
    urls = [*["http://slow.example/"] * 4, "http://unruled.example/"]
    found = asyncio.run(visits(world, urls, host_budget=0.5))
    assert kinds(found) == [None, FailureKind.BUDGET, FailureKind.BUDGET, FailureKind.BUDGET, None]


def test_without_budgets_nothing_is_given_up(world: World) -> None:
    found = asyncio.run(visits(world, ["http://slow.example/"], link_budget=0.0, host_budget=0.0))
    assert kinds(found) == [None]


# ── other processes ───────────────────────────────────────────────────────────────────────────


def test_two_runs_on_one_archive_folder_share_the_pause_between_two_requests(world: World, tmp_path: Path) -> None:
    async def run() -> None:
        clock = SystemClock()
        with Ledger.open(tmp_path, clock) as one, Ledger.open(tmp_path, clock) as other:
            chosen = settings(world, host_request_interval=0.3)
            async with Door(chosen, limiter=one.limits) as first, Door(chosen, limiter=other.limits) as second:
                await asyncio.gather(*(door.fetch(Ask(f"http://unruled.example/{n}")) for n in range(2) for door in (first, second)))

    world.web.log.clear()
    asyncio.run(run())
    times = sorted(request.at for request in world.web.log)
    assert len(times) == 4
    assert times[-1] - times[0] >= 3 * 0.3 - 0.15


def test_a_pause_that_a_host_asked_one_run_for_is_kept_by_the_other(world: World, tmp_path: Path) -> None:
    def tired(request: Request) -> list[Step]:
        return [answer(503, "Unavailable", {"Retry-After": "1"}) if request.path == "/first" else answer(body="page")]

    async def run() -> None:
        clock = SystemClock()
        with Ledger.open(tmp_path, clock) as one, Ledger.open(tmp_path, clock) as other:
            chosen = settings(world, host_request_interval=0.01)
            async with Door(chosen, limiter=one.limits) as first, Door(chosen, limiter=other.limits) as second:
                await first.fetch(Ask("http://tired.example/first"))
                await second.fetch(Ask("http://tired.example/second"))

    world.web.sites["tired.example"] = tired
    world.dns.zone["tired.example"] = ("127.0.0.1",)
    world.web.log.clear()
    asyncio.run(run())
    one, other = (request.at for request in world.web.log)
    assert other - one >= 0.9


def test_a_pause_that_was_asked_for_while_another_run_waited_its_turn_is_kept_as_well(world: World, tmp_path: Path) -> None:
    def tired(request: Request) -> list[Step]:
        return [answer(503, "Unavailable", {"Retry-After": "1"}) if request.path == "/first" else answer(body="page")]

    async def run() -> None:
        clock = SystemClock()
        with Ledger.open(tmp_path, clock) as one, Ledger.open(tmp_path, clock) as other:
            chosen = settings(world, host_request_interval=0.4)
            async with Door(chosen, limiter=one.limits) as first, Door(chosen, limiter=other.limits) as second:
                asked = asyncio.create_task(first.fetch(Ask("http://tiring.example/first")))
                # Its turn is booked behind the first before that is answered.
                await one.limits.take("host tiring.example", 60 / 0.4)
                await asyncio.gather(asked, second.fetch(Ask("http://tiring.example/second")))

    world.web.sites["tiring.example"] = tired
    world.dns.zone["tiring.example"] = ("127.0.0.1",)
    world.web.log.clear()
    asyncio.run(run())
    times = {request.path: request.at for request in world.web.log}
    assert times["/second"] - times["/first"] >= 0.9


# ── what is counted ───────────────────────────────────────────────────────────────────────────


def test_each_host_is_told_of_the_slowest_first(world: World) -> None:
    async def run() -> Door:
        async with Door(settings(world)) as door:
            for url in ("http://slow.example/", "http://unruled.example/", "http://unruled.example/robots.txt", "http://nowhere.example/"):
                await door.fetch(Ask(url))
            await door.fetch(Ask("http://broken.example/robots.txt", Purpose.ARCHIVE))
        return door

    stats = asyncio.run(run()).host_stats
    assert stats[0].host == "slow.example"
    by_host = {each.host: each for each in stats}
    assert set(by_host) == {"slow.example", "unruled.example", "nowhere.example"}, "archives are not hosts that we visit"
    unruled = by_host["unruled.example"]
    assert (unruled.requests, unruled.answers, unruled.errors, unruled.failures) == (2, 2, 1, 0)
    assert unruled.received > 0
    assert by_host["nowhere.example"].failures == 1
    assert by_host["slow.example"].slowest >= 0.4


# ── what goes to one host only ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("engine", ENGINES)
def test_a_hosts_credentials_go_to_that_host_and_nowhere_else(world: World, engine: str) -> None:
    def sending_on(request: Request) -> list[Step]:
        leads = {"members.example": "http://below.members.example/", "below.members.example": "http://unmembers.example/"}
        place = leads.get(request.host)
        return [answer(302, "Found", {"Location": place}) if place else answer(body="page")]

    for host in ("members.example", "below.members.example", "unmembers.example"):
        world.web.sites[host] = sending_on
        world.dns.zone[host] = ("127.0.0.1",)
    world.web.log.clear()
    secrets = ("members.example Authorization: Bearer swordfish", "*.members.example X-Key: swordfish")

    async def run() -> Visit:
        async with Door(settings(world, engine=engine, host_headers=secrets)) as door:
            await door.fetch(Ask("http://members.example/", Purpose.ARCHIVE))
            return await visit("http://members.example/", door.fetch)

    seen = asyncio.run(run())
    got = [(request.host, request.header("Authorization"), request.header("X-Key")) for request in world.web.log]
    assert got == [
        ("members.example", None, None),
        ("members.example", "Bearer swordfish", None),
        ("below.members.example", None, "swordfish"),
        ("unmembers.example", None, None),
    ]
    assert not any(b"swordfish" in exchange.request for exchange in seen.exchanges)


@pytest.mark.parametrize(
    "text", ["", "members.example", "members.example Authorization", "Authorization: secret", "a b: c\r\nd: e", "[ X: y"]
)
def test_a_host_header_that_is_none_is_told_without_its_value(world: World, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Door(settings(world, host_headers=(text,)))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("engine", ENGINES)
def test_servers_that_dislike_head_or_any_coding_are_read(world: World, engine: str) -> None:
    def fussy(request: Request) -> list[Step]:
        if request.method != "GET":
            return [answer(405, "Method Not Allowed")]
        return [answer(body="page", gzipped="gzip" not in (request.header("Accept-Encoding") or ""))]

    world.web.sites["fussy.example"] = fussy
    world.dns.zone["fussy.example"] = ("127.0.0.1",)
    (found,) = asked(world, Ask("http://fussy.example/"), engine=engine)
    assert found.response is not None
    assert (found.response.status, found.response.content, found.response.problem) == (200, b"page", None)
