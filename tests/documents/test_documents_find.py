"""Finding sources: files, folders, standard input, addresses, and everything that can be wrong with them."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from citekeeper.documents import Given, Remote, find
from citekeeper.model import SourceProblem


def sources(names: Iterable[str | Path], max_bytes: int = 1000, stdin: bytes = b"") -> list[Given | Remote | SourceProblem]:
    return list(find([str(name) for name in names], max_bytes=max_bytes, stdin=io.BytesIO(stdin)))


def only_problem(name: str | Path, max_bytes: int = 1000) -> SourceProblem:
    (found,) = sources([name], max_bytes)
    assert isinstance(found, SourceProblem)
    assert "\n" not in found.message
    return found


def write(path: Path, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_given_with_its_bytes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "text")
    assert sources([path]) == [Given(str(path), b"text")]


def test_a_dash_is_standard_input() -> None:
    assert sources(["-"], stdin=b"piped") == [Given("-", b"piped")]


def test_standard_input_longer_than_allowed_is_refused() -> None:
    (found,) = sources(["-"], max_bytes=10, stdin=b"x" * 11)
    assert isinstance(found, SourceProblem)


def test_web_addresses_are_passed_on() -> None:
    assert sources(["https://host.example/a", "HTTP://host.example/"]) == [Remote("https://host.example/a"), Remote("HTTP://host.example/")]


def test_other_addresses_are_refused() -> None:
    assert "ftp" in only_problem("ftp://host.example/a").message
    assert "path" in only_problem("file:///tmp/a.txt").hint


def test_a_folder_is_walked_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b.md", "a.txt", "c/d.HTML", "c/a.htm", "image.png", "noending"):
        write(tmp_path / name)
    found = [Path(each.source).relative_to(tmp_path).as_posix() for each in sources([tmp_path])]
    assert found == ["a.txt", "b.md", "c/a.htm", "c/d.HTML"]


def test_hidden_tool_and_archive_folders_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    for name in (".git/a.txt", ".hidden.txt", "node_modules/a.md", "__pycache__/a.txt"):
        write(tmp_path / name)
    write(tmp_path / "env/pyvenv.cfg")
    write(tmp_path / "env/lib/a.txt")
    write(tmp_path / "captures/2021.warc.gz")
    write(tmp_path / "captures/README.md")
    write(tmp_path / "archive/ledger.sqlite3")
    write(tmp_path / "archive/README.md")
    assert [each.source for each in sources([tmp_path])] == [str(tmp_path / "a.txt")]


def test_a_folder_named_by_the_user_is_walked_whatever_it_is_called(tmp_path: Path) -> None:
    path = write(tmp_path / "node_modules/a.txt")
    assert [each.source for each in sources([path.parent])] == [str(path)]


def test_a_folder_without_articles_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path / "a.png")
    found = only_problem(tmp_path)
    assert "without articles" in found.message
    assert ".md" in found.hint


def test_links_to_folders_are_not_followed_so_a_loop_ends(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert [each.source for each in sources([tmp_path])] == [str(tmp_path / "a.txt")]


def test_a_link_that_leads_round_in_a_circle_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    assert "circle" in only_problem(tmp_path / "a.txt").message


def test_broken_links_and_pipes_in_a_folder_are_problems_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "c.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "e.txt").mkdir()
    good = write(tmp_path / "d.txt")
    found = sources([tmp_path])
    assert [each.source for each in found if isinstance(each, Given)] == [str(good)]
    assert {each.message for each in found if isinstance(each, SourceProblem)} == {
        "is a symbolic link that leads round in a circle",
        "does not exist",
    }


def test_closed_standard_input_and_an_empty_name_are_problems() -> None:
    closed = io.BytesIO()
    closed.close()
    (found,) = find(["-"], max_bytes=10, stdin=closed)
    assert isinstance(found, SourceProblem)
    assert only_problem("").message == "does not exist"


def test_a_file_named_twice_is_given_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt")
    assert len(sources([path, tmp_path, path])) == 1


def test_a_missing_file_names_the_nearest_one(tmp_path: Path) -> None:
    write(tmp_path / "article.txt")
    found = only_problem(tmp_path / "artcle.txt")
    assert found.message == "does not exist"
    assert "article.txt" in found.hint


def test_a_file_in_a_missing_folder_is_a_problem(tmp_path: Path) -> None:
    assert only_problem(tmp_path / "no" / "a.txt").message == "does not exist"


def test_a_gigantic_file_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(5 << 40)
    found = only_problem(path, max_bytes=64 * 1024 * 1024)
    assert "64 MB" in found.message
    assert found.hint


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this platform has no named pipes")
def test_a_named_pipe_never_blocks(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    assert "pipe" in only_problem(tmp_path / "a.txt").message


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="this platform has no /dev/zero")
def test_a_device_is_refused() -> None:
    assert "device" in only_problem("/dev/zero").message


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_or_folder_is_a_problem_and_the_others_go_on(tmp_path: Path) -> None:
    good = write(tmp_path / "b.txt")
    bad = write(tmp_path / "a.txt")
    closed = write(tmp_path / "c/d.txt").parent
    bad.chmod(0)
    closed.chmod(0)
    try:
        found = sources([tmp_path])
    finally:
        closed.chmod(0o700)
    assert [type(each) for each in found] == [SourceProblem, Given, SourceProblem]
    assert found[1].source == str(good)


def test_one_bad_source_among_many_does_not_stop_the_others(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt")
    found = sources([tmp_path / "missing.md", path, "gopher://host.example/", "-"], stdin=b"piped")
    assert [type(each) for each in found] == [SourceProblem, Given, SourceProblem, Given]


def test_a_name_that_is_no_utf8_can_be_shown(tmp_path: Path) -> None:
    name = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")
    try:
        with open(name, "wb") as file:
            file.write(b"x")
    except OSError:
        pytest.skip("this file system only takes UTF-8 names")
    (found,) = sources([name])
    assert found.source.endswith("caf\\xe9.txt")
    assert found.source.encode("utf-8")


def test_a_name_with_a_nul_is_a_problem() -> None:
    assert only_problem("a\0b.txt").message


@pytest.mark.parametrize("name", ["a.rst", "a.adoc", "a.tex", "a.bbl", "a.wiki", "a.BIB", "a.ris", "a.csl.json"])
def test_markup_and_bibliographies_in_a_folder_are_taken(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name)
    assert sources([tmp_path]) == [Given(str(path), b"x")]
