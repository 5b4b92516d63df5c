"""The manual, kept true: every repair code stands in it, and every example gives what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from citekeeper.model import Document
from citekeeper.references import REPAIRS, extract

MANUAL = (Path(__file__).parents[2] / "docs" / "references.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^\| `([a-z-]+)` \| `(.+?)` \| `(http.+?)` \|$", MANUAL, re.MULTILINE)


def test_every_repair_code_is_in_the_manual() -> None:
    assert {meaning.code for meaning in REPAIRS} - set(re.findall(r"`([a-z-]+)`", MANUAL)) == set()


def test_every_repair_code_has_a_meaning_and_an_advice_once() -> None:
    assert len({meaning.code for meaning in REPAIRS}) == len(REPAIRS)
    assert all(meaning.meaning and meaning.advice for meaning in REPAIRS)


@pytest.mark.parametrize(("code", "printed", "address"), EXAMPLES)
def test_every_example_of_the_manual_gives_what_it_says(code: str, printed: str, address: str) -> None:
    text = printed.replace("⏎", "\n")
    (reference,) = extract(Document("-", "text", text, text))
    assert reference.address.url == address
    assert code in reference.address.repairs


def test_the_manual_has_examples() -> None:
    assert len(EXAMPLES) > 30
