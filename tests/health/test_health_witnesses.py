"""Second opinions: pages set side by side, addresses that pages give themselves, registries, and archived copies as observers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from health_visits import NOW, article, as_written, codes, seen, served, short, state

from citekeeper.health import crowded, judge
from citekeeper.model import Confidence, Evidence, Memento, Observation, State

SITE = "https://paper.example"


def led(target: str, final: str = f"{SITE}/") -> Observation:
    return seen(served(article(), url=final, via=(f"{SITE}/{target}",)))


def copy(days_before: float) -> Memento:
    at = NOW - timedelta(days=days_before)
    return Memento("https://archive.example/1", at, "wayback", f"{SITE}/2020/old-mill-rebuilt", 200)


# ── many to one ─────────────────────────────────────────────────────────────────────────────


def test_pages_without_words_in_common_that_lead_to_one_place_are_told() -> None:
    told = crowded([led("2019/harbour-plan"), led("2018/mayor-resigns"), led("2018/tower", f"{SITE}/towers/all")])
    assert set(told) == {f"{SITE}/2019/harbour-plan", f"{SITE}/2018/mayor-resigns"}
    assert {each.code for each in told.values()} == {"redirect-shared"}


def test_two_spellings_of_one_page_are_no_crowd() -> None:
    assert not crowded([led("story.php/harbour-plan"), led("2019/the-harbour-plan")])
    assert not crowded([led("?p=12"), led("?p=13")])


def test_pages_that_lead_to_a_login_are_no_crowd() -> None:
    assert not crowded([led("2019/harbour-plan", f"{SITE}/login"), led("2018/mayor-resigns", f"{SITE}/login")])


def test_a_front_page_to_which_others_lead_is_surely_not_the_cited_one() -> None:
    verdict = judge(as_written(), led("2019/harbour-plan"), comparison=(Evidence("redirect-shared"),))
    assert (verdict.state, verdict.confidence) == (State.SOFT_404, Confidence.HIGH)


# ── what a page calls itself ────────────────────────────────────────────────────────────────


def named(canonical: str, body: str | None = None) -> set[str]:
    page = (body or article()).replace("</title>", f'</title><link rel="canonical" href="{canonical}">')
    return codes(served(page)) & {"canonical-error", "canonical-front", "canonical-other"}


@pytest.mark.parametrize(
    ("canonical", "expected"),
    [
        ("/404", {"canonical-error"}),
        ("/", {"canonical-front"}),
        ("https://www.paper.example/2020/old-mill-rebuilt/", set()),
        ("/2020/05/old-mill-rebuilt-4711", {"canonical-other"}),
        ("https://agency.example/old-mill", set()),
        ("javascript:1", set()),
        ("http://[", set()),
    ],
)
def test_what_a_page_calls_itself_is_told(canonical: str, expected: set[str]) -> None:
    assert named(canonical) == expected


def test_a_page_that_calls_itself_an_error_page_is_doubtful_and_with_words_surely_one() -> None:
    link = '</title><link rel="canonical" href="/404">'
    assert state(served(article().replace("</title>", link))) is State.OK
    verdict = judge(as_written(), seen(served(short("Page not found", "Try a search.").replace("</title>", link))))
    assert (verdict.state, verdict.confidence) == (State.SOFT_404, Confidence.HIGH)


# ── registries ──────────────────────────────────────────────────────────────────────────────


def test_a_work_that_its_registry_knows_is_not_dead_by_its_publisher_s_words() -> None:
    observation = seen(served(short("Page not found", "The article cannot be found.")))
    assert judge(as_written(), observation).state is State.SOFT_404
    assert judge(as_written(), observation, comparison=(Evidence("registry-knows"),)).state is State.UNKNOWN
    unknown = judge(as_written(), observation, comparison=(Evidence("registry-unknown"),))
    assert (unknown.state, unknown.confidence) == (State.SOFT_404, Confidence.HIGH)


# ── archived copies ─────────────────────────────────────────────────────────────────────────


def missing(days_before: float) -> Observation:
    return seen(served(short("Not found", "There is no such page."), 404, at=NOW - timedelta(days=days_before)))


def test_a_good_copy_made_between_two_failures_starts_the_count_again() -> None:
    history = [missing(9), missing(5)]
    assert judge(as_written(), missing(0), history=history).confirmed
    assert judge(as_written(), missing(0), history=history, memento=copy(400)).confirmed
    assert not judge(as_written(), missing(0), history=history, memento=copy(7)).confirmed


@pytest.mark.parametrize(("days", "expected"), [(20, True), (400, False)])
def test_a_copy_of_the_last_weeks_says_that_a_walled_page_is_there(days: float, expected: bool) -> None:
    walled = seen(served("<title>Just a moment...</title><script>window._cf_chl_opt={}</script>", 403))
    verdict = judge(as_written(), walled, memento=copy(days))
    assert verdict.state is State.BLOCKED
    assert ("seen-lately" in {reason.code for reason in verdict.reasons}) is expected


def test_a_copy_says_nothing_more_of_a_page_that_is_well() -> None:
    verdict = judge(as_written(), seen(served(article())), memento=copy(20))
    assert "seen-lately" not in {reason.code for reason in verdict.reasons}
