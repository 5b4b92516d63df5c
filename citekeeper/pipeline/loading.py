"""The first stage: what the user named becomes documents; what cannot be read becomes a problem, and the rest goes on."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import BinaryIO, assert_never

from citekeeper import documents, network, references
from citekeeper.documents import Given, Remote
from citekeeper.errors import InputError
from citekeeper.model import Ask, Document, Exchange, ExtractedDocument, Fetch, Purpose, Reference, SourceProblem
from citekeeper.settings import Settings


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the sources held."""

    documents: tuple[Document, ...]
    problems: tuple[SourceProblem, ...]


def load_local(names: Sequence[str], settings: Settings, stdin: BinaryIO | None = None) -> Loaded:
    """Read files, folders and standard input; an address is a problem here, for want of a network."""
    found = [_read_local(each) for each in _find(names, settings, stdin)]
    return _sorted_out(found)


async def load(names: Sequence[str], settings: Settings, fetch: Fetch | None, stdin: BinaryIO | None = None) -> Loaded:
    """Read every source; an address is fetched with `fetch`."""
    found = [each async for each in _read_all(names, settings, fetch, stdin)]
    return _sorted_out(found)


def extract(document: Document, ignore: Sequence[str]) -> ExtractedDocument:
    """The references of `document`, but for those whose address matches a pattern of `ignore`."""
    found = tuple(each for each in references.extract(document) if not _is_ignored(each, ignore))
    return ExtractedDocument(document.source, document.title, document.published, found)


def require_something(loaded: Loaded) -> None:
    """Raise InputError, with every problem in it, when no source could be read."""
    if loaded.documents:
        return
    first = loaded.problems[0]
    more = f" (and {len(loaded.problems) - 1} more sources that could not be read)" if len(loaded.problems) > 1 else ""
    raise InputError(first.message + more, where=first.source, hint=first.hint)


def _is_ignored(reference: Reference, patterns: Sequence[str]) -> bool:
    url = reference.address.url
    return url is not None and any(fnmatchcase(url, pattern) for pattern in patterns)


def _find(names: Sequence[str], settings: Settings, stdin: BinaryIO | None) -> Iterator[Given | Remote | SourceProblem]:
    return documents.find(names, max_bytes=settings.max_document_bytes, stdin=stdin or sys.stdin.buffer)


def _read_local(found: Given | Remote | SourceProblem) -> Document | SourceProblem:
    match found:
        case Given():
            return documents.read(found.data, source=found.source)
        case Remote():
            return SourceProblem(found.source, "is an address, and this runs without a network", "save the page and name the file")
        case SourceProblem():
            return found
        case _:
            assert_never(found)


async def _read_all(
    names: Sequence[str], settings: Settings, fetch: Fetch | None, stdin: BinaryIO | None
) -> AsyncIterator[Document | SourceProblem]:
    for found in _find(names, settings, stdin):
        if isinstance(found, Remote) and fetch is not None:
            yield await _read_remote(found.source, fetch, settings)
        else:
            yield _read_local(found)


async def _read_remote(url: str, fetch: Fetch, settings: Settings) -> Document | SourceProblem:
    async def fetch_source(ask: Ask) -> Exchange:
        return await fetch(replace(ask, purpose=Purpose.SOURCE))

    visit = await network.visit(url, fetch_source, max_redirects=settings.network.max_redirects)
    response = visit.last.response
    if response is None:
        failure = visit.last.failure
        return SourceProblem(url, f"cannot be fetched: {failure.message if failure else visit.stop}", "save the page and name the file")
    if not 200 <= response.status < 300:
        return SourceProblem(url, f"answered {response.status} {response.reason}".strip(), "save the page and name the file")
    document = documents.read(response.content, source=url, content_type=response.header("content-type"))
    return replace(document, url=document.url or visit.last.url) if isinstance(document, Document) else document


def _sorted_out(found: Sequence[Document | SourceProblem]) -> Loaded:
    read = tuple(each for each in found if isinstance(each, Document))
    return Loaded(read, tuple(each for each in found if isinstance(each, SourceProblem)))
