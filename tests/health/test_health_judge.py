"""Verdicts: drawn from evidence alone, confirmed by time, never crying wolf."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from health_visits import NOW, article, as_written, failed, seen, served, short

from citekeeper.health import judge
from citekeeper.model import Candidate, Confidence, Evidence, FailureKind, Level, Memento, Observation, Resolution, State

UNRESOLVED = Resolution(None, "unresolved", 0.0)
GONE = seen(served("", 404))
REMOVED = seen(served("", 410))
COPY = Memento("https://archive.example/2020/https://paper.example/a", NOW, "archive", "https://paper.example/a")


def days_ago(observation: Observation, days: float) -> Observation:
    return replace(observation, at=observation.at - timedelta(days=days))


def test_no_network_is_nobody_s_fault() -> None:
    verdict = judge(as_written(), None, network=False)
    assert (verdict.state, verdict.level, verdict.reasons) == (State.UNKNOWN, Level.NOTE, (Evidence("no-network"),))
    assert "network" in verdict.advice


def test_a_page_that_was_not_visited_is_unknown() -> None:
    assert judge(as_written(), None).reasons == (Evidence("not-visited"),)


def test_an_observation_without_evidence_is_unknown() -> None:
    verdict = judge(as_written(), replace(GONE, evidence=()))
    assert (verdict.state, verdict.confidence) == (State.UNKNOWN, Confidence.LOW)


def test_codes_from_a_later_version_are_no_evidence_to_this_one() -> None:
    verdict = judge(as_written(), replace(GONE, evidence=(Evidence("seen-by-a-later-version"),)))
    assert verdict.state is State.UNKNOWN


def test_a_cut_address_without_a_single_fit_is_incomplete() -> None:
    verdict = judge(replace(UNRESOLVED, candidates=(Candidate("https://paper.example/abc", 0.5, ()),)), None, truncated=True)
    assert (verdict.state, verdict.level, verdict.confirmed) == (State.INCOMPLETE, Level.ERROR, True)
    assert "candidate" in verdict.advice
    assert verdict.reasons[0].detail == "1 candidate"


def test_a_cut_address_is_unknown_while_no_archive_answers() -> None:
    silent = replace(UNRESOLVED, evidence=(Evidence("index-unavailable", "archive: no answer"),))
    assert judge(silent, None, truncated=True).state is State.UNKNOWN
    assert judge(replace(UNRESOLVED, evidence=(Evidence("index-not-asked"),)), None, truncated=True, network=False).state is State.UNKNOWN


def test_text_that_is_no_address_is_invalid() -> None:
    assert judge(UNRESOLVED, None).state is State.INVALID


def test_the_reason_that_decided_comes_first() -> None:
    observation = replace(GONE, evidence=(Evidence("little-text"), Evidence("not-found-headline"), Evidence("status-not-found")))
    assert [reason.code for reason in judge(as_written(), observation).reasons] == ["status-not-found", "not-found-headline", "little-text"]


def test_one_404_is_a_warning() -> None:
    verdict = judge(as_written(), GONE)
    assert (verdict.state, verdict.confirmed, verdict.level) == (State.GONE, False, Level.WARNING)
    assert verdict.advice.startswith("Check again")


@pytest.mark.parametrize("days", [(3,), (3, 6), (1, 7), (0.1, 0.2, 8)])
def test_404s_too_few_or_too_close_do_not_confirm(days: tuple[float, ...]) -> None:
    assert not judge(as_written(), GONE, history=[days_ago(GONE, back) for back in days]).confirmed


def test_three_404s_over_a_week_confirm() -> None:
    verdict = judge(as_written(), GONE, history=[days_ago(GONE, 7), days_ago(GONE, 3.5)])
    assert (verdict.confirmed, verdict.level) == (True, Level.ERROR)


def test_a_bare_server_is_confirmed_by_time() -> None:
    bare = seen(served("<h1>It works!</h1>"))
    assert not judge(as_written(), bare).confirmed
    assert judge(as_written(), bare, history=[days_ago(bare, 7), days_ago(bare, 3.5)]).confirmed


def test_a_good_day_in_between_starts_the_count_again() -> None:
    fine = seen(served(article()))
    assert not judge(as_written(), GONE, history=[days_ago(GONE, 8), days_ago(fine, 5), days_ago(GONE, 4)]).confirmed


def test_a_410_needs_one_day() -> None:
    assert judge(as_written(), REMOVED, history=[days_ago(REMOVED, 1)]).confirmed
    assert not judge(as_written(), REMOVED, history=[days_ago(REMOVED, 0.5)]).confirmed


@pytest.mark.parametrize(
    "visit", [served("", 404), served("", 410), failed(FailureKind.NXDOMAIN), served(short("Page not found", "Sorry"))]
)
def test_a_link_just_written_needs_no_waiting(visit: object) -> None:
    observation = seen(visit)  # type: ignore[arg-type]  # parametrize gives objects
    verdict = judge(as_written(), observation, fresh=True)
    assert (verdict.confirmed, verdict.level) == (True, Level.ERROR)


def test_a_failure_of_the_moment_is_never_confirmed_however_fresh() -> None:
    verdict = judge(as_written(), seen(failed(FailureKind.TIMEOUT)), fresh=True)
    assert (verdict.state, verdict.confirmed, verdict.level) == (State.TRANSIENT, False, Level.NOTE)


def test_silence_for_two_weeks_is_a_dead_host() -> None:
    silent = seen(failed(FailureKind.CONNECT_TIMEOUT))
    verdict = judge(as_written(), silent, history=[days_ago(silent, back) for back in (5, 9.3, 14.1)])
    assert (verdict.state, verdict.confirmed) == (State.HOST_DEAD, True)


def test_silence_with_an_answer_in_between_is_transient() -> None:
    silent = seen(failed(FailureKind.CONNECT_TIMEOUT))
    history = [days_ago(silent, 5), days_ago(seen(served(article())), 7), days_ago(silent, 9.3), days_ago(silent, 14.1)]
    assert judge(as_written(), silent, history=history).state is State.TRANSIENT


def test_advice_names_the_day_of_the_archived_copy() -> None:
    assert "archived copy of 2026-11-22" in judge(as_written(), GONE, memento=COPY).advice
    assert "archived copy of 2026-11-22" in judge(as_written(), seen(served("", 429)), memento=COPY).advice


def test_advice_for_the_unknown_is_that_of_its_reason() -> None:
    elsewhere = seen(served(article(title="Win"), url="https://casino.example/play", via=("https://paper.example/a-b",)))
    assert judge(as_written(elsewhere.target), elsewhere).advice == "Compare with an archived copy."


def test_advice_for_a_moved_page_is_the_new_address() -> None:
    moved = seen(served(article(), url="https://journal.example/old-mill-rebuilt", via=("https://paper.example/old-mill-rebuilt",)))
    assert judge(as_written(moved.target), moved).advice == "Update the link to its new address."


def test_a_verdict_can_be_drawn_again_from_what_was_kept() -> None:
    assert judge(as_written(), GONE) == judge(as_written(), replace(GONE, title=None, visible_chars=None, payload_digest=None))


@pytest.mark.parametrize("state", list(State))
def test_advice_is_one_sentence_or_two(state: State) -> None:
    from citekeeper.health.advice import advise

    for memento in (None, COPY):
        text = advise(state, (), as_written(), GONE, memento, confirmed=False)
        assert text[0].isupper()
        assert text.endswith(".")
        assert "://" not in text
