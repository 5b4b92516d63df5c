"""The command line: what it prints, where, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from citekeeper import pipeline
from citekeeper.cli import main
from citekeeper.cli.exit_codes import exit_code, parse_threshold
from citekeeper.demo import World, html, scenes
from citekeeper.errors import UsageError
from citekeeper.ledger import FILE_NAME, VERSION
from citekeeper.model import State
from citekeeper.pipeline import last_audit
from citekeeper.settings import Settings

ARTICLE = "A claim.[1]\n\n[1] https://one dot example/a and https://two.example/very-long-sl...\n"


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("CITEKEEPER_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def complaint(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> str:
    """The one line that a wrong command prints."""
    code = main(arguments)
    captured = capsys.readouterr()
    assert code == 2, captured.err
    assert captured.out == ""
    assert captured.err.startswith("citekeeper: error: ")
    assert captured.err.count("\n") == 1
    assert "Traceback" not in captured.err
    return captured.err


# ── extract ───────────────────────────────────────────────────────────────────────────────────


def test_extract_prints_the_references_of_a_file(capsys: pytest.CaptureFixture[str], article: Path) -> None:
    assert main(["extract", str(article)]) == 0
    out = capsys.readouterr().out
    assert "https://one.example/a" in out
    assert "https://two.example/very-long-sl" in out


def test_extract_gives_json_with_exact_places(capsys: pytest.CaptureFixture[str], article: Path) -> None:
    assert main(["extract", "-f", "json", str(article)]) == 0
    [document] = json.loads(capsys.readouterr().out)["documents"]
    for reference in document["references"]:
        place = reference["location"]
        assert ARTICLE[place["offset"] : place["offset"] + place["length"]] == reference["raw"]
    assert [reference["truncated"] for reference in document["references"]] == [False, True]


def test_extract_reads_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(ARTICLE.encode())

    monkeypatch.setattr("sys.stdin", Stdin())
    assert main(["extract", "-", "-f", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["url"] for row in rows] == ["https://one.example/a", "https://two.example/very-long-sl"]


def test_several_formats_go_to_several_files(capsys: pytest.CaptureFixture[str], article: Path, tmp_path: Path) -> None:
    assert main(["extract", str(article), "-f", "json=a.json", "-f", "csv=a.csv", "-f", "markdown", "-o", "a.md"]) == 0
    assert capsys.readouterr().out == ""
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["documents"]
    assert (tmp_path / "a.csv").read_text(encoding="utf-8")
    assert (tmp_path / "a.md").read_text(encoding="utf-8")


def test_a_bad_source_among_good_ones_is_reported_and_the_others_are_read(capsys: pytest.CaptureFixture[str], article: Path) -> None:
    assert main(["extract", "absent.txt", str(article), "-f", "json"]) == 2
    captured = capsys.readouterr()
    report = json.loads(captured.out)
    assert len(report["documents"]) == 1
    assert "absent.txt" in captured.out


def test_what_lies_in_the_archive_folder_is_no_article(capsys: pytest.CaptureFixture[str], article: Path, tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "README.md").write_text("See https://not-cited.example/here", encoding="utf-8")
    assert main(["extract", ".", "-f", "json"]) == 0
    read = [Path(document["source"]).name for document in json.loads(capsys.readouterr().out)["documents"]]
    assert read == [article.name]


def test_a_report_goes_into_a_pipe_and_through_a_link_as_they_are(article: Path, tmp_path: Path) -> None:
    target, link, pipe = tmp_path / "target.json", tmp_path / "link.json", tmp_path / "pipe"
    link.symlink_to(target)
    assert main(["extract", str(article), "-f", "json", "-o", str(link)]) == 0
    assert link.is_symlink()
    assert json.loads(target.read_text(encoding="utf-8"))["documents"]
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert main(["extract", str(article), "-f", "csv", "-o", str(pipe)]) == 0
        assert os.read(reader, 1 << 16).startswith(b"source,")
    finally:
        os.close(reader)
    assert pipe.is_fifo()


def test_an_article_is_never_overwritten_by_its_own_report(capsys: pytest.CaptureFixture[str], article: Path) -> None:
    assert "would be overwritten" in complaint(capsys, ["extract", str(article), "-f", "json", "-o", str(article)])
    assert article.read_text(encoding="utf-8") == ARTICLE


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
@pytest.mark.parametrize("arguments", [["-f", "markdown"], ["-f", "html"], ["-f", "csv"], ["--explain"], []], ids=" ".join)
def test_a_terminal_of_another_encoding_is_no_bug(article: Path, encoding: str, arguments: list[str]) -> None:
    command = [sys.executable, "-m", "citekeeper", "extract", str(article), *arguments]
    done = subprocess.run(command, capture_output=True, env={**os.environ, "PYTHONIOENCODING": encoding}, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no /dev/full")
def test_a_full_disk_behind_standard_output_gets_one_line(article: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "citekeeper", "extract", str(article), "-f", "json"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stderr.decode().count("\n") == 1
    assert "standard output" in done.stderr.decode()


def test_one_source_may_be_named_as_a_text_or_a_path(article: Path) -> None:
    assert [each.source for each in pipeline.extract(article.name).documents] == [article.name]
    assert [each.source for each in pipeline.extract([article]).documents] == [str(article)]  # type: ignore[list-item]


# ── wrong input ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["adit"], "did you mean audit?"),
        (["audit"], "SOURCE"),
        ([], "COMMAND"),
        (["audit", "x", "--timeot", "3"], "did you mean --timeout?"),
        (["audit", "x", "--timeout", "soon"], "'soon' is not a duration"),
        (["audit", "x", "--engine", "crul"], "did you mean curl?"),
        (["audit", "x", "--as-of", "2020-13-01"], "is not a date"),
        (["audit", "x", "-f", "jsn"], "did you mean json?"),
        (["audit", "x", "-f", "json", "-f", "csv"], "two formats for one output"),
        (["audit", "x", "-f", "json=a", "-o", "b"], "a file of its own already"),
        (["audit", "x", "-f", "json=a", "-f", "csv=a"], "two formats for one file"),
        (["audit", "x", "--fail-on", "eror"], "did you mean error?"),
        (["audit", "x", "-c", "absent.toml"], "absent.toml"),
        (["audit", "absent.txt"], "absent.txt"),
        (["extract", "absent.txt"], "absent.txt"),
        (["extract", "https://a.example/article.html"], "without a network"),
        (["capture", "not-an-address"], "not a web address"),
        (["report"], "no archive folder"),
        (["explain", "soft404"], "did you mean soft_404?"),
        (["audit", "x", "--archives", "waybak"], "wayback"),
    ],
)
def test_wrong_input_gets_one_line_that_says_what_and_what_to_try(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str, tmp_path: Path
) -> None:
    (tmp_path / "x").write_text(ARTICLE, encoding="utf-8")
    assert said in complaint(capsys, arguments)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.txt", b""),
        ("blank.txt", b" \n\t\n"),
        ("binary.txt", bytes(range(256)) * 40),
        ("really-a-pdf.txt", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"),
        ("picture.html", b"\x89PNG\r\n\x1a\n" + bytes(200)),
        ("no-references.txt", b"Nothing is cited here, by nobody."),
    ],
)
def test_a_file_with_nothing_to_read_gets_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert name in complaint(capsys, ["audit", name])


def test_a_gigantic_file_is_refused_before_it_is_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with (tmp_path / "huge.txt").open("wb") as stream:
        stream.truncate(10 << 30)
    assert "huge.txt" in complaint(capsys, ["audit", "huge.txt"])


def test_a_folder_without_articles_gets_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.png").write_bytes(b"\x89PNG")
    assert "pictures" in complaint(capsys, ["audit", "pictures"])


def test_a_misspelt_key_is_named_with_the_right_one(capsys: pytest.CaptureFixture[str], article: Path, tmp_path: Path) -> None:
    (tmp_path / "citekeeper.toml").write_text("[network]\ntimeuot = 3\n", encoding="utf-8")
    assert "did you mean network.timeout?" in complaint(capsys, ["audit", str(article)])


def test_an_archive_folder_of_a_newer_version_is_left_untouched(capsys: pytest.CaptureFixture[str], article: Path, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    db = sqlite3.connect(folder / FILE_NAME)
    db.execute(f"PRAGMA user_version = {VERSION + 1}")
    db.close()
    before = (folder / FILE_NAME).read_bytes()
    assert "newer citekeeper" in complaint(capsys, ["audit", str(article)])
    assert (folder / FILE_NAME).read_bytes() == before
    assert [path.name for path in folder.iterdir()] == [FILE_NAME]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_to_write_gets_one_line(capsys: pytest.CaptureFixture[str], article: Path, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    assert "permission" in complaint(capsys, ["audit", str(article)])


def test_an_archive_folder_that_is_a_file_gets_one_line(capsys: pytest.CaptureFixture[str], article: Path, tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("in the way", encoding="utf-8")
    assert "archive" in complaint(capsys, ["audit", str(article)])
    assert (tmp_path / "archive").read_text(encoding="utf-8") == "in the way"


def test_a_report_file_that_cannot_be_written_gets_one_line(capsys: pytest.CaptureFixture[str], article: Path) -> None:
    assert "nowhere/report.json" in complaint(capsys, ["extract", str(article), "-f", "json=nowhere/report.json"])


def test_hostile_file_names_reach_no_terminal_unescaped(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b" not in complaint(capsys, ["audit", "\x1b]0;owned\x07.txt"])


def test_when_no_source_can_be_read_each_gets_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "one.txt", "two.txt"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[2] for line in lines] == ["one.txt", "two.txt"]


# ── audit, capture, report ────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World(sites={"gone.example": lambda request: [html(404, "Not Found", b"<h1>Not found</h1>")]}) as opened:
        yield opened


def config(world: World, tmp_path: Path) -> list[str]:
    path = tmp_path / "world.toml"
    path.write_text(world.config_toml(), encoding="utf-8")
    return ["-c", str(path)]


def test_audit_ends_with_0_when_all_is_well_and_report_renders_it_again(
    capsys: pytest.CaptureFixture[str], world: World, tmp_path: Path
) -> None:
    (tmp_path / "article.txt").write_text(f"[1] {scenes()[0].url}\n", encoding="utf-8")
    assert main(["audit", "article.txt", "-f", "json", *config(world, tmp_path)]) == 0
    first = capsys.readouterr().out
    assert json.loads(first)["summary"]["by_state"] == {"ok": 1}
    assert main(["report", "-f", "json"]) == 0
    assert capsys.readouterr().out == first
    assert main(["report", "--rejudge", "-f", "json"]) == 0
    assert capsys.readouterr().out == first


def test_audit_ends_with_1_at_the_threshold_and_with_0_below_it(capsys: pytest.CaptureFixture[str], world: World, tmp_path: Path) -> None:
    (tmp_path / "article.txt").write_text("[1] http://gone.example/page\n", encoding="utf-8")
    common = ["article.txt", *config(world, tmp_path)]
    assert main(["audit", *common, "--fail-on", "warning"]) == 1
    assert main(["audit", *common, "--fail-on", "gone,parked"]) == 1
    assert main(["audit", *common, "--fail-on", "parked"]) == 0
    assert main(["audit", *common, "--fail-on", "warning", "--exit-zero"]) == 0
    capsys.readouterr()


def test_ignored_addresses_are_left_out(capsys: pytest.CaptureFixture[str], world: World, tmp_path: Path) -> None:
    (tmp_path / "article.txt").write_text(f"[1] {scenes()[0].url}\n[2] http://gone.example/page\n", encoding="utf-8")
    arguments = ["audit", "article.txt", *config(world, tmp_path), "--ignore", "http://gone.example/*", "-f", "json"]
    assert main(arguments) == 0
    assert json.loads(capsys.readouterr().out)["summary"]["references"] == 1


def test_capture_stores_what_it_visits(capsys: pytest.CaptureFixture[str], world: World, tmp_path: Path) -> None:
    url = scenes()[0].url
    assert url is not None
    assert main(["capture", url, *config(world, tmp_path), "--archive", "kept"]) == 0
    assert url in capsys.readouterr().out
    assert len(list((tmp_path / "kept").glob("*.warc.gz"))) == 1


def test_the_schema_is_published(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--schema"]) == 0
    assert "citekeeper/report/1" in capsys.readouterr().out


def test_demo_shows_the_walk_and_where_the_captures_are(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["demo"]) == 0
    captured = capsys.readouterr()
    assert "soft_404" in captured.out
    assert str(Path("archive") / "demo") in captured.err
    assert list((tmp_path / "archive" / "demo").glob("*.warc.gz"))


# ── explain and exit codes ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_explained(capsys: pytest.CaptureFixture[str], state: State) -> None:
    assert main(["explain", state.value]) == 0
    out = capsys.readouterr().out
    assert out.startswith(state.value)
    assert len(out.splitlines()) >= 3


def test_explain_without_a_code_lists_every_state(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == 0
    out = capsys.readouterr().out
    assert [state for state in State if state.value not in out] == []


def test_dashes_and_capitals_do_not_matter_to_explain(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "Soft-404"]) == 0
    assert capsys.readouterr().out.startswith("soft_404")


def test_a_threshold_is_a_level_or_states() -> None:
    assert parse_threshold("warning").level == "warning"
    assert parse_threshold("gone, soft_404").states == {State.GONE, State.SOFT_404}
    with pytest.raises(UsageError):
        parse_threshold("")


def test_no_network_is_inconclusive_and_not_a_page_of_dead_links(capsys: pytest.CaptureFixture[str], article: Path, tmp_path: Path) -> None:
    with World(scenes=()) as empty:
        toml = empty.config_toml().replace('canaries = ["web.archive.example"]', 'canaries = ["canary.nowhere.example"]')
        (tmp_path / "world.toml").write_text(toml, encoding="utf-8")
        assert main(["audit", str(article), "-c", "world.toml"]) == 3
    out = capsys.readouterr().out
    assert "no network" in out
    assert "citekeeper demo" in out
    found = last_audit(Settings())
    assert found is not None
    assert exit_code(found, Settings()) == 3
