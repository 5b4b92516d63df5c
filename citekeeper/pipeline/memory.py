"""Archives asked once: an answer of the ledger that is young enough stands in for a request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from citekeeper.archives import Archive, DatedIndex, Historian, Judge, any_page
from citekeeper.ledger import Ledger
from citekeeper.model import Exchange, IndexAnswer, Memento, MementoAnswer, Missing, Rows, Unavailable
from citekeeper.network import is_public_name
from citekeeper.settings import ArchivesSettings

_NOT_ASKED = Unavailable("not asked: not a public address")
"""Names of inner networks are nobody else's business, and no archive can know their pages."""


class RememberingArchive:
    """An archive (the protocol of `archives`) in front of which the ledger stands."""

    def __init__(self, archive: Archive, ledger: Ledger, settings: ArchivesSettings) -> None:
        self._archive = archive
        self._ledger = ledger
        self._settings = settings
        self._ages = settings.max_age, settings.missing_max_age
        self.name = archive.name
        self.has_index = archive.has_index

    def only_remembering(self) -> RememberingArchive:
        """The same memory in front of nothing: for runs that may or can not ask."""
        return RememberingArchive(_Unreachable(self.name, self.has_index), self._ledger, self._settings)

    @property
    def index_is_dated(self) -> bool:
        """Whether the answer to `rows_around` depends on the day."""
        return isinstance(self._archive, DatedIndex)

    async def rows(self, prefix: str) -> IndexAnswer:
        """Index rows of everything that begins with `prefix`."""
        return await self._rows(prefix, f"rows {prefix}", self._archive.rows)

    async def rows_around(self, prefix: str, when: datetime) -> IndexAnswer:
        """The same from the indexes around `when`, where the archive has several."""
        archive = self._archive
        if not isinstance(archive, DatedIndex):
            return await self.rows(prefix)
        # By the month: crawls take weeks.
        return await self._rows(prefix, f"rows {when:%Y-%m} {prefix}", lambda asked: archive.rows_around(asked, when))

    async def _rows(self, prefix: str, question: str, ask: Callable[[str], Awaitable[IndexAnswer]]) -> IndexAnswer:
        if not is_public_name(prefix):
            return _NOT_ASKED
        kept = self._ledger.answer(self.name, question, *self._ages)
        if kept is not None and not isinstance(kept, Missing) and isinstance(kept, IndexAnswer):
            return kept
        answer = await ask(prefix)
        self._ledger.keep_answer(self.name, question, answer)
        return answer

    async def nearest(self, url: str, when: datetime, judge: Judge = any_page) -> MementoAnswer:
        """The memento of `url` nearest to `when` that `judge` takes; one that was taken before is not read again."""
        if not is_public_name(url):
            return _NOT_ASKED
        # By the day: a citation date is never finer, and the same question comes again in the next audit.
        question = f"nearest {when.date().isoformat()} {url}"
        kept = self._ledger.answer(self.name, question, *self._ages)
        if kept is not None and not isinstance(kept, Rows):
            return kept
        return await self.ask_again(url, when, judge)

    async def ask_again(self, url: str, when: datetime, judge: Judge) -> MementoAnswer:
        """As `nearest`, whatever is remembered: for a copy that is known and must be read once more."""
        answer = await self._archive.nearest(url, when, judge)
        self._ledger.keep_answer(self.name, f"nearest {when.date().isoformat()} {url}", answer)
        return answer

    async def history(self, url: str) -> IndexAnswer:
        """What a server told the archive of `url` over the years; an archive without such an index is Unavailable."""
        if not is_public_name(url):
            return _NOT_ASKED
        question = f"history {url}"
        kept = self._ledger.answer(self.name, question, *self._ages)
        if kept is not None and not isinstance(kept, Missing) and isinstance(kept, IndexAnswer):
            return kept
        if not isinstance(self._archive, Historian):
            return Unavailable("keeps no history that can be asked for")
        answer = await self._archive.history(url)
        self._ledger.keep_answer(self.name, question, answer)
        return answer

    async def content(self, memento: Memento) -> Exchange:
        """The memento's own bytes; not kept, since the ledger holds no bodies."""
        return await self._archive.content(memento)


class _Unreachable:
    """An archive that cannot be asked now."""

    def __init__(self, name: str, has_index: bool) -> None:
        self.name = name
        self.has_index = has_index

    async def rows(self, prefix: str) -> IndexAnswer:
        return Unavailable("no network")

    async def nearest(self, url: str, when: datetime, judge: Judge = any_page) -> MementoAnswer:
        return Unavailable("no network")

    async def content(self, memento: Memento) -> Exchange:
        raise AssertionError("nothing is read from an archive without a network")
