"""The part of an address behind "#"."""

from __future__ import annotations

import pytest
from growth import grows_no_faster_than_its_text
from health_visits import article, as_written, response, seen, served

from citekeeper.health import check_fragment, judge
from citekeeper.model import Level, State

PAGE = '<html><body><h1 id="first">One</h1><a name=second></a><p id="sp&auml;t">The mill was rebuilt after the flood.</p></body></html>'
SCRIPTED = PAGE + "<script src=a.js></script>"
PDF = b"%PDF-1.4\n1 0 obj << /Type /Pages /Count 12 >> endobj"


def code(fragment: str, body: str | bytes = PAGE) -> str | None:
    found = check_fragment(f"https://paper.example/a#{fragment}", response(body))
    return found.code.removeprefix("fragment-") if found else None


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("first", "found"),
        ("second", "found"),
        ("third", "lost"),
        ("", None),
        ("top", None),
        ("TOP", None),
        ("/route", "unknown"),
        ("!route", "unknown"),
        (":~:text=rebuilt%20after", "found"),
        (":~:text=the-,mill,flood", "found"),
        (":~:text=never%20written%20there", "lost"),
        ("first:~:text=rebuilt", "found"),
    ],
)
def test_a_place_in_a_page(fragment: str, expected: str | None) -> None:
    assert code(fragment) == expected


def test_what_scripts_may_make_is_left_open() -> None:
    assert code("third", SCRIPTED) == "unknown"
    assert code("first", SCRIPTED) == "found"


@pytest.mark.parametrize(("fragment", "expected"), [("page=12", "found"), ("page=13", "lost"), ("page=0", "lost"), ("zoom=2", "unknown")])
def test_a_page_of_a_pdf(fragment: str, expected: str) -> None:
    assert code(fragment, PDF) == expected


def test_a_pdf_that_packs_its_pages_does_not_say() -> None:
    assert code("page=3", b"%PDF-1.7\nstream") == "unknown"


def test_a_lost_place_is_a_note_and_the_page_is_well() -> None:
    live = seen(served(article()))
    lost = check_fragment("https://paper.example/a#gone", response(article()))
    assert lost is not None
    verdict = judge(as_written(), live, comparison=(lost,))
    assert (verdict.state, verdict.level) == (State.OK, Level.NOTE)


@pytest.mark.parametrize("body", ["<a id=" * 200_000, " id='" * 250_000, '"id="a" ' * 130_000])
def test_a_megabyte_of_ids_is_read_in_linear_time(body: str) -> None:
    assert grows_no_faster_than_its_text(lambda part: code("x", "<html>" + part), body)
