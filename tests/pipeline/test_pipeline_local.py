"""Our own captures as an archive: they complete cut addresses, and stand in where nobody else has a copy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from citekeeper import pipeline
from citekeeper.config import configure
from citekeeper.demo import Archived, World, missing, page, redirect
from citekeeper.demo.pages import article, special
from citekeeper.model import Audit
from citekeeper.settings import Settings

HOST = "www.gazette.example"
STORY = f"https://{HOST}/world/2024/ceasefire-deal-reached-in-upper-valley"


@pytest.fixture
def world() -> Iterator[World]:
    with World(scenes=(), sites={HOST: page(article("spillway"), gzipped=True)}) as opened:
        yield opened


def settings_for(world: World, folder: Path, **more: object) -> Settings:
    overrides = {**world.settings_overrides(), "archive": str(folder), "max_age": 0, "archives.use": ("local", "wayback"), **more}
    return configure(overrides, {}, isolated=True).settings


def audit_of(world: World, folder: Path, url: str, **more: object) -> Audit:
    return pipeline.audit_text(f"[1] {url}", "article.txt", settings_for(world, folder, **more))


def test_a_cut_address_that_was_captured_whole_needs_no_index(world: World, tmp_path: Path) -> None:
    audit_of(world, tmp_path, STORY)
    world.archive.log.clear()
    finding = audit_of(world, tmp_path, f"{STORY[:60]}...").findings[0]
    assert (finding.resolution.url, finding.resolution.method) == (STORY, "completed")
    assert any(each.detail.startswith("local ") for candidate in finding.resolution.candidates for each in candidate.evidence)
    assert world.archive.index_requests() == 0


def test_what_was_captured_in_this_run_is_no_memory_yet(world: World, tmp_path: Path) -> None:
    finding = audit_of(world, tmp_path, STORY).findings[0]
    assert finding.memento is None


def test_our_own_copy_stands_in_where_nobody_else_has_one(world: World, tmp_path: Path) -> None:
    audit_of(world, tmp_path, STORY)
    world.web.sites[HOST] = missing
    finding = audit_of(world, tmp_path, STORY).findings[0]
    assert finding.memento is not None
    assert finding.memento.archive == "local"
    assert finding.memento.url.startswith("file://")
    assert finding.memento.original == STORY


def test_the_same_payload_captured_twice_is_read_through_its_revisit(world: World, tmp_path: Path) -> None:
    audit_of(world, tmp_path, STORY)
    audit_of(world, tmp_path, STORY)
    finding = audit_of(world, tmp_path, STORY).findings[0]
    assert finding.memento is not None


def test_a_wall_that_we_captured_is_no_copy(world: World, tmp_path: Path) -> None:
    world.web.sites[HOST] = page(special("challenge"))
    audit_of(world, tmp_path, STORY)
    finding = audit_of(world, tmp_path, STORY).findings[0]
    assert finding.memento is None
    assert [each.code for each in finding.copy_evidence] == ["copy-passed-over"]


def test_a_copy_that_can_be_linked_is_preferred(world: World, tmp_path: Path) -> None:
    audit_of(world, tmp_path, STORY)
    url = f"{STORY}-2"
    audit_of(world, tmp_path, url)
    world.archive.captures.add(Archived(url, "20100313000000", article("spillway")))
    finding = audit_of(world, tmp_path, url, **{"archives.missing_max_age": 0}).findings[0]
    assert finding.memento is not None
    assert finding.memento.archive == "wayback"


def test_offline_our_own_captures_still_answer(world: World, tmp_path: Path) -> None:
    audit_of(world, tmp_path, STORY)
    world.web.sites[HOST] = redirect("/")
    finding = audit_of(world, tmp_path, f"{STORY[:60]}...", offline=True).findings[0]
    assert finding.resolution.url == STORY
