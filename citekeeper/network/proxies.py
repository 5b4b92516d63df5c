"""Which proxy a request goes through: the configured one, or HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from citekeeper.errors import ConfigError
from citekeeper.network.targets import Target

_PROXY = re.compile(r"(?:(https?|socks5h?|socks4a?)://)?(?:([^@/]*)@)?(\[[0-9A-Fa-f:.]+\]|[^:/@\[\]]+)(?::([0-9]{1,5}))?/?", re.IGNORECASE)
_DEFAULT_PORT = {"http": 80, "https": 443, "socks4": 1080, "socks4a": 1080, "socks5": 1080, "socks5h": 1080}


@dataclass(frozen=True, slots=True)
class Proxy:
    """One proxy."""

    scheme: str
    host: str
    """Without brackets."""
    port: int
    user: str | None = None
    password: str | None = None

    @property
    def url(self) -> str:
        """Its address without user and password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def parse_proxy(text: str, where: str) -> Proxy:
    """Read a proxy's address; ConfigError names `where` it was written (never the password)."""
    match = _PROXY.fullmatch(text.strip())
    if match is None:
        raise ConfigError("this is not a proxy's address", where=where, hint="write it as http://proxy.example:3128")
    scheme = (match[1] or "http").lower()
    user, colon, password = (match[2] or "").partition(":")
    port = int(match[4]) if match[4] else _DEFAULT_PORT[scheme]
    return Proxy(scheme, match[3].strip("[]"), port, unquote(user) if match[2] else None, unquote(password) if colon else None)


@dataclass(frozen=True, slots=True)
class Proxies:
    """The proxies of one run."""

    by_scheme: Mapping[str, Proxy]
    bypass: tuple[str, ...] = ()
    """Hosts, domains (with or without a leading dot) and "*" that are asked directly."""

    @property
    def are_set(self) -> bool:
        """Whether there is a proxy at all."""
        return bool(self.by_scheme)

    def choose(self, target: Target) -> Proxy | None:
        """The proxy for `target`; None to ask it directly."""
        proxy = self.by_scheme.get(target.scheme) or self.by_scheme.get("all")
        return None if proxy is None or self._is_bypassed(target) else proxy

    def _is_bypassed(self, target: Target) -> bool:
        names = (target.host, f"{target.host}:{target.port}")
        return any(entry == "*" or any(name == entry or name.endswith(f".{entry}") for name in names) for entry in self.bypass)


def make_proxies(configured: str, environ: Mapping[str, str] | None = None) -> Proxies:
    """The proxies of the setting `network.proxy` or, when that is empty, of the environment; "none" for none at all."""
    if configured == "none":
        return Proxies({})
    if configured:
        return Proxies({"all": parse_proxy(configured, "network.proxy")})
    env = os.environ if environ is None else environ
    found: dict[str, Proxy] = {}
    for scheme in ("http", "https", "all"):
        # In a CGI program HTTP_PROXY is the client's "Proxy:" header (httpoxy.org); lower case is safe.
        names = (f"{scheme}_proxy",) if scheme == "http" and "REQUEST_METHOD" in env else (f"{scheme}_proxy", f"{scheme}_proxy".upper())
        name = next((name for name in names if env.get(name)), None)
        if name is not None:
            found[scheme] = parse_proxy(env[name], name)
    listed = env.get("no_proxy") or env.get("NO_PROXY") or ""
    return Proxies(found, tuple(entry.strip().lower().lstrip(".") for entry in listed.split(",") if entry.strip()))
