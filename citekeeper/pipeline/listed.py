"""Articles read where they are published: one by its address, or those that a feed or sitemap lists."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from citekeeper import documents, network
from citekeeper.documents import Listing
from citekeeper.model import Document, Fetch, Purpose, SourceProblem
from citekeeper.settings import Settings

_log = logging.getLogger(__name__)

_MOST_SITEMAPS = 20
"""Of an index; the newest of them name the newest articles."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of a source; `url` is where they came from in the end, empty for a file."""

    source: str
    data: bytes
    content_type: str | None = None
    url: str = ""
    is_cut: bool = False
    """There is more of it than is fetched."""


async def fetch_source(url: str, fetch: Fetch, settings: Settings) -> Fetched | SourceProblem:
    """Fetch the source at `url`; whatever prevents that is a problem."""
    visit = await network.visit(url, fetch, max_redirects=settings.network.max_redirects, purpose=Purpose.SOURCE)
    response = visit.last.response
    if response is None:
        failure = visit.last.failure
        return SourceProblem(url, f"cannot be fetched: {failure.message if failure else visit.stop}", "save the page and name the file")
    if not 200 <= response.status < 300:
        return SourceProblem(url, f"answered {response.status} {response.reason}".strip(), "save the page and name the file")
    return Fetched(url, response.content, response.header("content-type"), visit.last.url, response.cut is not None)


def read_fetched(got: Fetched) -> Document | SourceProblem:
    """The document that was fetched."""
    document = documents.read(got.data, source=got.source, content_type=got.content_type)
    if isinstance(document, SourceProblem) and got.is_cut:
        return SourceProblem(
            got.source, "is larger than what is fetched (network.max_body_bytes)", "raise that, or save it and name the file"
        )
    return replace(document, url=document.url or got.url or None) if isinstance(document, Document) else document


async def read_listed(listing: Listing, source: str, settings: Settings, fetch: Fetch) -> AsyncIterator[Document | SourceProblem]:
    """The articles that a list names, the newest first, at most `max_articles` of them."""
    addresses = await _of_sitemaps(listing, settings, fetch) if listing.is_index else list(listing.addresses)
    if not addresses:
        yield SourceProblem(source, f"is {listing.kind} that names no article", "name the articles one by one")
    if len(addresses) > settings.max_articles:
        _log.warning("%s lists %d articles; the %d newest are read (max_articles)", source, len(addresses), settings.max_articles)
    for address in addresses[: settings.max_articles]:
        got = await fetch_source(address, fetch, settings)
        yield got if isinstance(got, SourceProblem) else read_fetched(got)


async def _of_sitemaps(index: Listing, settings: Settings, fetch: Fetch) -> list[str]:
    """The articles of the sitemaps that an index names; one that cannot be read is passed over, with a warning."""
    found: dict[str, None] = {}
    for address in index.addresses[:_MOST_SITEMAPS]:
        if len(found) >= settings.max_articles:
            break
        got = await fetch_source(address, fetch, settings)
        listing = None if isinstance(got, SourceProblem) else documents.listing(got.data, source=got.url)
        if listing is None:
            _log.warning("%s, a sitemap, %s", address, got.message if isinstance(got, SourceProblem) else "is none")
        elif not listing.is_index:
            found.update(dict.fromkeys(listing.addresses))
    return list(found)
