"""The first stage: what the user named becomes documents; what cannot be read becomes a problem, and the rest goes on."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import BinaryIO, assert_never

from citekeeper import documents, references, repairs
from citekeeper.documents import Given, Remote
from citekeeper.errors import InputError
from citekeeper.model import Document, ExtractedDocument, Reference, SourceProblem
from citekeeper.pipeline.markers import ignored_lines, is_ignored
from citekeeper.pipeline.quoting import with_quotes
from citekeeper.settings import Settings
from citekeeper.surt import without_password


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the sources held."""

    documents: tuple[Document, ...]
    problems: tuple[SourceProblem, ...]
    older: int = 0
    """Articles that were left out because they are older than those asked for."""


def load_local(names: Sequence[str], settings: Settings, stdin: BinaryIO | None = None) -> Loaded:
    """Read files, folders and standard input; an address is a problem here, for want of a network."""
    found = [read_local(each) for each in find(names, settings, stdin)]
    return sorted_out(found)


def extract(document: Document, ignore: Sequence[str]) -> ExtractedDocument:
    """The references of `document`, but for those whose address matches a pattern of `ignore`, or that a comment in it lets be."""
    lines = ignored_lines(document)
    found = tuple(
        each
        for each in map(without_passwords, repairs.with_copies(document, references.extract(document)))
        if not _is_ignored(each, ignore) and not is_ignored(each.location, lines)
    )
    quoted = tuple(with_quotes(document, each) for each in found)
    return ExtractedDocument(document.source, document.title, document.published, quoted, document.url)


def without_passwords(reference: Reference) -> Reference:
    """`reference` whose addresses hold no password; `raw` and `context` stay the document's own words."""
    told = reference.address
    url = None if told.url is None else without_password(told.url)
    address = replace(told, url=url, alternatives=tuple(map(without_password, told.alternatives)))
    href = None if reference.href is None else without_password(reference.href)
    wrapper = None if reference.wrapper is None else without_password(reference.wrapper)
    citation = reference.citation
    if citation is not None and citation.archived_url is not None:
        citation = replace(citation, archived_url=without_password(citation.archived_url))
    return replace(reference, address=address, href=href, wrapper=wrapper, citation=citation)


def require_something(loaded: Loaded) -> None:
    """Raise InputError, with every problem in it, when no source could be read."""
    if loaded.documents or (loaded.older and not loaded.problems):
        return
    first, *others = loaded.problems
    told = [InputError(each.message, where=each.source, hint=each.hint) for each in others]
    raise InputError(first.message, where=first.source, hint=first.hint, others=told)


def _is_ignored(reference: Reference, patterns: Sequence[str]) -> bool:
    url = reference.address.url
    return url is not None and any(fnmatchcase(url, pattern) for pattern in patterns)


def find(names: Sequence[str], settings: Settings, stdin: BinaryIO | None) -> Iterator[Given | Remote | SourceProblem]:
    """What the names stand for, one by one; what lies in the archive folder is no article, unless it is named itself."""
    # A lone text is a sequence of its letters to Python, and "." among them the whole folder.
    names = (names,) if isinstance(names, str) else [os.fspath(name) for name in names]
    for found in documents.find(names, max_bytes=settings.max_document_bytes, stdin=stdin or sys.stdin.buffer):
        if found.source in names or not _is_below(found.source, settings.archive):
            yield found


def _is_below(source: str, folder: str) -> bool:
    return Path(source).absolute().is_relative_to(Path(folder).absolute())


def read_local(found: Given | Remote | SourceProblem) -> Document | SourceProblem:
    """Read what needs no network."""
    match found:
        case Given():
            return documents.read(found.data, source=found.source)
        case Remote():
            return SourceProblem(found.source, "is an address, and this runs without a network", "save the page and name the file")
        case SourceProblem():
            return found
        case _:
            assert_never(found)


def sorted_out(found: Sequence[Document | SourceProblem]) -> Loaded:
    """Documents on one side, problems on the other."""
    read = tuple(each for each in found if isinstance(each, Document))
    return Loaded(read, tuple(each for each in found if isinstance(each, SourceProblem)))
