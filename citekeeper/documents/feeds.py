"""The articles that RSS, Atom and sitemap XML name, and when each was published or changed.

Sources: https://www.rssboard.org/rss-specification, RFC 4287 (Atom), https://www.sitemaps.org/protocol.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urljoin

from citekeeper.documents.dates import day_of
from citekeeper.documents.unfit import Unfit
from citekeeper.documents.xmltree import Element, attribute, child, children, find_all, name_of, parse, text_of

_LONGEST_ADDRESS = 4000


def newest_first(data: bytes, source: str) -> dict[str, date | None] | None:
    """The addresses that the XML `data` lists, with their days; None when it lists none of the kinds that we know."""
    try:
        root = parse(data, forgiving=True)
    except Unfit:
        return None
    if root is None or _is_foreign(root):
        return None
    listed = sorted(_listed(root, attribute(root, "base") or source), key=lambda each: each[1] or date.min, reverse=True)
    found: dict[str, date | None] = {}
    for url, day in listed:
        found.setdefault(url, day)
    return found


def _is_foreign(root: Element) -> bool:
    """RDF that describes something else than a channel of news."""
    return name_of(root) == "RDF" and child(root, "channel") is None


def _listed(root: Element, base: str) -> Iterator[tuple[str, date | None]]:
    for each in find_all(root, "item", "entry", "url", "sitemap"):
        url = _whole(_address(each), attribute(each, "base") or base)
        if url:
            yield url, _day(each)


def _address(element: Element) -> str:
    """Where the article is."""
    if name_of(element) in ("url", "sitemap"):
        return text_of(child(element, "loc"))
    links = list(children(element, "link"))
    for link in links:
        if attribute(link, "href") and attribute(link, "rel") in ("", "alternate"):
            return attribute(link, "href")
    written = next(filter(None, map(text_of, links)), "")
    if written:
        return written
    # An item without a link has one in its identity, unless that says that it is none.
    identity = child(element, "guid") if child(element, "guid") is not None else child(element, "id")
    return "" if identity is None or attribute(identity, "isPermaLink") == "false" else text_of(identity)


def _whole(written: str, base: str) -> str:
    if not written or len(written) > _LONGEST_ADDRESS:
        return ""
    try:
        url = urljoin(base, written) if base.lower().startswith(("http://", "https://")) else written
    except ValueError:
        return ""
    return url if re.match(r"https?://[^\s/]", url, re.I) else ""


def _day(element: Element) -> date | None:
    """The first of these that tells a day: an article that is changed after years is not a new one."""
    # https://www.google.com/schemas/sitemap-news/0.9 puts the day of publication one level deeper.
    news = (each for each in children(element, "news"))
    published = [*children(element, "pubDate", "published", "date"), *(day for each in news for day in children(each, "publication_date"))]
    written = (text_of(each) for each in (*published, *children(element, "lastmod", "updated")))
    return next(filter(None, map(day_of, written)), None)
