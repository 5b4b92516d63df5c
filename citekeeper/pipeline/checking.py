"""What `citekeeper check` does: only references that are new, judged as those of an article not published yet."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from citekeeper import documents
from citekeeper.errors import InputError, UsageError
from citekeeper.model import Audit, Clock, Document, ExtractedDocument, Reference
from citekeeper.pipeline import baseline
from citekeeper.pipeline.changes import Change, Comparison, compare
from citekeeper.pipeline.fetching import load
from citekeeper.pipeline.house import open_house
from citekeeper.pipeline.listed import first_day
from citekeeper.pipeline.loading import extract, require_something
from citekeeper.pipeline.progress import Progress
from citekeeper.pipeline.waivers import Waiver, key_of
from citekeeper.pipeline.walk import require_not_ignored, walk
from citekeeper.settings import Settings


@dataclass(frozen=True, slots=True)
class Selection:
    """Which references are checked."""

    base: str | None = None
    """A git revision: only references that were added since HEAD's branch left it."""
    baseline: Path | None = None
    """A file of references that are known to be broken, which do not count."""
    allow_empty: bool = False
    """Whether sources without any reference are well."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of a check."""

    audit: Audit
    """Of the references that were checked; those that the baseline knows have the level "none"."""
    found: int
    """References in the sources, checked or not."""
    known: tuple[Waiver, ...]
    """The baseline's entries."""
    expired: tuple[Waiver, ...]
    """Those of them whose day has passed."""


async def check_sources(
    names: Sequence[str], settings: Settings, selection: Selection, clock: Clock, progress: Progress, stdin: BinaryIO | None
) -> Checked:
    """Check what is new in the sources named."""
    known = baseline.read(selection.baseline) if selection.baseline is not None else ()
    # One new link whose page tells nothing must not turn a build red; that there is no network is no outcome all the same.
    patient = settings if settings.offline else replace(settings, max_unknown=1.0)
    async with open_house(patient, clock) as house:
        first = first_day(settings.since, clock.now())
        loaded = await load(names, settings, None if settings.offline else house.door.fetch, stdin, first)
        require_something(loaded)
        extracted = tuple(extract(document, settings.ignore) for document in loaded.documents)
        found = sum(len(document.references) for document in extracted)
        if not found and not selection.allow_empty and first is None:
            require_not_ignored(loaded.documents, settings, _named(extracted))
            raise InputError("no reference found", where=_named(extracted), hint="if that is as it should be, say --allow-empty")
        chosen = await asyncio.to_thread(new_ones, loaded.documents, extracted, selection.base, settings)
        audit = await walk(house, chosen, loaded.problems, progress, fresh=True, baseline=known)
    today = clock.now().date()
    return Checked(audit, found, known, tuple(each for each in known if not each.holds_on(today)))


def _named(extracted: Sequence[ExtractedDocument]) -> str:
    return extracted[0].source if len(extracted) == 1 else f"{len(extracted)} documents"


def new_ones(
    read: Sequence[Document], extracted: Sequence[ExtractedDocument], base: str | None, settings: Settings
) -> tuple[ExtractedDocument, ...]:
    """Of each document the references that were added since `base`; all of them without one. UsageError as from `compare`."""
    if base is None:
        return tuple(extracted)
    for each in read:
        if not Path(each.source).is_file():
            raise UsageError("has no history to compare with", where=each.source, hint="--base needs files of a git repository")
    comparison = compare(base, Path(read[0].source).resolve().parent)
    return tuple(_added(document, found, comparison, settings) for document, found in zip(read, extracted, strict=True))


def _added(document: Document, extracted: ExtractedDocument, comparison: Comparison, settings: Settings) -> ExtractedDocument:
    change = comparison.change_of(document.source, settings.max_document_bytes)
    if change is None:
        return replace(extracted, references=())
    if change.before is None:
        before = _before_renamed(document.source, extracted.references, comparison, settings)
    else:
        before = _cited_in(change.before, document.source, settings)
    return replace(extracted, references=_new_in(extracted.references, change, before))


def _cited_in(content: bytes, source: str, settings: Settings) -> Counter[str]:
    """How often each address was cited in a former text."""
    earlier = documents.read(content, source=source)
    if not isinstance(earlier, Document):
        return Counter()
    return Counter(_identity(each) for each in extract(earlier, settings.ignore).references)


def _before_renamed(source: str, references: Sequence[Reference], comparison: Comparison, settings: Settings) -> Counter[str]:
    """What the vanished document cited of which this one has at least half of the addresses: it was renamed unknown to git."""
    now = {_identity(each) for each in references}
    former = (_cited_in(content, source, settings) for content in comparison.vanished_like(source, settings.max_document_bytes))
    alike = [each for each in former if each and 2 * len(now & each.keys()) >= len(each)]
    return max(alike, key=lambda each: len(now & each.keys()), default=Counter())


def _new_in(references: Sequence[Reference], change: Change, before: Counter[str]) -> tuple[Reference, ...]:
    """The references that the former text did not have; of several alike, first those that stand on new lines.

    A paragraph that was only moved, wrapped anew or corrected has new lines and no new reference.
    """
    left = Counter(_identity(each) for each in references) - before
    # Sorting is stable: within each kind the order of the document stays.
    by_age = sorted(references, key=lambda each: not _touches(each, change.lines))
    chosen: set[int] = set()
    for each in by_age:
        if left[_identity(each)] > 0:
            left[_identity(each)] -= 1
            chosen.add(id(each))
    return tuple(each for each in references if id(each) in chosen)


def _touches(reference: Reference, lines: frozenset[int]) -> bool:
    place = reference.location
    return not lines.isdisjoint(range(place.line, place.end_line + 1))


def _identity(reference: Reference) -> str:
    url = reference.address.url
    if url is None:
        return reference.raw
    return f"{key_of(url)}{'…' if reference.address.truncated else ''}{reference.address.suffix or ''}"
