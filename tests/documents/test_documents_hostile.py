"""Input made to break a reader: every case must be done in time that grows with its size, and in little of it."""

from __future__ import annotations

from functools import partial

import pytest
from growth import grows_no_faster_than_its_size, grows_no_faster_than_its_text

from citekeeper.documents import html, markdown, read
from citekeeper.model import Document, SourceProblem

SIZE = 60_000

# What one repetition may do to a parser: never close, nest, look back, look ahead.
REPEATED = (
    "<", "&", "[", "]", "(", "<a ", "<!--", "<!", "<?", "</", "</p>", "<a href=\"", "<a b='", "<x y=\"'", "<![CDATA[", "<!-- ", "-->",
    "&amp", "&#x", "<div>", "<p>", "<b>", "<li>", "<ol><li>", "<td>", "<h2>", "<sup>", "<pre>", "<svg>", "<span hidden>", "<script>",
    "<title>", "<textarea>", "<div></p>", "<a href=#x>1</a>", "<a id=x>", "<q cite=x>", "<time>", "<meta>", "<link>",
    "<script type='application/ld+json'>[", "`", "``` ", "`a``b```", "\\", "![", "[a](", "[a](<", "[](a \"", "[[a]](b)", "[a]: b\n",
    "[a]:", "[^1]: a\n", "[^1]", "[a][", "[a]\n\n", "<a \n", "> ", ">", "- ", "- a\n", "1. ", "| a ", "---\n", "+++\n", "#", "=\n", "*",
    "_", "a_", "\t", "\n", " ", "a", "\u0000", "\r", "\u200b", "By A ", "2020-11-13 ", "November 13, ", "1/", "1.", "12.", "title: a\n",
    "www.", "https://h.example/a<sup>", "a.b.", "Published ",
)  # fmt: skip


@pytest.mark.parametrize("piece", REPEATED)
def test_a_repeated_piece_takes_time_in_step_with_its_number(piece: str) -> None:
    source = piece * (SIZE // len(piece))
    assert grows_no_faster_than_its_text(lambda part: html.read(part, source="a.html"), source)
    assert grows_no_faster_than_its_text(lambda part: markdown.read(part, source="a.md"), source)


def test_four_hundred_thousand_nested_elements_are_read() -> None:
    found = html.read("<div>" * 400_000 + "deep", source="a.html")
    assert found.reading == "deep"


def test_closing_what_was_never_opened_is_no_search() -> None:
    def made(number: int) -> str:
        return "<div>" * number + "</section></p>" * (number // 2)

    assert grows_no_faster_than_its_size(lambda source: html.read(source, source="a.html"), made, 50_000)


def test_many_notes_and_many_marks_are_matched() -> None:
    marks = "".join(f"<a href=#n{number}>{number}</a> " for number in range(1, 10_000))
    notes = "".join(f"<p id=n{number}>Note</p>" for number in range(1, 10_000))
    assert len(html.read(marks + notes, source="a.html").marks) == 2 * 9_999


def test_notes_inside_notes_are_not_copied_over_and_over() -> None:
    def made(size: int) -> str:
        marks = "".join(f"<a href=#n{number}>1</a>" for number in range(size))
        nested = "<ol class=notes>" + "".join(f"<li id=n{number}><ol>" for number in range(size))
        return marks + nested + "words " * (20 * size)

    assert grows_no_faster_than_its_size(lambda source: html.read(source, source="a.html"), made, 5_000)


def test_deep_linked_data_is_given_up() -> None:
    found = html.read("<script type='application/ld+json'>" + "[" * 100_000 + "]" * 100_000 + "</script><title>T</title>", source="a.html")
    assert found.title == "T"


def test_a_single_line_of_fifty_megabytes_is_read() -> None:
    data = b"words and https://h.example/a " * (50 * 1024 * 1024 // 30)
    found: list[Document | SourceProblem] = []
    assert grows_no_faster_than_its_text(lambda part: found.append(read(part, source="a.txt")), data)
    assert isinstance(found[0], Document)


def test_fifty_megabytes_of_markdown_are_read_as_plain_text() -> None:
    data = b"[" * (50 * 1024 * 1024)
    found: list[Document | SourceProblem] = []
    assert grows_no_faster_than_its_text(lambda part: found.append(read(part, source="a.md")), data)
    assert isinstance(found[0], Document)
    assert found[0].format == "markdown"


def test_megabytes_of_zeros_are_refused() -> None:
    found: list[Document | SourceProblem] = []
    assert grows_no_faster_than_its_text(lambda part: found.append(read(part, source="a.html")), b"\0" * 50_000_000)
    assert isinstance(found[0], SourceProblem)


@pytest.mark.parametrize(
    "data", [b"\xff" * 5_000_000, b"\x81\x8d" * 2_500_000, b"+ADw-" * 1_000_000, b"\x1b$B" * 1_000_000, "é".encode() * 2_500_000]
)
def test_megabytes_in_odd_encodings_are_read_in_linear_time(data: bytes) -> None:
    for content_type in (None, "text/plain; charset=iso-2022-jp", "text/plain; charset=utf-7"):
        reading = partial(read, source="a.txt", content_type=content_type)
        assert grows_no_faster_than_its_text(reading, data), content_type
