"""What a command says when it cannot do what was asked: what is wrong, and the nearest thing that would be right."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from citekeeper.cli import main


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("CITEKEEPER_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("[1] https://one.example/a\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["extract", "a.txt", "--archive", "x"], "extract has no --archive — see citekeeper extract --help"),
        (["explain", "--format=json"], "explain has no --format — see citekeeper explain --help"),
        (["audit", "a.txt", "--timeot", "3"], "unrecognized arguments: --timeot 3 — did you mean --timeout?"),
        (["report", "a.txt"], "unrecognized arguments: a.txt — see citekeeper report --help"),
        (["report", "archive"], "unrecognized arguments: archive — see citekeeper report --help"),
        (["report", "--qqqqqq"], "unrecognized arguments: --qqqqqq — see citekeeper report --help"),
        (["audit", "a.txt", "--article-url", "foo"], "--article-url: 'foo' is not a web address"),
        (["audit", "a.txt", "--ignore", "*one.example*"], "a.txt: every reference matches an --ignore pattern"),
        (["check", "a.txt", "--ignore", "*one.example*"], "a.txt: every reference matches an --ignore pattern"),
    ],
)
def test_wrong_arguments_get_one_line(capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"citekeeper: error: {said}")
    assert captured.err.count("\n") == 1


def test_a_text_without_references_is_not_blamed_on_the_patterns(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Nothing is cited here.", encoding="utf-8")
    assert main(["audit", "b.txt", "--ignore", "*one.example*"]) == 2
    assert "holds no references" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["report", "history"])
def test_captures_without_a_ledger_are_no_foreign_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "a.warc.gz").write_bytes(b"")
    assert main([command]) == 2
    said = "archive: holds captures but no ledger yet — run citekeeper audit once; it reads the captures in"
    assert capsys.readouterr().err == f"citekeeper: error: {said}\n"
    (tmp_path / "archive" / "a.warc.gz").unlink()
    assert main([command]) == 2
    assert "no archive folder" in capsys.readouterr().err


@pytest.mark.parametrize("more", [[], ["-f", "json"], ["--explain"]], ids=" ".join)
def test_unreadable_sources_of_extract_are_told_on_standard_error_too(capsys: pytest.CaptureFixture[str], more: list[str]) -> None:
    assert main(["extract", "absent.txt", "a.txt", *more]) == 2
    captured = capsys.readouterr()
    assert "https://one.example/a" in captured.out
    assert captured.err.startswith("citekeeper: error: absent.txt: ")
    assert captured.err.count("\n") == 1
