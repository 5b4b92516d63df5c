"""A page against its archived copy: the same, edited, another one; and what the article takes from it."""

from __future__ import annotations

import pytest
from growth import grows_no_faster_than_its_text
from health_visits import article, as_written, response, seen, served, short
from hypothesis import given, settings
from hypothesis import strategies as st

from citekeeper.health import compare_with_copy, judge
from citekeeper.health.drift import Drift, compare
from citekeeper.health.passages import check, stands
from citekeeper.health.texts import PageText, read_text, words
from citekeeper.model import Confidence, Response, State

MILLERS = ("Anna", "Bert", "Carl", "Dora", "Emil", "Frida", "Gustav", "Hanna", "Ivar", "Jenny", "Knut", "Lena")
TRADES = ("bakers", "farmers", "monks", "sailors", "smiths", "weavers", "tanners", "masons", "coopers", "dyers", "brewers", "carters")
FIRMS = ("Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta", "Iota", "Kappa", "Lambda", "My")
SENTENCES = [
    f"In the year {1900 + n} the miller {name} ground {n * 37} sacks of rye for the {trade} of the valley."
    for n, (name, trade) in enumerate(zip(MILLERS, TRADES, strict=True))
]
OTHER = [
    f"Shares of the {name} company rose by {n} per cent after its {n}th quarterly report beat what brokers had expected."
    for n, name in enumerate(FIRMS, 3)
]


def page(title: str, sentences: list[str], *, menu: str = "Home News Sport", foot: str = "") -> Response:
    text = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    return response(
        f"<html><head><title>{title}</title></head><body><nav>{menu}</nav><article><h1>{title}</h1>{text}</article>{foot}</body></html>"
    )


COPY = page("The mill by the river", SENTENCES)


def codes(live: Response, *passages: str) -> set[str]:
    return {evidence.code for evidence in compare_with_copy(live, COPY, passages)}


def state_of(live: Response, *passages: str) -> tuple[State, Confidence]:
    observed = seen(served(live.content))
    verdict = judge(as_written(), observed, comparison=compare_with_copy(live, COPY, passages))
    return verdict.state, verdict.confidence


def test_the_same_text_is_surely_well() -> None:
    assert state_of(COPY) == (State.OK, Confidence.HIGH)


def test_other_navigation_and_encoding_change_nothing() -> None:
    other = page("The mill by the river", SENTENCES, menu="Shop Login Basket Help", foot="<footer>Imprint and the like</footer>")
    latin = Response(200, "", (("Content-Type", "text/html; charset=utf-16"),), b"", b"", other.content.decode().encode("utf-16"))
    assert codes(other) == codes(latin) == {"text-same"}


def test_an_edited_page_has_drifted() -> None:
    edited = page("The mill by the river", [*SENTENCES[:6], *OTHER[:4]])
    assert codes(edited) == {"text-edited"}
    assert state_of(edited) == (State.DRIFTED, Confidence.LOW)


def test_an_edited_page_that_keeps_the_quotation_is_well() -> None:
    edited = page("The mill by the river", [*SENTENCES[:6], *OTHER[:4]])
    assert state_of(edited, SENTENCES[1]) == (State.OK, Confidence.HIGH)


def test_a_lost_quotation_is_drift_however_little_changed() -> None:
    edited = page("The mill by the river", [*SENTENCES[:11], OTHER[0]])
    assert codes(edited, SENTENCES[11]) == {"text-same", "passages-lost"}
    assert state_of(edited, SENTENCES[11]) == (State.DRIFTED, Confidence.MEDIUM)


def test_a_quotation_that_the_copy_does_not_hold_says_nothing() -> None:
    assert codes(COPY, "something that was never in the source at all") == {"text-same"}


def test_another_text_under_another_heading_is_replaced() -> None:
    replaced = page("Markets today", OTHER)
    assert codes(replaced) == {"text-replaced"}
    assert state_of(replaced) == (State.REPLACED, Confidence.MEDIUM)


def test_lost_figures_make_an_edited_page_a_drifted_one() -> None:
    edited = page("The mill by the river", [*SENTENCES[:6], *OTHER[:4]])
    told = compare_with_copy(edited, COPY, (), ("The mill by the river", "407"))
    assert {evidence.code for evidence in told} == {"text-edited", "names-kept", "names-lost"}
    verdict = judge(as_written(), seen(served(edited.content)), comparison=told)
    assert (verdict.state, verdict.confidence) == (State.DRIFTED, Confidence.MEDIUM)


