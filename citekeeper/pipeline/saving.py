"""Pages that nobody kept: queued in the ledger, handed to Save Page Now, and believed to be saved once their copy was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, assert_never

from citekeeper import network
from citekeeper.archives import Archive, Keys, Outcome, SaveAnswer, SavePageNow
from citekeeper.errors import UsageError
from citekeeper.ledger import FILE_NAME, Ledger, Save, SaveState
from citekeeper.model import Audit, Clock, ExtractedDocument, Found, Missing, Resolution, SourceProblem, State
from citekeeper.pipeline.articles import resolved_whole
from citekeeper.pipeline.fetching import load
from citekeeper.pipeline.house import House, open_house
from citekeeper.pipeline.loading import extract, require_something
from citekeeper.pipeline.local import NAME as LOCAL
from citekeeper.pipeline.progress import Progress
from citekeeper.pipeline.remembering import NOT_PUBLIC, PageJudge
from citekeeper.pipeline.visiting import is_inner
from citekeeper.settings import SaveSettings, Settings

ACCESS, SECRET = "SAVEPAGENOW_ACCESS_KEY", "SAVEPAGENOW_SECRET_KEY"
NO_KEYS = (
    "Save Page Now needs the keys of an Internet Archive account: "
    f"get them at https://archive.org/account/s3.php and set {ACCESS} and {SECRET}"
)

_WORTH_SAVING = frozenset({State.OK, State.MOVED, State.DRIFTED, State.PAYWALL, State.BLOCKED, State.TRANSIENT})
"""A page that is gone cannot be saved; one that refused us may still show itself to the archive."""
_NEED_KEYS = frozenset({SaveState.QUEUED, SaveState.SUBMITTED})
_MOST_TRIES = 5
_BUSY = 60.0
_SHORTEST_REST = 120.0
_DAY = 86400.0
_CLAIMED = 600.0


@dataclass(frozen=True, slots=True)
class SaveReport:
    """How far every page of the queue is."""

    saves: tuple[Save, ...]
    trouble: str = ""
    """Why nothing could be handed over: missing or wrong keys, a quota."""
    stuck: frozenset[SaveState] = frozenset()
    """The states in which a page stays, however often one runs again, until the trouble is gone."""
    problems: tuple[SourceProblem, ...] = ()
    """The sources that could not be read."""

    def of(self, *states: SaveState) -> list[Save]:
        """The pages in these states."""
        return [each for each in self.saves if each.state in states]


def keys_in(environ: Mapping[str, str]) -> Keys | None:
    """The keys, from the environment only; UsageError when one of the two is missing."""
    access, secret = environ.get(ACCESS, "").strip(), environ.get(SECRET, "").strip()
    if bool(access) != bool(secret):
        missing = SECRET if access else ACCESS
        raise UsageError("is not set, and the other key is", where=missing, hint="set both, or neither")
    return Keys(access, secret) if access else None


async def save_sources(
    names: Sequence[str], settings: Settings, environ: Mapping[str, str], clock: Clock, progress: Progress, stdin: BinaryIO | None
) -> SaveReport:
    """Queue every reference of the sources, and go on with the queue; without sources, only that.

    Raises InputError when no source could be read.
    """
    keys = keys_in(environ)
    if not names and not (Path(settings.archive) / FILE_NAME).exists():
        return SaveReport(())
    async with open_house(settings, clock) as house:
        problems = await _queue_sources(house, names, stdin) if names else ()
        if settings.offline:
            report = SaveReport(tuple(house.ledger.saves.all()), "nothing is handed over offline", frozenset(SaveState))
        else:
            report = await _saver(house, keys).work(progress)
        return replace(report, problems=problems)


async def _queue_sources(house: House, names: Sequence[str], stdin: BinaryIO | None) -> tuple[SourceProblem, ...]:
    """Queue what the sources cite; the problems of those that cannot be read."""
    settings = house.settings
    loaded = await load(names, settings, None if settings.offline else house.door.fetch, stdin)
    require_something(loaded)
    extracted = [extract(document, settings.ignore) for document in loaded.documents]
    house.ledger.saves.add(dict.fromkeys(url for document in extracted for url in _worth_queueing(document, settings)))
    return loaded.problems


def _worth_queueing(document: ExtractedDocument, settings: Settings) -> list[str]:
    """The whole addresses of a document, but for archived copies and other pages of the archive: it does not archive itself."""
    originals = replace(document, references=tuple(each for each in document.references if not each.archived))
    return [url for url in resolved_whole(originals) if _host(url) != _host(settings.archives.wayback.url)]


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].lower()


def queue_unkept(ledger: Ledger, audit: Audit) -> None:
    """Queue every page of an audit that lives and of which no archive has a good copy."""
    wanted = {
        finding.resolution.url: None
        for finding in audit.findings
        if finding.resolution.url is not None
        and finding.verdict.state in _WORTH_SAVING
        and not finding.reference.archived
        and (finding.memento is None or finding.memento.archive == LOCAL)
        and not (finding.memento_note or "").startswith(("excluded", "unknown"))
        and network.is_public_name(finding.resolution.url)
        and not is_inner(finding.observation)
        and _is_sure(finding.resolution)
    }
    ledger.saves.add(wanted)


def _is_sure(resolution: Resolution) -> bool:
    return resolution.confidence >= 0.9


def _saver(house: House, keys: Keys | None) -> Saver:
    wayback, options = house.settings.archives.wayback, house.settings.archives.save
    service = None
    if keys is not None:
        service = SavePageNow(
            house.door.fetch,
            limiter=house.ledger.limits,
            clock=house.clock,
            keys=keys,
            url=wayback.url,
            per_minute=options.per_minute,
            not_within=options.not_within,
            timeout=wayback.timeout,
        )
    return Saver(house.ledger, service, house.wayback(), house.clock, options)


@dataclass(slots=True)
class Saver:
    """Works on the queue until nothing is due any more."""

    ledger: Ledger
    service: SavePageNow | None
    """None without keys: what was handed over earlier is still looked for."""
    archive: Archive
    clock: Clock
    options: SaveSettings
    trouble: str = ""
    stuck: frozenset[SaveState] = frozenset()

    async def work(self, progress: Progress) -> SaveReport:
        """Confirm, submit, poll; what is not due waits for the next run."""
        await self._confirm_due(progress)
        if self.service is None:
            self.trouble = NO_KEYS if self.ledger.saves.all(*_NEED_KEYS) else ""
            self.stuck = _NEED_KEYS
        else:
            await self._submit_due(self.service, progress)
            await self._poll(self.service, progress)
        return SaveReport(tuple(self.ledger.saves.all()), self.trouble, self.stuck)

    def _due(self, *states: SaveState) -> list[Save]:
        now = self.clock.now()
        return [each for each in self.ledger.saves.all(*states) if each.due <= now]

    # ── submitting ────────────────────────────────────────────────────────────────────────────

    async def _submit_due(self, service: SavePageNow, progress: Progress) -> None:
        due = self._due(SaveState.QUEUED)
        progress.stage("saving", len(due))
        for save in due:
            if not network.is_public_name(save.url):
                # Queued by an earlier version, which did not look.
                self.ledger.saves.keep(replace(save, state=SaveState.FAILED, message=NOT_PUBLIC))
                continue
            if not self._is_within_quota():
                break
            # Claimed before it is sent: another process leaves it alone, and a killed one frees it after a while.
            if not self.ledger.saves.claim(save, self.clock.now() + timedelta(seconds=_CLAIMED)):
                continue
            answer = await service.submit(save.url)
            self._note_submission(replace(save, asked=self.clock.now()), answer)
            progress.advance(save.url)
            if answer.outcome in (Outcome.KEYS, Outcome.QUOTA, Outcome.BUSY):
                break

    def _is_within_quota(self) -> bool:
        today = self.ledger.saves.submitted_since(self.clock.now() - timedelta(days=1))
        if today < self.options.per_day:
            return True
        self.trouble = f"the quota of a day is used up ({self.options.per_day} pages); the rest waits"
        return False

    def _note_submission(self, save: Save, answer: SaveAnswer) -> None:
        match answer.outcome:
            case Outcome.ACCEPTED:
                self._keep(save, SaveState.SUBMITTED, 0.0, answer)
            case Outcome.DONE | Outcome.PERMANENT:
                self._keep(save, SaveState.UNCONFIRMED, self.options.confirm_after, answer)
            case Outcome.TRANSIENT | Outcome.PENDING | Outcome.FORGOTTEN:
                self._try_again(save, answer)
            case Outcome.BUSY:
                self._put_off(answer, _BUSY)
            case Outcome.QUOTA:
                self._put_off(answer, _DAY)
            case Outcome.KEYS:
                self.trouble = f"the keys were not accepted ({answer.message}); {NO_KEYS}"
                self.stuck = _NEED_KEYS
            case _:
                assert_never(answer.outcome)

    def _put_off(self, answer: SaveAnswer, seconds: float) -> None:
        self.trouble = answer.message
        self.ledger.saves.put_off(self.clock.now() + timedelta(seconds=seconds))

    def _try_again(self, save: Save, answer: SaveAnswer) -> None:
        """Later, and later each time; an error may hide a capture, so that the last word is a look for the copy."""
        tries = save.tries + 1
        if tries >= _MOST_TRIES:
            self._keep(replace(save, tries=tries), SaveState.UNCONFIRMED, self.options.confirm_after, answer)
        else:
            self._keep(replace(save, tries=tries), SaveState.QUEUED, _SHORTEST_REST * 2.0**tries, answer)

    def _keep(self, save: Save, state: SaveState, after: float, answer: SaveAnswer) -> None:
        due = self.clock.now() + timedelta(seconds=after)
        self.ledger.saves.keep(replace(save, state=state, due=due, job=answer.job or save.job, message=answer.message))

    # ── polling ───────────────────────────────────────────────────────────────────────────────

    async def _poll(self, service: SavePageNow, progress: Progress) -> None:
        """Ask how the jobs are going, every few seconds and not for ever; what is still under way then is left to the next run."""
        until = self.clock.monotonic() + self.options.poll_for
        while (jobs := {each.job: each for each in self.ledger.saves.all(SaveState.SUBMITTED)}) and self.clock.monotonic() < until:
            await self.clock.sleep(self.options.poll_every)
            for job, answer in (await service.poll(list(jobs))).items():
                self._note_job(jobs[job], answer)
                if answer.outcome is not Outcome.PENDING:
                    progress.advance(jobs[job].url)

    def _note_job(self, save: Save, answer: SaveAnswer) -> None:
        match answer.outcome:
            case Outcome.PENDING | Outcome.ACCEPTED | Outcome.KEYS:
                pass
            case Outcome.DONE | Outcome.PERMANENT | Outcome.FORGOTTEN:
                self._keep(save, SaveState.UNCONFIRMED, self.options.confirm_after, answer)
            case Outcome.TRANSIENT | Outcome.BUSY:
                self._try_again(save, answer)
            case Outcome.QUOTA:
                self._keep(save, SaveState.QUEUED, _DAY, answer)
                self._put_off(answer, _DAY)
            case _:
                assert_never(answer.outcome)

    # ── confirming ────────────────────────────────────────────────────────────────────────────

    async def _confirm_due(self, progress: Progress) -> None:
        due = self._due(SaveState.UNCONFIRMED)
        progress.stage("confirming", len(due))
        for save in due:
            await self._confirm(save)
            progress.advance(save.url)

    async def _confirm(self, save: Save) -> None:
        """Read the copy: near the day of asking, or as young as makes a new one needless."""
        answer = await self.archive.nearest(save.url, save.asked, PageJudge())
        oldest = save.asked - timedelta(seconds=self.options.not_within, minutes=5)
        if isinstance(answer, Found) and answer.memento.datetime >= oldest:
            self.ledger.saves.keep(replace(save, state=SaveState.SAVED, memento=answer.memento.url, message=""))
            return
        tries = save.tries + 1
        if isinstance(answer, Found | Missing) and tries >= _MOST_TRIES:
            self.ledger.saves.keep(replace(save, state=SaveState.FAILED, tries=tries, message=save.message or "no copy can be read"))
            return
        # A fresh copy may take hours to show, and an archive that cannot be asked says nothing about it.
        rest = timedelta(seconds=self.options.confirm_after * 2.0**tries)
        self.ledger.saves.keep(
            replace(save, tries=tries if isinstance(answer, Found | Missing) else save.tries, due=self.clock.now() + rest)
        )
