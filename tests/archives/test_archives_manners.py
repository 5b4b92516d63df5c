from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from archive_fakes import answer, failure, found_at, memento, setting

from citekeeper.model import FailureKind, Missing, Rows, Unavailable

PREFIX = "http://news.example/st"
WHEN = datetime(2020, 11, 13, tzinfo=UTC)
SLOW_DOWN = answer(429, body="<h1>429 Too Many Requests</h1>")


def test_a_rate_limit_is_waited_out_once() -> None:
    its = setting({"/cdx": [SLOW_DOWN, answer(200, body="[]")]})
    assert asyncio.run(its.archive.rows(PREFIX)) == Rows(())
    assert its.clock.slept == [60.0]


def test_a_second_rate_limit_stops_the_pool_for_twice_as_long() -> None:
    its = setting({"/cdx": SLOW_DOWN})
    assert isinstance(asyncio.run(its.archive.rows(PREFIX)), Unavailable)
    assert its.limiter.tripped("cdx") == 120.0
    asked = len(its.fetch.asked)
    assert isinstance(asyncio.run(its.archive.rows(PREFIX)), Unavailable)
    assert len(its.fetch.asked) == asked


def test_many_requests_under_way_are_one_rebuke() -> None:
    its = setting({"/web": [answer(404), SLOW_DOWN]}, patience=0.0)

    async def storm() -> None:
        await its.archive.nearest(PREFIX, WHEN)
        await asyncio.gather(*(its.archive.nearest(f"{PREFIX}{number}", WHEN) for number in range(30)))

    its.fetch.pause = True
    asyncio.run(storm())
    assert len(its.fetch.asked) == 31
    assert its.limiter.tripped("playback") == 60.0


def test_the_other_pool_goes_on() -> None:
    its = setting({"/cdx": SLOW_DOWN}, patience=0.0)
    asyncio.run(its.archive.rows(PREFIX))
    assert its.limiter.tripped("cdx") == 60.0
    assert asyncio.run(its.archive.nearest(PREFIX, WHEN)) == Missing()


@pytest.mark.parametrize(
    ("sent", "stop"), [("7", 60.0), ("600", 600.0), ("Thu, 01 Jan 2026 00:10:00 GMT", 600.0), ("soon", 60.0), ("9" * 30, 60.0)]
)
def test_a_retry_after_is_obeyed_when_it_is_longer_and_can_be_read(sent: str, stop: float) -> None:
    its = setting({"/cdx": answer(429, ("Retry-After", sent))}, patience=0.0)
    asyncio.run(its.archive.rows(PREFIX))
    assert its.limiter.tripped("cdx") == stop


def test_refused_connections_after_a_rate_limit_are_the_firewall() -> None:
    its = setting({"/cdx": [SLOW_DOWN, failure(FailureKind.REFUSED, "connection refused")]})
    assert isinstance(asyncio.run(its.archive.rows(PREFIX)), Unavailable)
    assert its.limiter.tripped("cdx") == 3600.0
    assert its.limiter.tripped("playback") == 3600.0


def test_an_archived_rate_limit_stops_nothing() -> None:
    its = setting({"/web": memento("20201113000000", PREFIX, status=429)})
    asyncio.run(its.archive.nearest(PREFIX, WHEN))
    assert its.limiter.until == {}


@pytest.mark.parametrize("kind", [FailureKind.NXDOMAIN, FailureKind.OFFLINE, FailureKind.REFUSED, FailureKind.UNREACHABLE])
def test_an_archive_that_is_not_there_is_asked_again_after_longer_and_longer_rests(kind: FailureKind) -> None:
    its = setting({"/": failure(kind, "nobody there")})
    for _ in range(5):
        assert isinstance(asyncio.run(its.archive.nearest(PREFIX, WHEN)), Unavailable)
    assert len(its.fetch.asked) == 1
    assert its.limiter.until == {}
    for seconds, asked in ((121, 2), (121, 2), (121, 3)):
        asyncio.run(its.clock.sleep(seconds))
        asyncio.run(its.archive.nearest(PREFIX, WHEN))
        assert len(its.fetch.asked) == asked


