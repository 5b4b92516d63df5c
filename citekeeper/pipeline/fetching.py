"""Sources that are addresses: an article read where it is published."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import BinaryIO

from citekeeper import documents, network
from citekeeper.documents import Remote
from citekeeper.model import Document, Fetch, Purpose, SourceProblem
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
        if isinstance(found, Remote) and fetch is not None:
            yield await _read_remote(found.source, fetch, settings)
        else:
            yield read_local(found)


async def _read_remote(url: str, fetch: Fetch, settings: Settings) -> Document | SourceProblem:
    visit = await network.visit(url, fetch, max_redirects=settings.network.max_redirects, purpose=Purpose.SOURCE)
    response = visit.last.response
    if response is None:
        failure = visit.last.failure
        return SourceProblem(url, f"cannot be fetched: {failure.message if failure else visit.stop}", "save the page and name the file")
    if not 200 <= response.status < 300:
        return SourceProblem(url, f"answered {response.status} {response.reason}".strip(), "save the page and name the file")
    document = documents.read(response.content, source=url, content_type=response.header("content-type"))
    return replace(document, url=document.url or visit.last.url) if isinstance(document, Document) else document
