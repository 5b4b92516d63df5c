"""Having pages archived: a queue that outlives every run, a service whose word is not taken for it, and keys that nobody sees."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from citekeeper import pipeline
from citekeeper.archives import Outcome
from citekeeper.archives.saving import kind_of
from citekeeper.cli import main
from citekeeper.config import configure
from citekeeper.demo import Archived, Exclusions, Saving, SavingQuirks, World, faults, missing, page
from citekeeper.demo.pages import article, special
from citekeeper.errors import UsageError
from citekeeper.ledger import SaveState
from citekeeper.pipeline.saving import NO_KEYS, SaveReport
from citekeeper.settings import Settings

HOST = "www.gazette.example"
STORY = f"http://{HOST}/2026/new-story"
OTHER = f"http://{HOST}/2026/other-story"
KEYS = {"SAVEPAGENOW_ACCESS_KEY": "demo-access", "SAVEPAGENOW_SECRET_KEY": "demo-secret"}


@pytest.fixture(scope="module")
def shared() -> Iterator[World]:
    with World(scenes=(), sites={HOST: page(article("spillway"))}) as opened:
        yield opened


@pytest.fixture
def world(shared: World) -> World:
    """As new: nothing archived, nothing asked, nothing broken."""
    now = datetime.now(UTC).replace(microsecond=0)
    shared.archive.captures._sorted.clear()
    shared.archive.saving = Saving(shared.archive.captures, shared._visit, SavingQuirks(polls=1, now=now))
    shared.archive.exclusions = Exclusions()
    shared.archive.faults.clear()
    shared.archive.log.clear()
    shared.web.sites[HOST] = page(article("spillway"))
    return shared


def saving(world: World) -> Saving:
    assert world.archive.saving is not None
    return world.archive.saving


def settings_for(world: World, folder: Path, **more: object) -> Settings:
    fast = {
        "archives.save.per_minute": 60_000,
        "archives.save.poll_every": 0.01,
        "archives.save.poll_for": 5,
        "archives.save.confirm_after": 0,
    }
    overrides = {**world.settings_overrides(), **fast, "archive": str(folder), "max_age": 0, "archives.missing_max_age": 0, **more}
    return configure(overrides, {}, isolated=True).settings


def save(world: World, folder: Path, *urls: str, environ: Any = None, **more: Any) -> SaveReport:
    source = folder / "new.txt"
    folder.mkdir(exist_ok=True)
    source.write_text("\n".join(f"[{number}] {url}" for number, url in enumerate(urls, 1)), encoding="utf-8")
    names = [str(source)] if urls else []
    return pipeline.save(names, settings_for(world, folder / "archive", **more), environ=KEYS if environ is None else environ)


def states(report: SaveReport) -> dict[str, str]:
    return {each.url: each.state.value for each in report.saves}


def posts(world: World) -> int:
    return sum(request.method == "POST" and request.path == "/save" for request in world.archive.log)


def test_a_page_is_saved_only_once_its_copy_was_read(world: World, tmp_path: Path) -> None:
    saving(world).quirks = replace(saving(world).quirks, publishes=False)
    assert states(save(world, tmp_path, STORY)) == {STORY: "unconfirmed"}
    assert states(save(world, tmp_path)) == {STORY: "unconfirmed"}
    saving(world).publish()
    found = save(world, tmp_path)
    assert states(found) == {STORY: "saved"}
    assert found.saves[0].memento.endswith(STORY)
    assert posts(world) == 1


def test_the_copy_is_not_looked_for_at_once(world: World, tmp_path: Path) -> None:
    found = save(world, tmp_path, STORY, **{"archives.save.confirm_after": 3600})
    assert states(found) == {STORY: "unconfirmed"}
    assert states(save(world, tmp_path)) == {STORY: "unconfirmed"}
    assert not [request for request in world.archive.log if request.path.startswith("/web/")]


def test_a_wall_that_the_service_saved_is_no_copy(world: World, tmp_path: Path) -> None:
    world.web.sites[HOST] = page(special("challenge"))
    save(world, tmp_path, STORY)
    for _ in range(5):
        found = save(world, tmp_path)
    assert states(found) == {STORY: "failed"}


def test_an_error_is_not_believed_either(world: World, tmp_path: Path) -> None:
    saving(world).quirks = replace(saving(world).quirks, errors={STORY: "error:no-access"})
    assert states(save(world, tmp_path, STORY)) == {STORY: "unconfirmed"}
    world.archive.captures.add(Archived(STORY, datetime.now(UTC).strftime("%Y%m%d%H%M%S"), article("spillway")))
    assert states(save(world, tmp_path)) == {STORY: "saved"}


def test_a_page_that_cannot_be_saved_fails_in_the_services_words(world: World, tmp_path: Path) -> None:
    url = "http://gone-for-good.example/x"
    save(world, tmp_path, url)
    for _ in range(5):
        found = save(world, tmp_path)
    assert states(found) == {url: "failed"}
    assert "resolve host" in found.saves[0].message


def test_a_transient_error_is_tried_again_later_not_at_once(world: World, tmp_path: Path) -> None:
    saving(world).quirks = replace(saving(world).quirks, errors={STORY: "error:job-failed"})
    found = save(world, tmp_path, STORY)
    assert states(found) == {STORY: "queued"}
    assert found.saves[0].due > datetime.now(UTC)
    save(world, tmp_path)
    assert posts(world) == 1


def test_what_the_archive_has_already_is_not_captured_again(world: World, tmp_path: Path) -> None:
    world.archive.captures.add(Archived(STORY, datetime.now(UTC).strftime("%Y%m%d%H%M%S"), article("spillway")))
    save(world, tmp_path, STORY)
    assert states(save(world, tmp_path)) == {STORY: "saved"}
    assert len(world.archive.captures.of(STORY)) == 1


def test_as_many_jobs_as_may_be_under_way_and_the_rest_waits(world: World, tmp_path: Path) -> None:
    saving(world).quirks = replace(saving(world).quirks, sessions=1, polls=2)
    found = save(world, tmp_path, STORY, OTHER)
    assert states(found) == {STORY: "unconfirmed", OTHER: "queued"}
    assert "active Save Page Now sessions" in found.trouble


def test_the_quota_of_a_day_is_kept_by_ourselves(world: World, tmp_path: Path) -> None:
    found = save(world, tmp_path, STORY, OTHER, **{"archives.save.per_day": 1})
    assert sorted(states(found).values()) == ["queued", "unconfirmed"]
    assert "quota" in found.trouble
    assert posts(world) == 1


def test_a_quota_that_the_service_tells_of_puts_everything_off(world: World, tmp_path: Path) -> None:
    saving(world).quirks = replace(saving(world).quirks, daily=0)
    found = save(world, tmp_path, STORY, OTHER)
    assert set(states(found).values()) == {"queued"}
    assert all((each.due - datetime.now(UTC)).total_seconds() > 3600 for each in found.saves)
    assert posts(world) == 1


def test_jobs_that_take_longer_are_left_to_the_next_run(world: World, tmp_path: Path) -> None:
    saving(world).quirks = replace(saving(world).quirks, polls=10_000)
    assert states(save(world, tmp_path, STORY, **{"archives.save.poll_for": 0.05})) == {STORY: "submitted"}
    saving(world)._jobs.clear()
    # The service forgets its jobs after an hour; whether they succeeded the archive tells.
    assert states(save(world, tmp_path)) == {STORY: "unconfirmed"}
    assert posts(world) == 1


@pytest.mark.parametrize(
    "fault", [faults.too_many_requests, faults.unavailable, faults.html_instead, faults.empty, faults.cut_json, faults.refused]
)
def test_whatever_the_service_answers_the_queue_keeps_the_page(world: World, tmp_path: Path, fault: faults.Fault) -> None:
    world.archive.faults.add("/save", fault, times=None)
    more = {"network.max_retries": 0}
    assert states(save(world, tmp_path, STORY, environ=KEYS, **more)) == {STORY: "queued"}


def test_without_keys_it_says_how_to_get_them_and_does_the_rest(world: World, tmp_path: Path) -> None:
    found = save(world, tmp_path, STORY, environ={})
    assert states(found) == {STORY: "queued"}
    assert found.trouble == NO_KEYS
    assert "archive.org/account/s3.php" in NO_KEYS
    assert posts(world) == 0
    assert states(save(world, tmp_path)) == {STORY: "unconfirmed"}
    assert states(save(world, tmp_path, environ={})) == {STORY: "saved"}


def test_wrong_keys_are_told_and_one_key_alone_is_a_mistake(world: World, tmp_path: Path) -> None:
    wrong = {"SAVEPAGENOW_ACCESS_KEY": "demo-access", "SAVEPAGENOW_SECRET_KEY": "wrong"}
    found = save(world, tmp_path, STORY, OTHER, environ=wrong)
    assert "not accepted" in found.trouble
    assert "wrong" not in found.trouble
    assert posts(world) == 1
    with pytest.raises(UsageError, match="the other key is"):
        save(world, tmp_path, STORY, environ={"SAVEPAGENOW_ACCESS_KEY": "demo-access"})


def test_no_key_is_ever_written_down(world: World, tmp_path: Path) -> None:
    save(world, tmp_path, STORY)
    for path in (tmp_path / "archive").rglob("*"):
        if path.is_file():
            assert b"demo-secret" not in path.read_bytes(), path
    ledger = sqlite3.connect(tmp_path / "archive" / "ledger.sqlite3")
    try:
        assert "demo-secret" not in "".join(ledger.iterdump())
    finally:
        ledger.close()


def test_offline_pages_are_queued_and_nothing_is_sent(world: World, tmp_path: Path) -> None:
    assert states(save(world, tmp_path, STORY, offline=True)) == {STORY: "queued"}
    assert len(world.archive.log) == 0


def test_an_audit_can_queue_what_lives_and_nobody_kept(world: World, tmp_path: Path) -> None:
    gone, kept, hidden = f"http://{HOST}/2026/gone", f"http://{HOST}/2026/kept", "http://www.hidden.example/a"
    pages = {"/2026/gone": missing}
    whole = page(article("spillway"))
    world.web.sites[HOST] = lambda request: pages.get(request.path, whole)(request)
    world.web.sites["www.hidden.example"] = whole
    world.dns.zone["www.hidden.example"] = ("127.0.0.1",)
    world.archive.exclusions = Exclusions(blocked=frozenset({"hidden.example"}))
    world.archive.captures.add(Archived(kept, "20261101000000", article("spillway")))
    text = "\n".join(f"[{number}] {url}" for number, url in enumerate([STORY, gone, kept, hidden], 1))
    settings = settings_for(world, tmp_path / "archive", save=True)
    pipeline.audit_text(text, "article.txt", settings)
    found = pipeline.save((), settings, environ=KEYS)
    assert states(found) == {STORY: "unconfirmed"}


@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        ("error:read-timeout", "", Outcome.TRANSIENT),
        ("error:max-daily-bandwidth-host", "", Outcome.QUOTA),
        ("error:blocked-url", "", Outcome.PERMANENT),
        ("error:something-new", "", Outcome.PERMANENT),
        ("", "You have already reached the limit of active Save Page Now sessions. Please wait.", Outcome.BUSY),
        ("", "You cannot make more than 30,000 captures per day.", Outcome.QUOTA),
        ("", "who knows", Outcome.TRANSIENT),
    ],
)
def test_every_error_is_sorted(code: str, message: str, kind: Outcome) -> None:
    assert kind_of(code, message) is kind


@pytest.mark.parametrize("environ", [KEYS, {}], ids=["with keys", "without"])
def test_an_audit_with_save_hands_over_once_the_report_is_out(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]
) -> None:
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    config, source = tmp_path / "citekeeper.toml", tmp_path / "a.txt"
    config.write_text(world.config_toml() + "\n[archives.save]\npoll_every = 0.01\nper_minute = 60000\n", encoding="utf-8")
    source.write_text(f"[1] {STORY}\n", encoding="utf-8")
    code = main(["audit", str(source), "-c", str(config), "--archive", str(tmp_path / "archive"), "-q", "--save", "-f", "json"])
    said = capsys.readouterr()
    assert code == 0
    assert said.out.startswith("{")
    assert ("1 to be confirmed" in said.err) is bool(environ)
    assert ("archive.org/account/s3.php" in said.err) is not bool(environ)


def test_the_command_tells_how_far_every_page_is(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    config = tmp_path / "citekeeper.toml"
    config.write_text(
        world.config_toml() + "\n[archives.save]\npoll_every = 0.01\nconfirm_after = 0\nper_minute = 60000\n", encoding="utf-8"
    )
    source = tmp_path / "a.txt"
    source.write_text(f"[1] {STORY}\n", encoding="utf-8")
    common = ["-c", str(config), "--archive", str(tmp_path / "archive"), "-q"]
    assert main(["save", str(source), *common]) == 3
    first = capsys.readouterr()
    assert first.out == f"to be confirmed {STORY}\n"
    assert "run it again after" in first.err
    assert main(["save", *common]) == 0
    assert capsys.readouterr().out.startswith(f"saved           {STORY}\n")
    assert SaveState.SAVED.value == "saved"
