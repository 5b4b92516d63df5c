"""Addresses of archived copies: of which original, from when; "archive.ph/AbC12" tells neither."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from urllib.parse import parse_qs, unquote, urlsplit

from citekeeper.domains import has_public_suffix
from citekeeper.references.lists import table


@dataclass(frozen=True, slots=True)
class Copy:
    """What the address of an archived copy tells."""

    original: str | None
    taken: date | None


# The moment and the original in the path, as Wayback software writes them (URI-M); a modifier such as "id_" may follow the digits.
_IN_PATH = re.compile(
    r"https?://(?P<host>[^/]+)/(?:[\w.-]+/){0,3}(?P<moment>\d{4,14}|\d{4}\.\d\d\.\d\d-\d{6}|\d{4}-\d{4}-\d{4}-\d\d)(?:[a-z]{2}_)?/"
    r"(?P<original>(?:https?%3A|https?:/?)/?|(?=[\w-]+\.[\w.-]+(?:[/:?]|\Z)))(?P<rest>.+)",
    re.IGNORECASE,
)
# No address of a copy is without one of these, or without another address behind the moment.
HINTS = ("archive", "perma.cc", "webcit", "freezepage", "wayback", "arquivo", "stanford")
"""In small letters."""


def copy_at(url: str) -> Copy | None:
    """What is archived at `url`; None when that is no archived copy (nor is a calendar of copies one)."""
    if not _may_be_copy(url):
        return None
    match = _IN_PATH.match(url)
    if match is not None and (copy := _copy(match)) is not None:
        return copy
    return Copy(_original_in_query(url), None) if _is_opaque(url) else None


def _may_be_copy(url: str) -> bool:
    if ":/" in url[8:] or "%3" in url:
        return True
    lowered = url.lower()
    for hint in HINTS:  # noqa: SIM110 - a generator costs as much as all the looks together
        if hint in lowered:
            return True
    return False


def _copy(match: re.Match[str]) -> Copy | None:
    digits = re.sub(r"\D", "", match["moment"])
    host = match["host"].lower()
    is_known = host in _short_hosts() or any(host in hosts for hosts, _ in _opaque())
    if len(digits) < 14 and not is_known:
        return None
    head, rest = match["original"].lower(), match["rest"]
    if "%3a" in head:
        head, rest = unquote(head), unquote(rest)
    scheme = "https" if head.startswith("https") else "http"
    rest = rest.lstrip("/")
    if not re.match(r"(?:[^/@\s]{1,80}@)?[\w.-]+\.[\w-]{2,}|\[", rest) or (
        not head and not has_public_suffix(re.split(r"[/:?#]", rest)[0])
    ):
        return None
    return Copy(f"{scheme}://{rest}", _day(digits))


def _day(digits: str) -> date | None:
    year, month, day = int(digits[:4]), int(digits[4:6] or 1), int(digits[6:8] or 1)
    try:
        return date(year, month, day) if 1990 <= year < 2200 else None
    except ValueError:
        return None


def _original_in_query(url: str) -> str | None:
    named = parse_qs(urlsplit(url).query).get("url", [""])[0]
    return named if re.match(r"https?://", named) else None


def _is_opaque(url: str) -> bool:
    host, slash, path = url.partition("://")[2].partition("/")
    return any(host.lower() in hosts and pattern.fullmatch(slash + re.split(r"[?#]", path)[0]) for hosts, pattern in _opaque())


@cache
def _short_hosts() -> frozenset[str]:
    return frozenset(table("archives")["short"])


@cache
def _opaque() -> tuple[tuple[frozenset[str], re.Pattern[str]], ...]:
    return tuple((frozenset(row["hosts"]), re.compile(row["pattern"])) for row in table("archives")["opaque"])
