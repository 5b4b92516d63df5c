from __future__ import annotations

import tomllib
from datetime import date
from importlib.resources import files

import pytest
from growth import grows_no_faster_than_its_text
from hypothesis import given
from hypothesis import strategies as st

from citekeeper.resolution.dates import NoteDates, note_dates, span_of_dates
from citekeeper.resolution.shown import without_partial_escapes
from citekeeper.resolution.variants import read_form, variants
from citekeeper.resolution.words import overlap, words

DATA = files("citekeeper.resolution") / "data"


def page(url: str) -> str:
    form = read_form(url)
    assert form is not None
    return form.page


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("https://news.example/a?utm_source=x&fbclid=1", "https://news.example/a"),
        ("https://news.example/a?b=2&c=1", "https://news.example/a?c=1&b=2"),
        ("https://news.example/a/index.php", "https://news.example/a"),
        ("https://news.example/a.amp.html", "https://news.example/a.html"),
        ("https://news.example/a?PHPSESSID=0123456789abcdef0123456789abcdef", "https://news.example/a"),
        ("https://news.example/%41", "https://news.example/A"),
    ],
)
def test_variants_have_one_name(url: str, same: str) -> None:
    assert page(url) == page(same)


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("https://news.example/a?id=1", "https://news.example/a?id=2"),
        ("https://news.example/a?sid=1234", "https://news.example/a?sid=1235"),
        ("https://news.example/A", "https://news.example/a"),
        ("https://news.example/a?page=2", "https://news.example/a"),
        ("https://news.example/amp", "https://news.example/"),
    ],
)
def test_different_pages_have_different_names(url: str, other: str) -> None:
    assert page(url) != page(other)


@given(st.text(max_size=200))
def test_no_address_raises(rest: str) -> None:
    read_form(f"https://news.example/{rest}")


@given(st.text(max_size=60))
def test_a_whole_text_loses_nothing_but_a_cut_escape(text: str) -> None:
    assert text.startswith(without_partial_escapes(text))


@given(st.text(st.characters(codec="utf-8", min_codepoint=0x80), min_size=1, max_size=6), st.integers(0, 40))
def test_every_cut_of_an_escaped_word_keeps_its_whole_letters(word: str, keep: int) -> None:
    from urllib.parse import quote, unquote

    kept = without_partial_escapes(quote(word)[:keep])
    assert word.startswith(unquote(kept, errors="strict"))


@pytest.mark.parametrize(
    ("note", "published", "accessed"),
    [
        ("Ana Sol, “Story,” The News, November 13, 2020,", date(2020, 11, 13), None),
        ("13 November 2020", date(2020, 11, 13), None),
        ("13. Nov. 2020", date(2020, 11, 13), None),
        ("13.11.2020", date(2020, 11, 13), None),
        ("13 ноября 2020", date(2020, 11, 13), None),
        ("13 de noviembre de 2020", date(2020, 11, 13), None),
        ("2020-11-13", date(2020, 11, 13), None),
        ("3 May 2019 (accessed on 13 November 2020)", date(2019, 5, 3), date(2020, 11, 13)),
        ("Abgerufen am 5. Mai 2021", None, date(2021, 5, 5)),
        ("no date", None, None),
        ("31 February 2020", None, None),
        ("13 Brumaire 2020", None, None),
    ],
)
def test_a_note_tells_when_the_page_appeared_and_was_seen(note: str, published: date | None, accessed: date | None) -> None:
    assert note_dates(note) == NoteDates(published, accessed)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("/2020/11/13/story", date(2020, 11, 13), date(2020, 11, 13)),
        ("/20201113/story", date(2020, 11, 13), date(2020, 11, 13)),
        ("/story-2020-11-13", date(2020, 11, 13), date(2020, 11, 13)),
        ("/2020/11/story", date(2020, 11, 1), date(2020, 11, 30)),
        ("/report-2020", date(2020, 1, 1), date(2020, 12, 31)),
    ],
)
def test_an_address_tells_its_date(text: str, first: date, last: date) -> None:
    found = span_of_dates(text)
    assert found is not None
    assert found[:2] == (first, last)


@pytest.mark.parametrize("text", ["/story", "/12020111", "/1583850895.html", "/story-1899", "/202099999"])
def test_numbers_are_not_dates(text: str) -> None:
    assert span_of_dates(text) is None


@given(st.text(max_size=300))
def test_no_text_raises(text: str) -> None:
    note_dates(text)
    span_of_dates(text)
    words(text)


def test_words_meet_in_other_endings_and_without_accents() -> None:
    assert overlap(words("elections-in-bogota"), words("The election of Bogotá")) == 1.0
    assert overlap(words("rivers"), words("mountains")) == 0.0
    assert overlap(words("the-and-2020"), words("the and 2020")) == 0.0


@pytest.mark.parametrize("unit", ["2020/", "1 may ", "13 ", "20201113", "may. ", "%D0", "%", "a-", "?utm_a=1&", "/amp"])
def test_a_long_run_of_anything_is_read_in_linear_time(unit: str) -> None:
    text = unit * (300_000 // len(unit))
    for read in (note_dates, words, without_partial_escapes):
        assert grows_no_faster_than_its_text(read, text)
    assert grows_no_faster_than_its_text(span_of_dates, text[:10_000])
    assert grows_no_faster_than_its_text(lambda part: read_form(f"https://news.example/{part}"), text[:10_000])


def test_every_list_recognises_its_own_example_and_leaves_the_other_alone() -> None:
    lists = tomllib.loads((DATA / "variants.toml").read_text("utf-8"))
    bare = page("https://news.example/a")
    for name in ("tracking", "session", "presentation", "index_files"):
        assert page(lists[name]["yes"]) == bare, name
        assert page(lists[name]["no"]) != bare, name
    assert lists["languages"]["yes"].endswith(tuple(f"-{code}" for code in variants().languages))
    assert not lists["languages"]["no"].endswith(tuple(f"-{code}" for code in variants().languages))
    assert lists["files"]["yes"].endswith(variants().file_endings)
    assert not lists["files"]["no"].endswith(variants().file_endings)


@pytest.mark.parametrize("name", ["variants.toml", "words.toml"])
def test_every_list_has_a_source_and_a_date(name: str) -> None:
    for table in tomllib.loads((DATA / name).read_text("utf-8")).values():
        assert table["source"]
        assert isinstance(table["date"], date)
