"""Cut addresses completed from the page where the article was published."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from citekeeper import pipeline
from citekeeper.config import configure
from citekeeper.demo import Archived, World, missing, page
from citekeeper.demo.pages import article, special
from citekeeper.errors import ConfigError
from citekeeper.model import Audit, Finding
from citekeeper.settings import Settings

HOST = "www.gazette.example"
WHOLE = f"http://{HOST}/world/2024/ceasefire-deal-reached-in-upper-valley"
OTHER = f"http://{HOST}/world/2024/ceasefire-deal-fails"
PRINTED = f"{WHOLE[:48]}..."
JOURNAL = "journal.example"


def published(*links: tuple[str, str]) -> bytes:
    filler = "".join(f"<p>{sentence}</p>" for sentence in ["The valley waited for years, and the talks went on and on."] * 20)
    notes = "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in links)
    title = "What the valley signed"
    head = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1>"
    return f"{head}{filler}<ol>{notes}</ol></body></html>".encode()


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    sites = {HOST: missing, JOURNAL: missing}
    with World(captures=[Archived(WHOLE, "20240313000000", article("spillway"))], scenes=(), sites=sites) as opened:
        yield opened


@pytest.fixture(autouse=True)
def fresh(world: World) -> None:
    world.archive.log.clear()
    world.web.log.clear()
    world.web.sites[JOURNAL] = missing


def settings_for(world: World, folder: Path, **more: object) -> Settings:
    overrides = {**world.settings_overrides(), "archive": str(folder), "max_age": 0, "as_of": "2024-03-14", **more}
    return configure(overrides, {}, isolated=True).settings


def finding_of(audit: Audit) -> Finding:
    (finding,) = audit.findings
    return finding


def audit_of(world: World, folder: Path, text: str = f"A claim. [1] {PRINTED}", **more: object) -> Finding:
    return finding_of(pipeline.audit_text(text, "article.txt", settings_for(world, folder, **more)))


def seen(finding: Finding) -> list[str]:
    return [each.detail for each in finding.resolution.evidence if each.code == "article-page"]


def test_the_page_named_on_the_command_line_is_looked_at_before_any_index(world: World, tmp_path: Path) -> None:
    world.web.sites[JOURNAL] = page(published((WHOLE, PRINTED)))
    finding = audit_of(world, tmp_path, article_url=f"http://{JOURNAL}/a")
    assert (finding.resolution.url, finding.resolution.method) == (WHOLE, "completed")
    assert seen(finding) == [f"live: http://{JOURNAL}/a"]
    assert world.archive.index_requests() == 0


def test_of_several_links_that_fit_the_one_with_the_printed_words_is_taken(world: World, tmp_path: Path) -> None:
    world.web.sites[JOURNAL] = page(published((OTHER, "another story"), (WHOLE, PRINTED.replace("...", "…"))))
    finding = audit_of(world, tmp_path, article_url=f"http://{JOURNAL}/b")
    assert finding.resolution.url == WHOLE


def test_several_links_that_fit_decide_nothing(world: World, tmp_path: Path) -> None:
    world.web.sites[JOURNAL] = page(published((OTHER, "one"), (WHOLE, "two")))
    finding = audit_of(world, tmp_path, article_url=f"http://{JOURNAL}/c")
    assert seen(finding) == []
    assert world.archive.index_requests() == 1


@pytest.mark.parametrize("live", [missing, page(special("challenge"))], ids=["gone", "walled"])
def test_a_page_that_is_gone_or_walled_is_read_in_the_archive(world: World, tmp_path: Path, live: object) -> None:
    world.web.sites[JOURNAL] = live  # type: ignore[assignment]  # both are sites
    url = f"http://{JOURNAL}/archived"
    world.archive.captures.add(Archived(url, "20240320000000", published((WHOLE, PRINTED))))
    finding = audit_of(world, tmp_path, article_url=url)
    assert finding.resolution.url == WHOLE
    assert seen(finding) == [f"wayback 2024-03-20: {url}"]
    assert world.archive.index_requests() == 0


def test_a_document_that_names_its_address_needs_no_option(world: World, tmp_path: Path) -> None:
    world.web.sites[JOURNAL] = page(published((WHOLE, PRINTED)))
    text = f'<html><head><link rel="canonical" href="http://{JOURNAL}/d"></head><body><p>A claim.</p><p>[1] {PRINTED}</p></body></html>'
    audit = pipeline.audit_text(text, "article.html", settings_for(world, tmp_path))
    assert finding_of(audit).resolution.url == WHOLE


def test_whole_references_need_no_look_at_the_article(world: World, tmp_path: Path) -> None:
    audit_of(world, tmp_path, f"[1] {WHOLE}", article_url=f"http://{JOURNAL}/e")
    assert not [request for request in world.web.log if request.host == JOURNAL]


def test_offline_nothing_is_asked_of_the_article(world: World, tmp_path: Path) -> None:
    audit_of(world, tmp_path, article_url=f"http://{JOURNAL}/archived")
    world.web.log.clear()
    finding = audit_of(world, tmp_path, article_url=f"http://{JOURNAL}/archived", offline=True)
    assert len(world.web.log) == 0
    assert finding.resolution.url in (None, WHOLE)


def test_one_address_cannot_be_that_of_several_sources(world: World, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(f"[1] {PRINTED}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="several sources"):
        pipeline.audit(
            [str(tmp_path / "a.txt"), str(tmp_path / "b.txt")], settings_for(world, tmp_path / "x", article_url="http://j.example/")
        )
