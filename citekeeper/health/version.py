"""Which rules drew a verdict: a number for the code, and a digest of the rows and of the lists."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from typing import Final

from citekeeper.health.rules import RULES

GENERATION: Final = 2
"""Goes up when signals or the way verdicts are drawn change otherwise than in the rows and the lists."""


@cache
def rules_version() -> str:
    """As "1.3fa9c1d2"; equal versions draw equal verdicts from equal evidence."""
    digest = hashlib.sha256(repr(RULES).encode())
    folder = resources.files("citekeeper.health").joinpath("data")
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".toml"):
            digest.update(file.read_bytes())
    return f"{GENERATION}.{digest.hexdigest()[:8]}"
