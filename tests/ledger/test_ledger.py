"""The ledger: what is kept, what is fresh, what processes share, and what is said when it cannot be used."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from citekeeper.errors import StorageError
from citekeeper.ledger import FILE_NAME, VERSION, Ledger, Seen, StoredCapture, run_key
from citekeeper.model import (
    Address,
    Audit,
    AuditedDocument,
    Capture,
    Confidence,
    Evidence,
    Excluded,
    ExtractedDocument,
    Failure,
    FailureKind,
    Finding,
    Found,
    Hop,
    IndexRow,
    Level,
    Location,
    Memento,
    Missing,
    Observation,
    Reference,
    Resolution,
    Rows,
    SourceProblem,
    State,
    Unavailable,
    Verdict,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class HandClock:
    """A clock that is moved by hand; sleeping moves it."""

    def __init__(self) -> None:
        self.at = NOON
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def ledger(tmp_path: Path, clock: HandClock) -> Iterator[Ledger]:
    with Ledger.open(tmp_path, clock) as opened:
        yield opened


REFERENCE = Reference(
    "https://a dot example/x", Location(1, 1, 1, 24, 0, 23), Address("https://a.example/x", repairs=("dot-word",)), marker="1"
)
OBSERVATION = Observation(
    at=NOON,
    target="https://a.example/x",
    final_url="https://a.example/x",
    status=None,
    hops=(Hop("https://a.example/x", None, None),),
    failure=Failure(FailureKind.NXDOMAIN, "no such name"),
    evidence=(Evidence("nxdomain", "a.example"),),
    visit_id="visit-1",
)
CAPTURE = Capture("a.warc.gz", 10, 20, "<urn:uuid:1>", "sha1:ABC")
FINDING = Finding(
    REFERENCE,
    Resolution("https://a.example/x", "repaired", 1.0),
    Verdict(State.HOST_DEAD, Confidence.LOW, False, Level.WARNING, (Evidence("nxdomain"),), "look again"),
    OBSERVATION,
    Memento("https://m.example/1", NOON, "wayback", "https://a.example/x", 200),
    None,
    CAPTURE,
)


def extracted(*references: Reference) -> ExtractedDocument:
    return ExtractedDocument("a.txt", "A title", date(2020, 11, 13), references or (REFERENCE,))


def audit_of(*findings: Finding) -> Audit:
    document = AuditedDocument("a.txt", "A title", date(2020, 11, 13), findings or (FINDING,))
    return Audit(NOON, NOON, (document,), (SourceProblem("b.txt", "is empty", "write it"),), False, "no network", (("visit", 3),))


def test_an_audit_comes_back_as_it_was_kept(ledger: Ledger) -> None:
    run = ledger.begin("key")
    ledger.keep_references(run, [extracted()])
    ledger.finish(run, audit_of())
    assert ledger.last_audit() == audit_of()


def test_a_run_that_did_not_end_is_gone_on_with(ledger: Ledger, clock: HandClock) -> None:
    first = ledger.begin("key")
    clock.at += timedelta(hours=1)
    second = ledger.begin("key")
    assert (second.id, second.started, second.resumed) == (first.id, NOON, True)
    assert not ledger.begin("another key").resumed
    ledger.keep_references(second, [extracted()])
    ledger.finish(second, audit_of())
    assert not ledger.begin("key").resumed


def test_references_kept_twice_are_kept_once(ledger: Ledger, tmp_path: Path) -> None:
    run = ledger.begin("key")
    ledger.keep_references(run, [extracted(), extracted()])
    ledger.keep_references(run, [extracted()])
    with sqlite3.connect(tmp_path / FILE_NAME) as db:
        assert db.execute("SELECT count(*) FROM refs").fetchone() == (1,)
    db.close()


def test_an_observation_is_found_while_it_is_young_enough(ledger: Ledger) -> None:
    ledger.keep_seen([Seen(OBSERVATION, ())])
    assert ledger.observation(OBSERVATION.target, NOON) == OBSERVATION
    assert ledger.observation(OBSERVATION.target, NOON + timedelta(seconds=1)) is None
    assert ledger.observation("https://other.example/", NOON) is None


def test_a_visit_entered_twice_is_one_visit(ledger: Ledger) -> None:
    seen = Seen(OBSERVATION, (StoredCapture("https://a.example/x", NOON, CAPTURE, revisit=False),))
    ledger.keep_seen([seen])
    ledger.keep_seen([seen])
    assert ledger.knows_visit("visit-1")
    assert ledger.capture("visit-1") == CAPTURE
    assert ledger.known_warcs() == frozenset(), "another visit of the same file may still be unknown"


def test_the_earlier_record_of_a_payload_is_never_itself_a_revisit(ledger: Ledger) -> None:
    revisit = replace(CAPTURE, record_id="<urn:uuid:0>", revisit=True)
    ledger.keep_seen([Seen(replace(OBSERVATION, visit_id="v0"), (StoredCapture("https://a.example/0", NOON, revisit, revisit=True),))])
    assert ledger.earlier("sha1:ABC") is None
    ledger.keep_seen([Seen(OBSERVATION, (StoredCapture("https://a.example/x", NOON, CAPTURE, revisit=False),))])
    found = ledger.earlier("sha1:ABC")
    assert found is not None
    assert (found.record_id, found.url, found.at) == ("<urn:uuid:1>", "https://a.example/x", NOON)


ROW = IndexRow("example,a)/x", NOON, "https://a.example/x", "text/html", 200, "ABC")


@pytest.mark.parametrize(
    "answer", [Rows((ROW,)), Found(Memento("https://m.example/1", NOON, "w", "https://a.example/x")), Excluded("robots")]
)
def test_an_archive_answer_is_kept_for_its_age(ledger: Ledger, clock: HandClock, answer: Rows | Found | Excluded) -> None:
    ledger.keep_answer("wayback", "question", answer)
    clock.at += timedelta(seconds=100)
    assert ledger.answer("wayback", "question", 100, 10) == answer
    clock.at += timedelta(seconds=1)
    assert ledger.answer("wayback", "question", 100, 10) is None


@pytest.mark.parametrize("answer", [Missing(), Rows(())])
def test_that_an_archive_has_nothing_is_believed_for_a_shorter_time(ledger: Ledger, clock: HandClock, answer: Missing | Rows) -> None:
    ledger.keep_answer("wayback", "question", answer)
    clock.at += timedelta(seconds=11)
    assert ledger.answer("wayback", "question", 100, 10) is None


def test_that_an_archive_did_not_answer_is_never_kept(ledger: Ledger) -> None:
    ledger.keep_answer("wayback", "question", Unavailable("503"))
    assert ledger.answer("wayback", "question", 100, 100) is None


def test_two_processes_draw_from_one_bucket(tmp_path: Path, clock: HandClock) -> None:
    async def draw() -> None:
        with Ledger.open(tmp_path, clock) as one, Ledger.open(tmp_path, clock) as other:
            for limits in (one.limits, other.limits, one.limits, other.limits):
                await limits.take("cdx", per_minute=60)

    asyncio.run(draw())
    assert clock.slept == pytest.approx([1.0, 1.0, 1.0])


def test_a_bucket_holds_no_more_than_its_burst(ledger: Ledger, clock: HandClock) -> None:
    async def draw() -> None:
        clock.at += timedelta(hours=1)
        for _ in range(4):
            await ledger.limits.take("playback", per_minute=60, burst=2)

    asyncio.run(draw())
    assert clock.slept == pytest.approx([1.0, 1.0])


def test_a_tripped_pool_stays_tripped_for_every_process_until_its_time(tmp_path: Path, ledger: Ledger, clock: HandClock) -> None:
    ledger.limits.trip("cdx", 60)
    with Ledger.open(tmp_path, clock) as other:
        other.limits.trip("cdx", 30)
        assert other.limits.tripped("cdx") == 60
    clock.at += timedelta(seconds=60)
    assert ledger.limits.tripped("cdx") == 0
    assert ledger.limits.tripped("playback") == 0


def test_a_ledger_of_a_newer_version_is_refused_and_untouched(tmp_path: Path, clock: HandClock) -> None:
    path = tmp_path / FILE_NAME
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version = {VERSION + 1}")
    db.close()
    before = path.read_bytes()
    with pytest.raises(StorageError, match="newer citekeeper"):
        Ledger.open(tmp_path, clock)
    assert path.read_bytes() == before


def test_a_file_that_is_no_ledger_is_refused_and_untouched(tmp_path: Path, clock: HandClock) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(b"this is not a database, " * 100)
    with pytest.raises(StorageError, match="not a ledger"):
        Ledger.open(tmp_path, clock)
    assert path.read_bytes() == b"this is not a database, " * 100


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, clock: HandClock) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="cannot make the archive folder"):
        Ledger.open(tmp_path / "file" / "archive", clock)


def test_a_failed_change_keeps_nothing_of_itself(ledger: Ledger) -> None:
    class NotStorable(Exception):
        pass

    def documents() -> Iterator[ExtractedDocument]:
        yield extracted()
        raise NotStorable

    run = ledger.begin("key")
    with pytest.raises(NotStorable):
        ledger.keep_references(run, documents())
    ledger.keep_references(run, [extracted()])
    ledger.finish(run, audit_of())
    assert ledger.last_audit() == audit_of()


def test_the_key_of_a_run_tells_texts_from_settings_and_their_order() -> None:
    keys = {
        run_key(["a", "b"], ["c"]),
        run_key(["a"], ["b", "c"]),
        run_key(["b", "a"], ["c"]),
        run_key(["ab"], ["c"]),
        run_key(["a", "b"], []),
    }
    assert len(keys) == 5


def test_a_file_is_known_once_it_was_read_in(ledger: Ledger) -> None:
    ledger.keep_warc("others.warc.gz")
    ledger.keep_warc("others.warc.gz")
    assert ledger.known_warcs() == {"others.warc.gz"}


def test_a_folder_that_cannot_be_written_is_still_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger.open(tmp_path, HandClock()) as ledger:
        ledger.begin("key")
    (tmp_path / "mark?#%").mkdir()
    odd = tmp_path / "mark?#%" / FILE_NAME
    odd.write_bytes((tmp_path / FILE_NAME).read_bytes())
    # Root may write anywhere, and a read-only file system takes more than a test may do.
    monkeypatch.setattr(os, "access", lambda *_: False)
    for folder in (tmp_path, odd.parent):
        before = (folder / FILE_NAME).read_bytes()
        with Ledger.open_to_read(folder, HandClock()) as ledger:
            assert ledger.last_audit() is None
            with pytest.raises(StorageError):
                ledger.keep_warc("x.warc.gz")
        assert (folder / FILE_NAME).read_bytes() == before


def test_what_cannot_be_read_is_told_also_where_nothing_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no ledger at all" * 100)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(StorageError, match="is not a ledger"):
        Ledger.open_to_read(tmp_path, HandClock())
