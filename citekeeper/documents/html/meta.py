"""What a page says of itself in its head and its microdata: title, date of publication, canonical address."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.filter import SoupStrainer

from citekeeper.documents.dates import day_of

# Heads end long before this; the tree of a whole hostile page is never built.
_LOOK = 256 * 1024
_MOST_NODES = 2000
_LONGEST_TITLE = 300
_LONGEST_URL = 2000

# Behind an XML declaration, which Beautiful Soup would warn of: XHTML is read as HTML on purpose, as servers send it.
_FIRST_TAG = re.compile(r"<[A-Za-z!]")

# In the order in which they are trusted. Sources: https://ogp.me/#type_article, https://scholar.google.com/intl/en/scholar/inclusion.html,
# https://www.dublincore.org/specifications/dublin-core/dcq-html/, https://schema.org/datePublished, parse.ly and Sailthru documentation.
_DATE_NAMES = (
    "article:published_time", "og:article:published_time", "datepublished", "citation_publication_date", "citation_online_date",
    "citation_date", "dcterms.issued", "dc.date.issued", "dcterms.created", "dc.date.created",
    "dcterms.date", "dc.date", "parsely-pub-date", "sailthru.date", "pubdate",
    "publishdate", "publish-date", "publication_date", "published_time", "date",
    "bt:pubdate", "dc.date.published",
)  # fmt: skip
_TITLE_NAMES = ("og:title", "citation_title", "dc.title", "dcterms.title", "twitter:title")
_ARTICLE_TYPES = ("Article", "BlogPosting", "Report", "Posting", "Chapter")


@dataclass(frozen=True, slots=True)
class About:
    """What a page says of itself."""

    title: str | None = None
    published: date | None = None
    url: str | None = None


def about(source: str) -> About:
    """Read the metadata of the page `source`; what it does not say is None."""
    first = _FIRST_TAG.search(source)
    if first is None:
        return About()
    only = SoupStrainer(["title", "meta", "link", "script", "h1", "time"])
    soup = BeautifulSoup(source[first.start() : first.start() + _LOOK], "lxml", parse_only=only)
    metas = _metas(soup)
    return About(_title(soup, metas), _published(soup, metas), _url(soup, metas))


def _metas(soup: BeautifulSoup) -> dict[str, str]:
    metas: dict[str, str] = {}
    for tag in soup.find_all("meta", limit=_MOST_NODES):
        name = _attribute(tag, "property") or _attribute(tag, "name") or _attribute(tag, "itemprop")
        if name and (content := _attribute(tag, "content").strip()):
            metas.setdefault(name.lower(), content)
    return metas


def _attribute(tag: Tag, name: str) -> str:
    value = tag.get(name)
    return value if isinstance(value, str) else " ".join(value or ())


def _title(soup: BeautifulSoup, metas: dict[str, str]) -> str | None:
    stated = [metas[name] for name in _TITLE_NAMES if name in metas]
    shown = [tag.get_text(" ") for tag in (soup.find("h1"), soup.find("title")) if tag is not None]
    cleaned = (" ".join(title[:2000].split())[:_LONGEST_TITLE] for title in stated + shown[::-1])
    return next(filter(None, cleaned), None)


def _url(soup: BeautifulSoup, metas: dict[str, str]) -> str | None:
    canonical = (_attribute(tag, "href") for tag in soup.find_all("link", rel="canonical", limit=3))
    stated = (url.strip() for url in (*canonical, metas.get("og:url", "")))
    return next((url for url in stated if url.lower().startswith(("http://", "https://")) and len(url) <= _LONGEST_URL), None)


def _published(soup: BeautifulSoup, metas: dict[str, str]) -> date | None:
    values = [metas[name] for name in _DATE_NAMES if name in metas]
    return next(filter(None, map(day_of, (*values, *_linked_data_dates(soup), *_times(soup)))), None)


def _times(soup: BeautifulSoup) -> Iterator[str]:
    """Dates in `<time>`: those marked as the publication's, then the first when the page has but one."""
    times = soup.find_all("time", limit=50)
    for tag in times:
        names = f"{_attribute(tag, 'class')} {_attribute(tag, 'itemprop')}".lower()
        if tag.has_attr("pubdate") or "publish" in names or "entry-date" in names:
            yield _attribute(tag, "datetime") or tag.get_text(" ")
    if len(times) == 1:
        yield _attribute(times[0], "datetime")


def _linked_data_dates(soup: BeautifulSoup) -> Iterator[str]:
    """`datePublished` in JSON-LD, that of articles first."""
    nodes = [node for tag in soup.find_all("script", type="application/ld+json", limit=20) for node in _nodes(tag.get_text())]
    nodes.sort(key=lambda node: not _is_article(node.get("@type")))
    yield from (node["datePublished"] for node in nodes if isinstance(node.get("datePublished"), str))


def _is_article(kinds: object) -> bool:
    return any(isinstance(kind, str) and kind.endswith(_ARTICLE_TYPES) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _nodes(written: str) -> Iterator[dict[str, Any]]:
    try:
        waiting: deque[Any] = deque([json.loads(written)])
    except (ValueError, RecursionError):  # broken, or nested deeper than any page means it
        return
    seen = 0
    while waiting and seen < _MOST_NODES:
        node = waiting.popleft()
        seen += 1
        if isinstance(node, list):
            waiting += node[:_MOST_NODES]
        elif isinstance(node, dict):
            yield node
            waiting += [node[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if isinstance(node.get(key), dict | list)]
