"""A made-up page beside the cited one, and what it tells."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from health_visits import PROSE, article, as_written, response, seen, served, short
from hypothesis import given, settings
from hypothesis import strategies as st

from citekeeper.health import is_doubtful, judge, sibling_of, told_by_sibling
from citekeeper.model import Confidence, Evidence, Observation, State

CITED = "https://paper.example/2020/old-mill-rebuilt"
SIBLING = sibling_of(CITED) or ""


def told(page: str, made_up: str, status: int = 200) -> str | None:
    found = told_by_sibling(seen(served(page)), seen(served(made_up, status, url=SIBLING)), response(page), response(made_up))
    return found.code if found else None


def with_codes(observation: Observation, *codes: str) -> State:
    return judge(as_written(), observation, comparison=tuple(Evidence(code) for code in codes)).state


def test_one_folder_has_one_sibling_of_the_same_kind() -> None:
    assert sibling_of("https://a.example/x/one.html") == sibling_of("https://a.example/x/two.html")
    assert (sibling_of("https://a.example/x/one.html") or "").endswith(".html")
    assert (sibling_of("https://a.example/x/one/") or "").endswith("/")
    assert sibling_of("https://a.example/y/one.html") != sibling_of("https://a.example/x/one.html")


@pytest.mark.parametrize("url", ["https://a.example/", "https://a.example", "https://a.example/en/", "https://a.example/view.php?id=3"])
def test_front_pages_and_queries_have_none(url: str) -> None:
    assert sibling_of(url) is None


def test_a_server_that_says_404_for_it_means_its_200() -> None:
    assert told(short("Mill", PROSE), "nothing", 404) == "sibling-not-found"


def test_the_same_short_text_and_the_same_long_text_are_alike() -> None:
    assert told("<p>Hmm, /2020/old-mill-rebuilt is a riddle to us.</p>", "<p>Hmm, /2020/old-mill-rebuilx is a riddle to us.</p>")
    assert told(article(), article()) == "sibling-same-text"


def test_another_text_differs() -> None:
    other = "<title>Else</title><p>" + "Nothing of that kind was ever kept in this cellar, said the keeper of keys. " * 9
    assert told(article(), other) == "sibling-differs"


def test_a_refused_sibling_says_nothing() -> None:
    assert told(article(), "no", 403) is None
    assert told(article(), "no", 500) is None


def test_a_redirect_to_the_same_place_is_a_sink() -> None:
    page = served(article(), url="https://paper.example/news/", via=(CITED,))
    sibling = served(article(), url="https://paper.example/news/", via=(SIBLING,))
    found = told_by_sibling(seen(page), seen(sibling), None, None)
    assert found is not None
    assert found.code == "sibling-same-target"
    verdict = judge(as_written(), seen(page), comparison=(found,))
    assert verdict.state is State.SOFT_404


def test_likeness_alone_makes_no_page_dead_but_makes_words_of_absence_sure() -> None:
    assert with_codes(seen(served(short("Mill", PROSE))), "sibling-same-text") is State.OK
    absent = seen(served("<title>Page not found</title><p>Try the menu.</p>"))
    sure = judge(as_written(), replace(absent, evidence=(Evidence("not-found-headline"),)), comparison=(Evidence("sibling-same-text"),))
    assert (sure.state, sure.confidence) == (State.SOFT_404, Confidence.HIGH)


def test_a_weak_mark_of_parking_and_a_wildcard_answer_are_parking() -> None:
    hint = replace(seen(served(short("Mill", PROSE))), evidence=(Evidence("parking-hint"), Evidence("page")))
    assert with_codes(hint) is State.OK
    assert with_codes(hint, "sibling-same-text") is State.PARKED


@pytest.mark.parametrize(
    ("body", "status", "doubtful"),
    [(article(), 200, False), (short("Mill", PROSE), 200, True), (short("Mill", PROSE), 404, False), (short("Mill", PROSE), 403, False)],
)
def test_only_short_pages_that_were_shown_are_doubtful(body: str, status: int, doubtful: bool) -> None:
    assert is_doubtful(seen(served(body, status))) is doubtful


def test_what_was_compared_with_a_copy_is_not_doubtful() -> None:
    assert not is_doubtful(seen(served(short("Mill", PROSE))), (Evidence("text-same"),))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="abc/.?#%=é ", max_size=40))
def test_a_sibling_is_on_the_same_host(tail: str) -> None:
    sibling = sibling_of(f"https://a.example/{tail}")
    assert sibling is None or urlsplit(sibling).netloc == "a.example"
