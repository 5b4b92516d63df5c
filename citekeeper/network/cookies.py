"""Cookies within one visit: enough for a cookie gate to let us pass, forgotten with the visit; pure.

Source: RFC 6265, without expiry: a visit takes seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from citekeeper.network.targets import Target

_MOST = 50
_LONGEST = 4096
"""RFC 6265, 6.1: what user agents should at least take; we take no more."""


@dataclass(frozen=True, slots=True)
class _Cookie:
    name: str
    value: str
    domain: str
    is_host_only: bool
    path: str
    is_secure: bool

    def fits(self, target: Target) -> bool:
        is_host = target.host == self.domain or (not self.is_host_only and target.host.endswith(f".{self.domain}"))
        asked = target.path.partition("?")[0]
        is_path = asked == self.path or asked.startswith(self.path.rstrip("/") + "/")
        return is_host and is_path and (target.scheme == "https" or not self.is_secure)


@dataclass(slots=True)
class CookieJar:
    """The cookies of one visit."""

    _kept: dict[tuple[str, str, str], _Cookie] = field(default_factory=dict)

    def take(self, target: Target, fields: tuple[str, ...]) -> None:
        """Keep what the Set-Cookie `fields` of an answer from `target` set, and drop what they delete."""
        for text in fields[:_MOST]:
            cookie, is_deleted = _read(text, target)
            if cookie is None:
                continue
            key = (cookie.name, cookie.domain, cookie.path)
            if is_deleted:
                self._kept.pop(key, None)
            elif key in self._kept or len(self._kept) < _MOST:
                self._kept[key] = cookie

    def header(self, target: Target) -> str:
        """The Cookie field for `target`; empty when there is nothing to send."""
        fitting = sorted((cookie for cookie in self._kept.values() if cookie.fits(target)), key=lambda each: -len(each.path))
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in fitting)


def _read(text: str, target: Target) -> tuple[_Cookie | None, bool]:
    pair, _, rest = text.partition(";")
    name, equals, value = pair.partition("=")
    name, value = name.strip(), value.strip()
    if not equals or not name or len(pair) > _LONGEST or any(ord(char) < 0x20 or char == "\x7f" for char in pair):
        return None, False
    attributes: dict[str, str] = {}
    for attribute in rest.split(";")[:20]:
        key, _, setting = attribute.partition("=")
        attributes[key.strip().lower()] = setting.strip()
    domain = attributes.get("domain", "").lstrip(".").lower()
    if domain and (not _is_within(target, domain)):
        return None, False
    path = attributes.get("path", "")
    path = path if path.startswith("/") else target.path.partition("?")[0].rpartition("/")[0] or "/"
    is_deleted = attributes.get("max-age", "").lstrip("-") != attributes.get("max-age", "") or attributes.get("max-age") == "0"
    return _Cookie(name, value, domain or target.host, not domain, path, "secure" in attributes), is_deleted


def _is_within(target: Target, domain: str) -> bool:
    if target.host == domain:
        return True
    return target.literal is None and "." in domain and target.host.endswith(f".{domain}")
