"""What leaves the house: no password of an address, no name of an inner network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from citekeeper import pipeline
from citekeeper.archives.addresses import gate_url, history_url, index_url, pywb_index_url
from citekeeper.config import configure
from citekeeper.demo import Archived, World, page
from citekeeper.demo.pages import article
from citekeeper.ledger import Ledger
from citekeeper.model import Address, Audit, FailureKind, Lines, Reference, Span
from citekeeper.network import SystemClock
from citekeeper.pipeline.saving import queue_unkept
from citekeeper.resolution import as_given, index_query
from citekeeper.surt import without_userinfo

HOST = "www.gazette.example"
SECRET = f"http://user:s3cr3t@{HOST}/private"
PLAIN = f"http://{HOST}/private"
SPLIT = "plans.gazette.example"
INNER = ("http://wiki.corp/plan", "http://intranet/plan", "http://10.1.2.3/plan", "http://nas.home.arpa/plan")


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    captures = (Archived(PLAIN, "20240313000000", article("harbour-plan")),)
    with World(captures=captures, scenes=(), sites={HOST: page(article("harbour-plan"))}, dns={SPLIT: ("10.20.30.40",)}) as opened:
        yield opened


def audit_of(world: World, folder: Path, *urls: str) -> Audit:
    overrides = {**world.settings_overrides(), "archive": str(folder), "max_age": 0, "as_of": date(2024, 3, 14)}
    text = "\n".join(f"[{number}] {url}" for number, url in enumerate(urls, 1))
    return pipeline.audit_text(text, "article.txt", configure(overrides, {}, isolated=True).settings)


def asked_since(world: World, start: int) -> str:
    return "\n".join(repr(each) for each in world.archive.log.snapshot()[start:])


def test_a_password_in_an_address_reaches_no_archive_and_no_finding(world: World, tmp_path: Path) -> None:
    start = len(world.archive.log.snapshot())
    finding = audit_of(world, tmp_path, SECRET).findings[0]
    assert "s3cr3t" in finding.reference.raw
    assert finding.resolution.url == finding.reference.address.url == PLAIN
    assert finding.memento is not None
    assert "gazette" in asked_since(world, start)
    assert "s3cr3t" not in asked_since(world, start)
    told = replace(finding, reference=replace(finding.reference, raw="", context=""))
    assert "s3cr3t" not in repr(told)


def test_a_captured_address_is_reported_without_its_password(world: World, tmp_path: Path) -> None:
    overrides = {**world.settings_overrides(), "archive": str(tmp_path)}
    audit = pipeline.capture([SECRET], configure(overrides, {}, isolated=True).settings)
    finding = audit.findings[0]
    assert finding.reference.address.url == finding.resolution.url == PLAIN


@pytest.mark.parametrize(
    "printed",
    [
        "https://memory.example/web/20240313000000/https://user:s3cr3t@news.example/a",
        "https://www.google.com/url?q=https%3A%2F%2Fuser%3As3cr3t%40news.example%2Fa&sa=D",
        "https://go.example/?to=https%3A%2F%2Fuser%3As3cr3t%40news.example%2Fa",
    ],
)
def test_a_password_inside_a_carried_address_is_in_no_field(tmp_path: Path, printed: str) -> None:
    article_file = tmp_path / "article.txt"
    article_file.write_text(f"[1] {printed}\n", encoding="utf-8")
    document = pipeline.extract([str(article_file)], configure({}, {}, isolated=True).settings).documents[0]
    told = replace(document.references[0], raw="", context="")
    assert "news.example" in repr(told)
    assert "s3cr3t" not in repr(told)


def test_inner_addresses_are_asked_of_no_archive_and_not_queued(world: World, tmp_path: Path) -> None:
    start = len(world.archive.log.snapshot())
    audit = audit_of(world, tmp_path, *INNER, "http://wiki.corp/reports/the-pl...")
    whole = [each for each in audit.findings if each.resolution.url is not None]
    assert len(whole) >= 3
    assert {each.memento_note for each in whole} == {"not asked: not a public address"}
    assert not world.archive.log.snapshot()[start:]
    with Ledger.open(tmp_path, SystemClock()) as ledger:
        queue_unkept(ledger, audit)
        assert not list(ledger.saves.all())


def test_a_page_that_the_guard_refused_is_asked_of_no_archive(world: World, tmp_path: Path) -> None:
    start = len(world.archive.log.snapshot())
    finding = audit_of(world, tmp_path, f"http://{SPLIT}/budget").findings[0]
    assert finding.observation is not None
    assert finding.observation.failure is not None
    assert finding.observation.failure.kind is FailureKind.FORBIDDEN_ADDRESS
    assert finding.memento_note == "not asked: not a public address"
    assert SPLIT not in asked_since(world, start)


def test_an_inner_address_that_was_queued_before_is_not_submitted(world: World, tmp_path: Path) -> None:
    keys = {"SAVEPAGENOW_ACCESS_KEY": "demo-access", "SAVEPAGENOW_SECRET_KEY": "demo-secret"}
    overrides = {**world.settings_overrides(), "archive": str(tmp_path)}
    with Ledger.open(tmp_path, SystemClock()) as ledger:
        ledger.saves.add(["http://wiki.corp/plan"])
    start = len(world.archive.log.snapshot())
    found = pipeline.save((), configure(overrides, {}, isolated=True).settings, environ=keys)
    assert [(each.state.value, each.message) for each in found.saves] == [("failed", "not asked: not a public address")]
    assert "wiki.corp" not in asked_since(world, start)


def test_questions_to_archives_are_formed_without_userinfo() -> None:
    questions = [
        index_url("http://index.example/cdx", SECRET, limit=10),
        pywb_index_url("http://index.example/cdx", SECRET, limit=10),
        history_url("http://index.example/cdx", SECRET, limit=10),
        history_url("http://index.example/cdx", SECRET, limit=10, is_pywb=True),
        gate_url("http://gate.example/", SECRET),
    ]
    assert all("gazette" in each and "s3cr3t" not in each and "user" not in each for each in questions)


def test_resolution_makes_addresses_without_userinfo() -> None:
    place = Lines(SECRET).locate(Span(0, len(SECRET)))
    whole = as_given(Reference(SECRET, place, Address(SECRET, alternatives=(f"{SECRET}-2",))))
    assert whole is not None
    assert "s3cr3t" not in repr(whole)
    linked = as_given(Reference("…", place, Address(SECRET, truncated=True), href=f"{SECRET}-story"))
    assert linked is not None
    assert "s3cr3t" not in repr(linked)
    assert "s3cr3t" not in (index_query(Address(SECRET, truncated=True)) or "")


@pytest.mark.parametrize(
    ("url", "stripped"),
    [
        ("https://a:b@news.example/x", "https://news.example/x"),
        ("https://a:b@c@news.example", "https://news.example"),
        ("HTTP:\\\\a:b@news.example\\x", "HTTP:\\\\news.example\\x"),
        ("https:a:b@news.example/x", "https:news.example/x"),
        ("ftp://a:b@news.example/x", "ftp://news.example/x"),
        ("https://news.example/@author//a@b", "https://news.example/@author//a@b"),
        ("https://news.example?to=a@b", "https://news.example?to=a@b"),
        ("mailto:me@news.example", "mailto:me@news.example"),
    ],
)
def test_only_what_stands_before_the_host_is_left_out(url: str, stripped: str) -> None:
    assert without_userinfo(url) == stripped