def test_one_replacement_is_a_warning_only() -> None:
    live = page("Markets today", OTHER)
    assert not judge(as_written(), seen(served(live.content)), comparison=compare_with_copy(live, COPY)).confirmed


def test_spam_in_place_of_the_page_is_a_lapsed_domain() -> None:
    spam = page("Slot gacor", ["Situs judi slot online gacor dengan RTP live dan maxwin hari ini. " * 8])
    assert state_of(spam)[0] is State.PARKED
    assert judge(as_written(), seen(served(spam.content))).state is State.OK


def test_words_of_a_missing_page_where_another_text_was_are_sure() -> None:
    missing = response(short("Page not found", "Sorry. " + " ".join(OTHER[:3])))
    assert state_of(missing) == (State.SOFT_404, Confidence.HIGH)


def test_a_404_with_the_text_of_the_copy_is_not_called_gone() -> None:
    live = seen(served(COPY.content, 404))
    assert judge(as_written(), live, comparison=compare_with_copy(COPY, COPY)).state is State.UNKNOWN


def test_a_redirect_to_the_same_text_is_a_move() -> None:
    moved = served(COPY.content, url="https://archive.example/x/9", via=("https://paper.example/2020/old-mill-rebuilt",))
    verdict = judge(as_written(moved.target), seen(moved), comparison=compare_with_copy(COPY, COPY))
    assert (verdict.state, verdict.confidence) == (State.MOVED, Confidence.HIGH)


def test_a_wall_as_copy_tells_nothing() -> None:
    wall = response("<p>You will be connected in a moment.</p>")
    assert {evidence.code for evidence in compare_with_copy(COPY, wall)} == {"text-unclear"}


def test_files_are_compared_by_their_bytes() -> None:
    pdf = response(b"%PDF-1.4 one", headers=(("Content-Type", "application/pdf"),))
    assert [evidence.code for evidence in compare_with_copy(pdf, pdf)] == ["text-same"]
    assert not compare_with_copy(pdf, response(b"%PDF-1.4 two", headers=(("Content-Type", "application/pdf"),)))


def test_content_that_was_never_compared_is_said_so() -> None:
    verdict = judge(as_written(), seen(served(article())))
    assert verdict.reasons[-1].code == "content-not-verified"
    assert "not verified" in verdict.advice


def test_what_the_page_states_of_itself_outweighs_the_layout() -> None:
    stated = '<script type="application/ld+json">{"@type": "NewsArticle", "articleBody": "%s"}</script>'
    body = " ".join(SENTENCES)
    one = read_text(response(stated % body + article(3)))
    other = read_text(response(stated % body.replace("miller", "baker") + article(3)))
    assert one is not None
    assert other is not None
    assert compare(one, other).sameness < 1.0
    assert compare(one, one).sameness == 1.0


@pytest.mark.parametrize("passage", ["miller Anna ground 0 sacks", "In the year 1901 […] for the farmers", "ANNA   GROUND 0 “sacks”"])
def test_a_passage_stands_whatever_its_spacing_and_what_was_left_out(passage: str) -> None:
    assert stands(passage, read_text(COPY) or PageText("", "", (), ""))


def test_a_word_corrected_in_a_long_quotation_does_no_harm() -> None:
    text = read_text(COPY)
    assert text is not None
    assert stands(f"{SENTENCES[0]} {SENTENCES[1].replace('valley', 'vale')}", text)
    assert check(["no such words at all in it"], text, None).lost == ()


def test_words_of_scripts_without_spaces_and_with_vowel_signs_stay_whole() -> None:
    assert words("हिन्दी में") == "हिन्दी में"
    assert words("水車小屋") == "水 車 小 屋"


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=400), st.binary(max_size=400))
def test_any_two_bodies_can_be_compared(one: bytes, other: bytes) -> None:
    for evidence in compare_with_copy(response(one), response(other), ("a", "", "…")):
        assert evidence.code.startswith(("text-", "passages-", "names-"))


@pytest.mark.parametrize("body", [b"<p>a b " * 150_000, b"word " * 200_000, b"<div>" * 200_000, b"\x00" * 1_000_000, b"a" * 1_000_000])
def test_a_megabyte_of_anything_is_compared_in_linear_time(body: bytes) -> None:
    assert grows_no_faster_than_its_text(lambda part: compare_with_copy(response(part), response(part), ("a b a b", "word " * 100)), body)


def test_two_empty_pages_are_unclear() -> None:
    nothing = PageText("", "", (), "")
    assert compare(nothing, nothing).drift is Drift.UNCLEAR
