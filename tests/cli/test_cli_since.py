"""`audit FEED --since`: the new articles of a site, from the command line to the exit code, on the small web."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from citekeeper.cli import main
from citekeeper.demo import Pages, World, page
from citekeeper.ledger import FILE_NAME
from citekeeper.pipeline import last_audit
from citekeeper.settings import Settings

NOW = datetime.now(UTC)
SITE = "https://desk.example"


def feed(*ages: int) -> bytes:
    """An article for each age in days, called by it."""
    items = (f"<item><link>/{age}</link><pubDate>{NOW - timedelta(days=age):%Y-%m-%d}</pubDate></item>" for age in ages)
    return f"<rss><channel>{''.join(items)}</channel></rss>".encode()


def article(age: int) -> bytes:
    return f"<title>Article {age}</title><p>As the <a href='https://cited.example/{age}'>source</a> says.".encode()


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.chdir(tmp_path)
    scripts = {f"/{age}": page(article(age)) for age in (1, 3, 40)}
    lists = {name: page(feed(*ages)) for name, ages in (("/feed.xml", (40, 1, 3)), ("/old.xml", (40, 90)))}
    cited = page(b"<title>Cited</title><p>" + b"Words of the source. " * 40)
    return World(scenes=(), sites={"desk.example": Pages({**scripts, **lists}), "cited.example": cited})


def run(world: World, tmp_path: Path, *arguments: str) -> int:
    (tmp_path / "citekeeper.toml").write_text(world.config_toml(), encoding="utf-8")
    return main(["audit", *arguments, "-f", "csv"])


def test_the_new_articles_of_a_feed_are_audited(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with world:
        assert run(world, tmp_path, f"{SITE}/feed.xml", "--since", "1w") == 0
        assert not world.web.log.of("desk.example", "/40")
    rows = capsys.readouterr().out.splitlines()
    assert [row.partition(",")[0] for row in rows[1:]] == [f"{SITE}/1", f"{SITE}/3"]


def test_that_nothing_is_new_is_said_in_a_line_and_no_failure(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with world:
        assert run(world, tmp_path, f"{SITE}/feed.xml", "--since", "1w") == 0
        assert run(world, tmp_path, f"{SITE}/old.xml", "--since", "1w") == 0
    assert "0 new, 2 older" in caplog.text
    assert (tmp_path / "archive" / FILE_NAME).exists()
    last = last_audit(Settings(archive="archive"))
    assert last is not None
    assert len(last.documents) == 2


@pytest.mark.parametrize("wrong", ["7", "week", "7 days ago", "2026-13-01", "-3d", "7m", ""])
def test_a_wrong_value_gets_one_line_that_shows_right_ones(wrong: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", f"{SITE}/feed.xml", f"--since={wrong}"]) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert "is not an age or a date (36h, 7d, 2w, 2026-01-31)" in captured.err


def test_files_are_passed_over_by_the_date_that_they_tell(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    for name, day in (("old", "2019-01-01"), ("new", f"{NOW:%Y-%m-%d}")):
        (texts / f"{name}.md").write_text(f"---\ndate: {day}\n---\nSee https://cited.example/{name}\n", encoding="utf-8")
    (texts / "undated.md").write_text("See https://cited.example/undated\n", encoding="utf-8")
    with world:
        assert run(world, tmp_path, str(texts), "--since", "30d") == 0
    out = capsys.readouterr().out
    assert "cited.example/new" in out
    assert "cited.example/undated" in out
    assert "cited.example/old" not in out
