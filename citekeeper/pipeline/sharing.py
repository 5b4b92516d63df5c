"""Index questions that share their answers: what begins with a prefix that was answered whole is not asked for again."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from urllib.parse import urlsplit

from citekeeper.archives import Archive, PrefixTest
from citekeeper.model import IndexAnswer, Rows


class SharedIndex:
    """The index of one archive, for the questions of one run.

    Questions about one host wait for each other, in the order in which they come: shorter prefixes should come first.
    """

    def __init__(self, archive: Archive) -> None:
        self.name = archive.name
        self._archive = archive
        self._answers: dict[str, dict[str, IndexAnswer]] = defaultdict(dict)
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def rows(self, prefix: str) -> IndexAnswer:
        """The captures whose addresses begin with `prefix`; at most one question to the archive."""
        host = urlsplit(prefix).netloc.lower()
        async with self._turns[host]:
            known = self._answers[host]
            answer = known.get(prefix) or _covered(known, prefix) or await self._archive.rows(prefix)
            known[prefix] = answer
            return answer


def _covered(known: dict[str, IndexAnswer], prefix: str) -> Rows | None:
    """The rows for `prefix` out of those for a shorter prefix, when the index gave all of them."""
    for shorter, answer in known.items():
        if prefix.startswith(shorter) and isinstance(answer, Rows) and answer.complete:
            belongs = PrefixTest(prefix)
            return Rows(tuple(row for row in answer.rows if belongs(row)))
    return None
