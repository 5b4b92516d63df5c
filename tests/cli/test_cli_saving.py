"""What `citekeeper save` says when there is nothing to hand over: no source, no keys, nothing worth it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from citekeeper.cli import main


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(("CITEKEEPER_", "SAVEPAGENOW_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_sources_that_cannot_be_read_are_told_and_end_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["save", "absent.txt", "nowhere.txt", "-q"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert [line.split(": ")[2] for line in captured.err.splitlines()] == ["absent.txt", "nowhere.txt"]


def test_one_bad_source_among_good_ones_is_told_and_the_others_are_queued(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("[1] https://one.example/a\n", encoding="utf-8")
    assert main(["save", "absent.txt", "a.txt", "-q"]) == 2
    captured = capsys.readouterr()
    assert captured.out.split() == ["waiting", "https://one.example/a"]
    assert captured.err.startswith("citekeeper: error: absent.txt: ")


@pytest.mark.parametrize("more", [[], ["--offline"]])
def test_what_another_run_would_not_change_is_not_put_off_to_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, more: list[str]
) -> None:
    (tmp_path / "a.txt").write_text("[1] https://one.example/a\n", encoding="utf-8")
    assert main(["save", "a.txt", "-q", *more]) == 3
    err = capsys.readouterr().err
    assert "run it again" not in err
    assert ("offline" if more else "archive.org/account/s3.php") in err


def test_archived_copies_are_not_queued(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    cited = [
        "https://web.archive.org/web/20200102030405/https://news.example/a",
        "https://web.archive.org/web/*/https://news.example/b",
        "https://archive.ph/AbC12",
        "https://one.example/a",
    ]
    (tmp_path / "a.txt").write_text("\n\n".join(f"[{n}] {url}" for n, url in enumerate(cited, 1)), encoding="utf-8")
    assert main(["save", "a.txt", "-q"]) == 3
    assert capsys.readouterr().out.split() == ["waiting", "https://one.example/a"]


def test_saving_nothing_makes_no_archive_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["save", "-q"]) == 0
    assert "nothing to save" in capsys.readouterr().err
    assert not (tmp_path / "archive").exists()
