"""`extract --explain` from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from citekeeper.cli import main


def test_extract_explain_tells_each_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    article = tmp_path / "article.txt"
    article.write_text("[1] hxxps://news dot com/a-\nstory [2] https://a.example/x...\n", encoding="utf-8")
    assert main(["extract", "--isolated", "--explain", str(article)]) == 0
    out = capsys.readouterr().out
    assert "hxxp              “hxxps://” means “https://”" in out
    assert "hyphen-wrap       “⏎” means nothing" in out
    assert "cut: “...” behind 19 characters" in out


def test_explain_and_a_format_exclude_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    article = tmp_path / "article.txt"
    article.write_text("https://a.example/x\n", encoding="utf-8")
    assert main(["extract", "--isolated", "--explain", "-f", "json", str(article)]) == 2
    assert "leave out -f" in capsys.readouterr().err
