"""The documentation, held against the program: commands, options, settings, exit codes, states and codes."""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from citekeeper.cli.parser import parser
from citekeeper.config import configure
from citekeeper.settings import Option, options

DOCS = Path(__file__).parent.parent.parent / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def commands() -> dict[str, argparse.ArgumentParser]:
    [subparsers] = [action for action in parser()._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(subparsers.choices)


def own_options() -> Iterator[str]:
    for command in commands().values():
        for action in command._actions:
            if not action.dest.startswith("setting:"):
                yield from action.option_strings


def test_every_command_is_documented() -> None:
    text = page("cli.md")
    assert [name for name in commands() if f"citekeeper {name} " not in text] == []


def test_every_option_that_is_no_setting_is_documented() -> None:
    text = page("cli.md")
    assert sorted({option for option in own_options() if f"`{option}" not in text}) == []


@pytest.mark.parametrize("option", options(), ids=lambda option: option.key)
def test_every_setting_is_documented_with_its_help_and_flag(option: Option) -> None:
    rows = [line for line in page("configuration.md").splitlines() if line.startswith(f"| `{option.key}` |")]
    assert len(rows) == 1
    assert option.help.replace("*", "\\*") in rows[0]
    assert all(f"`{flag}`" in rows[0] for flag in (option.flag, option.short) if flag)
    assert all(f"`{choice}`" in rows[0] for choice in option.choices)


def test_no_setting_is_documented_that_does_not_exist() -> None:
    documented = re.findall(r"^\| `([a-z_.]+)` \|", page("configuration.md"), flags=re.MULTILINE)
    assert set(documented) == {option.key for option in options()}


def test_the_example_configuration_is_accepted(tmp_path: Path) -> None:
    [example] = re.findall(r"```toml\n(.*?)```", page("configuration.md"), flags=re.DOTALL)
    assert tomllib.loads(example)
    (tmp_path / "citekeeper.toml").write_text(example, encoding="utf-8")
    assert configure({}, {}, folder=tmp_path).settings.network.timeout == 20


def test_every_page_of_the_documentation_links_only_to_what_exists() -> None:
    root = DOCS.parent
    pages = [*DOCS.rglob("*.md"), *root.glob("*.md")]
    links = [(each, target) for each in pages for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", each.read_text(encoding="utf-8"))]
    broken = [
        f"{each.relative_to(root)}: {target}" for each, target in links if "://" not in target and not (each.parent / target).exists()
    ]
    assert broken == []
