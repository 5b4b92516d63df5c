"""verify, export and import from the command line, on the archive folder of one demo."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest

from citekeeper.cli import main
from citekeeper.config import configure
from citekeeper.pipeline import audit_text


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("audited") / "archive"
    assert main(["demo", "--archive", str(folder), "-q"]) == 0
    return folder


@pytest.fixture(autouse=True)
def _own_world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("CITEKEEPER_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)


def test_the_archive_folder_is_verified_with_its_ledger(capsys: pytest.CaptureFixture[str], audited: Path) -> None:
    assert main(["verify", str(audited), "-f", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["verified"][0]
    assert found["problems"] == []
    assert "captures of the ledger" in found["aspects"]["coverage"]["found"]


def test_a_lost_file_is_named_with_what_it_means(capsys: pytest.CaptureFixture[str], audited: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(audited, folder)
    next(folder.glob("*.warc.gz")).unlink()
    assert main(["verify", str(folder)]) == 1
    out = capsys.readouterr().out
    assert "NOT SOUND" in out
    assert "capture-lost: A capture that the ledger names" in out


def test_an_export_is_signed_on_first_use_and_verified(capsys: pytest.CaptureFixture[str], audited: Path, tmp_path: Path) -> None:
    assert main(["export", "-o", "x.wacz", "--sign", "--archive", str(audited)]) == 0
    assert main(["verify", "x.wacz"]) == 0
    out = capsys.readouterr().out
    assert "your own key sha256:" in out
    assert (tmp_path / "config" / "citekeeper" / "signing-key.pem").exists()
    with zipfile.ZipFile("x.wacz") as package:
        assert json.loads(package.read("reports/audit.json"))["documents"]
        pages = [json.loads(line) for line in package.read("pages/pages.jsonl").splitlines()][1:]
    assert any(page.get("title") and page["citations"][0]["marker"] for page in pages)


def test_an_export_is_imported_into_another_folder(capsys: pytest.CaptureFixture[str], audited: Path) -> None:
    assert main(["export", "-o", "x.warc.gz", "--archive", str(audited)]) == 0
    assert main(["import", "x.warc.gz", "--archive", "other"]) == 0
    assert main(["verify", "other"]) == 0
    assert main(["export", "-o", "again.wacz", "--since", "2020-01-01", "--archive", "other"]) == 0
    assert main(["verify", "again.wacz"]) == 0


def test_the_text_of_pages_is_stored_beside_them_when_wished(tmp_path: Path) -> None:
    from citekeeper.demo import World, sample_article

    with World() as world:
        wishes = {**world.settings_overrides(), "archive": str(tmp_path / "texts"), "capture_text": True, "archives.use": ()}
        audit_text(sample_article(), "article.txt", configure(wishes, {}, isolated=True).settings)
    plain = b"".join(gzip.decompress(path.read_bytes()) for path in (tmp_path / "texts").glob("*.warc.gz"))
    texts = [each for each in plain.split(b"WARC/1.1\r\n") if b"WARC-Type: conversion" in each]
    assert len(texts) > 5
    assert not any(b"<p>" in each for each in texts)
    assert main(["verify", str(tmp_path / "texts")]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["verify", "absent"], "is not there"),
        (["verify", ".", "--repair", "x"], "name exactly one file"),
        (["verify", ".", "--since", "soon"], "neither an age nor a date"),
        (["verify", ".", "--key", "absent.pem"], "--key takes"),
        (["verify", ".", "--ca", "absent.pem"], "--ca takes"),
        (["export", "-o", "x.zip"], "neither NAME.warc.gz nor NAME.wacz"),
        (["export", "-o", "x.wacz"], "no archive folder"),
        (["export", "-o", "x.wacz", "--since", "soon"], "is not a date"),
        (["import", "absent.warc.gz"], "is no file"),
        (["export", "-o", "x.wacz", "--signing-key", "absent.pem"], "archive folder"),
    ],
)
def test_wrong_wishes_are_answered_in_one_line(capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    assert main(arguments) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1
