"""Where a URL leads: parsed once, as browsers do, into what goes on the wire; pure, never raises on hostile input.

Source: the URL standard (url.spec.whatwg.org) for http and https, minus dot-segment removal: a cited path is asked for as cited.
User names and passwords are dropped, fragments kept apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote, unquote_to_bytes, urljoin

from citekeeper.model import Failure, FailureKind

MAX_URL = 64 * 1024
"""Characters; servers refuse far shorter ones, and 2 MB redirects exist only to hurt."""

_DEFAULT_PORT = {"http": 80, "https": 443}
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_BLANKS_AND_CONTROLS = "".join(map(chr, range(0x21)))
_HOST_AND_PORT = re.compile(r"(\[[^\]]*\]|[^:\[\]]*)(?::([0-9]{0,6}))?")
_NUMBER = re.compile(r"0[xX][0-9A-Fa-f]*|[0-9]+")
_NOTHING = re.compile(r"(?:https?:)?[/\\]{2,}|(?:https?:)?", re.IGNORECASE)
"""A Location that names no place: "http://", "//", ""."""
_HOST_NAME = re.compile(r"(?=.{1,254}\Z)(?:[a-z0-9_\-]{1,63}\.)*[a-z0-9_\-]{1,63}\.?")
_PATH_SAFE = "/?#%:@!$&'()*+,;=[]|\\~-._"
"""Left as they are in the request target; blanks, quotes, angles, braces, ^, ` and non-ASCII are percent-encoded."""

IpAddress = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Target:
    """One http or https address, ready for the wire."""

    scheme: str
    host: str
    """ASCII, lower case; IPv6 without brackets, IPv4 in four decimal parts."""
    port: int
    path: str
    """Path and query, ASCII, beginning with a slash."""
    fragment: str = ""
    literal: IpAddress | None = None
    """The address itself, when the host is one in any notation."""

    @property
    def authority(self) -> str:
        """Host and, unless it is the scheme's own, port, as in the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORT[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole address without user, password and fragment."""
        return f"{self.scheme}://{self.authority}{self.path}"

    @property
    def url_with_fragment(self) -> str:
        """The same, with the fragment that the address came with."""
        return f"{self.url}#{self.fragment}" if self.fragment else self.url


def parse(url: str) -> Target | Failure:
    """Read `url`; a Failure of kind INVALID_URL or UNSUPPORTED_SCHEME when it cannot be asked for."""
    if len(url) > MAX_URL:
        return _invalid(f"longer than {MAX_URL:,} characters")
    # Each address is read some six times on its way, by those who queue it, ask for it and follow it: 0.1 ms together.
    return _parse_remembering(url) if len(url) <= _LONGEST_REMEMBERED else _parse(url)


def _parse(url: str) -> Target | Failure:
    text = url.strip(_BLANKS_AND_CONTROLS).translate({9: None, 10: None, 13: None})
    match = _SCHEME.match(text)
    if match is None:
        return _invalid("no scheme such as https://")
    scheme = match[1].lower()
    if scheme not in _DEFAULT_PORT:
        return Failure(FailureKind.UNSUPPORTED_SCHEME, f"{scheme}: is not http or https")
    rest, _, fragment = text[match.end() :].partition("#")
    return _after_scheme(scheme, rest, fragment)


_parse_remembering = lru_cache(maxsize=8192)(_parse)
_LONGEST_REMEMBERED = 1024


def _after_scheme(scheme: str, rest: str, fragment: str) -> Target | Failure:
    # Browsers read a backslash as a slash up to the query; otherwise "http://good\@evil" means two hosts to two readers.
    before_query, mark, query = rest.partition("?")
    rest = before_query.replace("\\", "/").lstrip("/") + mark + query
    end = next((at for at, char in enumerate(rest) if char in "/?"), len(rest))
    authority, path = rest[:end].rpartition("@")[2], rest[end:]
    match = _HOST_AND_PORT.fullmatch(authority)
    if match is None:
        return _invalid("the host cannot be read")
    port = int(match[2]) if match[2] else _DEFAULT_PORT[scheme]
    if not 0 < port < 65536:
        return _invalid(f"there is no port {port}")
    host = _read_host(match[1])
    if isinstance(host, Failure):
        return host
    name, literal = host
    return Target(scheme, name, port, _wire_path(path), quote(fragment, safe=_PATH_SAFE, errors="replace"), literal)


def _wire_path(path: str) -> str:
    path = path if path.startswith("/") else f"/{path}"
    return path if path.isascii() and path.isalnum() else quote(path, safe=_PATH_SAFE, errors="replace")


def _read_host(raw: str) -> tuple[str, IpAddress | None] | Failure:
    if raw.startswith("["):
        return _read_ipv6(raw[1:-1])
    name = _to_ascii(unquote_to_bytes(raw).decode("utf-8", "replace") if "%" in raw else raw)
    if name is None or not _HOST_NAME.fullmatch(name):
        return _invalid("the host name is not a possible one")
    if not _ends_in_number(name):
        return name, None
    address = _read_ipv4(name.removesuffix("."))
    return (str(address), address) if address is not None else _invalid("the host is not a possible IPv4 address")


def _read_ipv6(raw: str) -> tuple[str, IpAddress | None] | Failure:
    try:
        address = IPv6Address(raw.replace("%25", "%", 1))
    except ValueError:
        return _invalid("the host is not a possible IPv6 address")
    return str(address), address


def _to_ascii(name: str) -> str | None:
    if name.isascii():
        return name.lower()
    import idna  # 20 ms to load; only names beyond ASCII need it

    try:
        return idna.encode(name, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        return None


def _ends_in_number(name: str) -> bool:
    return _NUMBER.fullmatch(name.removesuffix(".").rpartition(".")[2]) is not None


def _read_ipv4(name: str) -> IPv4Address | None:
    """One to four parts in decimal, octal (0…) or hexadecimal (0x…); the last fills what is left (inet_aton)."""
    parts = name.split(".")
    if len(parts) > 4 or not all(_NUMBER.fullmatch(part) and len(part) < 16 for part in parts):
        return None
    numbers = [_read_number(part) for part in parts]
    last = numbers.pop()
    if last is None or any(number is None or number > 255 for number in numbers) or last >= 256 ** (4 - len(numbers)):
        return None
    return IPv4Address(last + sum((number or 0) << 8 * (3 - at) for at, number in enumerate(numbers)))


def _read_number(part: str) -> int | None:
    try:
        if part[:2] in ("0x", "0X"):
            return int(part[2:] or "0", 16)
        return int(part, 8) if part[0] == "0" else int(part)
    except ValueError:
        return None


def _invalid(message: str) -> Failure:
    return Failure(FailureKind.INVALID_URL, message)


def without_secrets(url: str) -> str:
    """`url` without user, password and fragment, as far as it can be read; for records of what could not be asked."""
    target = parse(url)
    if isinstance(target, Target):
        return target.url
    head, mark, rest = url.partition("#")[0].partition("//")
    end = next((at for at, char in enumerate(rest) if char in "/?\\"), len(rest))
    return head + mark + rest[:end].rpartition("@")[2] + rest[end:]


def resolve(base: str, location: str) -> str | None:
    """The address that a Location field of `base` means, fragment carried over (RFC 9110, 10.2.2); None when there is none.

    `location` is the field as latin-1; bytes beyond ASCII are percent-encoded as they came.
    """
    reference = quote(location.strip(), safe="".join(map(chr, range(0x80))), encoding="latin-1", errors="replace")
    if len(reference) > MAX_URL or _NOTHING.fullmatch(reference):
        return None
    try:
        joined = urljoin(base, reference.replace("\\", "/"))
    except ValueError:
        return None
    if not isinstance(parse(joined), Target):
        return None
    fragment = base.partition("#")[2]
    return joined if "#" in joined or not fragment else f"{joined}#{fragment}"
