"""How a reference was read, as data: each step, and why it was or was not taken as cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citekeeper.model import Document, Link, Span, Step, Trace
from citekeeper.references import explain, extract


def traced(text: str, *links: Link) -> Trace:
    (trace,) = explain(Document("-", "text", text, text, links=links))
    return trace


def test_each_step_tells_what_was_printed_and_what_it_means() -> None:
    trace = traced("See hxxps://news dot com/a-\nstory[.]htm?a=1&amp;b=2 there")
    assert trace.steps == (
        Step("hxxp", "hxxps://", "https://"),
        Step("dot-word", " dot ", "."),
        Step("hyphen-wrap", "\n", ""),
        Step("bracket-dot", "[.]", "."),
        Step("html-entity", "&amp;", "&"),
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "https://a.example/" + "x" * 54 + "... and",
            "cut: “...” behind 72 characters, as Drupal to 7, Backdrop cut; at least 4 are missing",
        ),
        ("https://a.example/x… and", "cut: “…” behind 19 characters, a length that no system we know keeps"),
        ("https://a.example/a/compare/v1.0...v1.1", "not cut: the three dots in it"),
        ("(see https://a.example/x)... and", "not cut: the dots stand behind “)”"),
        ("https://a.example/x ... and", "not cut: the dots stand apart"),
        ("https://a.example/x ........ 12", "not cut: six dots"),
        ("https://a.example/x and", "not cut: no mark"),
    ],
)
def test_it_tells_why_an_address_was_or_was_not_taken_as_cut(text: str, reason: str) -> None:
    assert traced(text).cut.startswith(reason)


def test_a_cut_text_on_a_whole_link_is_told_to_be_whole() -> None:
    text = "see http://a.example/lo... now"
    assert "states the whole address" in traced(text, Link("http://a.example/long", Span(4, 4), Span(4, 26))).cut


def test_what_concerns_the_whole_address_comes_last() -> None:
    trace = traced("hxxps://www.google[.]com/url?q=https%3A%2F%2Fnews.example%2Fa")
    assert [step.code for step in trace.steps] == ["hxxp", "bracket-dot", "unwrapped"]
    assert trace.steps[-1].meant == "https://news.example/a"


def test_ibid_is_told_to_be_read_as_its_note() -> None:
    text = "[1] http://a.example/1\n[2] Ibid.\n"
    assert explain(Document("-", "text", text, text))[1].cut == "read as note 1 is"


@given(
    st.lists(st.sampled_from(["hxxp://", "a.example/", " dot ", "com", "[.]", "...", "\n", "x", "-", "doi:10.1000/182 ", "www.", "%2F%2F"]))
)
@settings(max_examples=100, deadline=None)
def test_every_reference_has_its_trace_and_every_repair_a_step(pieces: list[str]) -> None:
    document = Document("-", "text", "".join(pieces), "".join(pieces))
    traces = explain(document)
    assert tuple(trace.reference for trace in traces) == extract(document)
    for trace in traces:
        assert set(trace.reference.address.repairs) <= {step.code for step in trace.steps}
