"""The stage that makes whole addresses: those that are cut are completed from what archives know of the site."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urldefrag

from citekeeper import resolution
from citekeeper.archives import Archive
from citekeeper.model import ExtractedDocument, IndexAnswer, Reference, Resolution
from citekeeper.pipeline.calls import Calls, counted
from citekeeper.pipeline.house import House
from citekeeper.pipeline.local import NAME as LOCAL
from citekeeper.pipeline.progress import Progress
from citekeeper.pipeline.remembering import noon
from citekeeper.pipeline.sharing import SharedIndex
from citekeeper.surt import without_userinfo


@dataclass(frozen=True, slots=True)
class Cited:
    """One reference and the date of the document that cites it."""

    reference: Reference
    on: date | None


@dataclass(frozen=True, slots=True)
class Resolved:
    """What became of each address."""

    resolutions: Mapping[Cited, Resolution]
    calls: Mapping[Cited, Calls]
    """Requests to archives that completing took; a question that another reference had asked already counts for that one."""

    @property
    def targets(self) -> list[str]:
        """Every distinct address to visit, in order."""
        return list(dict.fromkeys(target_of(each.url) for each in self.resolutions.values() if each.url is not None))

    @property
    def wanted(self) -> list[tuple[str, date | None]]:
        """Every distinct address and date for which a memento is wanted, in order."""
        return list(dict.fromkeys((target_of(each.url), cited.on) for cited, each in self.resolutions.items() if each.url is not None))


def target_of(url: str) -> str:
    """The address that is fetched for `url`: a fragment never reaches a server, nor does a name or password in the address."""
    return without_userinfo(urldefrag(url).url)


def cite(documents: Sequence[ExtractedDocument], as_of: date | None) -> list[Cited]:
    """Every reference with the date of its document, or `as_of` where the document tells none."""
    return [Cited(reference, document.published or as_of) for document in documents for reference in document.references]


async def resolve_all(
    house: House, archives: Sequence[Archive], cited: Sequence[Cited], progress: Progress, known: Mapping[Cited, Resolution]
) -> Resolved:
    """A resolution for each reference; archives are asked only for cut ones that are not `known`, once for all that one answer serves."""
    found = {each: known.get(each) or resolution.as_given(each.reference) for each in cited}
    calls: dict[Cited, Calls] = {}
    cut = sorted((each for each, resolved in found.items() if resolved is None), key=_width)
    indexes = [SharedIndex(archive) for archive in archives if archive.has_index]
    progress.stage("completing", len(cut))

    async def complete(each: Cited) -> Resolution:
        with counted() as count:
            completed = await _complete(indexes, each)
        calls[each] = count()
        return completed

    async for each, resolved in house.executor.each(cut, complete):
        found[each] = resolved
        progress.advance(each.reference.raw)
    return Resolved({each: resolved for each, resolved in found.items() if resolved is not None}, calls)


def _width(cited: Cited) -> tuple[int, str]:
    """Shorter questions first: their answers may serve the longer ones."""
    query = resolution.index_query(cited.reference.address) or ""
    return len(query), query


async def _complete(indexes: Sequence[SharedIndex], cited: Cited) -> Resolution:
    query = resolution.index_query(cited.reference.address)
    if query is None:
        return resolution.complete(cited.reference, (), cited=cited.on)
    own = [index for index in indexes if index.name == LOCAL]
    completed = resolution.complete(cited.reference, await _answers(own, query, cited.on), cited=cited.on, sparse=True)
    others = [index for index in indexes if index.name != LOCAL]
    if completed.url is not None or not others:
        return completed
    answers = [*await _answers(own, query, cited.on), *await _answers(others, query, cited.on)]
    return resolution.complete(cited.reference, answers, cited=cited.on)


async def _answers(indexes: Sequence[SharedIndex], query: str, on: date | None) -> list[tuple[str, IndexAnswer]]:
    when = noon(on) if on is not None else None
    rows = await asyncio.gather(*(index.rows(query, when) for index in indexes))
    return [(index.name, answer) for index, answer in zip(indexes, rows, strict=True)]
