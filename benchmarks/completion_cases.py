"""One case of the completion benchmark, and the index that an archive would answer with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import unquote

from citekeeper.model import Address, IndexRow, Location, Reference, Rows
from citekeeper.resolution import index_query
from citekeeper.surt import surt

LIMIT = 200
"""Rows that an index is asked for at once, as `archives.wayback.index_limit` has it."""


@dataclass
class Case:
    """A cut reference, what it stands for, and what the index holds."""

    kind: str
    truth: str
    reference: Reference
    cited: date | None
    rows: list[IndexRow]
    answerable: bool
    """The page is in the index, and something that is known tells it from its rivals."""
    complete_index: bool = True
    decoys: Counter[str] = field(default_factory=Counter)
    same: tuple[str, ...] = ()
    """Other addresses of the very page."""

    @property
    def answer(self) -> Rows:
        """What the archive answers."""
        return Rows(tuple(self.rows), self.complete_index)

    def is_right(self, url: str | None) -> bool:
        """Whether `url` leads to the page: the same key, apart from views of it."""
        if url is None:
            return False
        return any(_key(url.split("#")[0]) in {_key(each) for each in (whole, *views(whole))} for whole in (self.truth, *self.same))


def _key(url: str) -> str:
    return surt(unquote(url)).removesuffix("/")


def views(url: str) -> list[str]:
    """Addresses that show the same page in another dress."""
    bare, joint = url.rstrip("/"), "&" if "?" in url else "?"
    return [f"{bare}/amp", f"{url}{joint}output=amp", f"{url}{joint}amp=1", f"{bare}/print", f"{url}{joint}print=1", f"{bare}/index.html"]


def cut_reference(prefix: str, dots: str, suffix: str, note: str) -> Reference:
    """A reference as some page prints it."""
    raw = f"{prefix}{dots}{suffix}"
    return Reference(raw, Location(1, 1, 1, 1, 0, len(raw)), Address(prefix, True, suffix.strip() or None), "1", context=note)


def index(reference: Reference, rows: Iterable[IndexRow], limit: int = LIMIT) -> tuple[list[IndexRow], bool]:
    """The rows that a prefix query without error pages gives, one for each key, and whether these are all."""
    query = index_query(reference.address)
    assert query is not None
    key = surt(query)
    good = [row for row in rows if row.urlkey.startswith(key) and (row.status is None or row.status < 400)]
    first = {row.urlkey: row for row in sorted(good, key=lambda row: (row.urlkey, row.timestamp), reverse=True)}
    found = sorted(first.values(), key=lambda row: row.urlkey)
    return found[:limit], len(found) <= limit
