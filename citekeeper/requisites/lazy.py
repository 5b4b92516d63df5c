"""The list of attributes in which scripts keep what they load later."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class LazyAttribute:
    """One row."""

    attribute: str
    is_set: bool
    """It holds a srcset, not an address."""
    on: tuple[str, ...]
    """Names of elements; "" stands for any."""

    def is_on(self, tag: str) -> bool:
        """Whether it means anything on such an element."""
        return tag in self.on or "" in self.on


@cache
def lazy_attributes() -> tuple[LazyAttribute, ...]:
    """The whole list."""
    return tuple(LazyAttribute(row["attribute"], row["form"] == "srcset", tuple(row["on"])) for row in rows())


@cache
def rows() -> list[dict[str, Any]]:
    """The list with its sources and examples."""
    text = (files("citekeeper.requisites") / "data" / "lazy.toml").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text)["lazy"]
    return found
