"""Redirectors that carry the address they lead to: which they are, and how to take the address out."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from citekeeper.domains import has_public_suffix
from citekeeper.references.lists import table

# Mail that passes two scanners is wrapped twice; more layers are somebody's joke.
_LAYERS = 4
# No address without one of these carries another one; looking for each is faster than any pattern of them.
HINTS = ("%3a", "-3a__", "/amp/", "ampproject.org/", "sophos.com/", "bing.com/ck/", "proxy", "translate.goog/")
"""In small letters."""
_WEB = re.compile(r"https?://[^\s/?#]+\.[^\s/?#.]{2,}|https?://(?:localhost|\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """One redirector: where its addresses begin, and how they carry the target."""

    host: str
    path: str
    how: str
    names: tuple[str, ...]
    scheme: str
    drop: tuple[str, ...]
    needs: str

    def fits(self, host: str, path: str) -> bool:
        """Whether an address at `host` whose path is `path` belongs to this redirector."""
        if not path.startswith(self.path) or self.needs not in host:
            return False
        if self.host.endswith("."):
            # All the national hosts of one name: "google." is google.de, www.google.co.uk, and not google.evil.example.
            before, found, suffix = f".{host}".rpartition(f".{self.host}")
            return bool(found) and len(suffix) < 8 and has_public_suffix(f"x.{suffix}") and before in ("", ".www")
        return host.endswith(self.host) or host == self.host.removeprefix(".")


def unwrapped(url: str) -> str | None:
    """The address that the redirector `url` leads to; None when it is no known redirector, or carries no web address."""
    if ":/" not in url[8:] and not _has_hint(url.lower()):
        return None
    target = None
    for _ in range(_LAYERS):
        inner = _once(target or url)
        if inner is None:
            return target
        target = inner
    return target


def _has_hint(url: str) -> bool:
    for hint in HINTS:  # noqa: SIM110 - a generator costs as much as all the looks together
        if hint in url:
            return True
    return False


def _once(url: str) -> str | None:
    host, slash, rest = url.partition("://")[2].partition("/")
    host, path = host.lower().partition(":")[0], slash + rest
    for row in _rows():
        if row.fits(host, path):
            target = _HOW[row.how](row, path)
            if target is not None and _WEB.match(target):
                return _without(target, row.drop)
    return _rewritten_host(url, host, path)


# ── how targets are carried ───────────────────────────────────────────────────────────────────


def _parameters(path: str) -> Iterator[tuple[str, str]]:
    for pair in re.split(r"[&;](?:amp;)?", path.partition("?")[2].partition("#")[0]):
        name, equals, value = pair.partition("=")
        if equals:
            yield name, value


def _named(row: Row, path: str) -> str | None:
    found = dict(reversed(list(_parameters(path))))
    return next((found[name] for name in row.names if found.get(name)), None)


def _plain(value: str) -> str:
    """A value as meant: decoded when its scheme is encoded, as it stands otherwise."""
    for _ in range(_LAYERS):
        if not re.match(r"https?(?:%25)*%3A|https?:(?:%25)*%2F", value, re.IGNORECASE):
            break
        value = unquote(value)
    return value


def _parameter(row: Row, path: str) -> str | None:
    value = _named(row, path)
    return None if value is None else _plain(value)


def _checked(row: Row, path: str) -> str | None:
    target = _parameter(row, path)
    return None if target is None else re.sub(r"(?<=\w):[\w-]{6,40}\Z", "", target)


def _rest(row: Row, path: str) -> str | None:
    query = path.partition("?")[2]
    for name in row.names:
        if query.startswith(f"{name}="):
            return _plain(query.removeprefix(f"{name}="))
    return None if row.names else _plain(query)


def _path(row: Row, path: str) -> str | None:
    target = _plain(path.removeprefix(row.path).partition("___.")[0])
    if "://" in target[:9]:
        return target
    return f"{row.scheme}://{target}" if has_public_suffix(re.split(r"[/?#]", target)[0]) else None


def _path_last(_row: Row, path: str) -> str | None:
    found = re.search(r"/(https?%3A%2F%2F[^/?]+)", path, re.IGNORECASE)
    return unquote(found[1]) if found else None


def _proofpoint_2(row: Row, path: str) -> str | None:
    value = _named(row, path)
    return None if value is None else unquote(value.replace("-", "%").replace("_", "/"))


_PROOFPOINT_RUNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def _proofpoint_3(_row: Row, path: str) -> str | None:
    match = re.match(r"/v3/__(.+?)__;([A-Za-z0-9_-]*)(?:!|\Z)", path)
    if match is None:
        return None
    characters = _base64(match[2])
    if characters is None:
        return None
    left = iter(characters)

    def taken(mark: re.Match[str]) -> str:
        # One "*" stands for one character; "**X" for as many as X counts from 2.
        number = _PROOFPOINT_RUNS.index(mark[1]) + 2 if mark[1] else 1
        return "".join(next(left, "") for _ in range(number))

    target = re.sub(r"\*(?:\*([A-Za-z0-9_-]))?", taken, match[1])
    return re.sub(r"\A(https?:/)(?=[^/])", r"\1/", target)


def _base64_parameter(row: Row, path: str) -> str | None:
    value = _named(row, path)
    return None if value is None else _base64(unquote(value))


def _bing(row: Row, path: str) -> str | None:
    value = _named(row, path)
    return _base64(value[2:]) if value and value.startswith("a1") else None


def _base64(value: str) -> str | None:
    value = value.rstrip("=")
    try:
        return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None


_HOW: dict[str, Callable[[Row, str], str | None]] = {
    "parameter": _parameter,
    "checked": _checked,
    "rest": _rest,
    "path": _path,
    "path-last": _path_last,
    "proofpoint-2": _proofpoint_2,
    "proofpoint-3": _proofpoint_3,
    "base64": _base64_parameter,
    "bing": _bing,
}


# ── hosts that a proxy rewrote ────────────────────────────────────────────────────────────────

# EZproxy and its like put the host before their own ("www-journal-example.proxy.uni.example"); a dot becomes a hyphen, a hyphen two.
_PROXIED = re.compile(r"(?P<host>[\w.-]+?)\.(?:(?:[\w-]*(?:ez|lib|web)proxy[\w-]*|proxy|proxy\d)\.[\w.-]+|translate\.goog)")
_ADDED = re.compile(r"_x_tr_\w+")


def _rewritten_host(url: str, host: str, path: str) -> str | None:
    match = _PROXIED.fullmatch(host)
    if match is None:
        return None
    original = match["host"]
    if "." not in original:
        original = original.replace("--", "\0").replace("-", ".").replace("\0", "-")
    if original.count(".") < 1 or not has_public_suffix(original) or original.startswith("login."):
        return None
    return _without(f"{url.partition('://')[0]}://{original}{path}", tuple(_ADDED.findall(path)))


def _without(target: str, names: tuple[str, ...]) -> str:
    if not names or "?" not in target:
        return target
    address, hash_, fragment = target.partition("#")
    page, _, query = address.partition("?")
    kept = [pair for pair in query.split("&") if pair.partition("=")[0] not in names]
    return page + ("?" + "&".join(kept) if kept else "") + hash_ + fragment


@cache
def _rows() -> tuple[Row, ...]:
    return tuple(
        Row(
            row["host"],
            row["path"],
            row["how"],
            tuple(row["names"]),
            row.get("scheme", ""),
            tuple(row.get("drop", ())),
            row.get("needs", ""),
        )
        for row in table("wrappers")["wrapper"]
    )
