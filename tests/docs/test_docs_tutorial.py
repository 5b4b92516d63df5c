"""The tutorial, run as it stands: every command, with what the page says that it prints; and every command of every other page, parsed."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from citekeeper.cli import main
from citekeeper.cli.parser import parser
from citekeeper.demo import Archived, Pages, World, page
from citekeeper.errors import UsageError

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([*ROOT.glob("docs/*.md"), ROOT / "README.md"])
TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")

# A line of the overview in cli.md: command, what it takes, what it is for.
OVERVIEW = re.compile(r"citekeeper \w+ +\S+ {2,}|citekeeper \w+ {2,}|citekeeper \w+ +\[")

WORDS = "".join(f"<p>Paragraph {n} of a memo on the carriage of datagrams by pigeons, and what became of it.</p>" for n in range(20))
MEMO = f"<title>A memo</title><h1>A memo</h1>{WORDS}".encode()


def steps() -> Iterator[tuple[str, list[str]]]:
    """Each command of the tutorial, and the lines that it is said to print."""
    for block in re.findall(r"```console\n(.*?)```", TUTORIAL, flags=re.DOTALL):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *printed = step.splitlines()
            yield command, printed


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in list(os.environ):
        if name.startswith("CITEKEEPER_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def web() -> World:
    """The pages that the tutorial's article cites, the last of them gone and kept."""
    memos = Pages({"/rfc/rfc1149": page(MEMO), "/rfc/rfc2549": page(MEMO)})
    return World(
        scenes=(),
        sites={"www.rfc-editor.org": memos, "www.blug.linux.no": Pages({})},
        captures=[Archived("http://www.blug.linux.no/rfc1149/", "20240312081500", MEMO)],
    )


def test_every_command_of_the_tutorial_prints_what_it_says(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [article] = re.findall(r"```markdown\n(.*?)```", TUTORIAL, flags=re.DOTALL)
    (desk / "article.md").write_text(article, encoding="utf-8")
    ran = []
    with web() as world:
        for command, printed in steps():
            # The demo is its own world, and what comes before the article needs none.
            (desk / "citekeeper.toml").write_text(world.config_toml() if "article.md" in command else "", encoding="utf-8")
            ended = main(shlex.split(command)[1:])
            captured = capsys.readouterr()
            shown = plain(captured.out + captured.err)
            at = 0
            for line in printed:
                said = plain(line).removesuffix("…").strip()
                assert said in shown[at:], f"{command} (ended with {ended}) does not print, after what came before: {line}\n{shown[:3000]}"
                at = shown.index(said, at) + len(said)
            ran.append(command)
    assert len(ran) == 9
    assert (desk / "report.html").exists()


def commands(path: Path) -> Iterator[str]:
    """The lines of code that call citekeeper, without remarks and whatever the shell does with them."""
    is_fenced = False
    for line in path.read_text(encoding="utf-8").splitlines():
        is_fenced ^= line.lstrip().startswith("```")
        found = re.match(r"\s*(?:- |\$ )?(citekeeper [a-z].*)", line)
        if found and (is_fenced or line.startswith("    ")) and not OVERVIEW.match(found[1]):
            yield re.split(r"\s+#|\s{2,}|\s[|&]|\s<", found[1])[0]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_of_the_documentation_is_one(path: Path) -> None:
    wrong = []
    for command in commands(path):
        try:
            parser().parse_args(shlex.split(command)[1:])
        except UsageError as error:
            wrong.append(f"{command}: {error}")
    assert wrong == []


def test_the_commands_of_the_documentation_are_found() -> None:
    assert sum(len(list(commands(path))) for path in PAGES) > 40


def test_the_readme_is_short_and_every_page_can_be_found_from_the_index() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 200
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in ROOT.glob("docs/*.md") if path.name != "README.md" and f"({path.name})" not in index] == []
