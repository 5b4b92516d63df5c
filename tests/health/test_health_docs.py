"""docs/states.md explains every state and every evidence code, in the words of `citekeeper explain`."""

from __future__ import annotations

from pathlib import Path

import pytest

from citekeeper.health import CODES, STATES
from citekeeper.model import CodeMeaning

DOCS = (Path(__file__).parents[2] / "docs" / "states.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("meaning", [*STATES, *CODES], ids=lambda meaning: meaning.code)
def test_a_code_is_documented(meaning: CodeMeaning) -> None:
    assert f"`{meaning.code}`" in DOCS
    assert meaning.meaning in DOCS
    assert meaning.advice in DOCS
