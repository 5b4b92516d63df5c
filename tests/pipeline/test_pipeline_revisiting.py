"""A second visit asks whether the page changed: what a 304 stores, what is judged, and when nothing is asked."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from citekeeper import pipeline, warc
from citekeeper.config import configure
from citekeeper.demo import Request, Step, World, answer, html, redirect
from citekeeper.demo.pages import article
from citekeeper.ledger import FILE_NAME, Ledger
from citekeeper.model import Audit, Finding, State
from citekeeper.network import SystemClock
from citekeeper.settings import Settings

HOST = "www.gazette.example"
URL = f"https://{HOST}/story"
CHANGED = "Thu, 01 Jan 2026 12:00:00 GMT"
ENGINES = ("curl", "requests")


@dataclass
class Story:
    """A page with versions, as a careful server shows it."""

    body: bytes = article("spillway")
    etag: str = 'W/"one"'
    status: int = 200
    asked: list[str | None] = field(default_factory=list)
    """The If-None-Match of each request."""

    def __call__(self, request: Request) -> Iterable[Step]:
        self.asked.append(request.header("if-none-match"))
        fields = {"ETag": self.etag, "Last-Modified": CHANGED, "Vary": "Accept-Encoding"}
        if self.status != 200:
            return [html(self.status, "Gone", b"<h1>Gone</h1><p>This page was removed.</p>")]
        if self.etag and request.header("if-none-match") == self.etag:
            return [answer(304, "Not Modified", {"ETag": self.etag})]
        return [html(200, "OK", self.body, headers=fields, gzipped=True)]


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.fixture
def world(story: Story) -> Iterator[World]:
    with World(scenes=(), sites={HOST: story}) as opened:
        yield opened


def settings_for(world: World, folder: Path, **more: object) -> Settings:
    overrides = {**world.settings_overrides(), "archive": str(folder), "max_age": 0, "archives.use": (), "probe": False, **more}
    return configure(overrides, {}, isolated=True).settings


def visited(world: World, folder: Path, **more: object) -> Finding:
    (finding,) = pipeline.capture([URL], settings_for(world, folder, **more)).findings
    return finding


def codes(finding: Finding) -> set[str]:
    return {reason.code for reason in finding.verdict.reasons}


def newest(folder: Path) -> Path:
    return max(folder.glob("*.warc.gz"), key=lambda path: path.stat().st_mtime_ns)


def fields_of(record: bytes) -> dict[str, str]:
    lines = record.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    return dict(line.split(": ", 1) for line in lines)


def records(path: Path, kind: str) -> list[bytes]:
    parts = gzip.decompress(path.read_bytes()).split(b"WARC/1.1\r\n")
    return [b"WARC/1.1\r\n" + part for part in parts if f"WARC-Type: {kind}\r\n".encode() in part]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_page_that_did_not_change_is_judged_as_it_was_and_not_sent_again(engine: str, world: World, story: Story, tmp_path: Path) -> None:
    first = visited(world, tmp_path, **{"network.engine": engine})
    second = visited(world, tmp_path, **{"network.engine": engine})
    assert story.asked == [None, story.etag]
    assert (second.verdict.state, second.verdict.confidence) == (first.verdict.state, first.verdict.confidence) == (State.OK, "medium")
    assert first.observation is not None
    assert second.observation is not None
    assert second.observation.status == 200
    assert (second.observation.title, second.observation.payload_digest) == (first.observation.title, first.observation.payload_digest)
    assert "not-modified" in codes(second) - codes(first)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_304_is_stored_as_it_came_and_refers_to_what_it_speaks_of(engine: str, world: World, story: Story, tmp_path: Path) -> None:
    first = visited(world, tmp_path, **{"network.engine": engine})
    second = visited(world, tmp_path, **{"network.engine": engine})
    assert first.capture is not None
    assert second.capture is not None
    (revisit,) = records(newest(tmp_path), "revisit")
    found = fields_of(revisit)
    (original,) = (fields_of(each) for each in records(tmp_path / first.capture.warc, "response"))
    assert found["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert found["WARC-Refers-To"] == original["WARC-Record-ID"] == f"<{first.capture.record_id}>"
    assert found["WARC-Refers-To-Target-URI"] == original["WARC-Target-URI"] == found["WARC-Target-URI"] == URL
    assert found["WARC-Refers-To-Date"] == original["WARC-Date"] < found["WARC-Date"]
    assert found["WARC-Payload-Digest"] == original["WARC-Payload-Digest"]
    assert b"\r\n\r\nHTTP/1.1 304 Not Modified\r\n" in revisit
    (request,) = records(newest(tmp_path), "request")
    assert f"\r\nIf-None-Match: {story.etag}\r\n".encode() in request
    assert fields_of(request)["WARC-Concurrent-To"] == found["WARC-Record-ID"]
    assert not records(newest(tmp_path), "response")


def test_a_304_can_be_read_back_as_the_page_that_it_speaks_of(world: World, tmp_path: Path) -> None:
    first = visited(world, tmp_path)
    second = visited(world, tmp_path)
    assert first.capture is not None
    assert second.capture is not None
    find = warc.payloads(tmp_path)
    before, after = warc.read_answer(tmp_path, first.capture, find=find), warc.read_answer(tmp_path, second.capture, find=find)
    assert before is not None
    assert after is not None
    assert (after.status, after.body) == (200, before.body)
    alone = warc.read_record(tmp_path, second.capture)
    assert alone is not None
    assert alone.response is not None
    assert (alone.response.status, alone.response.body) == (304, b"")
    assert warc.read_answer(tmp_path, second.capture) is None


def judged_strictly(*paths: Path) -> str:
    data = os.environ.get("CITEKEEPER_DATA")
    if not data:
        return ""
    checker = Path(data).parent / "tools" / "check_warc.py"
    done = subprocess.run([sys.executable, str(checker), "--strict", *map(str, paths)], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


def test_archive_and_exports_hold_what_a_304_refers_to_and_verify(world: World, tmp_path: Path) -> None:
    """The last audit holds the 304 alone; the page comes along from the file of the one before."""
    folder = tmp_path / "archive"
    settings = settings_for(world, folder)
    for _ in range(2):
        pipeline.audit_text(f"[1] {URL}", "article.txt", settings)
    assert judged_strictly(*folder.glob("*.warc.gz")) == ""
    targets = [tmp_path / "x.warc.gz", tmp_path / "x.wacz"]
    for target in targets:
        pipeline.export(pipeline.Shipment(target), settings, environ={})
        assert judged_strictly(target) == ""
    (revisit,) = records(targets[0], "revisit")
    assert fields_of(revisit)["WARC-Refers-To"] in {fields_of(each)["WARC-Record-ID"] for each in records(targets[0], "response")}
    with zipfile.ZipFile(targets[1]) as package:
        (shown,) = [json.loads(line) for line in package.read("pages/pages.jsonl").splitlines()[1:]]
    (stored,) = (fields_of(each) for each in records(targets[0], "response"))
    # What a viewer opens is the page, not the 304.
    assert (shown["url"], shown["ts"]) == (URL, f"{stored['WARC-Date'][:19]}Z")
    outcome = pipeline.verify([folder, *targets], environ={})
    assert [(each.code, each.message) for verified in outcome.verifications for each in verified.problems] == []


def test_a_run_that_was_killed_before_its_ledger_is_read_back_from_the_304(world: World, tmp_path: Path) -> None:
    visited(world, tmp_path)
    second = visited(world, tmp_path)
    (tmp_path / FILE_NAME).unlink()
    with Ledger.open(tmp_path, SystemClock()) as ledger:
        pipeline_house_recover(tmp_path, ledger, settings_for(world, tmp_path))
        found = ledger.observation(URL, datetime(2000, 1, 1, tzinfo=UTC))
    assert second.observation is not None
    assert found == second.observation


def pipeline_house_recover(folder: Path, ledger: Ledger, settings: Settings) -> None:
    from citekeeper.pipeline.house import recover

    recover(folder, ledger, settings)


def test_a_page_that_changed_is_stored_anew_and_asked_about_by_its_new_name(world: World, story: Story, tmp_path: Path) -> None:
    visited(world, tmp_path)
    story.etag, story.body = '"two"', article("harbour-plan")
    changed = visited(world, tmp_path)
    visited(world, tmp_path)
    assert story.asked == [None, 'W/"one"', '"two"']
    assert changed.capture is not None
    assert not changed.capture.revisit


def test_the_same_page_under_a_new_name_is_asked_about_by_that(world: World, story: Story, tmp_path: Path) -> None:
    first = visited(world, tmp_path)
    story.etag = '"two"'
    visited(world, tmp_path)
    third = visited(world, tmp_path)
    assert story.asked == [None, 'W/"one"', '"two"']
    assert first.capture is not None
    (revisit,) = records(newest(tmp_path), "revisit")
    # A revisit never refers to another revisit.
    assert fields_of(revisit)["WARC-Refers-To"] == f"<{first.capture.record_id}>"
    assert "not-modified" in codes(third)


def test_a_page_that_went_is_gone_whatever_was_stored(world: World, story: Story, tmp_path: Path) -> None:
    visited(world, tmp_path)
    story.status = 410
    assert visited(world, tmp_path).verdict.state is State.GONE


def test_each_hop_of_a_redirect_is_asked_about_by_itself(world: World, story: Story, tmp_path: Path) -> None:
    world.web.sites["old.example"] = redirect(URL)
    world.dns.zone["old.example"] = ("127.0.0.1",)
    for _ in range(2):
        pipeline.capture(["http://old.example/"], settings_for(world, tmp_path))
    asked = [(request.host, request.header("if-none-match")) for request in world.web.log]
    assert asked == [("old.example", None), (HOST, None), ("old.example", None), (HOST, story.etag)]


# ── when nothing is asked ─────────────────────────────────────────────────────────────────────


def test_without_the_stored_page_it_is_fetched_whole(world: World, story: Story, tmp_path: Path) -> None:
    first = visited(world, tmp_path)
    assert first.capture is not None
    (tmp_path / first.capture.warc).unlink()
    assert visited(world, tmp_path).verdict.state is State.OK
    assert story.asked == [None, None]


@pytest.mark.parametrize("at", [0, 40, -20])
def test_a_stored_page_that_is_damaged_is_not_relied_on(at: int, world: World, story: Story, tmp_path: Path) -> None:
    first = visited(world, tmp_path)
    assert first.capture is not None
    path = tmp_path / first.capture.warc
    data = bytearray(path.read_bytes())
    data[first.capture.offset + at % first.capture.length] ^= 1
    path.write_bytes(data)
    assert visited(world, tmp_path).verdict.state is State.OK
    assert story.asked == [None, None]


def test_a_stored_page_in_whose_place_another_one_lies_is_not_relied_on(world: World, story: Story, tmp_path: Path) -> None:
    first = visited(world, tmp_path)
    story.body = article("harbour-plan")
    other = visited(world, tmp_path / "other")
    assert first.capture is not None
    assert other.capture is not None
    (tmp_path / first.capture.warc).write_bytes((tmp_path / "other" / other.capture.warc).read_bytes())
    visited(world, tmp_path)
    assert story.asked == [None, None, None]


def test_captures_that_were_only_read_in_are_never_asked_with(world: World, story: Story, tmp_path: Path) -> None:
    """Whoever hands out a forged capture with a true name of a version would decide what we see."""
    theirs = visited(world, tmp_path / "theirs")
    assert theirs.capture is not None
    mine = settings_for(world, tmp_path / "mine")
    pipeline.take_in([tmp_path / "theirs" / theirs.capture.warc], mine)
    visited(world, tmp_path / "mine")
    assert story.asked == [None, None]


def test_after_the_ledger_was_lost_pages_are_fetched_whole_once(world: World, story: Story, tmp_path: Path) -> None:
    visited(world, tmp_path)
    (tmp_path / FILE_NAME).unlink()
    visited(world, tmp_path)
    assert story.asked == [None, None]


@pytest.mark.parametrize(
    ("before", "then"),
    [
        ({"network.headers": ("X-Key: 1",)}, {}),
        ({}, {"network.headers": ("X-Key: 1",)}),
        ({"network.host_headers": (f"{HOST} Authorization: Basic eDp5",)}, {}),
        ({}, {"network.host_headers": (f"{HOST} Authorization: Basic eDp5",)}),
        ({}, {"network.user_agent": "somebody else"}),
        ({}, {"network.revalidate_for": 0}),
        ({"network.revalidate_for": 0}, {}),
        ({}, {"network.max_decoded_bytes": 1000}),
        ({"network.max_body_bytes": 100}, {}),
        ({}, {"capture": False}),
        ({"capture": False}, {}),
    ],
    ids=[
        "own-headers-then",
        "own-headers-now",
        "credentials-then",
        "credentials-now",
        "another-visitor",
        "switched-off-now",
        "switched-off-then",
        "cannot-be-decoded-whole",
        "cut",
        "no-capture-now",
        "no-capture-then",
    ],
)
def test_another_view_of_the_page_or_none_is_not_asked_about(
    before: dict[str, object], then: dict[str, object], world: World, story: Story, tmp_path: Path
) -> None:
    visited(world, tmp_path, **before)
    visited(world, tmp_path, **then)
    assert story.asked == [None, None]


def test_headers_for_another_host_do_not_matter(world: World, story: Story, tmp_path: Path) -> None:
    visited(world, tmp_path)
    visited(world, tmp_path, **{"network.host_headers": ("*.other.example Authorization: Basic eDp5",)})
    assert story.asked == [None, story.etag]


class Later:
    """The clock of a run some days later."""

    def __init__(self, days: float) -> None:
        self._clock, self._days = SystemClock(), days

    def now(self) -> datetime:
        return self._clock.now() + timedelta(days=self._days)

    def monotonic(self) -> float:
        return self._clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        await self._clock.sleep(seconds)


@pytest.mark.parametrize(("days", "is_asked"), [(29, True), (31, False)])
def test_no_server_is_believed_for_longer_than_the_setting_says(
    days: float, is_asked: bool, world: World, story: Story, tmp_path: Path
) -> None:
    """One that answers 304 to everything would else show a dead page as alive for ever."""
    visited(world, tmp_path)
    pipeline.capture([URL], settings_for(world, tmp_path), clock=Later(1))
    pipeline.capture([URL], settings_for(world, tmp_path), clock=Later(days))
    # Counted from when the page last came whole, not from the last 304.
    assert story.asked == [None, story.etag, story.etag if is_asked else None]


# ── odd servers ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("engine", ENGINES)
def test_a_304_that_nobody_asked_for_is_never_called_fine(engine: str, world: World, tmp_path: Path) -> None:
    world.web.sites[HOST] = lambda _: [answer(304, "Not Modified", {"ETag": '"one"'})]
    for _ in range(2):
        finding = visited(world, tmp_path, **{"network.engine": engine})
        assert finding.verdict.state is State.UNKNOWN
        assert "status-odd" in codes(finding)
        assert "not-modified" not in codes(finding)
    assert judged_strictly(*tmp_path.glob("*.warc.gz")) == ""
    assert all(request.header("if-none-match") is None for request in world.web.log)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_304_for_another_version_is_kept_and_the_page_fetched(engine: str, world: World, story: Story, tmp_path: Path) -> None:
    visited(world, tmp_path, **{"network.engine": engine})

    def confused(request: Request) -> Iterable[Step]:
        if request.header("if-none-match"):
            return [answer(304, "Not Modified", {"ETag": '"nine"'})]
        return [html(404, "Not Found", b"<h1>Not found</h1>")]

    world.web.sites[HOST] = confused
    finding = visited(world, tmp_path, **{"network.engine": engine})
    assert finding.verdict.state is State.GONE
    assert finding.observation is not None
    assert [hop.status for hop in finding.observation.hops] == [304, 404]
    assert judged_strictly(*tmp_path.glob("*.warc.gz")) == ""


def test_an_article_s_quotation_is_looked_for_in_the_stored_page(world: World, tmp_path: Path) -> None:
    """A 304 has no text, and the words that the article quotes are still found."""
    text = "The board wrote that “Divers sealed seventy-four metres of joints and replaced both gates”.[1]\n\nNotes\n\n[1] " + URL
    audits: list[Audit] = [pipeline.audit_text(text, "article.txt", settings_for(world, tmp_path)) for _ in range(2)]
    first, second = (audit.findings[0] for audit in audits)
    quoted = {code for code in codes(first) if code.startswith("passages-")}
    assert quoted
    assert quoted <= codes(second)
