"""Index answers in pywb's dialect (Common Crawl, arquivo.pt): a JSON object on each line, or CDXJ; pure, never raises.

Source: pywb's documentation (cdxserver_api) and answers recorded in 2025 and 2026.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

# The Wayback Machine's names, which the rest of this room speaks.
_NAMES = {"url": "original", "mime": "mimetype", "status": "statuscode"}


def read_lines(text: str) -> Iterator[dict[str, str]]:
    """The fields of each line that can be read, by the Wayback Machine's names; what pywb leaves out is left out."""
    for line in text.split("\n"):
        fields = _fields(line.strip())
        if fields is not None:
            yield fields


def is_json_lines(text: str) -> bool:
    """Whether an answer begins as one in this dialect does."""
    first = text.lstrip()[:8192].split("\n", 1)[0]
    return first.startswith("{") or " {" in first


def message_of(text: str) -> str:
    """What the server says instead of rows: `{"message": "No Captures found for: …"}`; empty when it says nothing."""
    fields = _object(text.strip()[:4096]) or {}
    said = fields.get("message") or fields.get("error") or ""
    return " ".join(str(said).split())[:300]


def _fields(line: str) -> dict[str, str] | None:
    if line.startswith("{"):
        key, stamp, values = "", "", _object(line)
    else:
        key, _, rest = line.partition(" ")
        stamp, _, body = rest.partition(" ")
        values = _object(body)
    if values is None:
        return None
    found = {_NAMES.get(name, name): str(value) for name, value in values.items() if isinstance(value, str | int)}
    found.setdefault("urlkey", key)
    found.setdefault("timestamp", stamp)
    return found if found["urlkey"] and found["timestamp"] and "original" in found else None


def _object(text: str) -> dict[str, object] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
