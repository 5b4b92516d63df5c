"""The lists of this room, read from data/ when first needed."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def read_lists(name: str) -> dict[str, Any]:
    """The tables of `data/NAME.toml`."""
    # Both cost more to import than the rest of this room; most runs have no cut address.
    import tomllib
    from importlib.resources import files

    return tomllib.loads((files("citekeeper.resolution") / "data" / f"{name}.toml").read_text("utf-8"))
