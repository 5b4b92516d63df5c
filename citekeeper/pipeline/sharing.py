"""Index questions that share their answers: what begins with a prefix that was answered whole is not asked for again."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import datetime
from urllib.parse import urlsplit

from citekeeper.archives import Archive, DatedIndex, PrefixTest
from citekeeper.model import IndexAnswer, Rows
from citekeeper.pipeline.memory import RememberingArchive


class SharedIndex:
    """The index of one archive, for the questions of one run.

    Questions about one host wait for each other, in the order in which they come: shorter prefixes should come first.
    """

    def __init__(self, archive: Archive) -> None:
        self.name = archive.name
        self._archive = archive
        self._answers: dict[tuple[str, str], dict[str, IndexAnswer]] = defaultdict(dict)
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def rows(self, prefix: str, when: datetime | None = None) -> IndexAnswer:
        """The captures whose addresses begin with `prefix`, around `when` where that matters; at most one question to the archive."""
        host, month = urlsplit(prefix).netloc.lower(), ""
        if when is not None and self._is_dated:
            month = f"{when:%Y-%m}"
        async with self._turns[host]:
            known = self._answers[host, month]
            answer = known.get(prefix) or _covered(known, prefix) or await self._ask(prefix, when)
            known[prefix] = answer
            return answer

    @property
    def _is_dated(self) -> bool:
        archive = self._archive
        return archive.index_is_dated if isinstance(archive, RememberingArchive) else isinstance(archive, DatedIndex)

    async def _ask(self, prefix: str, when: datetime | None) -> IndexAnswer:
        archive = self._archive
        return await (archive.rows_around(prefix, when) if when is not None and isinstance(archive, DatedIndex) else archive.rows(prefix))


def _covered(known: dict[str, IndexAnswer], prefix: str) -> Rows | None:
    """The rows for `prefix` out of those for a shorter prefix, when the index gave all of them."""
    for shorter, answer in known.items():
        if prefix.startswith(shorter) and isinstance(answer, Rows) and answer.complete:
            belongs = PrefixTest(prefix)
            return Rows(tuple(row for row in answer.rows if belongs(row)))
    return None
