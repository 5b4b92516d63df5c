"""docs/documents.md says what is so."""

from __future__ import annotations

import re
from pathlib import Path

from citekeeper import documents
from citekeeper.documents import CONTAINERS, FORMATS

PAGE = (Path(__file__).parents[2] / "docs" / "documents.md").read_text(encoding="utf-8")


def test_every_ending_is_documented() -> None:
    assert all(f"`{ending}`" in PAGE for each in FORMATS for ending in each.endings)
    assert all(f"`{ending}`" in PAGE for each in CONTAINERS for ending in each.endings)


def test_the_python_example_says_what_it_gives() -> None:
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, object] = {}
    exec(block, names)
    for expression, value in re.findall(r"^(document\S+)\s+# (.+)$", block, re.MULTILINE):
        assert repr(eval(expression, names)) == value


def test_the_front_is_what_it_says() -> None:
    assert all(hasattr(documents, name) for name in documents.__all__)
