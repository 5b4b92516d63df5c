"""The lists of this room that change with the world: read from data/ when first needed."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """The list `name` of the data folder."""
    # Most texts need none of the lists; these two imports take longer than all of this room's own.
    import tomllib
    from importlib.resources import files

    return tomllib.loads(files(__package__).joinpath("data", f"{name}.toml").read_text(encoding="utf-8"))
