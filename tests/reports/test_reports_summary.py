"""The summary of an institution in every format: what it rests on is said, and nothing hostile gets through."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from io import StringIO

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from reports_samples import HOSTILE
from reports_summaries import hostile_rot, sample_rot, small_rot, tally

from citekeeper.model import Rot
from citekeeper.reports import SUMMARY_FORMATS, render_summary, summary_schema

PEOPLE = ("terminal", "markdown", "html")


@pytest.mark.parametrize("format", list(SUMMARY_FORMATS))
@pytest.mark.parametrize("rot", [sample_rot(), small_rot()], ids=["some", "few"])
def test_the_same_summary_is_the_same_text(format: str, rot: Rot) -> None:
    first = render_summary(rot, format, version="1")
    assert first == render_summary(rot, format, version="1")
    assert first.endswith("\n")


@pytest.mark.parametrize("format", PEOPLE)
def test_every_number_says_what_it_rests_on(format: str) -> None:
    text = render_summary(sample_rot(), format)
    for part in ("254 references to 250 pages in 31 documents", "250 references of which it is known: 12 % (9 to 17)", "90 pages"):
        assert part in text
    assert "Not counted here: 7 references without a date of citation" in text
    assert "take pages as independent" in text


@pytest.mark.parametrize("format", PEOPLE)
def test_of_few_no_percentage_is_told_and_no_curve_drawn(format: str) -> None:
    text = render_summary(small_rot(), format)
    assert "of which it is known: 3 of 10" in text
    assert "too few for a curve" in text
    told = BeautifulSoup(text, "lxml").body.get_text() if format == "html" else text  # type: ignore[union-attr]
    assert " % (" not in told


def test_json_follows_its_schema_and_has_no_share_of_few() -> None:
    validator = Draft202012Validator(summary_schema())
    for rot in (sample_rot(), small_rot(), hostile_rot("\ud800\x1b")):
        validator.validate(json.loads(render_summary(rot, "json")))
    told = json.loads(render_summary(sample_rot(), "json"))
    assert told["schema"] == "citekeeper/summary/1"
    assert told["total"]["dead_share"] == {"part": 30, "of": 250, "value": 0.12, "low": 0.085363, "high": 0.166138}
    assert told["ages"][1]["dead_share"] == {"part": 8, "of": 12, "value": None, "low": None, "high": None}
    assert json.loads(render_summary(small_rot(), "json"))["survival"] is None


def test_csv_has_a_row_for_each_group_and_each_day_of_the_curve() -> None:
    rows = list(csv.DictReader(StringIO(render_summary(sample_rot(), "csv"))))
    kinds = [row["kind"] for row in rows]
    assert [kinds.count(kind) for kind in ("all", "outlet", "country", "age", "month", "survival")] == [1, 4, 2, 2, 3, 35]
    assert (rows[0]["known"], rows[0]["dead_share"]) == ("250", "0.1200")
    assert rows[8]["dead_share"] == ""
    assert (rows[13]["day"], rows[13]["survival"]) == ("100", "0.9889")


@pytest.mark.parametrize("format", list(SUMMARY_FORMATS))
@pytest.mark.parametrize("text", [text for text in HOSTILE if text.strip()])
def test_hostile_names_are_harmless_in_every_format(format: str, text: str) -> None:
    shown = render_summary(hostile_rot(text), format)
    shown.encode()
    assert not set("\x1b\x07\u202e\u200b") & set(shown)
    if format == "csv":
        assert not [cell for row in csv.reader(StringIO(shown)) for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))]


@settings(deadline=None, max_examples=30)
@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_no_name_becomes_markup(text: str) -> None:
    plain = [tag.name for tag in BeautifulSoup(render_summary(hostile_rot("x"), "html"), "lxml").find_all(True)]
    assert [tag.name for tag in BeautifulSoup(render_summary(hostile_rot(text), "html"), "lxml").find_all(True)] == plain


def test_the_page_runs_no_script_and_needs_none() -> None:
    page = BeautifulSoup(render_summary(sample_rot(), "html"), "lxml")
    assert not page.select("script, [style]")
    assert "script-src 'none'" in str(page.select_one("meta[http-equiv]"))
    assert page.select_one("svg[role=img] > title")
    assert len(page.select(".life path")) == 2


@pytest.mark.parametrize("format", PEOPLE)
def test_months_are_told_where_there_are_several(format: str) -> None:
    assert "2026-06" in render_summary(sample_rot(), format)
    one = replace(sample_rot(), periods=sample_rot().periods[:1])
    assert "2026-03" not in render_summary(one, format)


def test_long_tables_are_cut_and_say_so() -> None:
    many = replace(sample_rot(), outlets=tuple(tally(f"outlet{n}.example", 10, 5) for n in range(300)))
    assert "… and 285 more; -f csv has all" in render_summary(many, "terminal")
    assert "… and 250 more." in render_summary(many, "markdown")
    assert "… and 100 more; the CSV has all." in render_summary(many, "html")
    assert render_summary(many, "csv").count("outlet,") == 300
