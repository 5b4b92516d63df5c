"""A target over time: since when it fails, when to look again, and what archives have seen of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from health_visits import NOW, article, as_written, failed, seen, served
from hypothesis import given, settings
from hypothesis import strategies as st

from citekeeper.health import judge, next_look, rules_version, timeline, witnesses
from citekeeper.model import FailureKind, IndexRow, Observation, State

GONE = seen(served("", 404))
FINE = seen(served(article()))
WALL = seen(served("", 429))
SILENT = seen(failed(FailureKind.CONNECT_TIMEOUT))
PAGE = "https://paper.example/2020/old-mill-rebuilt"


def days_ago(observation: Observation, days: float) -> Observation:
    return replace(observation, at=NOW - timedelta(days=days))


def row(days: float, status: int | None) -> IndexRow:
    return IndexRow("example,paper)/a", NOW - timedelta(days=days), PAGE, "text/html", status, "D")


def test_a_page_seen_once_has_one_date() -> None:
    once = timeline(FINE, ())
    assert (once.observations, once.first_seen, once.last_ok, once.first_failed, once.flaps) == (1, NOW, NOW, None, 0)


def test_the_first_failure_of_the_present_run_and_the_last_good_day_are_told() -> None:
    told = timeline(GONE, [days_ago(GONE, 3), days_ago(FINE, 5), days_ago(GONE, 9), days_ago(FINE, 20)])
    assert told.first_failed == NOW - timedelta(days=3)
    assert told.last_ok == NOW - timedelta(days=5)
    assert (told.flaps, told.observations) == (1, 5)


def test_a_wall_neither_ends_a_failure_nor_begins_one() -> None:
    assert timeline(GONE, [days_ago(WALL, 2), days_ago(GONE, 4)]).first_failed == NOW - timedelta(days=4)
    assert timeline(WALL, [days_ago(FINE, 4)]).first_failed is None


@pytest.mark.parametrize(
    ("now", "history", "days"),
    [
        (FINE, [], 7),
        (FINE, [days_ago(FINE, 28)], 14),
        (FINE, [days_ago(FINE, 400)], 30),
        (GONE, [], 1),
        (GONE, [days_ago(GONE, 1)], 3),
        (GONE, [days_ago(GONE, 1), days_ago(GONE, 4)], 7),
        (GONE, [days_ago(GONE, 3.5), days_ago(GONE, 7)], 90),
        (SILENT, [days_ago(SILENT, back) for back in (4, 9, 15)], 90),
        (WALL, [], 7),
    ],
)
def test_when_to_look_again(now: Observation, history: list[Observation], days: float) -> None:
    assert next_look(now, history) == NOW + timedelta(days=days)


def test_captures_of_404_on_two_days_let_a_first_run_confirm() -> None:
    told = witnesses(PAGE, [row(200, 404), row(100, 404), row(900, 200)], "wayback")
    assert [each.status for each in told] == [200, 404, 404]
    verdict = judge(as_written(), GONE, history=told)
    assert (verdict.state, verdict.confirmed) == (State.GONE, True)


def test_one_capture_of_404_is_no_witness() -> None:
    assert witnesses(PAGE, [row(200, 404), row(200.1, 404)], "wayback") == ()


def test_a_good_capture_after_the_bad_ones_starts_the_count_again() -> None:
    told = witnesses(PAGE, [row(200, 404), row(100, 404), row(50, 200)], "wayback")
    assert not judge(as_written(), GONE, history=told).confirmed


def test_refusals_and_failures_of_the_archive_are_no_witnesses() -> None:
    assert witnesses(PAGE, [row(200, 403), row(100, 429), row(50, 503), row(40, 301), row(30, None)], "wayback") == ()


def test_witnesses_say_nothing_of_a_page_that_answers() -> None:
    told = witnesses(PAGE, [row(200, 404), row(100, 404)], "wayback")
    assert judge(as_written(), FINE, history=told).state is State.OK


def test_the_rules_have_a_version() -> None:
    assert rules_version() == rules_version()
    assert rules_version().startswith("2.")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([GONE, FINE, WALL, SILENT]), st.floats(0.1, 900)), max_size=8))
def test_any_history_gives_a_date_in_the_future_and_one_verdict(history: list[tuple[Observation, float]]) -> None:
    earlier = [days_ago(observation, days) for observation, days in history]
    assert next_look(GONE, earlier) > NOW
    assert judge(as_written(), GONE, history=earlier) == judge(as_written(), GONE, history=list(reversed(earlier)))
