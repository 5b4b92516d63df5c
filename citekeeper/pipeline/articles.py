"""The stage before archives' indexes: the article's own page, live or archived, often links what its text cuts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from citekeeper import documents, health, network, resolution
from citekeeper.archives import Archive
from citekeeper.errors import ConfigError
from citekeeper.model import Document, Exchange, ExtractedDocument, Found, Purpose, Reference, Resolution, State, Visit
from citekeeper.pipeline.house import House
from citekeeper.pipeline.progress import Progress
from citekeeper.pipeline.remembering import PageJudge, noon
from citekeeper.pipeline.resolving import Cited
from citekeeper.surt import without_userinfo

_READABLE = frozenset({State.OK, State.MOVED, State.PAYWALL})


@dataclass(frozen=True, slots=True)
class _Page:
    """What one look at the article's page showed."""

    links: tuple[tuple[str, str], ...]
    """Address and text."""
    seen: str


async def complete_from_articles(
    house: House, archives: Sequence[Archive], extracted: Sequence[ExtractedDocument], progress: Progress, *, live: bool
) -> dict[Cited, Resolution]:
    """The cut references of each document that its own page has whole; `live`: whether the web may be asked."""
    if house.settings.article_url and len(extracted) > 1:
        raise ConfigError("names one article, and there are several sources", where="article_url", hint="audit them one by one")
    cut = [(document, each) for document in extracted if (each := _cut(document)) and _address(house, document)]
    progress.stage("article pages", len(cut))
    found: dict[Cited, Resolution] = {}
    for document, references in cut:
        on = document.published or house.settings.as_of
        missing = references
        async for page in _looks(house, archives, document, live=live):
            completed = {each: done for each in missing if (done := resolution.from_article(each, page.links, page.seen)) is not None}
            found |= {Cited(each, on): done for each, done in completed.items()}
            missing = [each for each in missing if each not in completed]
            if not missing:
                break
        progress.advance(document.source)
    return found


def resolved_whole(document: ExtractedDocument) -> list[str]:
    """The public addresses of a document that are whole as given."""
    given = (resolution.as_given(each) for each in document.references)
    return [each.url for each in given if each is not None and each.url is not None and network.is_public_name(each.url)]


def _cut(document: ExtractedDocument) -> list[Reference]:
    return [each for each in document.references if resolution.as_given(each) is None]


def _address(house: House, document: ExtractedDocument) -> str:
    url = house.settings.article_url or document.url or ""
    return without_userinfo(url) if url.startswith(("http://", "https://")) else ""


async def _looks(house: House, archives: Sequence[Archive], document: ExtractedDocument, *, live: bool) -> AsyncIterator[_Page]:
    """The page as it is now, then as archives have it, each fetched only when it is asked for."""
    address = _address(house, document)
    # A source that was read from its own address has shown its links already.
    if live and document.source != address and (page := await _live(house, address)) is not None:
        yield page
    on = document.published or house.settings.as_of
    when = noon(on) if on is not None else house.clock.now()
    for archive in archives:
        judge = PageJudge()
        answer = await archive.nearest(address, when, judge)
        taken = judge.taken.get(answer.memento.url) if isinstance(answer, Found) else None
        # A copy that was read in an earlier run is known to be good, but what it links is not remembered.
        if isinstance(answer, Found) and (taken or live):
            exchange = taken[-1].archived if taken else await archive.content(answer.memento)
            page = _read(exchange, address, f"{archive.name} {answer.memento.datetime:%Y-%m-%d}: {address}")
            if page is not None:
                yield page


async def _live(house: House, address: str) -> _Page | None:
    visit = await network.visit(address, house.door.fetch, max_redirects=house.settings.network.max_redirects, purpose=Purpose.SOURCE)
    return _read(visit.last, address, f"live: {address}") if _is_page(visit) else None


def _is_page(visit: Visit) -> bool:
    observation = health.observe(visit, vantage="")
    return health.judge(_given(visit.target), observation).state in _READABLE


def _given(url: str) -> Resolution:
    return Resolution(url, "as-written", 1.0)


def _read(exchange: Exchange, address: str, seen: str) -> _Page | None:
    response = exchange.response
    if response is None or not 200 <= response.status < 300:
        return None
    document = documents.read(response.content, source=address, content_type=response.header("content-type"))
    return _Page(_links(document), seen) if isinstance(document, Document) else None


def _links(document: Document) -> tuple[tuple[str, str], ...]:
    reading = document.reading
    return tuple((link.href, reading[link.anchor.start : link.anchor.end]) for link in document.links)
