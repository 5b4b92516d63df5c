"""Links that the format states: what an href means, and how it and the text that shows it become one reference."""

from __future__ import annotations

import re
from urllib.parse import unquote

from citekeeper.model import Address, Link, Span
from citekeeper.references.draft import Found
from citekeeper.references.find import find

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
    return Address(found.url, found.truncated, found.suffix, found.repairs, found.alternatives, found.cut_by, found.missing_at_least)


def merge(found: Found, link: Link, stated: Address) -> Address:
    """What the text `found` and the href `stated` of the link around it mean together."""
    if stated.url is None or _goes_beyond(found, link.anchor, stated.url):
        return address_of(found)
    if _is_same(found.url, stated.url) or any(_is_same(other, stated.url) for other in found.alternatives):
        repairs = (*found.repairs, "href") if found.repairs else ()
        return Address(stated.url, stated.truncated, stated.suffix, repairs)
    if found.truncated and _completes(found, stated.url):
        return Address(stated.url, stated.truncated, stated.suffix, (*found.repairs, "href"))
    alternatives = () if found.truncated else (found.url,)
    return Address(stated.url, stated.truncated, stated.suffix, (*found.repairs, "href-differs"), alternatives)


def _goes_beyond(found: Found, anchor: Span, href: str) -> bool:
    """Whether the link covers only the beginning of a longer address ("https://ria" is linked, " dot ru/x" stands behind it)."""
    return found.end > anchor.end and not _is_same(found.url, href) and _key(found.url).startswith(_key(href))


def _completes(found: Found, href: str) -> bool:
    whole, prefix = _key(href), _key(found.url)
    return whole.startswith(prefix) and (not found.suffix or unquote(href).rstrip("/").endswith(unquote(found.suffix).rstrip("/")))


def _is_same(one: str, other: str) -> bool:
    return _key(one) == _key(other)


def _key(url: str) -> str:
    scheme, _, rest = url.partition("://")
    host, slash, path = (rest if scheme and rest else url).partition("/")
    return unquote(host.lower() + slash + path).rstrip("/")
