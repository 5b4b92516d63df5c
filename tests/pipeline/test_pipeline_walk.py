"""The whole walk over the demo's world: real sockets, real TLS, real names, the real archive folder."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from citekeeper import pipeline, warc
from citekeeper.config import configure
from citekeeper.demo import Scene, World, html, sample_article, scenes
from citekeeper.errors import InputError
from citekeeper.model import Audit, Finding, State
from citekeeper.settings import Settings


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World() as opened:
        yield opened


def settings_for(world: World, folder: Path, **more: object) -> Settings:
    return configure({**world.settings_overrides(), "archive": str(folder), "max_age": 0, **more}, {}, isolated=True).settings


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("archive")


@pytest.fixture(scope="module")
def first(world: World, folder: Path) -> Audit:
    world.web.log.clear()
    return pipeline.audit_text(sample_article(), "article.txt", settings_for(world, folder))


@pytest.fixture(scope="module")
def asked_first(world: World, first: Audit) -> list[str]:
    return [request.url for request in world.web.log]


@pytest.fixture(scope="module")
def second(world: World, folder: Path, first: Audit, asked_first: list[str]) -> Audit:
    world.web.log.clear()
    return pipeline.audit_text(sample_article(), "article.txt", settings_for(world, folder))


def findings_of(audit: Audit) -> dict[str, Finding]:
    return {finding.reference.raw: finding for finding in audit.findings}


@pytest.mark.parametrize("scene", scenes(), ids=lambda scene: scene.about)
def test_each_scene_of_the_demo_gets_an_honest_state(first: Audit, scene: Scene) -> None:
    finding = findings_of(first)[scene.printed]
    assert finding.verdict.state in scene.states
    if scene.url is not None:
        reached = finding.observation.final_url if finding.observation is not None else None
        assert scene.url in (finding.resolution.url, reached)


def test_a_page_that_refuses_is_never_called_dead(first: Audit) -> None:
    dead = {State.GONE, State.HOST_DEAD, State.SOFT_404, State.PARKED, State.REPLACED}
    for finding in first.findings:
        if finding.observation is not None and finding.observation.status in (401, 403, 429, 451, 503):
            assert finding.verdict.state not in dead


def test_every_visit_is_captured_and_can_be_read_back(first: Audit, folder: Path) -> None:
    visited = [finding for finding in first.findings if finding.observation is not None]
    assert visited
    for finding in visited:
        assert finding.capture is not None
        exchange = warc.read_record(folder, finding.capture)
        assert exchange is not None
        assert finding.observation is not None
        assert (exchange.response.status if exchange.response else None) == finding.observation.status


def test_a_page_that_is_gone_has_its_archived_copy(first: Audit) -> None:
    kept = [finding for finding in first.findings if finding.verdict.state is State.GONE and finding.memento is not None]
    assert kept


def test_no_address_inside_is_ever_connected_to(first: Audit, asked_first: list[str]) -> None:
    assert not [url for url in asked_first if "//10." in url or "//169.254." in url or "//127." in url]


def test_the_second_audit_asks_no_archive_and_stores_revisits_instead_of_copies(
    world: World, folder: Path, second: Audit, asked_first: list[str]
) -> None:
    archive_calls = [request.url for request in world.web.log if request.host.startswith("web.archive")]
    assert archive_calls == []
    assert len(world.web.log) < len(asked_first)
    newest = max(folder.glob("*.warc.gz"), key=lambda path: path.stat().st_mtime_ns)
    text = gzip.decompress(newest.read_bytes())
    empty = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"  # of no bytes at all: redirects without a body
    copies = {
        finding.capture.payload_digest
        for finding in second.findings
        if finding.capture is not None and not finding.capture.revisit and finding.capture.warc == newest.name
    }
    first_digests = {line.capture.payload_digest for line in warc.index(folder) if line.capture.warc != newest.name}
    assert b"WARC-Type: revisit" in text
    assert not (copies & first_digests) - {None, empty}


def test_both_audits_come_to_the_same_verdicts(first: Audit, second: Audit) -> None:
    assert {raw: each.verdict.state for raw, each in findings_of(first).items()} == {
        raw: each.verdict.state for raw, each in findings_of(second).items()
    }


def test_the_last_audit_is_what_was_audited_last(folder: Path, second: Audit) -> None:
    assert pipeline.last_audit(Settings(archive=str(folder))) == second


def test_judging_again_from_stored_evidence_gives_the_same_verdicts(folder: Path, second: Audit) -> None:
    again = pipeline.last_audit(Settings(archive=str(folder)), rejudge=True)
    assert again == second


def test_offline_asks_nothing_and_judges_from_what_is_stored(world: World, folder: Path, second: Audit) -> None:
    world.web.log.clear()
    settings = replace(settings_for(world, folder), offline=True)
    audit = pipeline.audit_text(sample_article(), "article.txt", settings)
    assert len(world.web.log) == 0
    assert {raw: (each.verdict.state, each.memento) for raw, each in findings_of(audit).items()} == {
        raw: (each.verdict.state, each.memento) for raw, each in findings_of(second).items()
    }


def response_blocks(path: Path) -> dict[str, list[bytes]]:
    """Every response of a capture file, head and body as stored, by address."""
    found: dict[str, list[bytes]] = {}
    for stored in warc.read_visits(path):
        for exchange in stored.visit.exchanges:
            if exchange.response is not None:
                found.setdefault(exchange.url, []).append(exchange.response.head + exchange.response.body)
    return found


def test_the_portable_engine_comes_to_the_same_verdicts_and_stores_the_same_bytes(
    world: World, tmp_path: Path, folder: Path, first: Audit
) -> None:
    audit = pipeline.audit_text(sample_article(), "article.txt", settings_for(world, tmp_path, **{"network.engine": "requests"}))
    assert {raw: each.verdict.state for raw, each in findings_of(audit).items()} == {
        raw: each.verdict.state for raw, each in findings_of(first).items()
    }
    [by_requests] = tmp_path.glob("*.warc.gz")
    by_curl = min(folder.glob("*.warc.gz"))
    assert len(response_blocks(by_curl)) > 20
    assert response_blocks(by_requests) == response_blocks(by_curl)


def test_without_capture_no_warc_is_written(world: World, tmp_path: Path) -> None:
    url = scenes()[0].url
    assert url is not None
    audit = pipeline.audit_text(f"[1] {url}", "article.txt", settings_for(world, tmp_path, capture=False))
    assert audit.findings[0].verdict.state is State.OK
    assert list(tmp_path.glob("*.warc*")) == []


def test_a_machine_without_network_calls_nothing_dead(tmp_path: Path) -> None:
    with World(scenes=(), dns={}) as empty:
        settings = settings_for(empty, tmp_path, **{"network.canaries": ("canary.nowhere.example",)})
        audit = pipeline.audit_text("[1] https://a.example/x\n[2] https://b.example/cut-of...", "article.txt", settings)
    assert {finding.verdict.state for finding in audit.findings} == {State.UNKNOWN}
    assert not audit.conclusive
    assert "citekeeper demo" in (audit.inconclusive_because or "")
    assert list(tmp_path.glob("*.warc*")) == []


def test_an_article_can_be_read_where_it_is_published(world: World, tmp_path: Path) -> None:
    url = scenes()[0].url
    assert url is not None
    body = f'<html><head><title>Published</title></head><body><p>See <a href="{url}">this</a>.</p></body></html>'.encode()
    world.web.sites["article.example"] = lambda request: [html(200, "OK", body)]
    world.dns.zone["article.example"] = ("127.0.0.1",)
    audit = pipeline.audit(["http://article.example/2024/report.html"], settings_for(world, tmp_path))
    assert [document.title for document in audit.documents] == ["Published"]
    assert [finding.resolution.url for finding in audit.findings] == [url]


def test_a_source_that_cannot_be_read_does_not_stop_the_others(world: World, tmp_path: Path) -> None:
    url = scenes()[0].url
    article = tmp_path / "article.txt"
    article.write_text(f"[1] {url}\n", encoding="utf-8")
    absent = str(tmp_path / "absent.txt")
    audit = pipeline.audit([absent, str(article)], settings_for(world, tmp_path / "archive"))
    assert [problem.source for problem in audit.problems] == [absent]
    assert [finding.verdict.state for finding in audit.findings] == [State.OK]


def test_a_text_without_references_is_told(world: World, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no references"):
        pipeline.audit_text("Nothing is cited here.", "article.txt", settings_for(world, tmp_path))


def test_capture_visits_what_is_named_and_asks_no_archive(world: World, tmp_path: Path) -> None:
    url = scenes()[0].url
    assert url is not None
    world.web.log.clear()
    audit = pipeline.capture([url], settings_for(world, tmp_path))
    assert [finding.reference.raw for finding in audit.findings] == [url]
    assert audit.findings[0].capture is not None
    assert not [request for request in world.web.log if request.host.startswith("web.archive")]


def test_capture_refuses_what_is_no_web_address(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a web address"):
        pipeline.capture(["ftp://a.example/x"], Settings(archive=str(tmp_path)))


def test_a_proxy_in_the_environment_is_not_asked_for_the_built_in_web(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    audit = pipeline.audit_text(f"[1] {scenes()[0].url}", "article.txt", settings_for(world, tmp_path))
    assert [finding.verdict.state for finding in audit.findings] == [State.OK]
