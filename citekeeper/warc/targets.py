"""Addresses as a record may name them: absolute, ASCII, percent-encoded, and never with a password in them."""

from __future__ import annotations

import re
from functools import lru_cache

# RFC 3986, 2: everything else must be percent-encoded; so must "%" that starts no escape.
_UNSAFE = re.compile(r"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_AUTHORITY = re.compile(r"//([^/?#]*)")
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[^:\[\]@]+)(?::\d*)?")
_LONGEST_HOST = 253


def without_userinfo(url: str) -> str:
    """`url` without the "name:password@" before its host; everything else as it was."""
    match = _AUTHORITY.search(url)
    if match is None or "@" not in match[1]:
        return url
    return url[: match.start(1)] + match[1].rpartition("@")[2] + url[match.end() :]


@lru_cache(maxsize=64)  # Each record of a visit names it.
def target_uri(url: str) -> str | None:
    """The WARC-Target-URI for `url`, without userinfo and fragment; None when it is no absolute address with a host."""
    text = without_userinfo(url.strip()).partition("#")[0]
    scheme = _SCHEME.match(text)
    if scheme is None:
        return None
    authority = _AUTHORITY.match(text, scheme.end())
    if authority is None:
        return None if scheme[0].lower() in ("http:", "https:") else _encode(text)
    host = _ascii_host(authority[1])
    if not _HOST.fullmatch(host):
        return None
    rest = text[authority.end() :] or "/"
    return f"{scheme[0].lower()}//{host}{_encode(rest)}"


def named_target(url: str) -> str:
    """The target of a record that must have one: `target_uri`, or a URN that spells out what was asked."""
    return target_uri(url) or "urn:citekeeper:address:" + _encode(without_userinfo(url)).translate(_NO_GENERIC_SYNTAX)


_NO_GENERIC_SYNTAX = str.maketrans({"#": "%23", "?": "%3F", "[": "%5B", "]": "%5D"})


def _ascii_host(host: str) -> str:
    if host.isascii():
        return _encode(host)
    if len(host) <= _LONGEST_HOST:
        try:
            return _encode(host.encode("idna").decode("ascii"))
        except UnicodeError:
            pass  # Not a possible name; percent-encoding (RFC 3986, 3.2.2) still says which one was meant.
    return _encode(host)


def _encode(text: str) -> str:
    return _UNSAFE.sub(_percent, text)


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace"))
