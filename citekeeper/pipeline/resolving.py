"""The stages that ask archives: cut addresses are completed, and each reference gets the copy near its date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import assert_never
from urllib.parse import urldefrag

from citekeeper import resolution
from citekeeper.archives import Archive
from citekeeper.model import (
    Excluded,
    ExtractedDocument,
    Found,
    Memento,
    MementoAnswer,
    Missing,
    Reference,
    Resolution,
    Unavailable,
)
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


@dataclass(frozen=True, slots=True)
class Kept:
    """What archives have of one address."""

    memento: Memento | None
    note: str | None
    """Why there is none."""


def target_of(url: str) -> str:
    """The address that is fetched for `url`: a fragment never reaches a server."""
    return urldefrag(url).url


def cite(documents: Sequence[ExtractedDocument], as_of: date | None) -> list[Cited]:
    """Every reference with the date of its document, or `as_of` where the document tells none."""
    return [Cited(reference, document.published or as_of) for document in documents for reference in document.references]


# ── completing ────────────────────────────────────────────────────────────────────────────────


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


# ── remembering ───────────────────────────────────────────────────────────────────────────────


async def remember_all(
    house: House, archives: Sequence[Archive], wanted: Sequence[tuple[str, date | None]], progress: Progress
) -> dict[tuple[str, date | None], Kept]:
    """The copy nearest to the citation date for each address; nothing when no archive is to be asked."""
    if not archives:
        return {}
    found: dict[tuple[str, date | None], Kept] = {}
    progress.stage("archives", len(wanted))

    async def remember(each: tuple[str, date | None]) -> Kept:
        url, on = each
        return await _remember(archives, url, noon(on) if on is not None else house.clock.now())

    async for each, kept in house.executor.each(wanted, remember):
        found[each] = kept
        progress.advance(each[0])
    return found


def noon(day: date) -> datetime:
    """A date as a moment: noon UTC is at most some hours from when the author looked, wherever that was."""
    return datetime.combine(day, time(12), tzinfo=UTC)


async def _remember(archives: Sequence[Archive], url: str, when: datetime) -> Kept:
    answers = [(archive.name, await archive.nearest(url, when)) for archive in archives]
    mementos = [answer.memento for _, answer in answers if isinstance(answer, Found)]
    if mementos:
        return Kept(min(mementos, key=lambda memento: abs(memento.datetime - when)), None)
    return Kept(None, "; ".join(_note(name, answer) for name, answer in answers))


def _note(name: str, answer: MementoAnswer) -> str:
    match answer:
        case Missing():
            return f"missing: {name} has no good copy"
        case Excluded(message):
            return f"excluded: {name} does not show this site ({message})"
        case Unavailable(message):
            return f"unknown: {name} could not be asked ({message})"
        case Found():
            return f"found: {name}"
        case _:
            assert_never(answer)