def test_a_dead_archive_costs_one_timeout_however_many_ask() -> None:
    its = setting({"/": failure(FailureKind.TIMEOUT, "too slow")})
    its.fetch.pause = True

    async def many() -> None:
        await asyncio.gather(*(its.archive.nearest(f"{PREFIX}{number}", WHEN) for number in range(30)))

    asyncio.run(many())
    assert len(its.fetch.asked) == 1


def test_an_archive_that_answers_with_errors_only_is_left_in_peace() -> None:
    its = setting({"/": answer(503, reason="Service Unavailable")})
    for number in range(40):
        assert isinstance(asyncio.run(its.archive.nearest(f"{PREFIX}{number}", WHEN)), Unavailable)
    assert len(its.fetch.asked) == 10
    assert asyncio.run(its.archive.nearest(PREFIX, WHEN)) == Unavailable(
        "not asked again so soon: 503 Service Unavailable, 10 times in a row"
    )
    # The index is another pool, and may work.
    assert isinstance(asyncio.run(its.archive.rows(PREFIX)), Unavailable)
    assert len(its.fetch.asked) == 12
    asyncio.run(its.clock.sleep(121))
    asyncio.run(its.archive.nearest(PREFIX, WHEN))
    assert len(its.fetch.asked) == 13


def test_errors_between_answers_are_only_errors() -> None:
    its = setting({"/": [answer(503), answer(404)] * 15})
    for number in range(15):
        assert asyncio.run(its.archive.nearest(f"{PREFIX}{number}", WHEN)) == Missing()


def test_detours_around_captures_that_cannot_be_played_are_counted() -> None:
    gate = f"/web/{PREFIX}"
    its = setting({gate: found_at("20201112100000", PREFIX), "/web/2020": answer(200)})
    for _ in range(40):
        assert isinstance(asyncio.run(its.archive.nearest(PREFIX, WHEN)), Unavailable)
    assert len(its.fetch.asked) == 20 * 4 + 20 * 2


@pytest.mark.parametrize("kind", [FailureKind.TIMEOUT, FailureKind.CONNECT_TIMEOUT])
def test_a_dead_archive_costs_one_timeout_however_long_the_run_takes(kind: FailureKind) -> None:
    its = setting({"/": failure(kind, "too slow")})
    for _ in range(5):
        assert isinstance(asyncio.run(its.archive.nearest(PREFIX, WHEN)), Unavailable)
        assert isinstance(asyncio.run(its.archive.rows(PREFIX)), Unavailable)
        asyncio.run(its.clock.sleep(3600))
    assert len(its.fetch.asked) == 1


def test_two_timeouts_in_a_row_are_enough_when_it_answered_before() -> None:
    its = setting({"/": [answer(404), failure(FailureKind.TIMEOUT, "too slow")]})
    for _ in range(5):
        asyncio.run(its.archive.nearest(PREFIX, WHEN))
    assert len(its.fetch.asked) == 3


def test_one_reset_connection_is_forgiven() -> None:
    its = setting({"/": [failure(FailureKind.RESET, "reset"), answer(404)]})
    assert isinstance(asyncio.run(its.archive.nearest(PREFIX, WHEN)), Unavailable)
    assert asyncio.run(its.archive.nearest(PREFIX, WHEN)) == Missing()


def test_a_reason_is_given_for_not_asking_again() -> None:
    its = setting({"/": failure(FailureKind.OFFLINE, "no network")})
    asyncio.run(its.archive.nearest(PREFIX, WHEN))
    assert asyncio.run(its.archive.nearest(PREFIX, WHEN)) == Unavailable("not asked again so soon: no network")


def test_every_request_takes_a_token_of_its_pool() -> None:
    its = setting({"/cdx": answer(200, body="[]")})
    asyncio.run(its.archive.rows(PREFIX))
    asyncio.run(its.archive.nearest(PREFIX, WHEN))
    assert its.limiter.taken == [("cdx", 24.0), ("playback", 480.0)]
