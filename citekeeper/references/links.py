"""Links that the format states: what an href means, and how it and the text that shows it become one reference."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote

from citekeeper.model import Address, Link, Span
from citekeeper.references.draft import Found
from citekeeper.references.find import find
from citekeeper.references.meaning import Meaning

_WEB = re.compile(r"https?://", re.IGNORECASE)
_MASKED = re.compile(r"(?:h..ps?|\[h|h\[)\W", re.IGNORECASE)
_LONGEST = 8192


def address_of_href(href: str) -> Address | None:
    """The address that an href states; None for what is no web address of its own (relative, mailto:, javascript:, "#")."""
    # Browsers drop these wherever they stand (https://url.spec.whatwg.org/#concept-basic-url-parser, step 3).
    href = re.sub(r"[\t\r\n]", "", href[:_LONGEST]).strip()
    if href.startswith("//"):
        href = f"https:{href}"
    is_web = _WEB.match(href) is not None
    if not is_web and not _MASKED.match(href):
        return None
    first = next(find(href), None)
    if first is not None and first.start == 0 and first.end == len(href) and (first.truncated or not is_web):
        return address_of(first)
    if not is_web or first is None or first.start != 0:
        return None
    return Address(href.replace(" ", "%20"))


def address_of(found: Found) -> Address:
    """The address of a place in the text."""
    if not found.repairs and not found.alternatives:
        # Whatever is cut, or doubtful, has one of both.
        return Address(found.url)
    return Address(found.url, found.truncated, found.suffix, found.repairs, found.alternatives, found.cut_by, found.missing_at_least)


def merge(found: Found, printed: Meaning, link: Link, behind: Meaning) -> Meaning:
    """What the text `found`, which means `printed`, and the link around it, which means `behind`, mean together."""
    shown, stated = printed.address, behind.address
    if stated.url is None or shown.url is None or _goes_beyond(found, link.anchor, stated.url):
        return printed
    # A copy that the text shows may well lead there through the address of the original, and the other way round.
    way = behind if behind.copy or not printed.copy else replace(behind, copy=printed.copy, copied_on=printed.copied_on)
    return replace(way, address=_merged(shown, stated))


def _merged(shown: Address, stated: Address) -> Address:
    url, seen = stated.url or "", shown.url or ""
    if _is_same(seen, url) or any(_is_same(other, url) for other in shown.alternatives):
        repairs = (*shown.repairs, "href") if shown.repairs else ()
        return Address(url, stated.truncated, stated.suffix, _both(repairs, stated))
    if shown.truncated and _completes(shown, url):
        return Address(url, stated.truncated, stated.suffix, _both((*shown.repairs, "href"), stated))
    alternatives = () if shown.truncated else (seen,)
    return Address(url, stated.truncated, stated.suffix, _both((*shown.repairs, "href-differs"), stated), alternatives)


def _both(repairs: tuple[str, ...], stated: Address) -> tuple[str, ...]:
    """What was undone to the text, and then to the way on from the link."""
    ways = tuple(code for code in stated.repairs if code in ("unwrapped", "archived-copy"))
    return tuple(dict.fromkeys((*repairs, *ways)))


def _goes_beyond(found: Found, anchor: Span, href: str) -> bool:
    """Whether the link covers only the beginning of a longer address ("https://ria" is linked, " dot ru/x" stands behind it)."""
    return found.end > anchor.end and not _is_same(found.url, href) and _key(found.url).startswith(_key(href))


def _completes(shown: Address, href: str) -> bool:
    whole, prefix = _key(href), _key(shown.url or "")
    return whole.startswith(prefix) and (not shown.suffix or unquote(href).rstrip("/").endswith(unquote(shown.suffix).rstrip("/")))


def _is_same(one: str, other: str) -> bool:
    return _key(one) == _key(other)


def _key(url: str) -> str:
    scheme, _, rest = url.partition("://")
    host, slash, path = (rest if scheme and rest else url).partition("/")
    return unquote(host.lower() + slash + path).rstrip("/")
