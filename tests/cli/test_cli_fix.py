"""`fix`: audited over the loopback web, written whole or not at all, never twice; what it wrote audits clean."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "documents"))

from documents_office import docx, epub, odt, paragraph, run

from citekeeper.cli import main
from citekeeper.demo import Archived, Pages, Site, World, failing, page

LOST, LIVE = "http://lost.example/report", "http://live.example/page"
TEXT = b"<html><head><title>The report</title></head><body><h1>The report</h1><p>" + b"It came out in March. " * 60 + b"</p></body></html>"
ARTICLES = {
    "a.docx": docx(paragraph(run(f"See {LOST}, please."))),
    "a.odt": odt(f'<text:p>See <text:a xlink:href="{LOST}">the report</text:a>, please.</text:p>'),
    "a.epub": epub({"one.xhtml": f'<html><body><p>See <a href="{LOST}">it</a>.</p></body></html>'}),
    "a.adoc": f"= T\n\nSee {LOST}[the report].\n".encode(),
    "a.bib": f"@misc{{k,\n  note = {{Seen}},\n  url = {{{LOST}}}\n}}\n".encode(),
    "a.ris": f"TY  - ELEC\nTI  - T\nUR  - {LOST}\nER  - \n".encode(),
    "a.csl.json": f'[{{"title": "T", "type": "webpage", "URL": "{LOST}"}}]'.encode(),
    "a.tex": f"\\section{{T}} See \\url{{{LOST}}}.\n".encode(),
    "a.rst": f"T\n=\n\nSee `it <{LOST}>`_.\n".encode(),
    "a.wiki": f"== T ==\n<ref>{{{{cite web |url={LOST} |title=T}}}}</ref>\n".encode(),
}
SITES: dict[str, Site] = {"lost.example": Pages({"*": failing(410, "Gone", b"<h1>Gone</h1>")}), "live.example": page(TEXT)}
HEADERS = (("Content-Type", "text/html; charset=utf-8"),)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World(sites=SITES, scenes=(), captures=[Archived(LOST, "20200305120000", TEXT, headers=HEADERS)]) as opened:
        yield opened


@pytest.fixture
def flags(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    for name in [each for each in os.environ if each.startswith("CITEKEEPER_")]:
        monkeypatch.delenv(name)
    (tmp_path / "world.toml").write_text(world.config_toml(), encoding="utf-8")
    folder = tmp_path / "texts"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return ["-c", str(tmp_path / "world.toml"), "--archive", str(tmp_path / "archive"), "--as-of", "2020-03-04"]


def test_a_lost_reference_gets_its_copy_once_and_then_audits_clean(flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    article = Path("a.md")
    before = f"\ufeffSee [the report]({LOST})\r\nand [the page]({LIVE}).\r\n".encode()
    article.write_bytes(before)
    article.chmod(0o640)
    assert main(["fix", "a.md", *flags]) == 0
    assert article.read_bytes() == before, "one look does not confirm that a page is gone"
    assert "only with --unsafe-fixes, gone is not confirmed yet" in capsys.readouterr().err
    assert main(["fix", "a.md", *flags, "--unsafe-fixes"]) == 0
    after = article.read_bytes()
    [line, rest] = after.split(b"\r\n", 1)
    assert line.startswith(f"\ufeffSee [the report]({LOST}) ([archived 2020-03-05](http://web.archive.example/web/20200305120000".encode())
    assert rest == before.split(b"\r\n", 1)[1]
    assert stat.S_IMODE(article.stat().st_mode) == 0o640
    assert os.listdir() == ["a.md"]
    assert main(["fix", "a.md", *flags, "--unsafe-fixes"]) == 0
    assert article.read_bytes() == after
    capsys.readouterr()


@pytest.mark.parametrize("option", ["--diff", "--dry-run"])
def test_showing_repairs_writes_nothing(flags: list[str], capfd: pytest.CaptureFixture[str], option: str) -> None:
    article = Path("a.txt")
    article.write_bytes(f"[1] {LOST}".encode())
    assert main(["fix", "a.txt", *flags, "--unsafe-fixes", option]) == 0
    assert article.read_bytes() == f"[1] {LOST}".encode()
    captured = capfd.readouterr()
    assert "1 repair possible" in captured.err
    if option == "--diff":
        assert captured.out.startswith("--- a/a.txt\n+++ b/a.txt\n@@ ")
        assert "\n\\ No newline at end of file\n" in captured.out
        if shutil.which("git"):
            subprocess.run(
                ["git", "apply", "-"], input=captured.out.encode(), check=True, env={**os.environ, "GIT_CEILING_DIRECTORIES": "/"}
            )
            assert b"(archived 2020-03-05: " in article.read_bytes()


@pytest.mark.parametrize("name", ["a.docx", "a.odt", "a.epub", "a.adoc", "a.bib", "a.ris", "a.csl.json", "a.tex", "a.rst", "a.wiki"])
def test_in_every_format_a_repaired_document_audits_clean_and_is_repaired_once(
    flags: list[str], capsys: pytest.CaptureFixture[str], name: str
) -> None:
    article = Path(name)
    article.write_bytes(ARTICLES[name])
    assert main(["audit", name, *flags, "--fail-on", "warning"]) == 1
    assert main(["fix", name, *flags, "--unsafe-fixes"]) == 0
    assert "1 repair made" in capsys.readouterr().err
    after = article.read_bytes()
    assert main(["audit", name, *flags, "--fail-on", "warning"]) == 0
    assert "copy-cited" in capsys.readouterr().out
    assert main(["fix", name, *flags, "--unsafe-fixes"]) == 0
    assert article.read_bytes() == after
    assert os.listdir() == [name]


@pytest.mark.skipif(shutil.which("git") is None, reason="git reads the patches")
@pytest.mark.parametrize("name", ["a.docx", "b c.odt", '-ü"\n.docx', "x y\t.txt", "é \n.md"])
def test_the_patch_of_any_file_of_any_name_is_taken_by_git(flags: list[str], capfd: pytest.CaptureFixture[str], name: str) -> None:
    article = Path(name)
    before = ARTICLES.get(f"a{article.suffix}", f"See {LOST}".encode())
    article.write_bytes(before)
    assert main(["fix", *flags, "--unsafe-fixes", "--diff", "--", name]) == 0
    patch = capfd.readouterr().out.encode()
    assert article.read_bytes() == before
    assert main(["fix", *flags, "--unsafe-fixes", "--", name]) == 0
    after = article.read_bytes()
    article.write_bytes(before)
    for way, result in (["apply", "-"], after), (["apply", "-R", "-"], before):
        subprocess.run(["git", *way], input=patch, check=True, env={**os.environ, "GIT_CEILING_DIRECTORIES": "/"})
        if article.suffix in (".docx", ".odt"):
            assert len(article.read_bytes()) == len(result)
        else:
            assert article.read_bytes() == result
    capfd.readouterr()


def test_html_gets_robust_links_and_then_nothing_is_broken(flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    article = Path("a.html")
    article.write_text(f'<!doctype html><title>T</title><p><a href="{LOST}">the report</a></p>', encoding="utf-8")
    assert main(["audit", "a.html", *flags, "--fail-on", "warning"]) == 1
    assert main(["fix", "a.html", *flags, "--unsafe-fixes"]) == 0
    assert 'data-versiondate="2020-03-05"' in article.read_text(encoding="utf-8")
    assert main(["audit", "a.html", *flags, "--fail-on", "warning"]) == 0
    assert "copy-cited" in capsys.readouterr().out


def test_a_link_to_a_file_stays_one_and_the_file_keeps_its_permissions(flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    article = Path("real.docx")
    article.write_bytes(ARTICLES["a.docx"])
    article.chmod(0o604)
    Path("link.docx").symlink_to("real.docx")
    assert main(["fix", "link.docx", *flags, "--unsafe-fixes"]) == 0
    assert Path("link.docx").is_symlink()
    assert stat.S_IMODE(article.stat().st_mode) == 0o604
    assert article.read_bytes() != ARTICLES["a.docx"]
    assert "1 repair made" in capsys.readouterr().err


def test_what_is_no_file_is_named_and_not_written(
    flags: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["fix", "nowhere.md", *flags]) == 2
    assert "does not exist" in capsys.readouterr().err
