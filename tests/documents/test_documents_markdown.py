"""Markdown: links with exact places, footnotes, escapes, front matter."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from citekeeper.documents.markdown import read
from citekeeper.model import Document


def article(text: str) -> Document:
    return read(text, source="a.md")


def links(document: Document) -> list[tuple[str, str, str]]:
    """Of each link: what it means, how it is written, what the reader sees."""
    text, reading = document.text, document.reading
    return [
        (link.href, text[link.href_span.start : link.href_span.end], reading[link.anchor.start : link.anchor.end])
        for link in document.links
    ]


def marks(document: Document, role: str) -> list[tuple[str, str]]:
    return [(mark.marker, document.reading[mark.at.start : mark.at.end]) for mark in document.marks if mark.role == role]


def test_text_without_mark_up_is_read_as_it_stands() -> None:
    document = article("Plain words, https://h.example/a.\n")
    assert document.reading == document.text
    assert document.segments == ()


@pytest.mark.parametrize(
    ("source", "link"),
    [
        ("[a](https://h.example/x)", ("https://h.example/x", "https://h.example/x", "a")),
        ('[a b]( <https://h.example/x y>  "title" )', ("https://h.example/x y", "https://h.example/x y", "a b")),
        ("[a](https://h.example/(x)(y))", ("https://h.example/(x)(y)", "https://h.example/(x)(y)", "a")),
        (r"[a](https://h.example/x\_y\))", ("https://h.example/x_y)", r"https://h.example/x\_y\)", "a")),
        ("[a](https://h.example/?a=1&amp;b=2&copy=3)", ("https://h.example/?a=1&b=2&copy=3", "https://h.example/?a=1&amp;b=2&copy=3", "a")),
        (r"[a\]b](x)", ("x", "x", "a]b")),
        ("[a [b] `]` c](x)", ("x", "x", "a [b] `]` c")),
        ("<https://h.example/x_y>", ("https://h.example/x_y", "https://h.example/x_y", "https://h.example/x_y")),
        ("[a][One]\n\n[one]: https://h.example/x 'title'", ("https://h.example/x", "https://h.example/x", "a")),
        ("[One][]\n\n[one]: <https://h.example/x>", ("https://h.example/x", "https://h.example/x", "One")),
        ("> [two\n> words](x)", ("x", "x", "two\n> words")),
        ("- item\n\n  [a](x)", ("x", "x", "a")),
        ("# [a](x)", ("x", "x", "a")),
        ("| h |\n|---|\n| [a](x) |", ("x", "x", "a")),
        ("[![alt](picture.png)](x)", ("x", "x", "alt")),
        ("a <a class=c href='https://h.example/?a&amp;b'>words</a> b", ("https://h.example/?a&b", "https://h.example/?a&amp;b", "words")),
        ("<div>\n<a href=x>words</a>\n</div>", ("x", "x", "words")),
        ("[a](x)\r\nmore\r\n", ("x", "x", "a")),
    ],
)
def test_a_link_keeps_its_address_its_place_and_its_words(source: str, link: tuple[str, str, str]) -> None:
    assert links(article(source)) == [link]


@pytest.mark.parametrize(
    "source",
    [
        "`[a](x)`",
        "```\n[a](x)\n```",
        "    [a](x)",
        r"\[a](x)",
        "[a] (x)",
        "![a](x)",
        "<!-- [a](x) -->",
        "[a](x y)",
        "[a](<x\ny>)",
        "[a][unknown]",
        "[ ]",
        "[a](x",
        "<a b>",
    ],
)
def test_what_only_looks_like_a_link_is_none(source: str) -> None:
    assert links(article(source)) == []


def test_links_do_not_nest() -> None:
    assert [link[0] for link in links(article("[a [b](inner) c](outer)"))] == ["inner"]


def test_the_syntax_of_links_is_not_read_but_their_words_are() -> None:
    assert article('See [a\\_b](x "t"), ![c](y) and [d][e].\n\n[e]: z\n').reading == "See a_b, c and d.\n\n"


def test_words_behind_a_link_do_not_grow_onto_its_address() -> None:
    assert article("[https://h.example/a](https://h.example/a)Next").reading == "https://h.example/a Next"


def test_escapes_and_entities_are_undone_but_for_backslashes() -> None:
    assert article(r"https://h.example/a\_b?c&amp;d hxxp:\\h.example\[.\]x").reading == r"https://h.example/a_b?c&d hxxp:\\h.example[.]x"


@pytest.mark.parametrize(
    ("source", "reading"),
    [
        ("_https://h.example/a_", "https://h.example/a"),
        ("See __the page https://h.example/a__.", "See the page https://h.example/a."),
        ("~~https://h.example/a~~, b", "https://h.example/a, b"),
        ("https://h.example/_a_/b_c_ d", "https://h.example/_a_/b_c_ d"),
        ("snake_case_words _and_", "snake_case_words and"),
        ("h**p://h.example/a", "h**p://h.example/a"),
        ("_a [b](x)_", "a b"),
    ],
)
def test_emphasis_does_not_cling_to_addresses(source: str, reading: str) -> None:
    assert article(source).reading == reading


def test_code_keeps_its_escapes() -> None:
    assert article("`a\\_b` and\n\n    c\\_d\n").reading == "`a\\_b` and\n\n    c\\_d\n"


def test_footnotes_are_notes_and_their_marks_cite_them() -> None:
    document = article(
        "One[^1] two[^n] three[^none].\n\n[^1]: https://h.example/one\n[^n]: Ana, [T](https://h.example/two),\n    2020.\n\nMore.\n"
    )
    assert marks(document, "cite") == [("1", "[^1]"), ("n", "[^n]")]
    assert marks(document, "note") == [("1", "https://h.example/one"), ("n", "Ana, T,\n    2020.")]
    assert [link[0] for link in links(document)] == ["https://h.example/two"]


def test_a_footnote_of_one_address_is_no_definition_of_a_link() -> None:
    document = article("One[^1].\n\n[^1]: [T](https://h.example/one)\n")
    assert links(document) == [("https://h.example/one", "https://h.example/one", "T")]
    assert marks(document, "note") == [("1", "T")]


def test_numbered_definitions_are_notes() -> None:
    document = article('One [1] and [two][2].\n\n[1]: https://h.example/one\n[2]: https://h.example/two "T"\n')
    assert marks(document, "cite") == [("1", "1"), ("2", "two")]
    assert marks(document, "note") == [("1", "https://h.example/one"), ("2", 'https://h.example/two "T"')]


def test_footnotes_in_code_are_none() -> None:
    assert article("a[^1]\n\n```\n[^1]: x\n```\n").marks == ()


def test_yaml_front_matter_tells_title_date_and_address() -> None:
    document = article(
        "---\ntitle: 'Words: more'\ndate: 2021-05-03T10:00:00Z # comment\ncanonical_url: https://h.example/a\ntags:\n  - x\n---\n# Other\n"
    )
    assert (document.title, document.published, document.url) == ("Words: more", date(2021, 5, 3), "https://h.example/a")


def test_toml_front_matter_tells_title_and_date() -> None:
    document = article('+++\ntitle = "Words"\ndate = 2021-05-03\n+++\nText\n')
    assert (document.title, document.published) == ("Words", date(2021, 5, 3))


def test_a_rule_is_no_front_matter() -> None:
    assert article("---\n\nWords.\n\n---\n\n[a](x)\n").links[0].href == "x"


def test_the_first_heading_is_the_title_and_the_byline_tells_the_date() -> None:
    document = article("# The *whole* [walk](x)\n\nBy Ana Example, 3 May 2021\n\nWords.\n")
    assert (document.title, document.published) == ("The *whole* walk", date(2021, 5, 3))
    assert article("Under\\_lined\n====\n").title == "Under_lined"


# Pieces that meet in all the ways that pieces meet.
WRITTEN = r"""
    [ ] ( ) ! < > ` `` ``` \ \] & &amp; &#65; * _ # | |-| - 1. > : " ' [a](x) [a][b] [b]: [1]: [^1] [^1]: <https://h.example/a_b>
    https://h.example/a\_b <!-- --> <a◦href='y'> </a> <div> </div> --- +++ title:◦t a b x ◦ ◦◦◦◦ é
