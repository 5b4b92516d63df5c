"""Every mark and every wording holds for its own positive example and not for its negative one."""

from __future__ import annotations

import pytest

from citekeeper.health.marks import Mark, load
from citekeeper.health.plain import plain
from citekeeper.health.signals.parking import _spam
from citekeeper.health.tables import table
from citekeeper.health.wording import Phrases, headline, load_phrases, names, reasons, says

LISTS = ("wall_headers", "wall_pages", "filter_headers", "block_pages", "parking", "default_pages", "logins")
HEADLINES = ("not_found", "moved_words", "failure_words", "refusal_words")
SENTENCES = ("login_words", "paywall_words")
REASONS = ("block_words", "geo_words", "proof_words")
MARKS = [mark for name in LISTS for mark in load(name)]


def languages(*names: str) -> list[tuple[str, Phrases]]:
    return [(name, phrases) for name in names for phrases in load_phrases(name)]


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark.id)
def test_a_mark_holds_for_its_positive_example_and_not_for_its_negative(mark: Mark) -> None:
    assert mark.holds(mark.positive.answer())
    assert not mark.holds(mark.negative.answer())


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark.id)
def test_a_mark_says_where_it_comes_from_and_when(mark: Mark) -> None:
    assert mark.source
    assert mark.date >= "2020"
    assert mark.headers or mark.title or mark.text or mark.markup or mark.markup_all


def test_marks_have_names_of_their_own() -> None:
    assert len({mark.id for mark in MARKS}) == len(MARKS)


@pytest.mark.parametrize(("name", "phrases"), languages(*HEADLINES), ids=lambda value: value if isinstance(value, str) else value.language)
def test_a_headline_counts_when_it_says_nothing_else(name: str, phrases: Phrases) -> None:
    positive, negative = plain(phrases.positive), plain(phrases.negative)
    assert headline(positive, (phrases,)) or says(positive, (phrases,))
    assert not headline(negative, (phrases,))
    assert not says(negative, (phrases,))


@pytest.mark.parametrize(("name", "phrases"), languages(*SENTENCES), ids=lambda value: value if isinstance(value, str) else value.language)
def test_a_sentence_counts_wherever_it_stands_in_a_short_page(name: str, phrases: Phrases) -> None:
    assert says(plain(phrases.positive), (phrases,))
    assert not says(plain(phrases.negative), (phrases,))


@pytest.mark.parametrize(("name", "phrases"), languages(*REASONS), ids=lambda value: value if isinstance(value, str) else value.language)
def test_a_refusal_counts_with_its_reason(name: str, phrases: Phrases) -> None:
    assert reasons(plain(phrases.positive), (phrases,), 600)
    assert not reasons(plain(phrases.negative), (phrases,), 600)


@pytest.mark.parametrize("name", [*HEADLINES, *SENTENCES, *REASONS])
def test_no_negative_example_of_one_language_counts_in_another(name: str) -> None:
    lists = load_phrases(name)
    for phrases in lists:
        text = plain(phrases.negative)
        assert not (reasons(text, lists, 600) if name in REASONS else says(text, lists)), phrases.language


@pytest.mark.parametrize("name", [*HEADLINES, *SENTENCES, *REASONS])
def test_a_language_stands_once_in_a_list_and_tells_its_source(name: str) -> None:
    lists = load_phrases(name)
    assert len({phrases.language for phrases in lists}) == len(lists)
    assert all(phrases.source and phrases.date >= "2020" for phrases in lists)


@pytest.mark.parametrize("phrases", load_phrases("spam_words"), ids=lambda phrases: phrases.language)
def test_three_phrases_of_a_spam_template_make_a_hint(phrases: Phrases) -> None:
    assert len(_spam(plain(phrases.positive))) >= 3
    assert not _spam(plain(phrases.negative))
    assert phrases.source
    assert phrases.date >= "2020"


def test_login_headlines_are_found_anywhere_in_a_title() -> None:
    assert names(plain("Members area: please log in"), load_phrases("login_words"))


def test_services_that_always_redirect_tell_their_source() -> None:
    rows = table("redirectors")["redirector"]
    assert all(row["reason"] and row["source"] and row["date"] for row in rows)
    hosts = [host for row in rows for host in row["hosts"]]
    assert len(set(hosts)) == len(hosts)
    assert all(host == host.lower() and "/" not in host for host in hosts)
