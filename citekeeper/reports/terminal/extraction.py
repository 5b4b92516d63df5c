"""What the terminal says of references alone: where they stand, their addresses, and what was undone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from citekeeper.model import ExtractedDocument, Reference, SourceProblem
from citekeeper.reports import wording
from citekeeper.reports.issues import place_in_words
from citekeeper.reports.terminal.layout import Line, Piece, calm, clean, fit, fit_address, indented, labelled, paragraph
from citekeeper.reports.terminal.page import heading, place_of, unread
from citekeeper.reports.terminal.paint import Symbols


def page(
    documents: Sequence[ExtractedDocument], problems: Sequence[SourceProblem], width: int, verbosity: int, symbols: Symbols
) -> Iterator[Line]:
    """Yield the whole page."""
    return calm(_page(documents, problems, width, verbosity, symbols))


def _page(
    documents: Sequence[ExtractedDocument], problems: Sequence[SourceProblem], width: int, verbosity: int, symbols: Symbols
) -> Iterator[Line]:
    for document in documents:
        if verbosity >= 0:
            yield from heading(document.title, document.source, document.published, len(document.references), width, symbols)
        yield from _references(document.references, width, verbose=verbosity > 0)
        if verbosity >= 0:
            yield []
    yield from unread(problems, width, symbols)
    if verbosity >= 0:
        yield from paragraph(_total(documents), width, "title")


def _references(references: Sequence[Reference], width: int, *, verbose: bool) -> Iterator[Line]:
    places = [place_of(each) for each in references]
    column = max(map(cell_len, places), default=0)
    room = max(1, width - column - 4)
    for place, reference in zip(places, references, strict=True):
        row = _row(reference, room)
        yield [Piece(f"  {' ' * (column - cell_len(place))}{place}  ", "quiet"), *row]
        if verbose:
            yield from indented(column + 4, _background(reference, row[0].text, room))
            yield []


def _row(reference: Reference, room: int) -> Line:
    undone = fit(_undone(reference), room // 2)
    beside = f"  {undone}" if undone else ""
    return [Piece(fit_address(clean(wording.cited_address(reference)), room - cell_len(beside))), Piece(beside, "note")]


def _undone(reference: Reference) -> str:
    said = ["no address"] if reference.address.url is None else []
    return clean(", ".join([*said, *wording.undone(reference.address)]))


def _background(reference: Reference, shown: str, width: int) -> Iterator[Line]:
    place, address = reference.location, reference.address
    whole = clean(wording.cited_address(reference))
    facts = [("at", clean(place_in_words(place))), ("url", whole if whole != shown else "")]
    facts += [("text", reference.raw if reference.raw != address.url else ""), ("note", reference.context)]
    facts += [("href", reference.href or "" if reference.href != address.url else "")]
    facts += [("or", each) for each in address.alternatives]
    for label, fact in facts:
        yield from labelled(label, clean(fact), width, "quiet")


def _total(documents: Sequence[ExtractedDocument]) -> str:
    references = [each for document in documents for each in document.references]
    if not references:
        return "No references found."
    cut = sum(each.address.truncated for each in references)
    repaired = sum(wording.undone(each.address) not in ((), ("cut",)) for each in references)
    return f"{wording.counted(len(references), 'reference')}: {cut:,} cut, {repaired:,} repaired."
