"""The sort-friendly key of an address (SURT): how capture indexes call a page, so that its variants meet in one place.

`https://www.example.org:443/A/B/?b=2&a=1#top` and `http://example.org/a/b?a=1&b=2` are both `org,example)/a/b?a=1&b=2`.
The rules are those by which the Wayback Machine and CDXJ indexes make their keys; written from observed pairs of
addresses and keys. Beside it, what no key and no question to others may hold: names and passwords. Pure; never raises.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
# Browsers take http:host, http:/host and backslashes for http://host.
_BEFORE_PATH = re.compile(r"\s*(?:https?:[/\\]*|(?:[A-Za-z][A-Za-z0-9+.-]*:)?//)([^/\\?#]*)", re.IGNORECASE)
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_WWW = re.compile(r"www\d*\.")
_PORT = re.compile(r":(\d*)$")
_HEX = frozenset(b"0123456789abcdefABCDEF")

_ASPX_SESSION = re.compile(r"/(?:\([0-9a-z]{24}\)|\((?:[a-z]\([0-9a-z]{24}\))+\))(?=/)")
# Of each kind the last one goes, wherever it begins. The bound on cfid keeps a hostile query linear.
_QUERY_SESSIONS = tuple(
    re.compile(f"{session}(?:&|$)")
    for session in (
        "jsessionid=[0-9a-z]{32}",
        "phpsessid=[0-9a-z]{32}",
        "sid=[0-9a-z]{32}",
        "aspsessionid[a-z]{8}=[a-z]{24}",
        "cfid=[^&]{1,200}&cftoken=[^&]{1,200}",
    )
)

_LONGEST_HOST = 253
"""RFC 1035: no longer name exists, so none is worth the price of IDNA."""


class _Parts(NamedTuple):
    scheme: str
    host: str
    port: str
    path: str
    query: str


def surt(url: str) -> str:
    """The key of `url`: `com,example)/path?query`, lower case, ASCII without spaces.

    An address without a scheme is read as http; one that is not hierarchical (`urn:`, `mailto:`) is its own key.
    The empty address has the key "-".
    """
    text = re.sub(r"[\t\r\n]", "", url).strip()
    if not text:
        return "-"
    if _is_opaque(text):
        return _escape(text.encode("utf-8", "surrogatepass"))
    parts = _split(text)
    query = _query(parts.query)
    return f"{_authority(parts)}){_path(parts.path)}{'?' if query else ''}{query}"


def without_userinfo(url: str) -> str:
    """`url` without the "name:password@" before its host; everything else as it was."""
    match = _BEFORE_PATH.match(url)
    if match is None or "@" not in match[1]:
        return url
    return url[: match.start(1)] + match[1].rpartition("@")[2] + url[match.end() :]


def without_password(url: str) -> str:
    """`url` without "name:password@", before its own host and before that of an address that it carries, plain or percent-encoded.

    A name alone stays, since a deceitful address lives by it ("https://bank.example@evil.example/").
    """
    match = _BEFORE_PATH.match(url)
    has_password = match is not None and ":" in match[1].rpartition("@")[0]
    bare = without_userinfo(url) if has_password else url
    return _CARRIED.sub(r"\1", bare) if "http" in bare[5:].lower() else bare


# The colon, the slash and the sign "@" may each be encoded, once or over and over; a name and a password are no longer than this.
_CARRIED = re.compile(
    r"(?<!\A)(https?(?::|%(?:25){0,4}3A)(?:/|%(?:25){0,4}2F){1,2})"
    r"(?:(?!%(?:25){0,4}(?:2F|3F|23|26|40|3A))[^/?#&@:\s]){0,100}(?::|%(?:25){0,4}3A)"
    r"(?:(?!%(?:25){0,4}(?:2F|3F|23|26))[^/?#&\s]){0,200}(?:@|%(?:25){0,4}40)",
    re.IGNORECASE,
)


def _is_opaque(text: str) -> bool:
    match = _SCHEME.match(text)
    if match is None or "." in match[1] or text.startswith("//", match.end()):
        return False
    # "localhost:8080/x" is a host and a port, not a scheme.
    return match[1].lower() not in _DEFAULT_PORTS and not text[match.end() : match.end() + 1].isdigit()


def _split(text: str) -> _Parts:
    scheme, rest = "http", text
    match = _SCHEME.match(text)
    if match and (text.startswith("//", match.end()) or match[1].lower() in _DEFAULT_PORTS):
        scheme, rest = match[1].lower(), text[match.end() :]
    rest = rest.lstrip("/").partition("#")[0] if match else rest.removeprefix("//").partition("#")[0]
    authority = re.split(r"[/?]", rest, maxsplit=1)[0]
    path, _, query = rest[len(authority) :].partition("?")
    host = authority.rpartition("@")[2]
    port = _PORT.search(host)
    if port is None:
        return _Parts(scheme, host, "", path, query)
    return _Parts(scheme, host[: port.start()], port[1], path, query)


def _authority(parts: _Parts) -> str:
    host = _host(parts.host)
    host = host.removeprefix(found[0]) if (found := _WWW.match(host)) else host
    key = host if host.startswith("[") else ",".join(reversed(host.split(".")))
    port = "" if parts.port in ("", _DEFAULT_PORTS.get(parts.scheme)) else f":{parts.port}"
    return key + port


def _host(host: str) -> str:
    name = _unescape(host).decode("utf-8", "surrogateescape").lower()
    name = re.sub(r"\.{2,}", ".", name).strip(".")
    if not name.isascii() and len(name) <= _LONGEST_HOST:
        try:
            return _escape(name.encode("idna"))
        except UnicodeError:
            pass  # Not a possible name; escaping alone keeps the key printable.
    return _escape(name.encode("utf-8", "surrogateescape"))


def _path(path: str) -> str:
    plain = _unescape(path)
    segments: list[bytes] = []
    for segment in plain.split(b"/")[1:]:
        if segment == b".." and segments:
            segments.pop()
        elif segment != b".":
            segments.append(segment)
    # Empty segments go last: until then ".." takes them like any other, and at the top it stays.
    key = "/" + _escape(b"/".join(filter(None, segments)))
    page = key.rfind(".aspx")
    if page > 0:
        key = _ASPX_SESSION.sub("", key[:page]) + key[page:]
    return key


def _query(query: str) -> str:
    key = _escape(_unescape(query))
    for session in _QUERY_SESSIONS:
        *_, last = None, *session.finditer(key)
        if last:
            key = key[: last.start()] + key[last.end() :]
    return "&".join(sorted(key.split("&"), key=lambda part: part.partition("=")[::2]))


def _unescape(text: str) -> bytes:
    """Undo percent-escapes until none is left, in one pass: escapes of escapes would make repeated passes quadratic."""
    raw = text.encode("utf-8", "surrogatepass")
    if b"%" not in raw:
        return raw
    out = bytearray()
    for byte in raw:
        out.append(byte)
        while len(out) >= 3 and out[-3] == 0x25 and out[-2] in _HEX and out[-1] in _HEX:
            out[-3:] = bytes([int(out[-2:], 16)])
    return bytes(out)


def _escape(raw: bytes) -> str:
    return "".join(_ESCAPED[byte] for byte in raw)


_ESCAPED = tuple(chr(byte).lower() if 0x20 < byte < 0x7F and byte not in b"#%" else f"%{byte:02x}" for byte in range(256))
