"""The good copy near the citation date: read as a live page is, kept in WARC under its own address and date, and told of."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from citekeeper import pipeline, warc
from citekeeper.config import configure
from citekeeper.demo import Archived, World, missing
from citekeeper.demo.pages import article, special
from citekeeper.model import Audit, Copy, Exchange, Finding, Memento, Response, State
from citekeeper.pipeline.remembering import PageJudge
from citekeeper.settings import Settings

HOST = "www.gazette.example"
STORY = f"http://{HOST}/2024/lost-story"
MOVED = f"http://{HOST}/old/lost-story"
WALLED = f"http://{HOST}/2024/walled"
MARKED = f"http://{HOST}/2024/marked"

CAPTURES = (
    Archived(STORY, "20240101000000", article("harbour-plan")),
    Archived(STORY, "20240312000000", special("challenge")),
    Archived(STORY, "20240313000000", special("not_found")),
    Archived(WALLED, "20240312000000", special("parked")),
    Archived(MOVED, "20240313000000", status=301, headers=(("Location", MARKED),), reason="Moved Permanently"),
    Archived(MARKED, "20240313000000", article("spillway"), headers=(("Server", "oldserver/1.0"), ("Content-Type", "text/html"))),
)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World(captures=CAPTURES, scenes=(), sites={HOST: missing}) as opened:
        yield opened


def settings_for(world: World, folder: Path, **more: object) -> Settings:
    overrides = {**world.settings_overrides(), "archive": str(folder), "max_age": 0, "as_of": date(2024, 3, 14), **more}
    return configure(overrides, {}, isolated=True).settings


def audit_of(world: World, folder: Path, *urls: str, **more: object) -> Audit:
    text = "\n".join(f"[{number}] {url}" for number, url in enumerate(urls, 1))
    return pipeline.audit_text(text, "article.txt", settings_for(world, folder, **more))


def finding_of(world: World, folder: Path, url: str) -> Finding:
    return audit_of(world, folder, url).findings[0]


def test_a_wall_and_a_not_found_page_are_passed_over_for_an_older_good_copy(world: World, tmp_path: Path) -> None:
    finding = finding_of(world, tmp_path, STORY)
    assert finding.memento is not None
    assert finding.memento.datetime.date() == date(2024, 1, 1)
    reasons = [(each.code, each.detail) for each in finding.verdict.reasons]
    assert ("copy-passed-over", "soft 404 on 2024-03-13") in reasons
    assert ("copy-passed-over", "blocked on 2024-03-12") in reasons
    assert ("copy-read", "wayback 2024-01-01") in reasons


def _html(body: str, title: str) -> bytes:
    return f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>".encode()


BAD_COPIES: dict[str, tuple[Archived, str]] = {
    name: (Archived(f"http://{HOST}/2024/bad-{number}", "20240312000000", body, status=status, headers=headers), why)
    for number, (name, body, status, headers, why) in enumerate(
        [
            ("not found", special("not_found"), 200, (), "soft 404"),
            ("parked", special("parked"), 200, (), "parked"),
            ("login", special("login"), 200, (), "login"),
            ("bot wall", special("challenge"), 200, (), "blocked"),
            ("empty shell", special("shell"), 200, (), "nothing that can be told to be the page"),
            ("nothing", b"", 200, (), "nothing that can be told to be the page"),
            ("error", _html("busy", "503"), 503, (), "status 503"),
            ("refusal", _html("no", "403"), 403, (), "status 403"),
            ("rate limit", _html("slow", "429"), 429, (), "status 429"),
            ("home page", b"", 301, (("Location", f"http://{HOST}/"),), "a redirect to the home page"),
            ("login elsewhere", b"", 302, (("Location", f"http://{HOST}/sign-in?back=1"),), "login"),
            ("never archived", b"", 301, (("Location", f"http://{HOST}/nobody-kept-it"),), "a redirect to a page that is not archived"),
        ]
    )
}


@pytest.mark.parametrize("name", list(BAD_COPIES))
def test_whatever_the_nearest_copy_shows_instead_of_the_page_the_next_one_is_taken(world: World, tmp_path: Path, name: str) -> None:
    bad, why = BAD_COPIES[name]
    good = Archived(bad.original, "20240101000000", article("harbour-plan"))
    home = Archived(f"http://{HOST}/", "20240312000000", article("spillway"))
    for capture in (bad, good, home, Archived(f"http://{HOST}/sign-in?back=1", "20240312000000", special("login"))):
        world.archive.captures.add(capture)
    finding = finding_of(world, tmp_path, bad.original)
    assert finding.memento is not None
    assert finding.memento.datetime.date() == date(2024, 1, 1)
    assert ("copy-passed-over", f"{why} on 2024-03-12") in [(each.code, each.detail) for each in finding.verdict.reasons]


def test_an_archived_redirect_leads_to_the_page_whose_capture_is_from_another_day(world: World, tmp_path: Path) -> None:
    old, new = f"http://{HOST}/old/way", f"http://{HOST}/new/way"
    world.archive.captures.add(Archived(old, "20240312000000", status=301, headers=(("Location", "/new/way"),)))
    world.archive.captures.add(Archived(new, "20240320000000", article("spillway")))
    finding = finding_of(world, tmp_path, old)
    assert finding.memento is not None
    assert (finding.memento.original, finding.memento.datetime.date()) == (new, date(2024, 3, 20))


def test_when_no_copy_is_good_the_report_says_what_was_seen(world: World, tmp_path: Path) -> None:
    finding = finding_of(world, tmp_path, WALLED)
    assert finding.memento is None
    assert finding.memento_note == "missing: wayback has no good copy (parked on 2024-03-12)"
    assert "copy-passed-over" in {each.code for each in finding.verdict.reasons}


def test_at_most_three_copies_are_read(world: World, tmp_path: Path) -> None:
    url = f"http://{HOST}/2024/always-walled"
    for day in range(1, 9):
        world.archive.captures.add(Archived(url, f"2024030{day}000000", special("challenge")))
    world.archive.log.clear()
    finding = finding_of(world, tmp_path, url)
    assert finding.memento is None
    assert sum("id_/" in request.target for request in world.archive.log) == 3


def test_the_copy_and_the_redirect_to_it_are_kept_at_their_own_dates(world: World, tmp_path: Path) -> None:
    finding = finding_of(world, tmp_path, MOVED)
    assert finding.memento is not None
    kept = {line.url: line for line in warc.index(tmp_path) if line.timestamp == "20240313000000"}
    assert {MOVED, MARKED} <= set(kept)
    assert kept[MARKED].status == 200
    assert kept[MOVED].status == 301


def test_without_capture_no_copy_is_kept(world: World, tmp_path: Path) -> None:
    audit = audit_of(world, tmp_path, MARKED, capture=False)
    assert audit.findings[0].memento is not None
    assert list(tmp_path.glob("*.warc*")) == []


def test_a_copy_that_was_read_and_not_kept_is_kept_by_the_next_audit(world: World, tmp_path: Path) -> None:
    audit_of(world, tmp_path, MARKED, capture=False)
    audit_of(world, tmp_path, MARKED)
    assert [line.url for line in warc.index(tmp_path) if line.timestamp == "20240313000000"] == [MARKED]
    world.archive.log.clear()
    audit_of(world, tmp_path, MARKED)
    assert len(world.archive.log) == 0


def test_a_copy_is_read_and_kept_once(world: World, tmp_path: Path) -> None:
    first = finding_of(world, tmp_path, MARKED)
    world.archive.log.clear()
    second = finding_of(world, tmp_path, MARKED)
    assert len(world.archive.log) == 0
    assert (second.memento, second.copy_evidence) == (first.memento, first.copy_evidence)
    assert first.archive_calls == (("playback", 2),)
    assert second.archive_calls == ()
    assert len([line for line in warc.index(tmp_path) if line.timestamp == "20240313000000"]) == 1


def test_judging_again_keeps_what_was_seen_in_copies(world: World, tmp_path: Path) -> None:
    audit = audit_of(world, tmp_path, STORY)
    assert pipeline.last_audit(Settings(archive=str(tmp_path)), rejudge=True) == audit


def test_the_judge_keeps_only_what_it_takes() -> None:
    def copy(body: bytes) -> tuple[Memento, tuple[Copy, ...]]:
        capture = Archived(STORY, "20240312000000", body)
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
        answer = Response(200, "OK", (("Content-Type", "text/html"),), head, body, body)
        exchange = Exchange(STORY, capture.moment, 0.0, b"", answer)
        return Memento(f"https://archive.example/{len(body)}", capture.moment, "wayback", STORY, 200), (Copy(exchange, exchange),)

    async def judged() -> tuple[str, str, PageJudge]:
        judge = PageJudge()
        return await judge(*copy(special("login"))), await judge(*copy(article("spillway"))), judge

    wall, page, judge = asyncio.run(judged())
    assert (wall, page) == (State.LOGIN.value, "")
    assert len(judge.taken) == 1
