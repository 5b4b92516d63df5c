"""What holds for every format, and for CSV and Markdown in particular."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from growth import grows_no_faster_than_its_size
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from reports_samples import HOSTILE, extraction_of, hostile_audit, large_audit, sample_audit, sample_finding

from citekeeper.model import Audit, AuditedDocument, Resolution, SourceProblem, State
from citekeeper.reports import FORMATS, render, render_extraction, schema
from citekeeper.reports.csv_rows import COLUMNS, EXTRACTION_COLUMNS

EVERY_FORMAT = pytest.mark.parametrize("format", list(FORMATS))
NOTHING = Audit(sample_audit().started, sample_audit().finished, ())


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text, newline=""), strict=True))


@EVERY_FORMAT
def test_the_same_audit_gives_the_same_text(format: str) -> None:
    assert render(sample_audit(), format, version="1") == render(sample_audit(), format, version="1")


@EVERY_FORMAT
def test_no_control_character_reaches_the_output(format: str) -> None:
    audit = hostile_audit(*HOSTILE)
    for text in (render(audit, format), render_extraction(extraction_of(audit), format, problems=audit.problems)):
        text.encode()
        assert not {each for each in text if unicodedata.category(each) in {"Cc", "Cf", "Zl", "Zp", "Cs"}} - {"\n", "\r"}


@EVERY_FORMAT
@settings(deadline=None, max_examples=20)
@given(text=st.text(st.characters(exclude_categories=()), max_size=30))
def test_any_text_from_outside_is_harmless_in_every_format(format: str, text: str) -> None:
    shown = render(hostile_audit(text), format)
    assert not {each for each in shown if unicodedata.category(each) in {"Cc", "Zl", "Zp", "Cs"}} - {"\n", "\r"}


@EVERY_FORMAT
def test_nothing_found_is_said_in_every_format(format: str) -> None:
    assert render(NOTHING, format) or format == "jsonl"
    assert render_extraction((), format) or format == "jsonl"


@EVERY_FORMAT
def test_every_state_is_named_in_every_format(format: str) -> None:
    shown = render(sample_audit(), format).replace("\\_", "_")
    # GitLab takes a list of what is wrong, and nothing else.
    assert all(state in shown for state in State if format != "gitlab" or state is not State.OK)


@EVERY_FORMAT
def test_thousands_of_findings_are_written_in_linear_time(format: str) -> None:
    assert grows_no_faster_than_its_size(lambda audit: render(audit, format), large_audit, 8_000)


@EVERY_FORMAT
def test_every_format_tells_what_it_is_for(format: str) -> None:
    assert FORMATS[format].about


def test_an_unknown_format_or_schema_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        render(NOTHING, "papyrus")
    with pytest.raises(KeyError):
        schema("papyrus")


def test_csv_has_one_row_a_reference_under_columns_that_stay() -> None:
    found = rows(render(sample_audit(), "csv"))
    assert len(found) == 20
    assert tuple(found[0]) == COLUMNS == tuple(dict.fromkeys(COLUMNS))
    assert [row["state"] for row in found[:17]] == [state.value for state in State]
    assert found[6]["memento_datetime"] == "2024-03-12T08:15:00Z"
    assert found[7]["error"] == "nxdomain"


def test_csv_of_references_alone_has_the_first_columns_of_the_audit() -> None:
    found = rows(render_extraction(extraction_of(sample_audit()), "csv"))
    assert COLUMNS[: len(EXTRACTION_COLUMNS)] == EXTRACTION_COLUMNS == tuple(found[0])
    assert found[6]["repairs"] == "dot-word hxxp"


def test_csv_of_hostile_values_has_as_many_cells_and_no_formula() -> None:
    found = rows(render(hostile_audit(*HOSTILE), "csv"))
    assert len(found) == len(HOSTILE)
    assert all(None not in row and None not in row.values() for row in found)
    assert not [cell for row in found for cell in row.values() if cell.lstrip().startswith(("=", "+", "-", "@"))]


def markdown_tokens(text: str) -> list[tuple[str, str]]:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    inline = [child for token in parser.parse(text) for child in token.children or ()]
    return [(each.type, each.content or str(each.attrs.get("href", ""))) for each in inline]


def test_markdown_of_hostile_values_holds_only_the_markup_of_the_report() -> None:
    tokens = markdown_tokens(render(hostile_audit(*HOSTILE), "markdown"))
    kinds = {"text", "text_special", "code_inline", "softbreak", "strong_open", "strong_close", "link_open", "link_close", "html_inline"}
    assert {kind for kind, _ in tokens} <= kinds
    assert {content for kind, content in tokens if kind == "html_inline"} <= {"<!-- -->"}
    assert all(href.startswith("https://web.archive.example/") for kind, href in tokens if kind == "link_open")


def test_markdown_tables_keep_their_columns_whatever_the_cells_hold() -> None:
    parser = MarkdownIt("commonmark").enable("table")
    tokens = parser.parse(render(hostile_audit(*HOSTILE), "markdown"))
    assert sum(token.type == "td_open" for token in tokens) == 2 * 1 + 4 * len(HOSTILE)


def test_markdown_never_links_a_cited_address() -> None:
    links = [href for kind, href in markdown_tokens(render(sample_audit(), "markdown")) if kind == "link_open"]
    assert links
    assert all(href.startswith("https://web.archive.example/") for href in links)


def test_sources_that_could_not_be_read_are_named() -> None:
    problem = SourceProblem("scan.bin", "is not text", "Convert it.")
    for format in ("terminal", "json", "markdown"):
        shown = render_extraction((), format, problems=[problem])
        assert all(part in shown for part in ("scan.bin", "is not text", "Convert it"))


def test_every_format_column_and_field_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reports.md").read_text(encoding="utf-8")
    shapes = schema()["$defs"]
    fields = {name for shape in ("Report", "Document", "Reference", "Problem", "Summary") for name in shapes[shape]["properties"]}
    for name in {*FORMATS, *COLUMNS, *fields}:
        assert re.search(rf"\b{name}\b", page), name


@pytest.mark.parametrize("format", ["terminal", "markdown"])
def test_a_completed_address_is_never_passed_off_as_the_citation(format: str) -> None:
    cut = sample_finding(State.INCOMPLETE, "1", 1)
    whole = sample_finding(State.OK, "1", 1)
    resolution = Resolution("https://eastern-eye.example/news/northern-bridge-deal-ostrava", "completed", 0.934)
    finding = replace(whole, reference=cut.reference, resolution=resolution)
    audit = replace(NOTHING, documents=(AuditedDocument("a.txt", None, None, (finding,)),))
    shown = render(audit, format).replace("\\", "")
    assert "https://eastern-eye.example/news/northern-bridge-deal-ost… (completed; confidence 0.93)" in " ".join(shown.split())
