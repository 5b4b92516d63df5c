"""An archive in every kind of trouble: the audit ends, says what is not known and why, and the next one goes on from there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from citekeeper import pipeline
from citekeeper.config import configure
from citekeeper.demo import Archived, Fault, Quota, Quotas, World, faults, missing
from citekeeper.demo.pages import article
from citekeeper.model import Audit, Finding, State

HOST = "www.gazette.example"
STORIES = [
    f"http://{HOST}/world/2024/{slug}"
    for slug in ("ceasefire-deal-reached-in-upper-valley", "harbour-plan-approved", "spillway-to-be-repaired")
]
CUT = f"{STORIES[0][:60]}..."
WHOLE = STORIES[1:]
TEXT = "\n".join(f"[{number}] {url}" for number, url in enumerate([CUT, *WHOLE], 1))


class Clock:
    """The right time, and rests that take none."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def monotonic(self) -> float:
        return self.now().timestamp()

    async def sleep(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


@pytest.fixture(scope="module")
def shared() -> Iterator[World]:
    captures = [Archived(url, "20240313000000", article("spillway")) for url in STORIES]
    with World(captures=captures, scenes=(), sites={HOST: missing}) as opened:
        yield opened


@pytest.fixture
def world(shared: World) -> Iterator[World]:
    shared.archive.log.clear()
    yield shared
    shared.archive.faults.clear()
    shared.archive.quotas = Quotas()


def audit_of(world: World, folder: Path, clock: Clock | None = None, **more: Any) -> Audit:
    fast = {"archives.wayback.timeout": 0.3, "network.max_retries": 0, "as_of": "2024-03-14"}
    overrides = {**world.settings_overrides(), **fast, "archive": str(folder), "max_age": 0, **more}
    settings = configure(overrides, {}, isolated=True).settings
    return pipeline.audit_text(TEXT, "article.txt", settings, clock=clock or Clock())


def of_cut(audit: Audit) -> Finding:
    return audit.findings[0]


def of_whole(audit: Audit) -> list[Finding]:
    return list(audit.findings[1:])


def assert_unknown(audit: Audit) -> None:
    """Nothing is called missing, dead or incomplete that the archive merely did not tell."""
    assert len(audit.findings) == 3
    for finding in of_whole(audit):
        assert finding.verdict.state is State.GONE
        assert finding.memento is None
        assert (finding.memento_note or "").startswith("unknown: wayback could not be asked ("), finding.memento_note
    assert of_cut(audit).verdict.state is State.UNKNOWN
    assert "index-unavailable" in {each.code for each in of_cut(audit).verdict.reasons}


def assert_known(audit: Audit) -> None:
    assert of_cut(audit).resolution.url == STORIES[0]
    assert all(finding.memento is not None for finding in audit.findings)


TROUBLES = {
    "429 storm": faults.too_many_requests,
    "429 with Retry-After": faults.too_many_requests_until("3600"),
    "503": faults.unavailable,
    "504": faults.gateway_timeout,
    "520": faults.nginx_error(520, "Unknown"),
    "html": faults.html_instead,
    "java": faults.java_exception,
    "firewall": faults.refused,
    "silence": faults.silent,
}


@pytest.mark.parametrize("fault", list(TROUBLES.values()), ids=list(TROUBLES))
def test_the_audit_ends_and_the_next_one_goes_on(world: World, tmp_path: Path, fault: Fault) -> None:
    world.archive.faults.add("/", fault, times=None)
    clock = Clock()
    assert_unknown(audit_of(world, tmp_path, clock))
    world.archive.faults.clear()
    clock.ahead += timedelta(hours=7)
    assert_known(audit_of(world, tmp_path, clock))


@pytest.mark.parametrize(
    "fault", [faults.empty, faults.truncated, faults.cut_json, faults.html_instead], ids=["empty", "truncated", "cut json", "html"]
)
def test_an_index_that_cannot_be_read_is_never_an_empty_one(world: World, tmp_path: Path, fault: Fault) -> None:
    world.archive.faults.add("/cdx", fault, times=None)
    audit = audit_of(world, tmp_path)
    assert of_cut(audit).verdict.state is State.UNKNOWN
    assert all(finding.memento is not None for finding in of_whole(audit))
    world.archive.faults.clear()
    assert_known(audit_of(world, tmp_path))


def test_hours_of_outage_cost_a_handful_of_requests(world: World, tmp_path: Path) -> None:
    world.archive.faults.add("/", faults.refused, times=None)
    clock = Clock()
    for _ in range(4):
        assert_unknown(audit_of(world, tmp_path, clock))
        clock.ahead += timedelta(hours=1)
    assert len(world.archive.log) <= 4 * 2


def test_a_storm_of_429_is_not_answered_with_more_requests(world: World, tmp_path: Path) -> None:
    world.archive.quotas = Quotas(index=Quota(0), playback=Quota(0))
    clock = Clock()
    assert_unknown(audit_of(world, tmp_path, clock))
    asked = len(world.archive.log)
    assert asked <= 6
    # The stop is kept in the ledger: another process on the same folder does not ask either.
    assert_unknown(audit_of(world, tmp_path, Clock()))
    assert len(world.archive.log) <= asked + 2


def test_what_was_learned_before_the_trouble_is_not_asked_again(world: World, tmp_path: Path) -> None:
    assert_known(audit_of(world, tmp_path))
    world.archive.faults.add("/", faults.unavailable, times=None)
    world.archive.log.clear()
    assert_known(audit_of(world, tmp_path))
    assert len(world.archive.log) == 0


def test_trouble_in_the_middle_leaves_what_was_found(world: World, tmp_path: Path) -> None:
    world.archive.faults.add(f"/web/{WHOLE[1]}", faults.java_exception, times=None)
    audit = audit_of(world, tmp_path)
    found = {finding.reference.raw: finding.memento is not None for finding in audit.findings}
    assert found == {CUT: True, WHOLE[0]: True, WHOLE[1]: False}


def test_one_dead_archive_does_not_keep_another_from_answering(world: World, tmp_path: Path) -> None:
    others = ("dead=pywb:http://dead.example/coll", "mute=timegate:http://mute.example/")
    more: dict[str, Any] = {"archives.others": others, "archives.use": ("dead", "wayback", "mute"), "archives.per_minute": 60_000}
    audit = audit_of(world, tmp_path, **more)
    assert_known(audit)
    assert {finding.memento.archive for finding in audit.findings if finding.memento} == {"wayback"}


def test_a_slow_archive_is_given_up_after_its_own_timeout(world: World, tmp_path: Path) -> None:
    world.archive.faults.add("/", faults.slow(5), times=None)
    assert_unknown(audit_of(world, tmp_path))
