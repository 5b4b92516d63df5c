"""The JSON report has the promised shape, and its schema says so."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reports_samples import HOSTILE, extraction_of, hostile_audit, sample_audit

from citekeeper.model import Confidence, FailureKind, Level, State
from citekeeper.reports import render, render_extraction, schema

UP_TO_REPAIRS = ["marker", "raw", "location", "cited_at", "context", "url", "truncated", "suffix", "repairs"]
ADDED = ["href", "alternatives", "cut_by", "missing_at_least", "citation", "wrapper", "identifier", "archived", "same_as"]
JUDGED = ["resolution", "observation", "memento", "memento_note", "capture", "completeness", "verdict", "timeline", "earlier_verdict"]


def report() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(render(sample_audit(), "json"))
    return loaded


def validate(instance: object, of: str = "report") -> None:
    jsonschema.Draft202012Validator(schema(of), format_checker=jsonschema.FormatChecker()).validate(instance)


@pytest.mark.parametrize("of", ["report", "extraction"])
def test_the_schema_is_a_valid_schema_with_its_own_name(of: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(of))
    assert schema(of)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema(of)["$id"] == f"citekeeper/{of}/1"


def test_reports_are_valid_by_the_schema() -> None:
    validate(report())
    validate(json.loads(render(hostile_audit(*HOSTILE), "json")))
    validate(json.loads(render_extraction(extraction_of(sample_audit()), "json")), "extraction")


@pytest.mark.parametrize("members", [State, Level, Confidence, FailureKind])
def test_every_member_of_the_closed_sets_is_in_the_schema(members: type[StrEnum]) -> None:
    assert set(schema()["$defs"][members.__name__]["enum"]) == {member.value for member in members}


def test_the_schema_refuses_what_is_not_a_report() -> None:
    for broken in ({}, report() | {"schema": "citekeeper/report/2"}, report() | {"started": 1}):
        with pytest.raises(jsonschema.ValidationError):
            validate(broken)


def test_every_shape_and_unclear_field_is_described() -> None:
    assert all(shape["description"] for shape in schema()["$defs"].values())


def test_fields_stand_in_the_promised_order() -> None:
    found = report()
    assert list(found) == ["schema", "tool", "started", "finished", "rules", "documents", "problems", "summary"]
    assert list(found["documents"][0]) == ["source", "title", "published", "references"]
    reference = found["documents"][0]["references"][0]
    assert list(reference) == UP_TO_REPAIRS + ADDED + JUDGED
    assert list(reference["location"]) == ["line", "column", "end_line", "end_column", "offset", "length"]
    assert list(reference["verdict"]) == ["state", "confidence", "confirmed", "level", "reasons", "advice"]


def test_times_are_utc_and_end_in_z() -> None:
    found = report()
    assert found["started"] == "2024-04-02T09:30:00Z"
    assert found["documents"][0]["published"] == "2024-03-14"
    assert found["documents"][0]["references"][2]["memento"]["datetime"] == "2024-03-12T08:15:00Z"


def test_times_of_other_zones_are_written_in_utc() -> None:
    zone = timezone(timedelta(hours=5, minutes=30))
    audit = replace(sample_audit(), started=datetime(2024, 4, 2, 15, 0, tzinfo=zone), finished=datetime(2024, 4, 2, 9, 30))
    found = json.loads(render(audit, "json"))
    assert found["started"] == found["finished"] == "2024-04-02T09:30:00Z"


def test_an_error_has_its_kind_and_message() -> None:
    dead = report()["documents"][0]["references"][7]
    assert dead["observation"]["error"] == {"kind": "nxdomain", "message": "the name server knows no such name"}
    assert dead["observation"]["status"] is None


def test_the_summary_counts_every_reference_once() -> None:
    summary = report()["summary"]
    assert summary["references"] == 20 == sum(summary["by_state"].values())
    assert summary["by_state"]["ok"] == 3
    assert summary["requests"] == {"visit": 19, "archive": 7}
    assert summary["conclusive"] is True


def test_extraction_has_the_same_references_without_judgement() -> None:
    found = json.loads(render_extraction(extraction_of(sample_audit()), "json"))
    whole = report()
    for extracted, judged in zip(found["documents"], whole["documents"], strict=True):
        kept = [{key: each[key] for key in UP_TO_REPAIRS + ADDED} for each in judged["references"]]
        assert extracted["references"] == kept


def test_jsonl_has_one_reference_a_line_with_its_source() -> None:
    lines = render(sample_audit(), "jsonl").splitlines()
    references = [reference for document in report()["documents"] for reference in document["references"]]
    assert json.loads(lines[0]) == {"source": "examples/northern-bridge.txt", **references[0]}
    assert len(lines) == len(references)
    extracted = render_extraction(extraction_of(sample_audit()), "jsonl").splitlines()
    assert [json.loads(line)["source"] for line in extracted] == [json.loads(line)["source"] for line in lines]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(st.characters(exclude_categories=()), max_size=20), max_size=3))
def test_any_text_from_outside_gives_valid_reports(texts: list[str]) -> None:
    audit = hostile_audit(*texts)
    validate(json.loads(render(audit, "json").encode()))
    assert len(render(audit, "jsonl").encode().splitlines()) == len(texts)
