"""Lists of articles: RSS and Atom feeds, sitemaps and indexes of sitemaps. They hold no article themselves, only addresses."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from datetime import date

MOST_UNPACKED = 64 * 1024 * 1024
"""Bytes of a gzipped sitemap: the protocol allows 50 MB."""

_LOOK = 64 * 1024
_GZIP = b"\x1f\x8b"
_KINDS = {"rss": "a feed", "RDF": "a feed", "feed": "a feed", "urlset": "a sitemap", "sitemapindex": "an index of sitemaps"}
# What stands before the first element: a mark, white space, the declaration, comments, a style sheet, a document type.
# Each piece is taken as a whole (?>…), so that a file of comments is no puzzle.
_START = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>\s{1,200}|<\?[^>]{0,2000}>|<!--.{0,4000}?-->|<!DOCTYPE[^>\[]{0,500}>){0,20}+<(?:\w{1,20}:)?(\w{1,20})[\s>]", re.S
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One article, or one sitemap of an index."""

    url: str
    """Whole, http or https."""
    day: date | None
    """When it was published or, where the list tells only that, changed; None when it tells neither."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of articles, the newest first; or, of sitemaps, a list of lists."""

    kind: str
    """"a feed", "a sitemap" or "an index of sitemaps"."""
    items: tuple[Listed, ...]
    """Each address once; those without a day come last, in the order of the list."""

    @property
    def is_index(self) -> bool:
        """Whether what it lists are lists."""
        return self.kind == _KINDS["sitemapindex"]


def listing(data: bytes, *, source: str) -> Listing | None:
    """The list that `data` is; None when it is none. Relative addresses are completed with `source`, where that is an address."""
    is_packed = data.startswith(_GZIP)
    start = _START.match(_unpacked(data, _LOOK) if is_packed else data[:_LOOK])
    kind = _KINDS.get(start[1].decode("ascii", "replace")) if start else None
    if kind is None:
        return None
    from citekeeper.documents.feeds import newest_first

    found = newest_first(_unpacked(data, MOST_UNPACKED) if is_packed else data, source)
    return None if found is None else Listing(kind, tuple(Listed(url, day) for url, day in found.items()))


def _unpacked(data: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(data, most)
    except zlib.error:
        return b""
