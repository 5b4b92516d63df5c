"""The terminal report fits its width, shows what matters and lets nothing hostile through."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
from growth import grows_no_faster_than_its_text
from hypothesis import given
from hypothesis import strategies as st
from reports_samples import HOSTILE, PUBLISHED, extraction_of, hostile_audit, sample_audit, sample_finding
from rich.cells import cell_len

from citekeeper.model import Audit, AuditedDocument, State, Timeline
from citekeeper.reports import Progress, picture, show, show_extraction
from citekeeper.reports.terminal import layout
from citekeeper.reports.wording import distance

WIDTHS = pytest.mark.parametrize("width", [40, 80, 100, 129, 130, 200])
VERBOSITIES = pytest.mark.parametrize("verbosity", [-1, 0, 1])


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def shown(audit: Audit, *, width: int = 80, color: bool = False, verbosity: int = 0) -> str:
    out = io.StringIO()
    show(audit, out, width=width, color=color, verbosity=verbosity)
    return out.getvalue()


def shown_extraction(audit: Audit, *, width: int = 80, verbosity: int = 0) -> str:
    out = io.StringIO()
    show_extraction(extraction_of(audit), out, problems=audit.problems, width=width, verbosity=verbosity)
    return out.getvalue()


@WIDTHS
@VERBOSITIES
def test_no_line_is_longer_than_the_width_or_ends_in_blanks(width: int, verbosity: int) -> None:
    for audit in (sample_audit(), hostile_audit(*HOSTILE, "x" * 5000, "東" * 300)):
        for text in (shown(audit, width=width, verbosity=verbosity), shown_extraction(audit, width=width, verbosity=verbosity)):
            assert max(map(cell_len, text.splitlines())) <= width
            assert not [line for line in text.splitlines() if line != line.rstrip()]
            assert "\n\n\n" not in text


def test_how_long_a_page_fails_is_said_in_words_that_read_on_from_their_label() -> None:
    past = Timeline(4, datetime(2024, 1, 2, tzinfo=UTC), datetime(2024, 3, 20, tzinfo=UTC), datetime(2024, 4, 1, tzinfo=UTC), 2)
    document = AuditedDocument("a.md", None, None, (replace(sample_finding(State.GONE, "1", 1), timeline=past),))
    text = " ".join(shown(replace(sample_audit(), documents=(document,)), width=130).split())
    assert "past failing since 1 April 2024; last worked 20 March 2024; looked at 4 times" in text


def test_every_problem_has_its_reason_and_the_next_step() -> None:
    text = shown(sample_audit(), width=100)
    for finding in sample_audit().findings:
        if finding.verdict.state is not State.OK:
            assert finding.verdict.reasons[0].code in text
            assert finding.verdict.advice in text


def test_a_state_is_told_by_word_and_sign_not_by_colour_alone() -> None:
    text = shown(sample_audit())
    for said in ("✓ ok", "• moved", "! soft_404", "✗ gone", "? unknown"):
        assert said in text


def test_a_copy_is_shown_with_its_date_its_distance_and_its_place() -> None:
    text = shown(sample_audit())
    assert "copy  12 March 2024, 2 days before the article" in text
    assert "web.archive.example/web/20240312081500/…" in text


def test_quiet_leaves_out_what_is_well_and_verbose_adds_the_hops() -> None:
    assert "✓ ok  " not in shown(sample_audit(), verbosity=-1)
    assert "✗ gone" in shown(sample_audit(), verbosity=-1)
    verbose = shown(sample_audit(), width=120, verbosity=1)
    assert "hop   301 http://old.ostrava-gazette.example/article.php?id=1882" in verbose
    assert "citekeeper-20240402093001.warc.gz at 1024" in verbose
    assert "requests: visit 19, archive 7" in verbose


def test_an_inconclusive_outcome_says_why() -> None:
    audit = replace(sample_audit(), conclusive=False, inconclusive_because="there is no network here")
    assert "Not conclusive: there is no network here" in shown(audit)
    assert "conclusive." not in shown(audit)


def test_without_colour_there_is_no_escape_sequence_and_with_colour_the_same_words() -> None:
    plain, coloured = shown(sample_audit()), shown(sample_audit(), color=True)
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\", "", coloured) == plain


def test_hostile_values_add_no_escape_sequence_to_a_coloured_report() -> None:
    coloured = shown(hostile_audit(*HOSTILE), color=True)
    rest = re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;(id=[0-9-]+)?;[!-~]*\x1b\\", "", coloured)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b]", rest)


def test_markup_is_shown_and_not_obeyed() -> None:
    assert "[red]markup[/red]" in shown(hostile_audit("[red]markup[/red] :smile:"), width=200)


def test_a_taken_over_address_is_never_a_link() -> None:
    finding = replace(sample_finding(State.PARKED, "1", 1), memento=None)
    audit = replace(sample_audit(), documents=(AuditedDocument("a.txt", None, None, (finding,)),))
    assert "\x1b]8" not in shown(audit, color=True)


def test_a_stream_that_knows_only_ascii_gets_ascii() -> None:
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding="ascii") as out:
        show(hostile_audit(*HOSTILE), out, width=80)
        show(sample_audit(), out, width=80)
        out.flush()
        text = raw.getvalue().decode("ascii")
    assert "x gone" in text
    assert r"\u0415" in text


@given(st.text(), st.integers(0, 60))
def test_fitted_text_and_addresses_never_exceed_their_cells(text: str, width: int) -> None:
    assert cell_len(layout.fit(layout.clean(text), width)) <= width
    assert cell_len(layout.fit_address(layout.clean("https://" + text), width)) <= width


@given(st.text(), st.integers(2, 60))
def test_wrapped_text_keeps_every_character_but_blanks(text: str, width: int) -> None:
    text = layout.clean(text)
    lines = list(layout.wrap(text, width))
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cell_len(line) <= width for line in lines)


@pytest.mark.parametrize(
    ("address", "width", "fitted"),
    [
        ("https://a.example/short", 40, "https://a.example/short"),
        ("https://news.example/2024/03/12/the-bridge-reopens-after-years", 40, "https://news.example/2024…ns-after-years"),
        ("https://www.a-rather-long-host-name.example/path/page", 36, "www.a-rather-long-host-name…"),
        ("https://user:password@evil.example/" + "x" * 80, 30, "evil.example…"),
        ("https://" + "sub." * 40 + "owner.example/x", 20, "…sub.owner.example"),
    ],
)
def test_a_shortened_address_keeps_its_host(address: str, width: int, fitted: str) -> None:
    got = layout.fit_address(address, width)
    assert cell_len(got) <= width
    if "…" in fitted and "owner" in fitted:
        assert got.startswith("…")
        assert got.endswith("owner.example")
    else:
        host = re.sub(r"^https://(?:[^@/]*@)?([^/]*).*", r"\1", address)
        assert host in got


def test_distances_are_told_in_words_a_person_would_use() -> None:
    memento = sample_finding(State.GONE, "1", 1).memento
    assert memento is not None
    assert distance(memento, PUBLISHED) == "2 days before the article"
    assert distance(memento, date(2024, 3, 12)) == "the day of the article"
    assert distance(memento, date(2023, 11, 1)) == "4 months after the article"
    assert distance(memento, date(2014, 3, 1)) == "10 years after the article"
    assert distance(memento, None) == ""


def test_progress_is_drawn_on_a_terminal_and_taken_away_again() -> None:
    out = Terminal()
    with Progress(out) as progress:
        progress.stage("visiting", 2)
        progress.advance("https://a.example/\x1b[31m")
        progress.stage("judging")
        progress.advance()
    assert "visiting" in out.getvalue()
    assert "\x1b[31m" not in out.getvalue().replace("\x1b[31m━", "")


@pytest.mark.parametrize(("stream", "enabled"), [(io.StringIO(), True), (Terminal(), False)])
def test_progress_is_silent_where_nobody_looks(stream: io.StringIO, enabled: bool) -> None:
    with Progress(stream, enabled) as progress:
        progress.stage("visiting", 2)
        progress.advance("https://a.example/")
    assert stream.getvalue() == ""


def test_progress_is_harmless_outside_of_its_block() -> None:
    progress = Progress(Terminal())
    progress.stage("visiting", 1)
    progress.advance("x")


def test_a_picture_is_well_formed_svg_that_is_always_the_same() -> None:
    drawn = picture(sample_audit(), width=80)
    assert drawn == picture(sample_audit(), width=80)
    assert ElementTree.fromstring(drawn).tag == "{http://www.w3.org/2000/svg}svg"
    ElementTree.fromstring(picture(hostile_audit(*HOSTILE), width=80, title="<b>&\x1b"))


def test_an_address_that_the_advice_names_is_not_said_twice() -> None:
    finding = sample_finding(State.GONE, "1", 1)
    assert finding.memento is not None
    finding = replace(finding, verdict=replace(finding.verdict, advice=f"Cite {finding.memento.url} instead."))
    audit = replace(sample_audit(), documents=(AuditedDocument("a.txt", None, PUBLISHED, (finding,)),))
    text = shown(audit, width=220)
    assert text.count("https://web.archive.example/web/20240312081500/") == 1
    assert "copy  12 March 2024, 2 days before the article" in text


def test_an_address_is_called_cut_once_and_a_cut_alone_is_no_repair() -> None:
    finding = sample_finding(State.INCOMPLETE, "1", 1)
    address = replace(finding.reference.address, repairs=("cut",))
    finding = replace(finding, reference=replace(finding.reference, address=address))
    audit = replace(sample_audit(), documents=(AuditedDocument("a.txt", None, None, (finding,)),), problems=())
    text = shown_extraction(audit, width=120)
    assert text.count("cut") == 2
    assert "1 reference: 1 cut, 0 repaired." in text


def test_an_address_in_a_sentence_begins_a_line_and_breaks_behind_slashes() -> None:
    text = "Link the archived copy: https://web.archive.example/web/20240312081500/https://ministry.example/press/communique-17.html"
    assert list(layout.wrap(text, 50)) == [
        "Link the archived copy:",
        "https://web.archive.example/web/20240312081500/",
        "https://ministry.example/press/communique-17.html",
    ]
    assert list(layout.wrap("302 https://ministry.example/press/communique-17-on-the-bridge.html", 50)) == [
        "302 https://ministry.example/press/",
        "communique-17-on-the-bridge.html",
    ]
    assert list(layout.wrap("redirect-similar: https://www.ministry-of-roads.example/press/" + "x" * 30, 48)) == [
        "redirect-similar:",
        "https://www.ministry-of-roads.example/press/",
        "x" * 30,
    ]


def test_wrapping_the_worst_takes_time_in_proportion() -> None:
    for unit in ("a", "/", "-", "a/", "https://", "https:", "http", "a-", " a", "東"):
        assert grows_no_faster_than_its_text(lambda text: list(layout.wrap(text, 50)), unit * (160_000 // len(unit))), unit
