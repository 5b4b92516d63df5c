"""What a cut address shows: the parts that are certain, and where the cut fell."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, unquote, urlsplit

from citekeeper.model import Address

_ESCAPE = re.compile("%[0-9a-fA-F]{2}")
_PARTIAL_ESCAPE = re.compile(r"%[0-9A-Fa-f]?\Z")
_WWW = re.compile(r"www\d*\.")
# No server or archive takes longer ones.
_LONGEST_URL = 8192
_DEFAULT_PORTS = {"http": "80", "https": "443"}


class CutAt(StrEnum):
    """Which part of the address the cut fell into."""

    HOST = "host"
    ROOT = "root"
    """Right behind the host: the path is "/"."""
    PATH = "path"
    QUERY = "query"
    FRAGMENT = "fragment"


@dataclass(frozen=True, slots=True)
class Shown:
    """A cut address, taken apart."""

    at: CutAt
    origin: str
    """Scheme and host as printed: what the whole address begins with."""
    host: str
    """The host for comparison: lower case, without www and default port."""
    path: str
    """The path as far as it is certain."""
    query: str = ""
    """The query as far as it is certain; the last parameter may be cut."""
    suffix: str = ""
    """The known tail, without fragment."""
    fragment: str = ""
    """The fragment of the known tail, with "#"."""
    is_scheme_free: bool = False
    """No scheme is printed: http is an assumption, and an archive may know better."""

    def origin_as_in(self, original: str) -> str:
        """The printed origin, with the scheme of `original` when none is printed."""
        scheme = original.partition(":")[0].lower()
        return f"{scheme}://{self.origin.partition('://')[2]}" if self.is_scheme_free and scheme in _DEFAULT_PORTS else self.origin

    @property
    def plain_path(self) -> str:
        """The path with its escapes undone, for comparison."""
        return plain(self.path)


def read_shown(address: Address) -> Shown | None:
    """Take a cut address apart; None when it holds no http address at all."""
    prefix = without_partial_escapes((address.url or "")[: _LONGEST_URL + 1])
    if len(prefix) > _LONGEST_URL:
        return None
    try:
        parts = urlsplit(prefix)
        host = comparable_host(parts.scheme, parts.netloc)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    suffix, mark, fragment = (address.suffix or "").partition("#")
    return Shown(
        at=_cut_at(prefix, parts.path),
        origin=f"{parts.scheme}://{parts.netloc}",
        host=host,
        path=parts.path,
        query=parts.query,
        suffix=suffix,
        fragment=mark + fragment,
        is_scheme_free=any(differs_in_scheme_only(each, address.url or "") for each in address.alternatives),
    )


def differs_in_scheme_only(url: str, other: str) -> bool:
    """Whether two addresses are the same but for http and https: how an address printed without a scheme is handed on."""
    return url != other and url.partition("://")[2] == other.partition("://")[2]


def _cut_at(prefix: str, path: str) -> CutAt:
    if "#" in prefix:
        return CutAt.FRAGMENT
    if "?" in prefix:
        return CutAt.QUERY
    if path == "":
        return CutAt.HOST
    return CutAt.ROOT if path.strip("/") == "" else CutAt.PATH


def comparable_host(scheme: str, netloc: str) -> str:
    """A host as comparison wants it: no user, no www, no default port, lower case, ASCII."""
    name, colon, port = netloc.rpartition("@")[2].lower().partition(":")
    name = name.strip(".")
    if not name.isascii() and len(name) <= 253:
        with suppress(UnicodeError):  # Not a possible name; it is compared as it is.
            name = name.encode("idna").decode("ascii")
    bare = _WWW.sub("", name, count=1) if _WWW.match(name) else name
    return bare if not colon or port in ("", _DEFAULT_PORTS.get(scheme)) else f"{bare}:{port}"


def plain(text: str) -> str:
    """Percent-escapes undone, so that two spellings of one path compare equal."""
    return unquote(text, errors="surrogateescape")


def escaped(text: str) -> str:
    """Everything percent-escaped that must be, in capital digits."""
    return _ESCAPE.sub(lambda found: found[0].upper(), quote(text, safe="%/:=&?~+!$,;'@()*[]|"))


def without_partial_escapes(prefix: str) -> str:
    """The prefix up to its last whole character: a cut escape would be escaped again and never match.

    `…/%D0%9A%D0` shows one whole letter and half of the next, `…/%E2%80%9` two and a half bytes of one.
    """
    text = _PARTIAL_ESCAPE.sub("", prefix)
    run = _trailing_escapes(text)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(bytes.fromhex(run.replace("%", "")))
    except UnicodeDecodeError:
        return text  # Not UTF-8: an older encoding, of which every byte is a character.
    pending = len(decoder.getstate()[0])
    return text[: len(text) - 3 * pending] if pending else text


def _trailing_escapes(text: str) -> str:
    start = len(text)
    while start >= 3 and re.fullmatch(r"%[0-9A-Fa-f]{2}", text[start - 3 : start]):
        start -= 3
    return text[start:]
