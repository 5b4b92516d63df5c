from __future__ import annotations

import pytest
from resolution_kit import cut, whole

from citekeeper.resolution import as_given

URL = "https://news.example/a"


@pytest.mark.parametrize(
    ("repairs", "method"), [((), "as-written"), (("dot-word", "hxxp"), "repaired"), (("href",), "href"), (("line-wrap", "href"), "href")]
)
def test_a_whole_address_is_taken_as_it_came(repairs: tuple[str, ...], method: str) -> None:
    found = as_given(whole(URL, repairs=repairs))
    assert found is not None
    assert (found.url, found.method) == (URL, method)
    assert found.confidence >= 0.95


def test_text_that_is_no_address_is_unresolved_with_its_reason() -> None:
    found = as_given(whole(None))
    assert found is not None
    assert (found.url, found.method) == (None, "unresolved")
    assert [each.code for each in found.evidence] == ["no-url"]


def test_other_readings_are_listed() -> None:
    found = as_given(whole(URL, repairs=("line-wrap",), alternatives=("https://news.example/a-b",)))
    assert found is not None
    assert found.url == URL
    assert found.confidence < 0.9
    assert [each.url for each in found.candidates] == [URL, "https://news.example/a-b"]


def test_http_and_https_are_one_reading() -> None:
    found = as_given(whole("http://news.example/a", repairs=("no-scheme",), alternatives=("https://news.example/a",)))
    assert found is not None
    assert found.confidence > 0.9
    assert found.candidates == ()


def test_a_link_that_differs_from_its_text_says_so() -> None:
    found = as_given(whole(URL, repairs=("href-differs",), alternatives=("https://other.example/",)))
    assert found is not None
    assert (found.url, found.method) == (URL, "href")
    assert [(each.code, each.detail) for each in found.evidence] == [("href-differs", "https://other.example/")]


def test_a_cut_address_needs_completion() -> None:
    assert as_given(cut(URL)) is None


def test_a_cut_text_whose_link_is_whole_needs_none() -> None:
    found = as_given(cut(URL, href="https://news.example/a-story"))
    assert found is not None
    assert (found.url, found.method) == ("https://news.example/a-story", "href")
    assert as_given(cut(URL, href="https://news.example/a...")) is None
    assert as_given(cut(URL, href="https://other.example/a-story")) is None


def test_a_cut_behind_the_hash_leaves_the_page_known() -> None:
    found = as_given(cut("https://news.example/a#secti"))
    assert found is not None
    assert (found.url, found.method) == (URL, "completed")
    assert as_given(cut("https://app.example/#/view/sto")) is None
