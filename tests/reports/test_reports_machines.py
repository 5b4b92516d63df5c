"""The formats that CI systems read: SARIF, JUnit, GitHub's annotations, GitLab's Code Quality."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from reports_samples import HOSTILE, extraction_of, hostile_audit, large_audit, location, sample_audit, sample_finding

from citekeeper.model import Address, Audit, AuditedDocument, Finding, Level, Location, State
from citekeeper.reports import render, render_extraction

SARIF = Draft4Validator(json.loads((Path(__file__).parent / "data" / "sarif-2.1.0.json").read_text(encoding="utf-8")))


def audit_of(*findings: Finding, source: str = "a.md") -> Audit:
    return replace(sample_audit(), documents=(AuditedDocument(source, None, None, findings),), problems=())


def sarif(audit: Audit) -> dict[str, Any]:
    log = json.loads(render(audit, "sarif"))
    SARIF.validate(log)
    run: dict[str, Any] = log["runs"][0]
    return run


def moved_down(finding: Finding, lines: int) -> Finding:
    place = finding.reference.location
    further = replace(place, line=place.line + lines, end_line=place.end_line + lines, offset=place.offset + 80 * lines)
    return replace(finding, reference=replace(finding.reference, location=further))


# ── SARIF ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("audit", [sample_audit(), hostile_audit(*HOSTILE), large_audit(30)], ids=["sample", "hostile", "large"])
def test_sarif_is_valid_against_its_schema(audit: Audit) -> None:
    sarif(audit)
    SARIF.validate(json.loads(render_extraction(extraction_of(audit), "sarif", problems=audit.problems)))


def test_sarif_has_one_rule_for_each_state() -> None:
    run = sarif(sample_audit())
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(State)
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])


def test_sarif_accuses_nobody_of_what_is_unknown() -> None:
    by_rule = {result["ruleId"]: result for result in sarif(sample_audit())["results"]}
    assert (by_rule["unknown"]["kind"], by_rule["unknown"]["level"]) == ("open", "none")
    assert (by_rule["gone"]["kind"], by_rule["gone"]["level"]) == ("fail", "error")
    assert "ok" not in by_rule


def test_sarif_fingerprints_survive_moved_lines() -> None:
    finding = sample_finding(State.GONE, "1", 4)
    [before] = sarif(audit_of(finding))["results"]
    [after] = sarif(audit_of(moved_down(finding, 30)))["results"]
    assert before["partialFingerprints"] == after["partialFingerprints"]
    assert before["locations"] != after["locations"]


def test_sarif_fingerprints_tell_twice_the_same_and_another_state_apart() -> None:
    gone = sample_finding(State.GONE, "1", 4)
    now_parked = replace(gone, verdict=replace(gone.verdict, state=State.PARKED))
    results = sarif(audit_of(gone, moved_down(gone, 2), now_parked))["results"]
    prints = [result["partialFingerprints"]["primaryLocationLineHash"] for result in results]
    assert len(set(prints)) == 3
    assert [each.rpartition(":")[2] for each in prints] == ["1", "2", "1"]


def test_sarif_carries_the_new_address_of_a_moved_page_as_a_fix() -> None:
    [result] = sarif(audit_of(sample_finding(State.MOVED, "1", 4)))["results"]
    [change] = result["fixes"][0]["artifactChanges"]
    [replacement] = change["replacements"]
    assert replacement["insertedContent"]["text"] == "https://gazette.example/2024/03/bridge-reopens"
    assert replacement["deletedRegion"] == result["locations"][0]["physicalLocation"]["region"]


def test_sarif_of_a_container_names_the_page_and_no_line() -> None:
    finding = sample_finding(State.GONE, "1", 4)
    in_pdf = replace(finding, reference=replace(finding.reference, location=replace(location(), page=12)))
    [result] = sarif(audit_of(in_pdf, source="report.pdf"))["results"]
    assert "region" not in result["locations"][0]["physicalLocation"]
    assert result["locations"][0]["logicalLocations"] == [{"name": "page 12"}]


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ("texts/a b.md", "texts/a%20b.md"),
        ("././a.md", "a.md"),
        ("texts\\a.md", "texts/a.md"),
        ("c:odd.md", "c%3Aodd.md"),
        ("/srv/a.md", "file:///srv/a.md"),
        ("https://site.example/a", "https://site.example/a"),
        ("-", "-"),
    ],
)
def test_sarif_names_the_document_by_a_sound_address(source: str, uri: str) -> None:
    [result] = sarif(audit_of(sample_finding(State.GONE, "1", 4), source=source))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_sarif_messages_hold_no_link_and_no_placeholder_from_outside() -> None:
    for result in sarif(hostile_audit("[x](https://evil.example) {0}"))["results"]:
        assert not re.search(r"(?<!\\)\[", result["message"]["text"])
        assert "{0}" not in result["message"]["text"].replace("{{", "").replace("}}", "")


# ── JUnit ─────────────────────────────────────────────────────────────────────────────────────


def test_junit_fails_what_is_an_error_and_skips_what_is_not_known() -> None:
    root = ElementTree.fromstring(render(sample_audit(), "junit"))
    errors = sum(finding.verdict.level is Level.ERROR for finding in sample_audit().findings)
    assert root.get("tests") == str(len(sample_audit().findings) + 1)
    assert root.get("failures") == str(errors) == str(len(root.findall(".//failure")))
    assert root.get("skipped") == "2"
    assert root.get("errors") == "1"
    case = next(each for each in root.iter("testcase") if each.find("failure") is not None)
    assert case.get("file") == "examples/northern-bridge.txt"
    assert (case.get("line") or "").isdigit()


@settings(deadline=None, max_examples=40)
@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_junit_is_well_formed_whatever_a_page_says(text: str) -> None:
    root = ElementTree.fromstring(render(hostile_audit(text), "junit"))
    assert root.get("tests") == "3"


# ── GitHub ────────────────────────────────────────────────────────────────────────────────────

COMMAND = re.compile(r"::(error|warning|notice) (?:[A-Za-z]+=[^:,\r\n]*)(?:,[A-Za-z]+=[^:,\r\n]*)*::[^\r\n]*")


def test_github_annotations_have_file_line_and_column() -> None:
    [line, _] = render(audit_of(sample_finding(State.GONE, "3", 7)), "github").splitlines()
    assert line.startswith("::error file=a.md,line=7,endLine=7,col=5,endColumn=")
    assert "title=citekeeper%3A gone [3]::gone: https://ministry" in line


def test_github_properties_and_messages_are_escaped() -> None:
    finding = sample_finding(State.GONE, "3", 7)
    odd = replace(finding, verdict=replace(finding.verdict, advice="100% sure,\r\n::set-output name=x::y"))
    [line, _] = render(audit_of(odd, source="a,b:c%.md"), "github").splitlines()
    assert "file=a%2Cb%3Ac%25.md," in line
    assert "100%25 sure, ::set-output" in line


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_no_text_from_outside_becomes_a_command_of_its_own(text: str) -> None:
    for shown in (render(hostile_audit(text, "\n::add-mask::a"), "github"), render(hostile_audit("%0A::error::x"), "github")):
        for line in shown.splitlines():
            assert COMMAND.fullmatch(line) or line.startswith("citekeeper: ")


def test_github_shows_ten_of_a_kind_and_says_how_many_more() -> None:
    lines = render(large_audit(400), "github").splitlines()
    assert sum(line.startswith("::error") for line in lines) == 10
    assert sum(line.startswith("::notice") for line in lines) == 10
    assert "not shown: " in lines[-2]


def test_github_places_over_several_lines_have_no_columns() -> None:
    finding = sample_finding(State.GONE, "3", 7)
    wrapped = replace(finding, reference=replace(finding.reference, location=Location(7, 5, 8, 3, 100, 40)))
    assert render(audit_of(wrapped), "github").startswith("::error file=a.md,line=7,endLine=8,title=")


# ── GitLab ────────────────────────────────────────────────────────────────────────────────────


def test_gitlab_items_have_what_gitlab_asks_for_and_fingerprints_of_their_own() -> None:
    items = json.loads(render(sample_audit(), "gitlab"))
    assert len({item["fingerprint"] for item in items}) == len(items) == 18
    for item in items:
        assert set(item) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert item["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert item["location"]["lines"]["begin"] >= 1
        assert not item["location"]["path"].startswith(("./", "/"))


def test_gitlab_fingerprints_survive_moved_lines() -> None:
    finding = sample_finding(State.GONE, "1", 4)
    prints = [json.loads(render(audit_of(each), "gitlab"))[0]["fingerprint"] for each in (finding, moved_down(finding, 9))]
    assert prints[0] == prints[1]


# ── extractions ───────────────────────────────────────────────────────────────────────────────


def test_of_an_extraction_the_cut_and_the_impossible_are_told() -> None:
    documents = extraction_of(audit_of(*(sample_finding(state, None, 4) for state in (State.OK, State.INCOMPLETE, State.INVALID))))
    assert [item["check_name"] for item in json.loads(render_extraction(documents, "gitlab"))] == ["incomplete", "invalid"]
    assert render_extraction(documents, "github").count("::notice ") == 2
    assert ElementTree.fromstring(render_extraction(documents, "junit")).get("skipped") == "2"


def test_an_address_of_a_megabyte_does_not_fill_the_report() -> None:
    finding = sample_finding(State.GONE, "1", 4)
    reference = replace(finding.reference, address=Address("https://long.example/" + "a" * 1_000_000))
    long = replace(finding, reference=reference, resolution=replace(finding.resolution, url=reference.address.url))
    for format in ("junit", "github", "gitlab"):
        assert len(render(audit_of(long), format)) < 20_000
