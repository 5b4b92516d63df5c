"""`report --summary`: the last audit of each document in the archive folder, whatever came before and after it, without a network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from citekeeper import references
from citekeeper.cli import main
from citekeeper.documents import read
from citekeeper.errors import InputError
from citekeeper.ledger import Ledger
from citekeeper.model import (
    Audit,
    AuditedDocument,
    Citation,
    Confidence,
    Document,
    ExtractedDocument,
    Finding,
    Level,
    Observation,
    Resolution,
    State,
    Verdict,
)
from citekeeper.network import SystemClock
from citekeeper.pipeline import summary
from citekeeper.settings import Settings

DAY = datetime(2026, 11, 1, 12, tzinfo=UTC)


def enter(
    folder: Path, day: int, source: str, states: Mapping[str, State], *, published: date | None = date(2020, 1, 1), fresh: bool = False
) -> None:
    """One finished audit of a document that cites each address once."""
    document = read("".join(f"{url}\n" for url in states).encode(), source="a.txt")
    assert isinstance(document, Document)
    cited = references.extract(document)
    at = DAY + timedelta(days=day)
    findings = []
    for each in cited:
        url = each.address.url or ""
        seen = Observation(at, url, url, 200, (), None, ())
        findings.append(
            Finding(each, Resolution(url, "as-written", 1.0), Verdict(states[url], Confidence.HIGH, True, Level.NONE, (), ""), seen)
        )
    with Ledger.open(folder, SystemClock()) as ledger:
        run = ledger.begin(f"{day}{source}")
        ledger.keep_references(run, [ExtractedDocument(source, None, published, cited)])
        audited = (AuditedDocument(source, None, published, tuple(findings)),)
        ledger.finish(run, Audit(at, at, audited, fresh=fresh))


A, B, C = "https://one.example/a", "https://two.example/b", "https://three.example/c"


def test_each_document_counts_as_its_last_audit_left_it(tmp_path: Path) -> None:
    enter(tmp_path, 0, "a.md", {A: State.OK, B: State.OK})
    enter(tmp_path, 9, "./a.md", {A: State.GONE})
    enter(tmp_path, 2, "b.md", {C: State.OK})
    rot = summary(Settings(archive=str(tmp_path)))
    assert (rot.documents, rot.total.references, rot.total.dead, rot.audits) == (2, 2, 1, 3)
    assert (rot.first_audit, rot.last_audit) == (date(2026, 11, 1), date(2026, 11, 10))


def test_months_are_told_from_all_audits(tmp_path: Path) -> None:
    enter(tmp_path, 0, "a.md", {A: State.OK, B: State.OK})
    enter(tmp_path, 40, "./a.md", {A: State.OK, B: State.GONE})
    enter(tmp_path, 41, "a.md", {A: State.GONE}, fresh=True)
    enter(tmp_path, 42, "b.md", {C: State.GONE})
    told = [(each.month.month, each.documents, each.alive, each.dead) for each in summary(Settings(archive=str(tmp_path))).periods]
    assert told == [(11, 1, 2, 0), (12, 2, 1, 2)]


def test_a_check_of_what_is_new_does_not_stand_for_the_document(tmp_path: Path) -> None:
    enter(tmp_path, 0, "a.md", {A: State.OK, B: State.OK})
    enter(tmp_path, 3, "a.md", {C: State.GONE}, fresh=True)
    enter(tmp_path, 3, "new.md", {C: State.GONE}, fresh=True)
    rot = summary(Settings(archive=str(tmp_path)))
    assert (rot.total.references, rot.total.dead) == (3, 1)


def test_what_was_only_captured_is_cited_by_nobody(tmp_path: Path) -> None:
    enter(tmp_path, 0, "command line", {A: State.OK})
    with pytest.raises(InputError, match="no finished audit of a document"):
        summary(Settings(archive=str(tmp_path)))


def test_a_day_of_access_dates_a_citation_and_as_of_a_document_that_tells_none(tmp_path: Path) -> None:
    enter(tmp_path, 0, "a.md", {A: State.OK}, published=None)
    settings = Settings(archive=str(tmp_path))
    assert summary(settings).undated == 1
    dated = summary(replace(settings, as_of=date(2005, 1, 1)))
    assert [tally.name for tally in dated.ages] == ["20 years and more"]
    with Ledger.open(tmp_path, SystemClock()) as ledger:
        (document,) = ledger.past.last_audits()
        finding = document.findings[0]
        told = replace(finding, reference=replace(finding.reference, citation=Citation(accessed=date(2024, 1, 1))))
        run = ledger.begin("later")
        ledger.keep_references(run, [ExtractedDocument("a.md", None, None, (told.reference,))])
        ledger.finish(run, Audit(DAY, DAY, (AuditedDocument("a.md", None, None, (told,)),)))
    assert [tally.name for tally in summary(settings).ages] == ["2 to 5 years"]


def test_the_summary_is_written_in_each_format_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "archive"
    enter(folder, 0, "a.md", {A: State.OK, B: State.GONE})
    page = tmp_path / "rot.html"
    arguments = ["report", "--summary", "--isolated", "--archive", str(folder)]
    assert main([*arguments, "-f", "json", "-f", f"html={page}"]) == 0
    assert json.loads(capsys.readouterr().out)["total"]["dead"] == 1
    assert "<h1>How the references rot</h1>" in page.read_text(encoding="utf-8")
    assert main([*arguments]) == 0
    assert "2 references to 2 pages in 1 document" in capsys.readouterr().out
    assert main([*arguments, "--schema"]) == 0
    assert json.loads(capsys.readouterr().out)["$id"] == "citekeeper/summary/1"


def test_a_date_for_an_audit_that_was_made_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--isolated", "--archive", str(tmp_path), "--as-of", "2020-01-01"]) == 2
    assert "report --summary" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["-f", "sarif"], "one of terminal, json, csv, markdown, html"),
        (["--rejudge"], "leave one of the two out"),
        (["--archive", "nowhere"], "holds no ledger"),
    ],
)
def test_what_a_summary_cannot_be_is_said_in_a_line(
    more: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    enter(tmp_path / "archive", 0, "a.md", {A: State.OK})
    assert main(["report", "--summary", "--isolated", *more]) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert said in captured.err
    assert not (tmp_path / "nowhere").exists()
