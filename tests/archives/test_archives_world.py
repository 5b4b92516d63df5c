"""The client against the loopback Wayback Machine, through the real door and over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

import pytest
from archive_fakes import FakeClock, FakeLimiter

from citekeeper.archives import Archive, Wayback
from citekeeper.demo import Archived, Exclusions, Fault, World, faults
from citekeeper.model import Excluded, Found, Memento, Missing, Rows, Unavailable
from citekeeper.network import Door, SystemClock
from citekeeper.settings import NetworkSettings

T = TypeVar("T")
HOST = "https://www.gazette.example"
STORY = f"{HOST}/world/ceasefire-deal-in-upper-valley"
MOVED = f"{HOST}/old/ceasefire"
BROKEN = f"{HOST}/world/lost"
WHEN = datetime(2024, 3, 14, 12, tzinfo=UTC)
PAGE = b"<html><title>Ceasefire</title><p>The two sides agreed.</p></html>"

CAPTURES = (
    Archived(STORY, "20240310080000", PAGE),
    Archived(STORY, "20240315080000", PAGE + b"<p>Updated.</p>"),
    Archived(STORY, "20250101000000", b"Not found", status=404, reason="Not Found"),
    Archived(f"{STORY}?utm_source=rss", "20240311080000", PAGE),
    Archived(f"{HOST}/world/ceasefire-deal-in-lower-valley", "20220311080000", PAGE),
    Archived(f"{HOST}/world/ceasefire-fails", "20240311080000", b"", status=404, reason="Not Found"),
    Archived(MOVED, "20240312000000", status=301, headers=(("Location", STORY),), reason="Moved Permanently"),
    Archived(BROKEN, "20240314110000", b"Not found", status=404, reason="Not Found"),
    Archived(BROKEN, "20240301000000", b"Oops", status=500, reason="Server Error"),
    Archived(BROKEN, "20240201000000", PAGE),
    Archived("https://www.hidden.example/a", "20240201000000", PAGE),
    Archived(f"{HOST}/worldwide/news", "20240201000000", PAGE),
)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World(captures=CAPTURES, scenes=()) as running:
        running.archive.exclusions = Exclusions(blocked=frozenset({"hidden.example"}))
        yield running


@pytest.fixture(autouse=True)
def tidy(world: World) -> Iterator[None]:
    yield
    world.archive.faults.clear()


def ask(world: World, question: Callable[[Archive], Awaitable[T]], *, index_limit: int = 200) -> T:
    overrides = world.settings_overrides()
    named = {key.removeprefix("network."): value for key, value in overrides.items() if key.startswith("network.")}
    settings = replace(NetworkSettings(), **named)  # type: ignore[arg-type]  # the world speaks the settings' own keys

    async def run() -> T:
        async with Door(settings, clock=SystemClock()) as door:
            clock = FakeClock()
            archive = Wayback(
                door.fetch, limiter=FakeLimiter(clock), clock=clock, url=str(overrides["archives.wayback.url"]), index_limit=index_limit
            )
            return await question(archive)

    return asyncio.run(run())


def test_a_prefix_gives_one_row_for_each_address_and_no_errors(world: World) -> None:
    before = world.archive.index_requests()
    found = ask(world, lambda archive: archive.rows(f"{HOST}/world/ceasefire"))
    assert isinstance(found, Rows)
    assert [row.original for row in found.rows] == [
        f"{HOST}/world/ceasefire-deal-in-lower-valley",
        STORY,
        f"{STORY}?utm_source=rss",
    ]
    assert found.complete
    assert world.archive.index_requests() == before + 1


def test_a_dropped_trailing_slash_does_not_bring_in_neighbours(world: World) -> None:
    found = ask(world, lambda archive: archive.rows(f"{HOST}/world/"))
    assert isinstance(found, Rows)
    assert found.rows
    assert all("/worldwide/" not in row.original for row in found.rows)


def test_a_full_answer_is_not_complete(world: World) -> None:
    found = ask(world, lambda archive: archive.rows(f"{HOST}/world/ceasefire"), index_limit=2)
    assert isinstance(found, Rows)
    assert not found.complete


def test_the_nearest_copy_is_found_with_three_requests_and_no_index(world: World) -> None:
    before, index = len(world.archive.log), world.archive.index_requests()
    found = ask(world, lambda archive: archive.nearest(STORY, WHEN))
    assert isinstance(found, Found)
    assert found.memento.datetime == datetime(2024, 3, 15, 8, tzinfo=UTC)
    assert found.memento.original == STORY
    assert world.archive.index_requests() == index
    assert len(world.archive.log) - before <= 3


def test_copies_of_errors_are_passed_over(world: World) -> None:
    found = ask(world, lambda archive: archive.nearest(BROKEN, WHEN))
    assert isinstance(found, Found)
    assert found.memento.datetime.month == 2


@pytest.mark.parametrize("style", ["absolute", "path", "scheme-relative"])
def test_an_archived_redirect_is_followed_in_every_style(world: World, style: str) -> None:
    world.archive.playback_quirks = replace(world.archive.playback_quirks, location=style)  # type: ignore[arg-type]  # a Literal
    found = ask(world, lambda archive: archive.nearest(MOVED, WHEN))
    assert isinstance(found, Found)
    assert found.memento.original == STORY


def test_the_bytes_are_the_archived_ones(world: World) -> None:
    memento = Memento("http://web.archive.example/web/20240310080000/" + STORY, WHEN, "wayback", STORY, 200)
    exchange = ask(world, lambda archive: archive.content(memento))
    assert exchange.response is not None
    assert exchange.response.content == PAGE


def test_bytes_packed_twice_over_in_the_head_are_unpacked(world: World) -> None:
    world.archive.faults.add("/web/", faults.doubled_encoding)
    memento = Memento("http://web.archive.example/web/20240310080000/" + STORY, WHEN, "wayback", STORY, 200)
    exchange = ask(world, lambda archive: archive.content(memento))
    assert exchange.response is not None
    assert exchange.response.content == PAGE


def test_never_archived_is_missing(world: World) -> None:
    assert ask(world, lambda archive: archive.nearest(f"{HOST}/never", WHEN)) == Missing()
    assert ask(world, lambda archive: archive.rows(f"{HOST}/never")) == Rows(())


def test_a_blocked_site_is_excluded(world: World) -> None:
    assert isinstance(ask(world, lambda archive: archive.nearest("https://www.hidden.example/a", WHEN)), Excluded)
    assert isinstance(ask(world, lambda archive: archive.rows("https://www.hidden.example/a")), Excluded)


def test_a_gateway_timeout_is_overcome(world: World) -> None:
    world.archive.faults.add("/cdx/", faults.gateway_timeout)
    found = ask(world, lambda archive: archive.rows(f"{HOST}/world/ceasefire"))
    assert isinstance(found, Rows)
    assert STORY in {row.original for row in found.rows}


@pytest.mark.parametrize(
    "fault",
    [faults.unavailable, faults.html_instead, faults.java_exception, faults.truncated, faults.cut_json, faults.refused, faults.empty],
)
def test_an_index_in_trouble_is_unavailable(world: World, fault: Fault) -> None:
    world.archive.faults.add("/cdx/", fault, times=None)
    assert isinstance(ask(world, lambda archive: archive.rows(f"{HOST}/world/ceasefire")), Unavailable)


@pytest.mark.parametrize("fault", [faults.unavailable, faults.html_instead, faults.refused, faults.too_many_requests, faults.empty])
def test_playback_in_trouble_is_unavailable(world: World, fault: Fault) -> None:
    world.archive.faults.add("/web/", fault, times=None)
    assert isinstance(ask(world, lambda archive: archive.nearest(STORY, WHEN)), Unavailable)


def test_a_rate_limit_that_ends_is_waited_out(world: World) -> None:
    world.archive.faults.add("/web/", faults.too_many_requests)
    assert isinstance(ask(world, lambda archive: archive.nearest(STORY, WHEN)), Found)
