"""What an article takes from a source: quotations and figures before the mark that cites it."""

from __future__ import annotations

import pytest
from growth import grows_no_faster_than_its_text
from hypothesis import given, settings
from hypothesis import strategies as st

from citekeeper import documents
from citekeeper.model import Document
from citekeeper.pipeline.loading import extract
from citekeeper.pipeline.quoting import figures_in, quotes_in


def references_of(text: str, name: str = "a.txt") -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    document = documents.read(text.encode(), source=name)
    assert isinstance(document, Document)
    return [(each.quotes, each.figures) for each in extract(document, ()).references]


def test_a_quotation_before_a_note_s_mark_belongs_to_it() -> None:
    text = (
        "The mayor said that “the ferry will sail again before the ice comes”.[1] Others doubt it.[2]\n\nNotes\n\n"
        "[1] https://paper.example/ferry\n[2] https://other.example/doubt\n"
    )
    first, _ = references_of(text)
    assert first[0] == ("the ferry will sail again before the ice comes",)


def test_a_quotation_in_html_is_found_across_its_markup() -> None:
    text = (
        "<p>It was, he wrote, &ldquo;the <em>worst</em> winter of the century&rdquo; "
        '(<a href="https://paper.example/winter">the paper</a>).</p>'
    )
    assert references_of(text, "a.html")[0][0] == ("the worst winter of the century",)


def test_a_quotation_of_another_paragraph_does_not_count() -> None:
    assert references_of("“Nothing of this will ever be forgotten.”\n\nSee https://paper.example/a for the rest.")[0][0] == ()


@pytest.mark.parametrize("quoted", ["“{}”", '"{}"', "«{}»", "„{}“", "»{}«"])
def test_every_kind_of_quotation_mark_counts(quoted: str) -> None:
    assert quotes_in("He said " + quoted.format("the mill was never sold") + " ") == ["the mill was never sold"]


def test_single_words_in_quotation_marks_are_no_quotation() -> None:
    assert quotes_in('the so-called "independent ferry" of') == []


def test_figures_of_the_citing_sentence_count_but_years_and_small_numbers_do_not() -> None:
    text = "In 1999 there were 1,200 boats. By 2020 there were 2,345 boats and 17.5 per cent more crews, see 3 "
    assert figures_in(text) == ["2,345", "17.5"]


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_looked_through(text: str) -> None:
    assert all(quote in text for quote in quotes_in(text))
    assert all(figure in text for figure in figures_in(text))


@pytest.mark.parametrize("unit", ["“", '"', "«a ", "1,", "1.", "123 456 ", "\n \n", ". "])
def test_what_stands_before_a_mark_is_looked_through_in_linear_time(unit: str) -> None:
    text = (unit * 20_000)[:20_000]
    assert grows_no_faster_than_its_text(quotes_in, text)
    assert grows_no_faster_than_its_text(figures_in, text)
