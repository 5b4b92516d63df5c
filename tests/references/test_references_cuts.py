"""Addresses that a system cut short: what is known of them, and what is left alone."""

from __future__ import annotations

import pytest

from citekeeper.model import Document, Reference
from citekeeper.references import extract

LONG = "http://forum.example/section/thread-about-something/with-a-long-name-that-goes-on/and-on/page-1234567.html"


def references(text: str) -> tuple[Reference, ...]:
    return extract(Document("-", "text", text, text))


def test_a_cut_url_keeps_its_prefix_without_the_dots() -> None:
    (reference,) = references("[1] http://www.news.example/articles/some-words-upend-krem... [2] no more")
    assert reference.address.url == "http://www.news.example/articles/some-words-upend-krem"
    assert reference.address.truncated
    assert reference.address.suffix is None
    assert reference.raw.endswith("krem...")


@pytest.mark.parametrize(
    ("kept", "tail", "mark"), [(39, 10, " ... "), (39, 10, " … "), (40, 10, "..."), (36, 14, "..."), (32, 19, " ... "), (30, 5, " ... ")]
)
def test_a_cut_in_the_middle_gives_prefix_and_suffix(kept: int, tail: int, mark: str) -> None:
    (reference,) = references(f"see ({LONG[:kept]}{mark}{LONG[-tail:]}) there")
    assert (reference.address.url, reference.address.suffix) == (LONG[:kept], LONG[-tail:])
    assert reference.address.truncated
    assert reference.address.repairs == ("cut-middle",)


def test_a_scheme_that_the_reader_dropped_counts_for_the_length() -> None:
    (reference,) = references(f"see {LONG[7:36]}...{LONG[-14:]} there")
    assert (reference.address.url, reference.address.suffix) == (LONG[:36], LONG[-14:])


@pytest.mark.parametrize("mark", ["...", "…", "[...]", "(…)"])
def test_every_mark_of_a_cut_end_is_seen(mark: str) -> None:
    (reference,) = references(f"see {LONG[:60]}{mark} there")
    assert reference.address.truncated
    assert reference.address.url == LONG[:60]


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("http://news.example…How hemp grows", "http://news.example"),
        ("http://news.example/a.co.... x", "http://news.example/a.co."),
        ("http://news.example/search?hl=en&... x", "http://news.example/search?hl=en&"),
        ("https://www.news.example › ... › Food", "https://www.news.example"),
        ("www.news.example/.../slug-201...", "http://www.news.example/"),
        ("news.example/@someone/why-this-is …\nNext", "http://news.example/@someone/why-this-is"),
        ("www.weekly-news.d..._arid,1871348.html", "http://www.weekly-news.d"),
    ],
)
def test_a_cut_is_never_handed_on_as_a_whole(text: str, prefix: str) -> None:
    (reference,) = references(text)
    assert reference.address.truncated
    assert reference.address.url == prefix


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://code.example/a/b/compare/v0.14.0...v0.15.0 please", "https://code.example/a/b/compare/v0.14.0...v0.15.0"),
        ("https://code.example/a/b/compare/main...dev", "https://code.example/a/b/compare/main...dev"),
        ("'look at https://news.example/a'... and left", "https://news.example/a"),
        ("Wait... https://news.example/a is back", "https://news.example/a"),
        ("…https://news.example/a", "https://news.example/a"),
        ("https://news.example/a ............ 12", "https://news.example/a"),
        ("https://news.example/a............ 12", "https://news.example/a"),
        ("https://news.example/a ... and then", "https://news.example/a"),
    ],
)
def test_dots_that_cut_nothing_are_left_alone(text: str, url: str) -> None:
    (reference,) = references(text)
    assert not reference.address.truncated
    assert reference.address.url == url


def test_a_mark_that_may_belong_to_the_address_keeps_both_readings() -> None:
    (reference,) = references("https://news.example/Some-Event...stadium/!5650366/ x")
    assert reference.address.truncated
    assert "https://news.example/Some-Event...stadium/!5650366/" in reference.address.alternatives


def test_a_word_glued_to_the_dots_may_belong_to_the_address_too() -> None:
    (reference,) = references('<a href="https://news.example/Statements/try...catch">')
    assert reference.address.truncated
    assert reference.address.alternatives == ("https://news.example/Statements/try...catch",)
