"""Visits to addresses that no document cites: what `citekeeper capture` does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from citekeeper.errors import InputError
from citekeeper.model import Address, Audit, Clock, ExtractedDocument, Lines, Reference, Span
from citekeeper.pipeline.house import open_house
from citekeeper.pipeline.loading import without_passwords
from citekeeper.pipeline.progress import Progress
from citekeeper.pipeline.walk import walk
from citekeeper.settings import Settings

SOURCE = "command line"


async def capture_addresses(urls: Sequence[str], settings: Settings, clock: Clock, progress: Progress) -> Audit:
    """Visit each address now, however recently it was seen, and store what it answers."""
    for url in urls:
        if not url.lower().startswith(("http://", "https://")):
            raise InputError("is not a web address", where=url, hint="write it with http:// or https://")
    now = replace(settings, max_age=0.0, archives=replace(settings.archives, use=()))
    async with open_house(now, clock) as house:
        return await walk(house, [_as_document(urls)], (), progress)


def _as_document(urls: Sequence[str]) -> ExtractedDocument:
    """The addresses as if a document listed them, one a line."""
    lines = Lines("\n".join(urls))
    starts = [sum(len(url) + 1 for url in urls[:n]) for n in range(len(urls))]
    references = [
        without_passwords(Reference(url, lines.locate(Span(start, start + len(url))), Address(url), marker=str(n)))
        for n, (url, start) in enumerate(zip(urls, starts, strict=True), 1)
    ]
    return ExtractedDocument(SOURCE, None, None, tuple(references))
