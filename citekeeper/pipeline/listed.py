"""Articles read where they are published: one by its address, or those that a feed or sitemap lists."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from citekeeper import documents, network, reports
from citekeeper.documents import Listed, Listing
from citekeeper.model import Document, Fetch, Purpose, SourceProblem
from citekeeper.settings import Settings, Since

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


@dataclass(frozen=True, slots=True)
class Older:
    """An article that is older than those asked for."""

    source: str


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


async def read_listed(
    listing: Listing, source: str, settings: Settings, fetch: Fetch, first: date | None = None
) -> AsyncIterator[Document | SourceProblem | Older]:
    """The articles that a list names, the newest first, at most `max_articles` of them; none that is older than `first`."""
    listed = await _of_sitemaps(listing, settings, fetch, first) if listing.is_index else listing.items
    if not listed:
        yield SourceProblem(source, f"is {listing.kind} that names no article", "name the articles one by one")
    new = [each for each in listed if not is_older(each.day, first)]
    for each in listed:
        if is_older(each.day, first):
            yield Older(each.url)
    if len(new) > settings.max_articles:
        _warn("%s lists %d articles; the %d newest are read (max_articles)", source, len(new), settings.max_articles)
    for each in new[: settings.max_articles]:
        got = await fetch_source(each.url, fetch, settings)
        read = got if isinstance(got, SourceProblem) else read_fetched(got)
        # The article itself is asked for its day only where the list tells none: a changed one may be listed with the day of the change.
        is_old = each.day is None and isinstance(read, Document) and is_older(read.published, first)
        yield Older(each.url) if is_old else read


def is_older(day: date | None, first: date | None) -> bool:
    """Whether what is of `day` is older than `first`; what tells no day, or one in the future, is not."""
    return day is not None and first is not None and day < first


def first_day(since: Since | None, today: datetime) -> date | None:
    """The first day that `since` takes in; of an age in hours, all of the day on which they began."""
    if not isinstance(since, timedelta):
        return since
    try:
        return (today.astimezone(UTC) - since).date()
    except OverflowError:
        return date.min


async def _of_sitemaps(index: Listing, settings: Settings, fetch: Fetch, first: date | None) -> list[Listed]:
    """The articles of the sitemaps that an index names, newest first; one that cannot be read is passed over, with a warning."""
    found: dict[str, Listed] = {}
    new = [each for each in index.items if not is_older(each.day, first)]
    if len(new) > _MOST_SITEMAPS:
        _warn("the index lists %d sitemaps; %d are read", len(new), _MOST_SITEMAPS)
    for each in new[:_MOST_SITEMAPS]:
        # Where the index tells days, what follows is older than what was found.
        if len(found) >= settings.max_articles and each.day is not None:
            break
        for article in await _of_sitemap(each.url, settings, fetch):
            found.setdefault(article.url, article)
    return sorted(found.values(), key=lambda each: each.day or date.min, reverse=True)


async def _of_sitemap(address: str, settings: Settings, fetch: Fetch) -> tuple[Listed, ...]:
    got = await fetch_source(address, fetch, settings)
    listing = None if isinstance(got, SourceProblem) else list_in(got)
    if listing is None:
        _warn("%s, a sitemap, %s", address, got.message if isinstance(got, SourceProblem) else "is none")
    return () if listing is None or listing.is_index else listing.items


def list_in(got: Fetched) -> Listing | None:
    """The list that was fetched, if it is one."""
    listing = documents.listing(got.data, source=got.url or got.source)
    if listing is not None and got.is_cut:
        _warn("%s is larger than what is fetched; only its beginning is read (network.max_body_bytes)", got.source)
    return listing


def _warn(words: str, *values: object) -> None:
    # Addresses come from outside: nothing in them may steer the terminal.
    _log.warning("%s", reports.one_line(words % values))
