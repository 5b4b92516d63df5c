"""Archives asked once: an answer of the ledger that is young enough stands in for a request."""

from __future__ import annotations

from datetime import datetime

from citekeeper.archives import Archive
from citekeeper.ledger import Ledger
from citekeeper.model import Exchange, IndexAnswer, Memento, MementoAnswer, Missing, Rows
from citekeeper.settings import ArchivesSettings


class RememberingArchive:
    """An archive (the protocol of `archives`) in front of which the ledger stands."""

    def __init__(self, archive: Archive, ledger: Ledger, settings: ArchivesSettings) -> None:
        self._archive = archive
        self._ledger = ledger
        self._ages = settings.max_age, settings.missing_max_age
        self.name = archive.name

    async def rows(self, prefix: str) -> IndexAnswer:
        """Index rows of everything that begins with `prefix`."""
        question = f"rows {prefix}"
        kept = self._ledger.answer(self.name, question, *self._ages)
        if kept is not None and not isinstance(kept, Missing) and isinstance(kept, IndexAnswer):
            return kept
        answer = await self._archive.rows(prefix)
        self._ledger.keep_answer(self.name, question, answer)
        return answer

    async def nearest(self, url: str, when: datetime) -> MementoAnswer:
        """The good memento of `url` nearest to `when`."""
        # By the day: a citation date is never finer, and the same question comes again in the next audit.
        question = f"nearest {when.date().isoformat()} {url}"
        kept = self._ledger.answer(self.name, question, *self._ages)
        if kept is not None and not isinstance(kept, Rows):
            return kept
        answer = await self._archive.nearest(url, when)
        self._ledger.keep_answer(self.name, question, answer)
        return answer

    async def content(self, memento: Memento) -> Exchange:
        """The memento's own bytes; not kept, since the ledger holds no bodies."""
        return await self._archive.content(memento)
