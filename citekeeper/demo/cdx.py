"""The loopback archive's capture index: the Wayback Machine's CDX dialect, bytes and quirks included."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, unquote, urlsplit

from citekeeper.demo.captures import Archived, Captures, moment
from citekeeper.surt import surt

Row = tuple[str, ...]
"""Values in the order of the index's own columns."""

COLUMNS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
TIMEMAP_COLUMNS = (*COLUMNS[:6], "redirect", "robotflags", "length", "offset", "filename")

_FILTER = re.compile(r"(~?)(!?)(?:(\w+):)?(.*)", re.DOTALL)


class BadQuery(Exception):
    """The query cannot be answered; the message is the body of the 400."""


@dataclass(frozen=True, slots=True)
class IndexQuirks:
    """How this index differs from a plain one; each was seen on the real one."""

    duplicates: int = 1
    """How often each row is printed."""
    drops_trailing_slash: bool = True
    """Prefix queries for `…/web/` also give `…/webzine`, as since 2025."""
    resume_key: Literal["old", "new"] = "new"
    """Percent-encoded key and what sorts next, or base64url of the deflated key and second (since 2026; inclusive)."""
    dirty_rows: tuple[str, ...] = ()
    """Lines printed as they are, sorted among the others by their first word."""


class Query:
    """A query string, read as the index reads it: unknown parameters and values are silently ignored."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._pairs = pairs

    def one(self, name: str, default: str = "") -> str:
        """The first value of a parameter."""
        return next((value for key, value in self._pairs if key == name), default)

    def all(self, name: str) -> list[str]:
        """Every value of a repeatable parameter."""
        return [value for key, value in self._pairs if key == name]

    def number(self, name: str) -> int:
        """A whole number, 0 when absent or none."""
        text = self.one(name)
        return int(text) if re.fullmatch(r"-?\d{1,9}", text) else 0

    def is_on(self, name: str) -> bool:
        """Whether a switch is on."""
        return self.one(name) == "true"

    @property
    def url(self) -> str:
        """The address asked for, without wildcards; BadQuery when there is none."""
        url = self.one("url")
        if not url:
            raise BadQuery("url parameter is required")
        if self.one("matchType") in _RANGES:
            return url
        return url[2:] if url.startswith("*.") else url.removesuffix("*")

    @property
    def match(self) -> str:
        """exact, prefix, host or domain; wildcards count only without matchType."""
        url, match = self.one("url"), self.one("matchType")
        if match in _RANGES:
            return match
        return "domain" if url.startswith("*.") else "prefix" if url.endswith("*") else "exact"

    @property
    def columns(self) -> Row:
        """The columns to print."""
        named = tuple(name for name in self.one("fl").split(",") if name in TIMEMAP_COLUMNS)
        return named or COLUMNS


def key_range(url: str, match: str, *, drops_trailing_slash: bool) -> tuple[str, str]:
    """The half-open range of keys that a query means."""
    return _RANGES[match](url, drops_trailing_slash)


def _prefix_range(url: str, drops_trailing_slash: bool) -> tuple[str, str]:
    key = surt(url)
    if key.endswith(")/"):
        return key, key[:-2] + "*"
    path = urlsplit(url if "://" in url else f"http://{url}")
    if path.path.endswith("/") and not path.query and not drops_trailing_slash:
        key += "/"
    return key, key[:-1] + chr(ord(key[-1]) + 1)


def _host_key(url: str) -> str:
    return surt(url).partition(")")[0]


_RANGES: dict[str, Callable[[str, bool], tuple[str, str]]] = {
    "exact": lambda url, _: (surt(url), surt(url) + "!"),
    "prefix": _prefix_range,
    "host": lambda url, _: (_host_key(url) + ")/", _host_key(url) + "*"),
    "domain": lambda url, _: (_host_key(url) + (")/" if "," in _host_key(url) else ","), _host_key(url) + "-"),
}


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of the index."""

    columns: Row
    rows: tuple[Row, ...]
    resume_key: str | None = None

    def as_text(self) -> str:
        """Space-separated lines without a header; nothing at all when there are no rows."""
        lines = [" ".join(row) + "\n" for row in self.rows]
        tail = f"\n{self.resume_key}\n" if self.resume_key else ""
        return "".join(lines) + tail

    def as_json(self) -> str:
        """An array of arrays of strings, one row a line, the header first; `[]` when there are no rows."""
        if not self.rows:
            return "[]\n"
        rows: list[Iterable[str]] = [self.columns, *self.rows]
        if self.resume_key:
            rows += [(), (self.resume_key,)]
        return "[" + ",\n".join(json.dumps(list(row), separators=(",", ":")) for row in rows) + "]\n"


