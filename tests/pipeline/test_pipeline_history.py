"""`history`: what each reference was over time, one look counted once, whatever moves in its document."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
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
    Confidence,
    Document,
    Evidence,
    ExtractedDocument,
    Finding,
    Level,
    Observation,
    Reference,
    Resolution,
    State,
    Verdict,
)
from citekeeper.network import SystemClock
from citekeeper.pipeline import histories
from citekeeper.pipeline.recalling import recall
from citekeeper.reports import HISTORY_FORMATS
from citekeeper.settings import Settings

DAY = datetime(2026, 11, 1, 12, tzinfo=UTC)
A, B = "https://one.example/a", "https://two.example/b"
ALL = {A: State.GONE, B: State.GONE}


def found(reference: Reference, state: State, at: datetime) -> Finding:
    url = reference.address.url or ""
    level = Level.NONE if state is State.OK else Level.ERROR
    seen = Observation(at, url, url, 200, (), None, (), visit_id=f"{at}{url}")
    verdict = Verdict(state, Confidence.HIGH, True, level, (Evidence(f"why-{state}"),), "")
    return Finding(reference, Resolution(url, "as-written", 1.0), verdict, seen)


def enter(ledger: Ledger, day: int, text: str, states: dict[str, State], *, looked: int | None = None, source: str = "a.txt") -> None:
    """One finished audit on a day, with the looks of that day or an earlier one."""
    document = read(text.encode(), source=source)
    assert isinstance(document, Document)
    cited = references.extract(document)
    at = DAY + timedelta(days=day if looked is None else looked)
    run = ledger.begin(f"{day}{source}")
    ledger.keep_references(run, [ExtractedDocument(source, None, None, cited)])
    findings = tuple(found(each, states[each.address.url or ""], at) for each in cited)
    when = DAY + timedelta(days=day, hours=1)
    ledger.finish(run, Audit(when, when, (AuditedDocument(source, None, None, findings),)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Ledger.open(tmp_path, SystemClock()) as ledger:
        enter(ledger, 0, f"[1] {A}\n[2] {B}\n", {A: State.OK, B: State.OK})
        enter(ledger, 1, f"[1] {A}\n[2] {B}\n", {A: State.OK, B: State.OK}, looked=0)
        enter(ledger, 7, f"New lines.\n\n[1] {A}\n[2] {B}\n", {A: State.GONE, B: State.OK})
        enter(ledger, 9, f"New lines.\n\n[2] {B}\n[3] {A}\n", {A: State.GONE, B: State.OK})
        enter(ledger, 9, f"[1] {A}\n", {A: State.GONE}, source="texts/b.txt")
    return tmp_path


def test_each_reference_has_its_episodes_wherever_it_moved(folder: Path) -> None:
    pasts = histories(["a.txt"], Settings(archive=str(folder)))
    assert [(past.url, past.marker) for past in pasts] == [(A, "3"), (B, "2")]
    first, second = pasts[0].episodes
    assert (first.state, first.seen, first.since, first.until) == (State.OK, 1, DAY, DAY)
    assert (second.state, second.seen, second.reason) == (State.GONE, 2, "why-gone")
    assert (second.since, second.until) == (DAY + timedelta(days=7), DAY + timedelta(days=9))
    assert [(each.state, each.seen) for each in pasts[1].episodes] == [(State.OK, 3)]


def test_an_address_is_found_in_every_document_however_it_is_written(folder: Path) -> None:
    settings = Settings(archive=str(folder))
    assert [past.source for past in histories(["http://www.one.example:80/a"], settings)] == ["a.txt", "texts/b.txt"]
    assert [past.source for past in histories(["./texts/"], settings)] == ["texts/b.txt"]
    assert len(histories([], settings)) == 3
    assert len(histories(["a.txt", A], settings)) == 3


def test_what_no_audit_knows_is_said_with_the_nearest_name(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"did you mean a\.txt"):
        histories(["a.txr"], Settings(archive=str(folder)))
    with pytest.raises(InputError, match="holds no ledger"):
        histories([], Settings(archive=str(tmp_path / "nowhere")))


def test_a_page_that_a_document_cites_several_times_has_one_past(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Ledger.open(tmp_path, SystemClock()) as ledger:
        enter(ledger, 0, f"[1] {A}\n[2] {B}\n", {A: State.OK, B: State.OK})
        enter(ledger, 1, f"[1] {A}\n[2] {B}\n[3] http://www.one.example/a\n[4] {A}\n", ALL | {"http://www.one.example/a": State.GONE})
        first, second = recall(ledger, [])
    assert (first.markers, first.cited, second.markers, second.cited) == (("1", "3", "4"), 3, ("2",), 1)
    assert [(each.state, each.seen) for each in first.episodes] == [(State.OK, 1), (State.GONE, 1)]
    assert main(["history", "--isolated", "--archive", str(tmp_path)]) == 0
    assert capsys.readouterr().out.count("one.example") == 1


def test_of_several_notes_on_one_page_the_gravest_verdict_is_its_past(tmp_path: Path) -> None:
    with Ledger.open(tmp_path, SystemClock()) as ledger:
        enter(ledger, 0, f"[1] {A}\n[2] http://www.one.example/a\n", {A: State.OK, "http://www.one.example/a": State.GONE})
        (past,) = recall(ledger, [])
    assert [each.state for each in past.episodes] == [State.GONE]


def test_notes_on_two_parts_of_a_page_have_a_past_each(tmp_path: Path) -> None:
    with Ledger.open(tmp_path, SystemClock()) as ledger:
        enter(ledger, 0, f"[1] {A}#one\n[2] {A}#two\n", {f"{A}#one": State.OK, f"{A}#two": State.OK})
        assert len(recall(ledger, [])) == 2


def test_history_is_printed_for_people_and_programs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["history", "a.txt", "--isolated", "--archive", str(folder)]
    assert main(arguments) == 0
    shown = capsys.readouterr().out
    assert "[3] https://one.example/a" in shown
    assert "2026-11-08 – 2026-11-10  ✗ gone        2 times, why-gone" in shown
    assert main([*arguments, "-f", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "citekeeper/history/1"
    assert [each["state"] for each in told["references"][0]["episodes"]] == ["ok", "gone"]
    assert main([*arguments, "-f", "csv"]) == 0
    rows = list(csv.DictReader(StringIO(capsys.readouterr().out)))
    assert [(row["state"], row["seen"]) for row in rows] == [("ok", "1"), ("gone", "2"), ("ok", "3")]


@pytest.mark.parametrize("format", list(HISTORY_FORMATS))
def test_hostile_texts_are_harmless_in_every_format(folder: Path, format: str) -> None:
    [past, *_] = histories(["a.txt"], Settings(archive=str(folder)))
    odd = replace(past, source="\x1b[31m=1+1\n", raw="\u202e", url="\ud800\x07", marker="\x00")
    shown = HISTORY_FORMATS[format]([odd])
    shown.encode()
    assert not set("\x1b\x07\x00\u202e") & set(shown)
