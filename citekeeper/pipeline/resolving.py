"""The stage that makes whole addresses: those that are cut are completed from what archives know of the site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urldefrag

from citekeeper import resolution
from citekeeper.archives import Archive
from citekeeper.model import ExtractedDocument, Reference, Resolution
from citekeeper.pipeline.house import House
from citekeeper.pipeline.progress import Progress


@dataclass(frozen=True, slots=True)
class Cited:
    """One reference and the date of the document that cites it."""

    reference: Reference
    on: date | None


@dataclass(frozen=True, slots=True)
class Resolved:
    """What became of each address."""

    resolutions: Mapping[Cited, Resolution]

    @property
    def targets(self) -> list[str]:
        """Every distinct address to visit, in order."""
        return list(dict.fromkeys(target_of(each.url) for each in self.resolutions.values() if each.url is not None))

    @property
    def wanted(self) -> list[tuple[str, date | None]]:
        """Every distinct address and date for which a memento is wanted, in order."""
        return list(dict.fromkeys((target_of(each.url), cited.on) for cited, each in self.resolutions.items() if each.url is not None))


def target_of(url: str) -> str:
    """The address that is fetched for `url`: a fragment never reaches a server."""
    return urldefrag(url).url


def cite(documents: Sequence[ExtractedDocument], as_of: date | None) -> list[Cited]:
    """Every reference with the date of its document, or `as_of` where the document tells none."""
    return [Cited(reference, document.published or as_of) for document in documents for reference in document.references]


async def resolve_all(house: House, archives: Sequence[Archive], cited: Sequence[Cited], progress: Progress) -> Resolved:
    """A resolution for each reference; archives are asked only for cut ones."""
    found = {each: resolution.as_given(each.reference) for each in cited}
    cut = [each for each, resolved in found.items() if resolved is None]
    progress.stage("completing", len(cut))

    async def complete(each: Cited) -> Resolution:
        return await _complete(archives, each)

    async for each, resolved in house.executor.each(cut, complete):
        found[each] = resolved
        progress.advance(each.reference.raw)
    return Resolved({each: resolved for each, resolved in found.items() if resolved is not None})


async def _complete(archives: Sequence[Archive], cited: Cited) -> Resolution:
    query = resolution.index_query(cited.reference.address)
    asked = archives if query is not None else ()
    answers = [(archive.name, await archive.rows(query or "")) for archive in asked]
    return resolution.complete(cited.reference, answers, cited=cited.on)
