"""The HTML page: self-contained, closed to what is hostile, whole without scripts. In a browser: test_reports_browser.py."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given, settings
from hypothesis import strategies as st
from reports_samples import HOSTILE, extraction_of, hostile_audit, sample_audit, sample_finding

from citekeeper.model import AuditedDocument, State, Timeline
from citekeeper.reports import render, render_extraction
from citekeeper.reports.html import charts


def soup(page: str) -> BeautifulSoup:
    return BeautifulSoup(page, "lxml")


def only(page: BeautifulSoup, selector: str) -> Tag:
    [found] = page.select(selector)
    return found


def policy_of(page: BeautifulSoup) -> str:
    return str(only(page, 'meta[http-equiv="Content-Security-Policy"]')["content"])


def test_the_policy_allows_the_pages_own_script_and_style_and_nothing_else() -> None:
    page = soup(render(sample_audit(), "html"))
    policy = policy_of(page)
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for kind, tag in (("script-src", "script"), ("style-src", "style")):
        digest = b64encode(hashlib.sha256((only(page, tag).string or "").encode()).digest()).decode()
        assert f"{kind} 'sha256-{digest}'" in policy


@settings(deadline=None, max_examples=30)
@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_no_text_from_outside_becomes_markup(text: str) -> None:
    plain = [tag.name for tag in soup(render(hostile_audit("x"), "html")).find_all(True)]
    shown = soup(render(hostile_audit(text), "html"))
    assert {tag.name for tag in shown.find_all(True)} <= {*plain, "a", "br"}
    assert len(shown.find_all("script")) == 1


def test_hostile_values_load_nothing_and_run_nothing() -> None:
    page = soup(render(hostile_audit(*HOSTILE), "html"))
    assert not page.select("img, iframe, object, embed, link, form[action], [style], base")
    assert not [name for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")]
    targets = [str(link["href"]) for link in page.select("a[href]")]
    assert all(target.startswith(("#", "https://web.archive.example/", "https://evil.example")) for target in targets)


def test_dead_and_parked_pages_are_never_one_click_away() -> None:
    page = soup(render(sample_audit(), "html"))
    for row in page.select("tbody tr"):
        links = {str(link["href"]) for link in row.select("a")}
        if row["data-state"] in {"gone", "parked", "replaced", "host_dead", "soft_404"}:
            assert all(link.startswith("https://web.archive.example/") for link in links)
    assert page.select('tr[data-state="blocked"] a')


def test_everything_is_there_without_scripts() -> None:
    page = soup(render(sample_audit(), "html"))
    assert "hidden" in only(page, ".controls").attrs
    assert len(page.select("tbody tr")) == 20
    assert not page.select("tbody tr[hidden]")
    row = only(page, 'tr[data-state="gone"]').get_text(" ")
    for part in ("ministry-of-roads.example", "status-404", "12 March 2024", "2 days before the article", "line 27", "citekeeper-2024"):
        assert part in row


def test_headings_tables_and_pictures_are_named_for_those_who_cannot_see_them() -> None:
    page = soup(render(sample_audit(), "html"))
    assert only(page, "html")["lang"] == "en"
    ids = [str(tag["id"]) for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    for tag in page.select("[aria-labelledby]"):
        assert tag["aria-labelledby"] in ids
    assert all(cell["scope"] == "col" for cell in page.select("th"))
    assert all(page.select(f'label[for="{field["id"]}"]') for field in page.select("input, select"))
    assert page.select_one("svg[role=img] > title")


def test_the_bar_shows_every_state_however_few_there_are() -> None:
    findings = [sample_finding(State.OK, "1", 1)] * 5000 + [sample_finding(State.GONE, "2", 2)]
    slices = charts.state_bar(findings)
    assert [each.state for each in slices] == ["gone", "ok"]
    assert all(each.width >= 2 for each in slices)
    assert sum(each.width for each in slices) == pytest.approx(1000, abs=0.1)
    assert charts.state_bar([]) == ()


@given(st.lists(st.dates(), min_size=1, max_size=5))
def test_the_timeline_keeps_every_date_within_the_picture(days: list[date]) -> None:
    findings = [sample_finding(State.GONE, str(n), n) for n in range(1, 3)]
    documents = [AuditedDocument("a.md", None, day, tuple(findings)) for day in days]
    drawn = charts.timeline(documents)
    assert drawn is not None
    marks = [at for track in drawn.tracks for at in (track.cited, track.copy) if at is not None]
    assert all(0 <= at <= 100 for at in (*marks, *(at for _, at in drawn.ticks)))
    assert len(drawn.ticks) <= 20


def test_the_timeline_and_the_evidence_say_when_a_page_was_last_seen_well() -> None:
    finding = sample_finding(State.GONE, "1", 1)
    past = Timeline(4, datetime(2024, 1, 2, tzinfo=UTC), datetime(2024, 3, 20, tzinfo=UTC), datetime(2024, 4, 1, tzinfo=UTC), 2)
    document = AuditedDocument("a.md", None, date(2024, 3, 14), (replace(finding, timeline=past),))
    drawn = charts.timeline([document])
    assert drawn is not None
    [track] = drawn.tracks
    assert track.copy is not None
    assert track.alive is not None
    assert track.copy < track.cited < track.alive
    shown = soup(render(replace(sample_audit(), documents=(document,)), "html")).get_text(" ")
    assert "4 looks since 2 January 2024, last seen well 20 March 2024, failing since 1 April 2024, failed and came back 2 times" in shown


def test_a_timeline_without_dates_or_copies_is_not_drawn() -> None:
    document = AuditedDocument("a.md", None, None, (sample_finding(State.GONE, "1", 1),))
    assert charts.timeline([document]) is None
    alone = replace(sample_finding(State.GONE, "1", 1), memento=None)
    assert charts.timeline([replace(document, published=date(2024, 1, 1), findings=(alone,))]) is None


def test_a_page_of_references_alone_shows_what_was_undone() -> None:
    page = soup(render_extraction(extraction_of(sample_audit()), "html"))
    assert len(page.select("tbody tr")) == 20
    assert "dot-word, hxxp" in page.get_text()


def test_a_value_of_a_megabyte_does_not_fill_the_page() -> None:
    assert len(render(hostile_audit("https://a.example/" + "x" * 1_000_000), "html")) < 120_000
