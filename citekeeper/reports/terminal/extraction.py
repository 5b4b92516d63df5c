"""What the terminal says of references alone: where they stand, their addresses, and what was undone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from citekeeper.model import ExtractedDocument, Reference, SourceProblem
from citekeeper.reports import wording
from citekeeper.reports.terminal.layout import Line, clean, fit, fit_address, pad, wrap
from citekeeper.reports.terminal.page import heading, place_of, unread
from citekeeper.reports.terminal.paint import Symbols

_LABEL = 6


def page(
    documents: Sequence[ExtractedDocument], problems: Sequence[SourceProblem], width: int, verbosity: int, symbols: Symbols
) -> Iterator[Line]:
    """Yield the whole page."""
    for document in documents:
        if verbosity >= 0:
            yield from heading(document.title, document.source, document.published, len(document.references), width, symbols)
        yield from _references(document.references, width, verbose=verbosity > 0)
        if verbosity >= 0 and document.references:
            yield []
    yield from unread(problems, width, symbols)
    if verbosity >= 0:
        yield [(_total(documents), "title")]


def _references(references: Sequence[Reference], width: int, *, verbose: bool) -> Iterator[Line]:
    places = [place_of(each) for each in references]
    column = max(map(len, places), default=0)
    for place, reference in zip(places, references, strict=True):
        yield from _reference(reference, f"  {place:>{column}}  ", width, verbose=verbose)


def _reference(reference: Reference, place: str, width: int, *, verbose: bool) -> Iterator[Line]:
    room = max(12, width - len(place))
    undone = fit(_undone(reference), room)
    address = clean(wording.cited_address(reference))
    beside = cell_len(address) + 2 + cell_len(undone) <= room
    yield [(place, "quiet"), (address if beside else fit_address(address, room), ""), ("  " + undone if beside and undone else "", "note")]
    if undone and not beside:
        yield [(" " * len(place), ""), (undone, "note")]
    if verbose:
        yield from ([(" " * len(place), ""), *line] for line in _background(reference, room))


def _undone(reference: Reference) -> str:
    address = reference.address
    said = ["no address"] if address.url is None else ["cut"] if address.truncated else []
    return clean(", ".join([*said, *address.repairs]))


def _background(reference: Reference, width: int) -> Iterator[Line]:
    place = reference.location
    facts = [("at", f"line {place.line}, column {place.column}"), ("text", reference.raw), ("note", reference.context)]
    facts += [("href", reference.href or ""), *(("or", each) for each in reference.address.alternatives)]
    for label, fact in facts:
        for number, line in enumerate(wrap(clean(fact), width - _LABEL)):
            yield [(pad(label if number == 0 else "", _LABEL), "quiet"), (line, "quiet")]


def _total(documents: Sequence[ExtractedDocument]) -> str:
    references = [each for document in documents for each in document.references]
    cut = sum(each.address.truncated for each in references)
    repaired = sum(bool(each.address.repairs) for each in references)
    total = wording.counted(len(references), "reference")
    return f"{total}, {cut} cut, {repaired} repaired." if references else "No references found."
