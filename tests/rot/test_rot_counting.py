"""The summary's counts: each reference once in every grouping, no percentage of few, nobody's country guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekeeper.model import (
    Address,
    Confidence,
    Finding,
    Level,
    Location,
    Memento,
    Observation,
    Reference,
    Resolution,
    Share,
    State,
    Tally,
    Timeline,
    Verdict,
)
from citekeeper.rot import NOT_TOLD, Audited, Cited, country_of, outlet_of, summarise
from citekeeper.rot.counting import lives, periods

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
CITED_ON = date(2020, 11, 1)


def cited(url: str | None, state: State, *, on: date | None = CITED_ON, timeline: Timeline | None = None, source: str = "a.md") -> Cited:
    reference = Reference(url or "see there", Location(1, 1, 1, 5, 0, 4), Address(url))
    seen = Observation(NOW, url, url, 200, (), None, ()) if url is not None else None
    verdict = Verdict(state, Confidence.HIGH, True, Level.NONE, (), "")
    return Cited(source, NOW, on, Finding(reference, Resolution(url, "as-written", 1.0), verdict, seen, timeline=timeline))


def named(tallies: tuple[Tally, ...]) -> dict[str, Tally]:
    return {tally.name: tally for tally in tallies}


@given(
    st.lists(st.tuples(st.sampled_from(["https://a.de/1", "https://b.com/2", None]), st.sampled_from(list(State))), min_size=1, max_size=40)
)
def test_every_reference_is_counted_once_in_every_grouping(drawn: list[tuple[str | None, State]]) -> None:
    rot = summarise([cited(url, state) for url, state in drawn], [NOW.date()])
    for group in ((rot.total,), rot.outlets, rot.countries, rot.ages):
        assert sum(tally.references for tally in group) == len(drawn)
        for tally in group:
            assert tally.alive + tally.dead + tally.undecided + tally.addressless == tally.references
            assert tally.drifted <= tally.alive
            assert max(tally.confirmed, tally.with_copy) <= tally.dead
    assert sum(rot.by_state.values()) == len(drawn)


def test_walls_and_failures_of_the_moment_are_neither_alive_nor_dead() -> None:
    open_states = (State.BLOCKED, State.LOGIN, State.RESTRICTED, State.TRANSIENT, State.TLS_BROKEN, State.UNKNOWN)
    rot = summarise([cited("https://a.de/", state) for state in (State.OK, State.GONE, *open_states)], [NOW.date()])
    assert (rot.total.alive, rot.total.dead, rot.total.undecided, rot.total.rotten) == (1, 1, len(open_states), Share(1, 2))


def test_a_share_of_few_is_not_told_and_that_of_more_is_wilsons() -> None:
    assert Share(3, 19).value is None
    assert Share(3, 19).interval is None
    # R. G. Newcombe, Statistics in Medicine 17, 1998, table I: 81 of 263, and 15 of 148.
    assert Share(81, 263).interval == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert Share(15, 148).interval == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert Share(0, 20).interval == pytest.approx((0, 0.1611), abs=5e-5)


@pytest.mark.parametrize(
    ("url", "outlet", "country"),
    [
        ("https://news.bbc.co.uk/1", "bbc.co.uk", "United Kingdom"),
        ("https://www.spiegel.de/", "spiegel.de", "Germany"),
        ("https://пример.рф/а", "пример.рф", "Russia"),
        ("https://xn--e1afmkfd.xn--p1ai/", "xn--e1afmkfd.xn--p1ai", "Russia"),
        ("https://www.state.gov/", "state.gov", "United States"),
        ("https://a.example.com/", "example.com", NOT_TOLD),
        ("https://startup.io/", "startup.io", NOT_TOLD),
        ("https://europa.eu/", "europa.eu", NOT_TOLD),
        ("http://192.0.2.7/a", "192.0.2.7", NOT_TOLD),
        ("http://[broken", "(no address)", NOT_TOLD),
        (None, "(no address)", NOT_TOLD),
    ],
)
def test_outlet_and_country_are_what_the_address_tells_and_no_more(url: str | None, outlet: str, country: str) -> None:
    assert (outlet_of(url), country_of(url)) == (outlet, country)


def test_what_tells_no_country_is_a_row_of_its_own_at_the_end() -> None:
    rot = summarise([cited("https://a.com/", State.GONE), cited("https://a.de/", State.OK)], [NOW.date()])
    assert [tally.name for tally in rot.countries] == ["Germany", NOT_TOLD]


def test_ages_run_from_the_citation_to_the_look() -> None:
    days = [date(2026, 6, 1), date(2025, 6, 1), date(2020, 1, 1), date(2001, 1, 1), date(2030, 1, 1), None]
    rot = summarise([cited("https://a.de/", State.OK, on=day) for day in days], [NOW.date()])
    ages = [(tally.name, tally.references) for tally in rot.ages]
    assert ages == [("under 1 year", 2), ("1 to 2 years", 1), ("5 to 10 years", 1), ("20 years and more", 1), ("no date of citation", 1)]
    assert rot.undated == 1


def past(first: int, *, last_ok: int | None, failed: int | None) -> Timeline:
    def day(number: int) -> datetime:
        return datetime(2020, 11, 1, tzinfo=UTC).replace(year=2020 + number)

    return Timeline(3, day(first), None if last_ok is None else day(last_ok), None if failed is None else day(failed), 0)


def test_a_life_lasts_between_the_last_good_look_and_the_first_bad_one() -> None:
    (life,) = lives([cited("https://a.de/", State.GONE, timeline=past(1, last_ok=3, failed=4))])
    assert (life.alive_until, life.dead_by, life.seen_alive) == (1095, 1461, True)


def test_a_page_that_was_never_seen_alive_lived_at_its_citation_or_at_its_copy() -> None:
    dead = cited("https://a.de/", State.GONE, timeline=past(5, last_ok=None, failed=5))
    (life,) = lives([dead])
    assert (life.alive_until, life.dead_by, life.seen_alive) == (0, 1826, False)
    memento = Memento("https://archive.example/1", datetime(2021, 11, 1, tzinfo=UTC), "wayback", "https://a.de/", 200)
    (life,) = lives([replace(dead, finding=replace(dead.finding, memento=memento))])
    assert life.alive_until == 365


def test_a_page_is_followed_once_from_its_first_citation_however_it_is_written() -> None:
    found = lives([cited("https://a.de/x", State.OK), cited("http://www.a.de/x/", State.OK, on=date(2019, 11, 1), source="b.md")])
    assert [(life.alive_until, life.dead_by) for life in found] == [(2557, None)]


def test_pages_without_a_date_and_pages_of_which_nothing_is_known_have_no_life() -> None:
    assert lives([cited("https://a.de/", State.OK, on=None), cited("https://b.de/", State.BLOCKED), cited(None, State.INVALID)]) == []
    (life,) = lives([cited("https://b.de/", State.BLOCKED, timeline=past(1, last_ok=2, failed=None))])
    assert (life.alive_until, life.dead_by) == (730, None)


def test_months_know_each_document_as_its_last_audit_until_then_left_it() -> None:
    audited = [
        Audited("a.md", date(2026, 3, 2), {State.OK: 3}),
        Audited("a.md", date(2026, 3, 20), {State.OK: 2, State.GONE: 1}),
        Audited("b.md", date(2026, 5, 1), {State.OK: 1, State.BLOCKED: 1}),
        Audited("a.md", date(2026, 5, 2), {State.OK: 1, State.GONE: 2}),
    ]
    found = [(each.month, each.documents, each.references, each.alive, each.dead) for each in periods(audited)]
    assert found == [(date(2026, 3, 1), 1, 3, 2, 1), (date(2026, 5, 1), 2, 5, 2, 2)]