def search(captures: Captures, query: Query, quirks: IndexQuirks, columns: Row | None = None) -> Page:
    """Answer a query: range, offset, dates, filters, collapse and limit, in the order of the real server."""
    if query.number("page") > 0:
        # All this index has is on page 0; clients take a 400 or an empty page for the end.
        return Page(columns or query.columns, ())
    rows = _in_range(captures, query, quirks)
    rows = rows[max(0, query.number("offset")) :]
    rows = [row for row in rows if _is_between(row, query.one("from"), query.one("to"))]
    for each in query.all("filter"):
        rows = list(filter(_filter(each), rows))
    for each in query.all("collapse"):
        rows = _collapse(rows, each)
    rows = _sort(rows, query)
    limit = query.number("limit")
    page = rows[:limit] if limit > 0 else rows[limit:] if limit < 0 else rows
    # A full page has a key even when nothing follows it: the next page is then empty.
    shows_key = query.is_on("showResumeKey") and 0 < limit <= len(rows)
    key = _resume_key(page[-1], quirks) if shows_key else None
    printed = columns or query.columns
    return Page(printed, tuple(_print(row, printed) for row in page), key)


def _in_range(captures: Captures, query: Query, quirks: IndexQuirks) -> list[Row]:
    start, end = key_range(query.url, query.match, drops_trailing_slash=quirks.drops_trailing_slash)
    found = [_row(each) for each in captures.between(start, end) if each.indexed]
    dirty = [tuple(line.split(" ")) for line in quirks.dirty_rows if start <= line.split(" ")[0] < end]
    rows = sorted(found + dirty, key=lambda row: row[:2]) if dirty else found
    if resume := query.one("resumeKey"):
        after = _read_resume_key(resume)
        rows = [row for row in rows if row[:2] >= after]
    return [row for row in rows for _ in range(quirks.duplicates)]


def _row(capture: Archived) -> Row:
    return tuple(capture.field(name) for name in TIMEMAP_COLUMNS)


def _print(row: Row, columns: Row) -> Row:
    if len(row) != len(TIMEMAP_COLUMNS):
        return row
    return tuple(_value(row, name) for name in columns)


def _value(row: Row, name: str) -> str:
    index = int(name) if name.isdigit() else TIMEMAP_COLUMNS.index(name) if name in TIMEMAP_COLUMNS else -1
    return row[index] if 0 <= index < len(row) else "-"


def _is_between(row: Row, start: str, end: str) -> bool:
    stamp = row[1] if len(row) > 1 else ""
    return stamp >= start and (not end or stamp <= end or stamp.startswith(end))


def _filter(text: str) -> Callable[[Row], bool]:
    """`[~][!]field:regex`: the whole value must match, with `~` any part of it; `!` negates."""
    found = _FILTER.fullmatch(text)
    assert found is not None
    partly, negated, field, regex = found.groups()
    try:
        pattern = re.compile(regex)
    except re.error as error:
        raise BadQuery(f"java.util.regex.PatternSyntaxException: {error}") from error
    match = pattern.search if partly else pattern.fullmatch
    return lambda row: (match(_value(row, field) if field else " ".join(row)) is None) is bool(negated)


def _collapse(rows: Iterable[Row], by: str) -> list[Row]:
    """Drop rows whose value (or first N characters of it) equals that of the row kept before."""
    field, _, digits = by.partition(":")
    width = int(digits) if digits.isdigit() else None
    kept: list[Row] = []
    last: str | None = None
    for row in rows:
        value = _value(row, field)[:width]
        if value != last:
            kept.append(row)
        last = value
    return kept


def _sort(rows: list[Row], query: Query) -> list[Row]:
    match query.one("sort"):
        case "reverse":
            return rows[::-1]
        case "closest":
            wanted = moment(query.one("closest"))
            return sorted(rows, key=lambda row: abs(moment(row[1]) - wanted))
        case _:
            return rows


def _resume_key(row: Row, quirks: IndexQuirks) -> str:
    if quirks.resume_key == "old":
        # The last character counts up, not the number: after …59339 comes …5933: (recorded in 2022).
        after = row[1][:-1] + chr(ord(row[1][-1]) + 1)
        return quote(f"{row[0]} {after}", safe="").replace("%20", "+")
    return base64.urlsafe_b64encode(zlib.compress(f"{row[0]} {row[1]}".encode())).decode()


def _read_resume_key(key: str) -> tuple[str, ...]:
    """Where to go on; both kinds of keys are understood."""
    if "%" in key or " " in key or "+" in key:
        text = unquote(key.replace("+", " "))
    else:
        try:
            text = zlib.decompress(base64.urlsafe_b64decode(key)).decode()
        except (ValueError, zlib.error) as error:
            raise BadQuery("Invalid resumeKey") from error
    urlkey, _, stamp = text.rpartition(" ")
    return urlkey, stamp
