"""Capture index answers (CDX) read as values: text and JSON rows, dirty rows, resume keys; pure, never raises.

Source: wayback-cdx-server's README and what the live service sent from 2020 to 2026.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from citekeeper.archives.json_lines import is_json_lines, message_of, read_lines
from citekeeper.archives.timestamps import parse_timestamp
from citekeeper.model import IndexRow

FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
"""The columns we ask for, in the order of the text format."""

_MOST_BYTES = 16 * 1024 * 1024
_LONGEST_URL = 8192
# A Java class name with "Exception" in it, at the start of a short plain answer or inside a row.
_EXCEPTION = re.compile(r"[A-Za-z.$]{1,200}Exception\b[^\n]{0,300}")
_REFUSALS = ("AccessControl", "Blocked Site", "Blocked By Robots")


@dataclass(frozen=True, slots=True)
class Page:
    """An index answer that could be read."""

    rows: tuple[IndexRow, ...]
    """Distinct rows, in the order of the index."""
    printed: int
    """Rows as the archive printed them, before duplicates and unreadable rows were left out."""
    resume_key: str | None = None
    """Opaque: to be sent back exactly as it is."""


@dataclass(frozen=True, slots=True)
class Barred:
    """The index says that it will not show this site."""

    message: str


@dataclass(frozen=True, slots=True)
class Garbled:
    """The answer is not an index: nothing is known."""

    message: str


IndexPage = Page | Barred | Garbled


def parse_index(content: bytes) -> IndexPage:
    """Read an index answer in whichever of the two formats it comes."""
    if len(content) > _MOST_BYTES:
        return Garbled(f"the index answer is larger than {_MOST_BYTES} bytes")
    text = content.decode("utf-8", "replace")
    start = text[:64].lstrip()
    if not start and not text.strip():
        return Page((), 0)
    if start.startswith("["):
        return _parse_json(text)
    if start.startswith("<"):
        return Garbled("the index answered with a web page")
    if is_json_lines(text):
        return _parse_json_lines(text)
    return _parse_text(text)


def refusal(text: str) -> Barred | None:
    """The archive's own words when `text` says that a site is excluded or barred by robots rules."""
    return Barred(_first_line(text)) if any(mark in text for mark in _REFUSALS) else None


def _first_line(text: str) -> str:
    return " ".join(text.strip().split("\n", 1)[0].split())[:300]


def _parse_json(text: str) -> IndexPage:
    try:
        table = json.loads(text)
    except (ValueError, RecursionError):
        return Garbled("the index answer is broken JSON")
    if not isinstance(table, list) or not all(isinstance(line, list) for line in table):
        return Garbled("the index answer is not a table")
    lines, resume_key = _split_resume(table)
    columns: tuple[str, ...] = FIELDS
    if lines and "timestamp" in lines[0] and "original" in lines[0]:
        columns, lines = tuple(str(name) for name in lines[0]), lines[1:]
    return _page([_as_fields(columns, line) for line in lines], resume_key)


def _split_resume(table: list[list[object]]) -> tuple[list[list[object]], str | None]:
    """Rows, then `[]`, then `["key"]`, when more rows exist."""
    if len(table) >= 2 and not table[-2] and len(table[-1]) == 1:
        return table[:-2], str(table[-1][0])
    return [line for line in table if line], None


def _as_fields(columns: tuple[str, ...], values: list[object]) -> dict[str, str]:
    return {name: str(value) for name, value in zip(columns, values, strict=False)}


def _parse_json_lines(text: str) -> IndexPage:
    printed = list(read_lines(text))
    if not printed:
        return Garbled(f"the index answered with something else: {message_of(text) or _first_line(text)[:100]}")
    return _page(printed, None)


def _parse_text(text: str) -> IndexPage:
    lines = text.split("\n")
    barred = next((found for line in lines if "Exception" in line and (found := refusal(line))), None)
    if barred:
        return barred
    if (trouble := _EXCEPTION.match(text.lstrip()[:600])) is not None:
        return Garbled(f"the index failed: {_first_line(trouble[0])}")
    head, resume_key = _split_text_resume(lines)
    page = _page([_as_fields(FIELDS, list(line.split(" "))) for line in head if line.strip()], resume_key)
    if not page.rows and page.printed:
        return Garbled(f"the index answered with something else: {_first_line(text)[:100]}")
    return page


def _split_text_resume(lines: list[str]) -> tuple[list[str], str | None]:
    """Rows, then an empty line, then the key, when more rows exist."""
    end = next((at for at in range(len(lines), 0, -1) if lines[at - 1].strip()), 0)
    if end >= 2 and not lines[end - 2].strip() and " " not in lines[end - 1].strip():
        return lines[: end - 2], lines[end - 1].strip()
    return lines[:end], None


def _page(printed: list[dict[str, str]], resume_key: str | None) -> Page:
    # The live index prints whole runs of identical rows: 1,000 rows held 490 distinct ones in a recording of 2026.
    rows = dict.fromkeys(row for fields in printed if (row := _row(fields)) is not None)
    return Page(tuple(rows), len(printed), resume_key)


def _row(fields: dict[str, str]) -> IndexRow | None:
    moment = parse_timestamp(fields.get("timestamp", ""))
    original = fields.get("original", "")
    if moment is None or not fields.get("urlkey") or not _is_web_address(original):
        return None
    status = fields.get("statuscode", "-")
    return IndexRow(
        urlkey=fields["urlkey"],
        timestamp=moment,
        original=original,
        mimetype=fields.get("mimetype", "-"),
        status=int(status) if len(status) == 3 and status.isascii() and status.isdigit() else None,
        digest=fields.get("digest", "-"),
    )


def _is_web_address(original: str) -> bool:
    """Indexes hold garbage such as `http://mailto:someone@example.org/` and `data:image/png;…`, real rows."""
    if len(original) > _LONGEST_URL:
        return False
    try:
        parts = urlsplit(original)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in (parts.hostname or "") and "@" not in parts.netloc
