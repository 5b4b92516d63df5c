"""Which columns of a table hold addresses, and which describe the works behind them: told by looking, then by the headings."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files

from citekeeper.documents.dates import day_of
from citekeeper.model import Citation

LOOK = 200
"""Rows that are looked at."""

_LONGEST_ADDRESS = 8192
_WHOLE = re.compile(r"https?://[^\s/]\S*", re.I)
# Without its scheme: a host with a top-level domain of letters, and perhaps a path.
_BARE = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.){1,10}[a-z]{2,24}(?::\d{1,5})?(?:[/?#]\S{0,8000})?", re.I)
_MASKED = re.compile(r"h(?:xx|\*\*|__|tt)ps?\W{1,6}\S{3,}|\S{1,200}(?:\[\.\]|\(\.\)|\[dot\])\S{2,}", re.I)
# Endings of files that are no top-level domains: "report.pdf" is no host.
_FILES = frozenset(
    {"html", "htm", "pdf", "doc", "docx", "odt", "xls", "xlsx", "csv", "txt", "jpg", "jpeg", "png", "gif", "xml", "json", "php"}
)
_SECOND = re.compile(r"[\s,;|]https?://", re.I)
_JOINERS = re.compile(r"[\s_.:-]+")


def address_in(cell: str) -> str:
    """The address that a cell of a column of addresses is; empty when it is none, several, or written in a way that has to be undone."""
    cell = cell.strip()
    if not cell or len(cell) > _LONGEST_ADDRESS or _SECOND.search(cell):
        return ""
    if re.match(r"https?://[^\s/]", cell, re.I):
        return cell
    return f"http://{cell}" if _is_bare(cell) else ""


def _is_bare(cell: str) -> bool:
    return _BARE.fullmatch(cell) is not None and cell.lower().rpartition(".")[2] not in _FILES


def _looks_like_address(cell: str) -> bool:
    return _is_bare(cell) or any(form.fullmatch(cell) is not None for form in (_WHOLE, _MASKED))


@cache
def _fields() -> Mapping[str, str]:
    table = tomllib.loads(files(__package__).joinpath("data/columns.toml").read_text(encoding="utf-8"))
    return {name: meaning for meaning, names in table["fields"].items() for name in names}


def meaning_of(heading: str) -> str:
    """What a column of that heading holds ("address", "title", …); empty when the heading does not tell."""
    return _fields().get(_JOINERS.sub("", heading[:100]).lower(), "")


@dataclass(frozen=True, slots=True)
class Columns:
    """What was found out about the columns of a table."""

    addresses: frozenset[int] = frozenset()
    meanings: Mapping[int, str] = field(default_factory=dict)
    """By the headings."""
    has_headings: bool = False

    def citation(self, row: Sequence[str]) -> Citation | None:
        """The work that a row describes; None when it tells nothing of one."""
        said = {
            meaning: cell.strip()[:1000] for column, meaning in self.meanings.items() if column < len(row) and (cell := row[column]).strip()
        }
        told = {name: said.get(name) for name in ("title", "author", "outlet")}
        published, accessed = _day(said.get("published")), _day(said.get("accessed"))
        archived = address_in(said.get("archived_url", "")) or None
        if not any(told.values()) and published is None and accessed is None and archived is None:
            return None
        return Citation(told["author"], told["title"], told["outlet"], published, accessed, archived)


def _day(written: str | None) -> date | None:
    if written is None:
        return None
    return date(int(written), 1, 1) if re.fullmatch(r"[12]\d{3}", written) else day_of(written)


def columns_of(rows: Sequence[Sequence[str]]) -> Columns:
    """Look at the first rows of a table."""
    rows = rows[:LOOK]
    if not rows:
        return Columns()
    has_headings = not any(_looks_like_address(cell.strip()) for cell in rows[0]) and any(map(meaning_of, rows[0]))
    meanings = {column: meaning for column, cell in enumerate(rows[0]) if (meaning := meaning_of(cell))} if has_headings else {}
    body = rows[1:] if has_headings else rows
    width = min(1000, max(map(len, rows)))
    addresses = frozenset(column for column in range(width) if _is_of_addresses(body, column, meanings.get(column, "")))
    return Columns(addresses, meanings, has_headings)


def _is_of_addresses(body: Sequence[Sequence[str]], column: int, meaning: str) -> bool:
    cells = [cell for row in body if column < len(row) and (cell := row[column].strip()[:_LONGEST_ADDRESS])]
    like = sum(map(_looks_like_address, cells))
    whole = sum(1 for cell in cells if _WHOLE.fullmatch(cell))
    # Names of files and versions look like hosts ("report.pdf"): without a scheme anywhere the heading has to agree.
    if not like or not (whole or meaning in ("address", "archived_url") or any("/" in cell or cell.startswith("www.") for cell in cells)):
        return False
    return like >= len(cells) * (0.3 if meaning in ("address", "archived_url") else 0.6)
