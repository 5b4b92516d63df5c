"""The short way for plain addresses reads what the long way reads."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citekeeper.references import find as finding
from citekeeper.references.draft import Found
from citekeeper.references.plain import plain_at

HOSTS = [
    "http://a.example",
    "https://news.example/a/b",
    "https://b.example/x?y=1",
    "http://www.c.example/",
    "www.d.example/e",
    "hxxp://f.example/g",
]
ENDS = [
    ".",
    "...",
    ", ",
    "; ",
    " word ",
    " dot ",
    " Dot",
    " com/",
    ")",
    "(",
    "“",
    "”",
    '"',
    "<",
    ">",
    "…",
    " ...",
    "’s",
    ":",
    "://",
    "\\",
    "*",
]
LINES = [
    "\n",
    "\n• ",
    "\n- ",
    "\n* ",
    "\r\n[3] ",
    "\r\n\r\n",
    "\n3) ",
    "\nAdd ",
    " word.\n\n",
    "\n\n",
    "\n[12] ",
    "\nSmith, J. ",
    "\nlower ",
    "\n12. ",
    "\n2020.",
    "\nhtml",
    "\r\n",
    " \n",
]
PIECES = [
    *(
        "/c.html",
        "?a=b",
        "&amp;",
        "&c=d",
        "-",
        "_",
        "/",
        "#f",
        "%20",
        "1",
        "DOT",
        "[1]",
        "¹",
        "日本",
        "\u200b",
        "[",
        "]",
        "].",
        " [2] ",
        "%2",
        "don... ",
        "<snip>",
        "&hellip;",
        "\u22ef",
        " report.pdf",
        "\u2010",
        " a...",
        " x.pdf?a",
    )
]


def long_way(text: str, stops: list[int], monkeypatch: pytest.MonkeyPatch) -> list[Found]:
    with monkeypatch.context() as patched:
        patched.setattr(finding, "plain_at", lambda *_: None)
        return list(finding.find(text, stops))


@given(st.lists(st.sampled_from([*HOSTS, *HOSTS, *ENDS, *LINES, *PIECES]), max_size=10), st.lists(st.integers(0, 80), max_size=2))
@settings(max_examples=300)
def test_both_ways_read_the_same(pieces: list[str], stops: list[int]) -> None:
    text = "".join(pieces)
    with pytest.MonkeyPatch.context() as patch:
        assert list(finding.find(text, sorted(stops))) == long_way(text, sorted(stops), patch)


@pytest.mark.parametrize(
    "text", ["See https://a.example/b/c.html, and", "[1] https://a.example/b; https://c.example/d\n[2] x", "(http://a.example)"]
)
def test_ordinary_addresses_go_the_short_way(text: str) -> None:
    slashes = text.index("//")
    found = plain_at(text, slashes, 0, ())
    assert found == next(iter(finding.find(text)))


@pytest.mark.parametrize(
    "text", ["https://a.example/b...", "https://a.example/b-\nc", "https://a.example dot org/", "xhttp://a.example/b c"]
)
def test_what_may_hold_more_goes_the_long_way(text: str) -> None:
    assert plain_at(text, text.index("//"), 0, ()) is None


def test_the_next_address_is_no_rest_of_a_query() -> None:
    text = "http://a.example/?x=1 http://b.example/?y=1&z=2"
    assert [one.url for one in finding.find(text)] == text.split()
