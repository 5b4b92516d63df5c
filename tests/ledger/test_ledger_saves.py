"""The queue of pages to be archived, as rows of the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from citekeeper.ledger import Ledger, SaveState

URL = "http://news.example/a"


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(tmp_path: Path, clock: Clock) -> Iterator[Ledger]:
    with Ledger.open(tmp_path, clock) as opened:
        yield opened


def test_what_was_queued_is_there_after_a_restart(tmp_path: Path, clock: Clock) -> None:
    with Ledger.open(tmp_path, clock) as first:
        first.saves.add([URL, "http://news.example/b"])
        (save, _) = first.saves.all()
        first.saves.keep(replace(save, state=SaveState.SUBMITTED, job="spn2-1", tries=2, message="so far"))
    with Ledger.open(tmp_path, clock) as second:
        [kept] = second.saves.all(SaveState.SUBMITTED)
        assert (kept.url, kept.job, kept.tries, kept.message) == (URL, "spn2-1", 2, "so far")
        assert len(second.saves.all()) == 2


def test_what_is_under_way_is_not_queued_again_and_what_was_done_is(ledger: Ledger, clock: Clock) -> None:
    ledger.saves.add([URL])
    [save] = ledger.saves.all()
    for state, after in ((SaveState.SUBMITTED, SaveState.SUBMITTED), (SaveState.UNCONFIRMED, SaveState.UNCONFIRMED)):
        ledger.saves.keep(replace(save, state=state, tries=3))
        ledger.saves.add([URL])
        assert [(each.state, each.tries) for each in ledger.saves.all()] == [(after, 3)]
    ledger.saves.keep(replace(save, state=SaveState.SAVED, memento="https://archive.example/1", tries=3))
    ledger.saves.add([URL])
    assert [(each.state, each.tries, each.memento) for each in ledger.saves.all()] == [(SaveState.QUEUED, 0, "")]


def test_a_page_is_claimed_by_one_process_only(ledger: Ledger, tmp_path: Path, clock: Clock) -> None:
    ledger.saves.add([URL])
    [save] = ledger.saves.all()
    until = clock.now() + timedelta(minutes=10)
    with Ledger.open(tmp_path, clock) as other:
        assert ledger.saves.claim(save, until)
        assert not other.saves.claim(save, until)
        [kept] = other.saves.all()
        assert kept.due == until


def test_a_quota_puts_off_what_is_queued_and_nothing_else(ledger: Ledger, clock: Clock) -> None:
    ledger.saves.add([URL, "http://news.example/b"])
    first, _ = ledger.saves.all()
    ledger.saves.keep(replace(first, state=SaveState.UNCONFIRMED))
    tomorrow = clock.now() + timedelta(days=1)
    ledger.saves.put_off(tomorrow)
    assert [(each.state, each.due) for each in ledger.saves.all()] == [
        (SaveState.UNCONFIRMED, first.due),
        (SaveState.QUEUED, tomorrow),
    ]


def test_submissions_of_a_day_are_counted(ledger: Ledger, clock: Clock) -> None:
    ledger.saves.add([URL, "http://news.example/b"])
    since = clock.now()
    assert ledger.saves.submitted_since(since) == 0
    first, _ = ledger.saves.all()
    ledger.saves.keep(replace(first, state=SaveState.SUBMITTED))
    assert ledger.saves.submitted_since(since) == 1
    assert ledger.saves.submitted_since(since + timedelta(seconds=1)) == 0
