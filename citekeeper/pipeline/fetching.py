"""Sources that are addresses: an article read where it is published."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import BinaryIO

from citekeeper import documents
from citekeeper.documents import Remote
from citekeeper.model import Document, Fetch, SourceProblem
from citekeeper.pipeline.listed import Fetched, fetch_source, read_fetched, read_listed
from citekeeper.pipeline.loading import Loaded, find, read_local, sorted_out
from citekeeper.settings import Settings


async def load(names: Sequence[str], settings: Settings, fetch: Fetch | None, stdin: BinaryIO | None = None) -> Loaded:
    """Read every source; an address is fetched with `fetch`."""
    found = [each async for each in _read_all(names, settings, fetch, stdin)]
    return sorted_out(found)


async def _read_all(
    names: Sequence[str], settings: Settings, fetch: Fetch | None, stdin: BinaryIO | None
) -> AsyncIterator[Document | SourceProblem]:
    for found in find(names, settings, stdin):
        if fetch is None or isinstance(found, SourceProblem):
            yield read_local(found)
            continue
        got = await fetch_source(found.source, fetch, settings) if isinstance(found, Remote) else Fetched(found.source, found.data)
        if isinstance(got, SourceProblem):
            yield got
        elif (listing := documents.listing(got.data, source=got.url or got.source)) is not None:
            async for each in read_listed(listing, got.source, settings, fetch):
                yield each
        else:
            yield read_fetched(got)
