"""The room's data files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any


@cache
def table(name: str) -> Mapping[str, Any]:
    """The file `data/NAME.toml` as it is."""
    import tomllib
    from importlib import resources

    file = resources.files("citekeeper.health").joinpath("data", f"{name}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
