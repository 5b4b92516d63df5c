"""What `citekeeper history` does: the findings of all runs, told page by page for each document that cites it."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from urllib.parse import urldefrag

from citekeeper.errors import InputError
from citekeeper.ledger import Ledger, PastFinding
from citekeeper.model import Episode, Finding, Level, ReferencePast
from citekeeper.pipeline.waivers import COPY_CITED, WAIVED
from citekeeper.surt import surt

_GRAVITY = {level: rank for rank, level in enumerate(Level)}


def recall(ledger: Ledger, names: Sequence[str]) -> tuple[ReferencePast, ...]:
    """The past of every page that the documents cite and of the addresses named; of all documents when nothing is named.

    A page that a document cites several times has one past there. Raises InputError for a name that no run knows.
    """
    runs = list(_runs(each for name in names or ledger.past.sources() for each in _known_as(ledger, name)))
    pages = _pages(each for run in runs for each in run)
    grouped: dict[tuple[str, str], list[list[PastFinding]]] = {}
    for run in runs:
        alike: dict[tuple[str, str], list[PastFinding]] = {}
        for each in run:
            alike.setdefault((each.source, pages[each.source, each.finding.reference.raw]), []).append(each)
        for key, found in alike.items():
            grouped.setdefault(key, []).append(found)
    return tuple(_told(each) for each in grouped.values())


def _pages(found: Iterable[PastFinding]) -> dict[tuple[str, str], str]:
    """What makes it the same reference in the next run, wherever it stands by then: the page that the printed text was last read as."""
    pages: dict[tuple[str, str], str] = {}
    for each in found:
        raw, url = each.finding.reference.raw, each.finding.resolution.url
        if url is not None:
            pages[each.source, raw] = f"{surt(url)}#{urldefrag(url).fragment}"
        else:
            pages.setdefault((each.source, raw), raw)
    return pages


def _known_as(ledger: Ledger, name: str) -> list[PastFinding]:
    sources = [each for each in ledger.past.sources() if _is_named(each, name)]
    urls = [each for each in ledger.past.urls() if surt(each) == surt(name)] if _is_web(name) else []
    found = [each for source in sources for each in ledger.past.of_source(source)]
    found += [each for url in urls for each in ledger.past.of_url(url)]
    if not found:
        known = ledger.past.urls() if _is_web(name) else ledger.past.sources()
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}?" if near else "citekeeper history, without a name, tells of all documents that were audited"
        raise InputError("no finished audit knows it", where=name, hint=hint)
    return found


def _is_web(name: str) -> bool:
    return name.lower().startswith(("http://", "https://"))


def _is_named(source: str, name: str) -> bool:
    """Whether the document is the one named, or lies in the folder named."""
    if source == name or _is_web(source) or _is_web(name):
        return source == name
    one, other = os.path.normpath(source), os.path.normpath(name)
    return one == other or one.startswith(other + os.sep) or other == os.curdir


def _runs(found: Iterable[PastFinding]) -> Iterator[list[PastFinding]]:
    """The findings run by run, each finding once though it was named twice."""
    by_run: dict[datetime, dict[tuple[str, int], PastFinding]] = {}
    for each in found:
        by_run.setdefault(each.finished, {})[each.source, each.finding.reference.location.offset] = each
    for finished in sorted(by_run):
        yield list(by_run[finished].values())


def _told(runs: Sequence[Sequence[PastFinding]]) -> ReferencePast:
    episodes: list[Episode] = []
    seen_last: datetime | None = None
    for run in runs:
        # The same page may be judged differently for two notes, by what each quotes of it; the graver verdict is the one to act upon.
        each = max(run, key=lambda found: _GRAVITY[found.finding.verdict.level])
        observation = each.finding.observation
        at = observation.at if observation is not None else each.finished
        # A page that was seen recently is not visited again by the next run: the same look must not count twice.
        is_same_look = seen_last is not None and at <= seen_last
        episodes[-1:] = _with(episodes[-1] if episodes else None, each.finding, at, is_same_look=is_same_look)
        seen_last = at if seen_last is None else max(at, seen_last)
    last = runs[-1]
    first, finding = last[0].finding.reference, last[0].finding
    markers = tuple(dict.fromkeys(marker for each in last if (marker := each.finding.reference.marker) is not None))
    url, memento = finding.resolution.url, finding.memento
    return ReferencePast(last[0].source, first.marker, url, first.raw, tuple(episodes), memento, markers, len(last))


def _with(last: Episode | None, finding: Finding, at: datetime, *, is_same_look: bool) -> list[Episode]:
    """The last episode and what the finding makes of it: longer, or followed by another."""
    verdict = finding.verdict
    reason = next((each.code for each in verdict.reasons if each.code not in (WAIVED, COPY_CITED)), "")
    if last is None or last.state is not verdict.state:
        new = Episode(verdict.state, verdict.level, verdict.confirmed, at, at, 1, reason)
        return [new] if last is None else [last, new]
    count = last.seen + (0 if is_same_look else 1)
    return [Episode(verdict.state, verdict.level, verdict.confirmed, last.since, max(last.until, at), count, reason)]
