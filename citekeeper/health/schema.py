"""schema.org statements of a page (JSON-LD), flattened; hostile JSON gives nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

MAX_ITEMS: Final = 2_000


def items(text: str) -> Iterator[Mapping[str, Any]]:
    """Every object in one JSON-LD block, at any depth, at most MAX_ITEMS."""
    try:
        waiting: list[Any] = [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        return
    seen = 0
    while waiting and seen < MAX_ITEMS:
        value = waiting.pop(0)
        seen += 1
        if isinstance(value, dict):
            yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
