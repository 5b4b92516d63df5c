"""Every value from outside is harmless in every medium."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Callable
from io import StringIO

import msgspec
import pytest
from growth import grows_no_faster_than_its_text
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from reports_samples import HOSTILE

from citekeeper.reports import safe

ANY_TEXT = st.one_of(
    st.text(st.characters(exclude_categories=())),
    st.lists(st.sampled_from([*HOSTILE, "\\", "|", "`", "]", "(", "*", "<", "&lt;", "://", "www.", "http"])).map("".join),
)


def has_hostile_character(text: str) -> bool:
    return any(unicodedata.category(each) in {"Cc", "Zl", "Zp", "Cs"} or unicodedata.bidirectional(each) in BIDI for each in text)


BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@given(ANY_TEXT)
def test_visible_text_holds_no_control_bidi_or_surrogate_character(text: str) -> None:
    assert not has_hostile_character(safe.visible(text))


@given(ANY_TEXT)
def test_making_text_visible_twice_changes_nothing_more(text: str) -> None:
    assert safe.visible(safe.visible(text)) == safe.visible(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", r"a\x1b[31mb"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("\U000e0041", r"\U000e0041"),
        ("\ud83d", r"\ud83d"),
        ("tab\tline\n", r"tab\tline\n"),
        ("Ереван, Zürich, 東京, 😀", "Ереван, Zürich, 東京, 😀"),
    ],
)
def test_what_is_hostile_is_shown_as_an_escape_and_the_rest_as_it_is(text: str, shown: str) -> None:
    assert safe.visible(text) == shown


@given(ANY_TEXT)
def test_one_line_is_one_line(text: str) -> None:
    assert len(safe.one_line(text).splitlines()) <= 1


@given(st.lists(ANY_TEXT, min_size=1))
def test_csv_cells_read_back_as_many_and_none_is_a_formula(texts: list[str]) -> None:
    out = StringIO(newline="")
    csv.writer(out).writerow([safe.csv_cell(text) for text in texts])
    (row,) = list(csv.reader(StringIO(out.getvalue(), newline=""), strict=True)) or [[""]]
    assert len(row) == max(len(texts), 1)
    assert not any(re.match(r"\s*[=+\-@\t\r]", cell) for cell in row)
    assert not any(has_hostile_character(cell) for cell in row)


@given(ANY_TEXT)
def test_json_values_are_read_by_a_strict_parser(text: str) -> None:
    written = safe.json_document(msgspec.json.encode(safe.json_value(text)).decode())
    assert msgspec.json.decode(written.encode()) == json.loads(written) == safe.json_value(text)
    assert not has_hostile_character(written)


MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def inline_tokens(markdown: str) -> list[str]:
    return [child.type for token in MARKDOWN.parse(markdown) for child in token.children or ()]


def comments(rendered: str) -> str:
    return rendered.replace("<!-- -->", "")


@given(ANY_TEXT)
def test_markdown_text_reads_as_the_text_and_is_no_markup(text: str) -> None:
    (heading, inline, _) = MARKDOWN.parse("# x" + safe.markdown_text(text) + "x")
    assert heading.type == "heading_open"
    children = inline.children or []
    assert {child.type for child in children} <= {"text", "html_inline", "text_special"}
    assert all(child.content == "<!-- -->" for child in children if child.type == "html_inline")
    assert "".join(child.content for child in children if child.type != "html_inline") == "x" + safe.one_line(text) + "x"


@given(ANY_TEXT)
def test_markdown_text_stays_in_its_table_cell(text: str) -> None:
    table = MARKDOWN.parse(f"| a | b |\n| --- | --- |\n| x{safe.markdown_text(text)}x | end |\n")
    cells = [token for token in table if token.type == "inline"]
    assert [cell.content for cell in cells[3:]] == ["end"]
    assert "".join(child.content for child in cells[2].children or () if child.type != "html_inline") == f"x{safe.one_line(text)}x"


@given(ANY_TEXT)
def test_markdown_code_shows_the_text_and_ends_where_it_should(text: str) -> None:
    if not safe.one_line(text):
        return
    table = MARKDOWN.parse(f"| a | b |\n| --- | --- |\n| {safe.markdown_code(text)} | end |\n")
    cells = [token for token in table if token.type == "inline"]
    assert [cell.content for cell in cells[3:]] == ["end"]
    assert [(child.type, child.content) for child in cells[2].children or ()] == [("code_inline", safe.one_line(text))]


@given(ANY_TEXT, ANY_TEXT)
def test_a_markdown_link_leads_to_the_web_or_nowhere(words: str, rest: str) -> None:
    (inline,) = [token for token in MARKDOWN.parse("x " + safe.markdown_link(words, "https://a.example/" + rest)) if token.type == "inline"]
    links = [child for child in inline.children or () if child.type == "link_open"]
    assert len(links) == 1
    assert str(links[0].attrs["href"]).startswith("https://a.example/")
    assert "link_open" not in inline_tokens(safe.markdown_link("words", "javascript:" + rest))


@pytest.mark.parametrize(
    "text", ["@someone", "see #12 and owner/repo#4", "https://evil.example", "www.evil.example", ":smile:", "a@b.example"]
)
def test_mentions_addresses_and_emoji_are_parted_in_markdown(text: str) -> None:
    shown = safe.markdown_text(text)
    assert not re.search(r"@\w|(?<!\\)#\d|(?<!\\):\S|www\.", shown)


@given(ANY_TEXT)
def test_link_targets_are_ascii_without_blanks_and_brackets(text: str) -> None:
    assert re.fullmatch(r"[!-~]*", safe.link_target(text))
    assert not set('<>()"\\`|{}') & set(safe.link_target(text))


@given(ANY_TEXT)
def test_file_names_have_no_separators_and_are_never_special(text: str) -> None:
    name = safe.file_name(text)
    assert re.fullmatch(r"[\w.\-]{1,101}", name)
    assert name not in {".", "..", "-"}
    assert not name.startswith((".", "-"))
    assert name.upper() not in {"CON", "PRN", "AUX", "NUL", "COM1"}


ESCAPES: tuple[Callable[[str], str], ...] = (
    *(safe.visible, safe.one_line, safe.csv_cell, safe.json_value, safe.json_document),
    *(safe.markdown_text, safe.markdown_code, safe.link_target, safe.file_name),
)


@pytest.mark.parametrize("escape", ESCAPES)
def test_the_worst_is_escaped_in_linear_time(escape: Callable[[str], str]) -> None:
    units = ("\x1b", "`", "|", "@", " ", "\u202e", "=", "\\", "a:", "\ud800")
    for unit in units:
        assert grows_no_faster_than_its_text(escape, unit * (80_000 // len(unit))), unit
