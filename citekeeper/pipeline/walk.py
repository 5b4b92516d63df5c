"""The whole walk, in order, on one screen."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import BinaryIO

from citekeeper import documents, health, network
from citekeeper.errors import InputError
from citekeeper.ledger import run_key
from citekeeper.model import Audit, Clock, Document, ExtractedDocument, SourceProblem
from citekeeper.pipeline import cited_copies
from citekeeper.pipeline.articles import complete_from_articles
from citekeeper.pipeline.comparing import compare_all
from citekeeper.pipeline.crowding import tell_crowds
from citekeeper.pipeline.earlier import History
from citekeeper.pipeline.fetching import load
from citekeeper.pipeline.house import House, open_house
from citekeeper.pipeline.judging import Known, conclude, find_all
from citekeeper.pipeline.listed import first_day
from citekeeper.pipeline.loading import Loaded, extract, require_something
from citekeeper.pipeline.probing import probe_all
from citekeeper.pipeline.progress import Progress
from citekeeper.pipeline.reach import Reach, look_for_network
from citekeeper.pipeline.registering import ask_registries
from citekeeper.pipeline.remembering import remember_all
from citekeeper.pipeline.requisites import gather_all
from citekeeper.pipeline.resolving import cite, resolve_all
from citekeeper.pipeline.saving import queue_unkept
from citekeeper.pipeline.visiting import fresh_sights, inner_targets, visit_targets
from citekeeper.pipeline.waivers import Waiver, apply, from_rules
from citekeeper.pipeline.witnessing import ask_witnesses
from citekeeper.settings import Settings

_log = logging.getLogger(__name__)


async def audit_sources(names: Sequence[str], settings: Settings, clock: Clock, progress: Progress, stdin: BinaryIO | None) -> Audit:
    """Read the sources named and audit every reference in them."""
    async with open_house(settings, clock) as house:
        first = first_day(settings.since, clock.now())
        loaded = await load(names, settings, None if settings.offline else house.door.fetch, stdin, first)
        require_something(loaded)
        if first is not None and not any(extract(document, settings.ignore).references for document in loaded.documents):
            return _nothing_new(loaded, first, clock)
        return await walk(house, extract_all(loaded.documents, settings), loaded.problems, progress)


def _nothing_new(loaded: Loaded, first: date, clock: Clock) -> Audit:
    """That nothing was published lately is an outcome of its own, and none to remember."""
    _log.warning("no references in articles since %s: %d new, %d older", first, len(loaded.documents), loaded.older)
    return Audit(clock.now(), clock.now(), (), loaded.problems)


async def audit_text(text: str, name: str, settings: Settings, clock: Clock, progress: Progress) -> Audit:
    """Audit a text at hand."""
    document = documents.read(text.encode("utf-8"), source=name)
    if isinstance(document, SourceProblem):
        raise InputError(document.message, where=name, hint=document.hint)
    async with open_house(settings, clock) as house:
        return await walk(house, extract_all([document], settings), (), progress)


def extract_all(read: Sequence[Document], settings: Settings) -> tuple[ExtractedDocument, ...]:
    """The references of each document; InputError when there is none in any of them."""
    extracted = tuple(extract(document, settings.ignore) for document in read)
    if not any(document.references for document in extracted):
        where = extracted[0].source if len(extracted) == 1 else f"{len(extracted)} documents"
        require_not_ignored(read, settings, where)
        raise InputError("holds no references", where=where, hint="name a text that cites web addresses")
    return extracted


def require_not_ignored(read: Sequence[Document], settings: Settings, where: str) -> None:
    """Raise InputError when documents without references have some that the patterns of `ignore` hide."""
    if settings.ignore and any(extract(document, ()).references for document in read):
        raise InputError("every reference matches an --ignore pattern", where=where, hint="name fewer patterns, or another text")


async def walk(
    house: House,
    extracted: Sequence[ExtractedDocument],
    problems: tuple[SourceProblem, ...],
    progress: Progress,
    *,
    fresh: bool = False,
    baseline: Sequence[Waiver] = (),
) -> Audit:
    """Resolve, visit, remember, judge: from references to findings; `fresh` for texts that are not published yet."""
    waivers = (*from_rules(house.settings.ignore_rules), *baseline)
    run = house.ledger.begin(_key(house.settings, extracted))
    house.ledger.keep_references(run, extracted)
    reach = await look_for_network(house)
    asked = house.archives if reach is Reach.WEB else [archive.only_remembering() for archive in house.archives]
    cited = cite(extracted, house.settings.as_of)

    linked = await complete_from_articles(house, asked, extracted, progress, live=reach is Reach.WEB)
    resolved = await resolve_all(house, asked, cited, progress, linked)
    sights = fresh_sights(house, run, resolved.targets, reach)
    if reach is Reach.WEB:
        sights |= await visit_targets(house, [each for each in resolved.targets if each not in sights], progress)
    complete = await gather_all(house, run, sights, reach, progress)
    kept = await remember_all(house, asked, resolved.wanted, progress, inner_targets(sights))
    compared = await compare_all(house, resolved, sights, kept, progress)
    compared = tell_crowds(resolved, sights, compared)
    compared = await probe_all(house, resolved, sights, compared, reach, progress)
    compared = await ask_registries(house, resolved, sights, compared, reach, progress)
    if house.settings.archives.witnesses and not fresh:
        await ask_witnesses(house, asked, sights, progress)

    history = History(house.ledger, tuple(archive.name for archive in asked))
    known = Known(resolved, sights, kept, reach, history, fresh, compared, complete)
    found = cited_copies.apply(find_all(extracted, known, house.settings))
    audited = apply(found, waivers, house.clock.now().date())
    outcome = conclude(audited, known, house.settings)
    requests = network.counts_of(house.door.counts)
    audit = Audit(
        run.started, house.clock.now(), audited, (*problems, *house.damaged), outcome is None, outcome, requests, house.door.host_stats
    )
    audit = replace(audit, rules=health.rules_version(), fresh=fresh)
    house.ledger.finish(run, audit)
    if house.settings.save:
        queue_unkept(house.ledger, audit)
    return audit


def _key(settings: Settings, extracted: Sequence[ExtractedDocument]) -> str:
    """The same command on the same texts has the same key, so that a killed run is gone on with."""
    asked = (settings.archives.use, settings.as_of, settings.article_url, settings.ignore, settings.offline, settings.capture)
    return run_key((repr(document) for document in extracted), (repr(each) for each in asked))
