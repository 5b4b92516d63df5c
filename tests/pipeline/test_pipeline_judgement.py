"""Verdicts over time and against archived copies, through the whole walk: real sockets, captures and ledger."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from citekeeper import pipeline
from citekeeper.config import configure
from citekeeper.demo import Archived, Request, Step, World, html, missing, redirect
from citekeeper.demo.pages import article
from citekeeper.ledger import Ledger
from citekeeper.model import Confidence, Finding, Level, State
from citekeeper.pipeline.earlier import History
from citekeeper.pipeline.judging import rejudged
from citekeeper.settings import Settings

HOST = "www.mill-paper.example"
SINK, GUARDED = "www.all-the-same.example", "www.keep-out.example"
PUBLISHER = "www.journal-publisher.example"
SAME = f"http://{HOST}/2024/harbour"
OTHER = f"http://{HOST}/2024/other"
MISSING = f"http://{HOST}/2024/missing"


def site(request: Request) -> Iterator[Step]:
    """The cited page, another page in place of one, and nothing else."""
    pages = {"/2024/harbour": "harbour-plan", "/2024/other": "spillway"}
    name = pages.get(request.target)
    yield from missing(request) if name is None else [html(200, "OK", article(name))]


def elsewhere(request: Request) -> Iterator[Step]:
    """One page for every address."""
    at_welcome = request.target == "/welcome"
    yield from [html(200, "OK", article("spillway"))] if at_welcome else redirect(f"http://{SINK}/welcome")(request)


def guarded(request: Request) -> Iterator[Step]:
    """A short page, and a folder that programs are asked to leave alone."""
    is_rules = request.target == "/robots.txt"
    yield html(200, "OK", b"User-agent: *\nDisallow: /2019/\n" if is_rules else b"<title>Mill</title><p>A few words only.</p>")


def registry(request: Request) -> Iterator[Step]:
    """Redirects a DOI to its publisher, and knows it."""
    is_asked = request.target.startswith("/api/handles/10.1000/182")
    yield from [html(200, "OK", b'{"responseCode": 1}')] if is_asked else redirect(f"https://{PUBLISHER}/article/182")(request)


def publisher(request: Request) -> Iterator[Step]:
    """Refuses programs."""
    yield html(403, "Forbidden", b"<title>Forbidden</title><h1>Forbidden</h1>")


CAPTURES = (Archived(SAME, "20240313000000", article("harbour-plan")), Archived(OTHER, "20240313000000", article("harbour-plan")))


WITNESSES: dict[str, Any] = {"archives.witnesses": True}


class LaterClock:
    """The real clock, some days ahead."""

    def __init__(self, days: float) -> None:
        self._ahead = timedelta(days=days)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World(
        captures=CAPTURES, scenes=(), sites={HOST: site, SINK: elsewhere, GUARDED: guarded, "doi.org": registry, PUBLISHER: publisher}
    ) as opened:
        yield opened


def settings_for(world: World, folder: Path, **more: object) -> Settings:
    overrides = {**world.settings_overrides(), "archive": str(folder), "max_age": 0, "as_of": date(2024, 3, 14), **more}
    return configure(overrides, {}, isolated=True).settings


def finding_of(world: World, folder: Path, text: str, days: float = 0.0, **more: Any) -> Finding:
    return pipeline.audit_text(text, "article.txt", settings_for(world, folder, **more), clock=LaterClock(days)).findings[0]


def codes(finding: Finding) -> set[str]:
    return {reason.code for reason in finding.verdict.reasons}


def test_a_page_with_the_text_of_its_copy_is_surely_well(world: World, tmp_path: Path) -> None:
    finding = finding_of(world, tmp_path, SAME)
    assert (finding.verdict.state, finding.verdict.confidence) == (State.OK, Confidence.HIGH)
    assert "text-same" in codes(finding)


def test_another_page_in_its_place_is_told_and_confirmed_by_time(world: World, tmp_path: Path) -> None:
    findings = [finding_of(world, tmp_path, OTHER, days) for days in (0, 4, 8)]
    assert {finding.verdict.state for finding in findings} == {State.REPLACED}
    assert [finding.verdict.confirmed for finding in findings] == [False, False, True]


def test_three_404s_over_a_week_confirm_and_the_first_is_dated(world: World, tmp_path: Path) -> None:
    findings = [finding_of(world, tmp_path, MISSING, days) for days in (0, 4, 8)]
    assert [finding.verdict.confirmed for finding in findings] == [False, False, True]
    first, last = findings[0].observation, findings[-1].timeline
    assert first is not None
    assert last is not None
    assert (last.first_failed, last.last_ok, last.observations) == (first.at, None, 3)
    again = pipeline.last_audit(Settings(archive=str(tmp_path)), rejudge=True)
    assert again is not None
    assert again.findings[0].verdict == findings[-1].verdict
    assert again.findings[0].earlier_verdict is None


def test_only_what_is_due_is_visited(world: World, tmp_path: Path) -> None:
    first = finding_of(world, tmp_path, MISSING)
    early, late = (finding_of(world, tmp_path, MISSING, days, due=True) for days in (0.5, 1.5))
    assert early.observation == first.observation
    assert late.observation != first.observation


def test_a_verdict_of_other_rules_is_shown_beside_the_new_one(world: World, tmp_path: Path) -> None:
    audit = pipeline.audit_text(MISSING, "article.txt", settings_for(world, tmp_path))
    (document,) = audit.documents
    (finding,) = document.findings
    other = replace(finding, verdict=replace(finding.verdict, state=State.UNKNOWN))
    older = replace(audit, rules="0.older", documents=(replace(document, findings=(other,)),))
    with Ledger.open(tmp_path, LaterClock(0)) as ledger:
        again = rejudged(older, History(ledger))
    assert again.rules == audit.rules
    assert again.findings[0].verdict == finding.verdict
    assert again.findings[0].earlier_verdict == other.verdict


def test_a_page_whose_copy_the_document_cites_leaves_nothing_to_do(world: World, tmp_path: Path) -> None:
    text = f"[1] {MISSING} (archived 2020-11-10: https://web.archive.org/web/20201110120000/{MISSING})"
    audit = pipeline.audit_text(text, "article.txt", settings_for(world, tmp_path))
    again = pipeline.last_audit(Settings(archive=str(tmp_path)), rejudge=True)
    assert again is not None
    for finding in (audit.findings[0], again.findings[0]):
        assert (finding.verdict.state, finding.verdict.level) == (State.GONE, Level.NONE)
        assert finding.verdict.reasons[0].code == "copy-cited"
        assert finding.verdict.advice == "Nothing to do: the document cites an archived copy."


def test_captures_of_404_in_the_archive_confirm_in_the_first_run(world: World, tmp_path: Path) -> None:
    url = f"http://{HOST}/2019/long-gone"
    for stamp in ("20200101000000", "20210101000000"):
        world.archive.captures.add(Archived(url, stamp, b"<title>404 Not Found</title>", status=404, reason="Not Found"))
    world.archive.log.clear()
    finding = finding_of(world, tmp_path, url, **WITNESSES)
    assert (finding.verdict.state, finding.verdict.confirmed) == (State.GONE, True)
    assert sum("/cdx/" in request.target for request in world.archive.log) == 1
    again = pipeline.last_audit(Settings(archive=str(tmp_path)), rejudge=True)
    assert again is not None
    assert again.findings[0].verdict == finding.verdict


def test_no_index_is_asked_about_a_page_that_works(world: World, tmp_path: Path) -> None:
    world.archive.log.clear()
    finding_of(world, tmp_path, SAME, **WITNESSES)
    finding_of(world, tmp_path, MISSING)
    assert not [request.target for request in world.archive.log if "/cdx/" in request.target]


def test_a_server_that_sends_everything_to_one_place_is_found_out_by_one_made_up_page(world: World, tmp_path: Path) -> None:
    text = f"[1] http://{SINK}/2019/some-mill-story\n[2] http://{SINK}/2019/other-mill-story\n"
    settings = settings_for(world, tmp_path)
    world.web.log.clear()
    findings = pipeline.audit_text(text, "article.txt", settings).findings
    assert {finding.verdict.state for finding in findings} == {State.SOFT_404}
    assert all("sibling-same-target" in codes(finding) for finding in findings)
    made_up = [request.url for request in world.web.log if "/2019/" in request.url and "story" not in request.url]
    assert len(made_up) == 1
    world.web.log.clear()
    again = pipeline.audit_text(text, "article.txt", settings).findings
    assert [finding.verdict.state for finding in again] == [finding.verdict.state for finding in findings]
    assert made_up[0] not in {request.url for request in world.web.log}


def test_two_pages_that_lead_to_one_place_need_no_made_up_one(world: World, tmp_path: Path) -> None:
    text = f"[1] http://{SINK}/2019/some-story\n[2] http://{SINK}/2019/other-story\n"
    world.web.log.clear()
    findings = pipeline.audit_text(text, "article.txt", settings_for(world, tmp_path)).findings
    assert {(finding.verdict.state, finding.verdict.confidence) for finding in findings} == {(State.SOFT_404, Confidence.HIGH)}
    assert all("redirect-shared" in codes(finding) for finding in findings)
    assert not [request.url for request in world.web.log if "/2019/" in request.url and "story" not in request.url]
    again = pipeline.last_audit(Settings(archive=str(tmp_path)), rejudge=True)
    assert again is not None
    assert [finding.verdict for finding in again.findings] == [finding.verdict for finding in findings]


def test_a_visit_says_as_whom_by_which_resolver_and_which_way_it_was_made(world: World, tmp_path: Path) -> None:
    observation = finding_of(world, tmp_path, SAME).observation
    assert observation is not None
    agent, resolver, way = observation.vantage.rsplit("; ", 2)
    assert agent.startswith("citekeeper")
    assert resolver.startswith("names from ")
    assert way in {"directly", "through a proxy"}


def test_a_made_up_page_that_robots_txt_forbids_is_not_asked_for(world: World, tmp_path: Path) -> None:
    world.web.log.clear()
    finding_of(world, tmp_path, f"http://{GUARDED}/2019/mill")
    asked = {request.url for request in world.web.log if not request.target.startswith("/web/")}
    assert asked == {f"http://{GUARDED}/robots.txt", f"http://{GUARDED}/2019/mill"}


def test_a_place_that_the_page_does_not_have_is_noted(world: World, tmp_path: Path) -> None:
    finding = finding_of(world, tmp_path, f"{SAME}#:~:text=never%20written%20in%20this%20page")
    assert (finding.verdict.state, finding.verdict.level) == (State.OK, Level.NOTE)
    assert "fragment-lost" in codes(finding)


def test_a_publisher_s_refusal_is_no_death_of_a_work_that_its_registry_knows(world: World, tmp_path: Path) -> None:
    finding = finding_of(world, tmp_path, "[1] https://doi.org/10.1000/182")
    assert finding.verdict.state is State.BLOCKED
    assert "registry-knows" in codes(finding)
