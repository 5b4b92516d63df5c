"""Sources that are addresses: an article read where it is published."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date
from typing import BinaryIO

from citekeeper.documents import Remote
from citekeeper.model import Document, Fetch, SourceProblem
from citekeeper.pipeline.listed import Fetched, Older, fetch_source, is_older, list_in, read_fetched, read_listed
from citekeeper.pipeline.loading import Loaded, find, read_local, sorted_out
from citekeeper.settings import Settings


async def load(
    names: Sequence[str], settings: Settings, fetch: Fetch | None, stdin: BinaryIO | None = None, first: date | None = None
) -> Loaded:
    """Read every source; an address is fetched with `fetch`. Articles that are known to be older than `first` are left out."""
    found = [each async for each in _read_all(names, settings, fetch, stdin, first)]
    loaded = sorted_out([each for each in found if not isinstance(each, Older)])
    return replace(loaded, older=sum(isinstance(each, Older) for each in found))


async def _read_all(
    names: Sequence[str], settings: Settings, fetch: Fetch | None, stdin: BinaryIO | None, first: date | None
) -> AsyncIterator[Document | SourceProblem | Older]:
    for found in find(names, settings, stdin):
        if fetch is None or isinstance(found, SourceProblem):
            yield _unless_older(read_local(found), first)
            continue
        got = await fetch_source(found.source, fetch, settings) if isinstance(found, Remote) else Fetched(found.source, found.data)
        if isinstance(got, SourceProblem):
            yield got
        elif (listing := list_in(got)) is not None:
            async for each in read_listed(listing, got.source, settings, fetch, first):
                yield each
        else:
            yield _unless_older(read_fetched(got), first)


def _unless_older(read: Document | SourceProblem, first: date | None) -> Document | SourceProblem | Older:
    return Older(read.source) if isinstance(read, Document) and is_older(read.published, first) else read
