"""The stage that asks archives for the copy of each page near its citation date: read, judged as a live page is, and kept."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import assert_never
from uuid import uuid4

from citekeeper import health
from citekeeper.archives import Archive, distance
from citekeeper.ledger import StoredCapture
from citekeeper.model import Copy, Evidence, Excluded, Found, Memento, MementoAnswer, Missing, Resolution, State, Stop, Unavailable, Visit
from citekeeper.network import is_public_name
from citekeeper.pipeline.calls import Calls, counted
from citekeeper.pipeline.house import House
from citekeeper.pipeline.local import NAME as LOCAL
from citekeeper.pipeline.memory import RememberingArchive
from citekeeper.pipeline.progress import Progress

Wanted = tuple[str, date | None]
"""An address, and the day on which it was cited."""

NOT_PUBLIC = "not asked: not a public address"

_SHOWS_THE_PAGE = frozenset({State.OK, State.MOVED, State.DRIFTED, State.PAYWALL})
"""Of a page for subscribers an archive has at least what everyone may see; a login or a bot wall shows nothing of it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What archives have of one address."""

    memento: Memento | None
    note: str | None
    """Why there is none."""
    evidence: tuple[Evidence, ...] = ()
    """What was seen when copies were read."""
    calls: Calls = ()


async def remember_all(
    house: House, archives: Sequence[Archive], wanted: Sequence[Wanted], progress: Progress, inner: Collection[str] = ()
) -> dict[Wanted, Kept]:
    """The good copy nearest to the citation date for each address; nothing when no archive is to be asked.

    Of addresses of an inner network, by their names or because a visit found them to be (`inner`), only our own captures are looked at.
    """
    if not archives:
        return {}
    found: dict[Wanted, Kept] = {}
    progress.stage("archives", len(wanted))

    async def remember(each: Wanted) -> Kept:
        url, on = each
        is_public = url not in inner and is_public_name(url)
        asked = archives if is_public else [archive for archive in archives if archive.name == LOCAL]
        kept = await _remember(house, asked, url, noon(on) if on is not None else house.clock.now())
        return kept if is_public or kept.memento is not None else replace(kept, note=NOT_PUBLIC)

    try:
        async for each, kept in house.executor.each(wanted, remember):
            found[each] = kept
            progress.advance(each[0])
    finally:
        if house.writer is not None:
            await asyncio.to_thread(house.writer.commit)
    return found


def noon(day: date) -> datetime:
    """A date as a moment: noon UTC is at most some hours from when the author looked, wherever that was."""
    return datetime.combine(day, time(12), tzinfo=UTC)


async def _remember(house: House, archives: Sequence[Archive], url: str, when: datetime) -> Kept:
    judge = PageJudge()
    with counted() as calls:
        answers = await asyncio.gather(*(archive.nearest(url, when, judge) for archive in archives))
    evidence = tuple(Evidence("copy-passed-over", each) for answer in answers for each in _passed_over(answer))
    found = [answer.memento for answer in answers if isinstance(answer, Found)]
    # Our own captures cannot be linked: they stand in only where nobody else has a copy.
    found = [each for each in found if each.archive != LOCAL] or found
    if not found:
        return Kept(None, _why_none(archives, answers), evidence, calls())
    memento = min(found, key=lambda each: distance(each.datetime, when))
    copies = judge.taken.get(memento.url, ()) or await _read_again(house, archives, memento, url, when)
    if copies and memento.archive != LOCAL:
        await _store(house, memento, copies)
    read = Evidence("copy-read", f"{memento.archive} {memento.datetime:%Y-%m-%d}")
    return Kept(memento, None, (read, *evidence), calls())


async def _read_again(house: House, archives: Sequence[Archive], memento: Memento, url: str, when: datetime) -> tuple[Copy, ...]:
    """A copy that an earlier run read and did not keep, because it was killed or kept nothing."""
    archive = next((each for each in archives if each.name == memento.archive), None)
    if house.writer is None or not isinstance(archive, RememberingArchive) or house.ledger.capture(memento.url) is not None:
        return ()
    judge = PageJudge()
    await archive.ask_again(url, when, judge)
    return judge.taken.get(memento.url, ())


def _why_none(archives: Sequence[Archive], answers: Sequence[MementoAnswer]) -> str:
    """Why there is no copy, in one line: what is not known comes first, because it may still be found."""
    notes = [_note(archive.name, answer) for archive, answer in zip(archives, answers, strict=True)]
    return "; ".join(sorted(notes, key=lambda note: note.startswith(("excluded", "missing")) + note.startswith("missing")))


def _note(name: str, answer: MementoAnswer) -> str:
    match answer:
        case Missing(_, passed_over):
            return f"missing: {name} has no good copy" + (f" ({'; '.join(passed_over)})" if passed_over else "")
        case Excluded(message):
            return f"excluded: {name} does not show this site ({message})"
        case Unavailable(message):
            return f"unknown: {name} could not be asked ({message})"
        case Found():
            return f"found: {name}"
        case _:
            assert_never(answer)


def _passed_over(answer: MementoAnswer) -> tuple[str, ...]:
    return answer.passed_over if isinstance(answer, Found | Missing) else ()


# ── judging ───────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class PageJudge:
    """Reads copies as live pages are read, and keeps those that it takes."""

    taken: dict[str, tuple[Copy, ...]] = field(default_factory=dict)
    """By the memento's address; three at most for each archive."""

    async def __call__(self, memento: Memento, copies: tuple[Copy, ...]) -> str:
        """Why the copy is not the page; "" when it is."""
        # Reading a page takes milliseconds; the event loop goes on fetching meanwhile.
        state = await asyncio.to_thread(_state_of, memento, copies)
        if state not in _SHOWS_THE_PAGE:
            return "nothing that can be told to be the page" if state is State.UNKNOWN else state.value.replace("_", " ")
        self.taken[memento.url] = copies
        return ""


def _state_of(memento: Memento, copies: tuple[Copy, ...]) -> State:
    """What the page would be called if the site answered so today."""
    exchanges = tuple(copy.archived for copy in copies)
    visit = Visit(str(uuid4()), exchanges[0].url, exchanges, Stop.ANSWER)
    observation = health.observe(visit, vantage=memento.archive)
    return health.judge(Resolution(visit.target, "as-written", 1.0), observation).state


# ── storing ───────────────────────────────────────────────────────────────────────────────────


async def _store(house: House, memento: Memento, copies: tuple[Copy, ...]) -> None:
    if house.writer is None:
        return
    captures = await asyncio.to_thread(house.writer.store_memento, memento, copies)
    stored = [
        StoredCapture(copy.fetched.url, copy.fetched.started, capture, capture.revisit)
        for copy, capture in zip(copies, captures, strict=True)
    ]
    house.ledger.keep_copy(memento.url, stored)
    house.written.update(capture.warc for capture in captures)
