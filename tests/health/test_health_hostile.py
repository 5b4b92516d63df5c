"""Hostile pages: any bytes are read, in bounded time, and give known codes only."""

from __future__ import annotations

import sys

import pytest
from growth import grows_no_faster_than_its_text
from health_visits import HTML, article, as_written, codes, seen, served, short, state
from hypothesis import given, settings
from hypothesis import strategies as st

from citekeeper.health import CODES, judge
from citekeeper.health.parsing import parse
from citekeeper.health.plain import plain
from citekeeper.health.soup import by_soup
from citekeeper.health.wording import load_phrases, reasons, says
from citekeeper.model import State

KNOWN = {meaning.code for meaning in CODES}
MEGABYTE = 1_000_000

BOMBS = {
    "divs": "<div>" * 200_000,
    "closed-divs": "<div>" * 90_000 + "</div>" * 90_000,
    "formatting": "".join(f"<font size={n}>" for n in range(60_000)) + "<p>x" * 1000,
    "paragraphs-in-bold": "<b><p>" * 150_000,
    "tables": "<table><tr><td>" * 60_000,
    "attributes": "<a " + "x=1 " * 250_000 + ">",
    "angles": "<" * MEGABYTE,
    "half-tags": "<b" * 500_000,
    "entities": "&amp" * 250_000,
    "comments": "<!--" * 250_000,
    "headings": "<h1>x" * 200_000,
    "metas": "<meta http-equiv=refresh content=9>" * 28_000,
    "scripts": "<script>" * 125_000,
    "noscripts": "<noscript>" * 95_000,
    "locations": "<script>" + "location" * 125_000,
    "json": '<script type="application/ld+json">' + '{"a":' * 190_000,
    "spaces": "<p>" + " " * MEGABYTE,
    "doctype": " " * MEGABYTE + "<html>",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_megabyte_of_the_worst_is_read_in_linear_time(bomb: str) -> None:
    assert grows_no_faster_than_its_text(lambda part: seen(served(part)), bomb)


@pytest.mark.parametrize(
    "text", ["not found " * 100_000, "page " * 200_000, "404 " * 250_000, "доступ ограничен " * 60_000, "a" * MEGABYTE]
)
def test_wording_is_compared_in_linear_time(text: str) -> None:
    assert grows_no_faster_than_its_text(lambda part: says(plain(part), load_phrases("not_found")), text)
    assert grows_no_faster_than_its_text(lambda part: reasons(plain(part), load_phrases("block_words"), 600), text)


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=2000),
    st.integers(100, 999),
    st.sampled_from(["text/html", "text/plain", "", "application/pdf", "text/html; charset=rot13", "x/y; charset=utf-16"]),
)
def test_any_bytes_give_a_verdict_with_known_codes(body: bytes, status: int, content_type: str) -> None:
    visit = served(body, status, (("Content-Type", content_type),))
    assert codes(visit) <= KNOWN
    judge(as_written(visit.target), seen(visit))


PIECES = [
    "<title>",
    "</title>",
    "<h1>",
    "</h1>",
    "Page not found",
    "404",
    "<script>",
    "</script>",
    "<p>",
    "log in",
    "<input type=password>",
    "<iframe src=",
    "'//x.example/blocked'>",
    "domain is for sale",
    "<meta http-equiv=refresh content='0;url=/x'>",
    "blocked by court order",
    " ",
    "word " * 50,
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_a_refused_page_is_never_dead_whatever_it_holds(body: str) -> None:
    for status in (401, 403, 405, 429, 503):
        assert state(served(body, status)) not in {State.GONE, State.SOFT_404, State.HOST_DEAD}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
def test_both_readers_find_the_same_kind_of_page(body: str) -> None:
    page = f"<html><head><title>Mill</title></head><body><p>{body}</p></body></html>"
    fast, slow = parse(page), by_soup(page)
    assert fast.title == slow.title
    assert (fast.passwords > 0) == (slow.passwords > 0)
    assert (fast.refresh is None) == (slow.refresh is None)


def test_pages_are_read_without_the_fast_reader_too(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("resiliparse.parse.html", "resiliparse.parse.encoding"):
        monkeypatch.setitem(sys.modules, module, None)
    assert state(served(article())) is State.OK
    assert state(served(short("Größe nicht gefunden", "Die Seite existiert nicht.").encode("cp1252"), headers=())) is State.SOFT_404


def test_nesting_is_taken_from_a_page_but_not_its_title() -> None:
    page = "<html><head><title>Page not found</title></head><body>" + "<div>" * 5000 + "<p>Sorry</p>" + "</div>" * 5000
    parsed = parse(page)
    assert parsed.title == "Page not found"
    assert "Sorry" in parsed.text


def test_markup_in_the_strings_of_scripts_is_no_nesting() -> None:
    page = (
        "<html><head><title>Mill</title></head><body><script>var x = '"
        + "<div>" * 5000
        + "'</script><h1>Old mill</h1><p>Text</p></body></html>"
    )
    parsed = parse(page)
    assert (parsed.headings, "var x" in parsed.text) == (("Old mill",), False)


@pytest.mark.parametrize(
    ("body", "content_type", "title"),
    [
        ("<title>Größe</title>".encode("cp1252"), "text/html", "Größe"),
        ("<title>Größe</title>".encode(), "text/html; charset=iso-8859-1", "Größe"),
        ("<title>Мельница</title>".encode("cp1251"), "text/html; charset=windows-1251", "Мельница"),
        (b"<meta charset=koi8-r>" + "<title>Мельница</title>".encode("koi8-r"), "text/html", "Мельница"),
        ("\ufeff<title>Mill</title>".encode("utf-16-le"), "text/html", "Mill"),
        ("<title>水車</title>".encode("shift_jis"), "text/html; charset=Shift_JIS", "水車"),
        (b"<title>Mill</title>", "text/html; charset=nonsense", "Mill"),
    ],
)
def test_encodings_are_read_as_browsers_do(body: bytes, content_type: str, title: str) -> None:
    assert (
        seen(
            served(
                b"<html><head>" + body + b"</head>" if not body.startswith(b"\xff\xfe") else body, headers=(("Content-Type", content_type),)
            )
        ).title
        == title
    )


def test_a_page_is_read_without_a_content_type() -> None:
    assert seen(served("<!doctype html><title>Mill</title><p>Text", headers=())).title == "Mill"
    assert HTML[0] == "Content-Type"