"""
PIECES = st.sampled_from([piece.replace("◦", " ") for piece in WRITTEN.split()] + ["\n", "\n\n", "\r\n", "\t", "\0"])


@given(st.lists(PIECES, max_size=40).map("".join))
@example("[^1]: [^1]: x\n[^1]")
@example("\\``")
def test_every_piece_of_reading_text_has_its_place_in_the_source(source: str) -> None:
    document = article(source)
    at = place = 0
    for segment in document.segments:
        assert segment.reading.start == at < segment.reading.end
        assert place <= segment.source.start <= segment.source.end <= len(source)
        at, place = segment.reading.end, segment.source.end
        if segment.reading.end - segment.reading.start == segment.source.end - segment.source.start:
            assert document.reading[segment.reading.start : at] in (source[segment.source.start : place], " ", "\n")
    assert at == len(document.reading) if document.segments else document.reading in (source, "")
    for link in document.links:
        assert html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", source[link.href_span.start : link.href_span.end])) == link.href
        assert 0 <= link.anchor.start <= link.anchor.end <= len(document.reading)
    assert all(0 <= mark.at.start <= mark.at.end <= len(document.reading) for mark in document.marks)


@given(
    st.lists(
        st.sampled_from(
            ["[a](x)", "[b](<y z>)", "<https://h.example/c>", "`d`", "![e](f)", r"\[g](h)", " ", "words ", "\n\n", "\n> ", "\n- "]
        ),
        max_size=20,
    )
)
def test_links_are_those_that_markdown_it_finds(pieces: list[str]) -> None:
    source = "".join(pieces)
    wanted = [
        str(child.attrs["href"])
        for token in MarkdownIt("commonmark").enable("table").parse(source)
        for child in token.children or ()
        if child.type == "link_open"
    ]
    assert [link.href.replace(" ", "%20") for link in article(source).links] == wanted
