"""What the terminal says of an audit: documents, their references, and the outcome."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from citekeeper.model import Audit, AuditedDocument, Reference, SourceProblem
from citekeeper.reports import wording
from citekeeper.reports.terminal import finding
from citekeeper.reports.terminal.layout import Line, Piece, calm, clean, fit, paragraph
from citekeeper.reports.terminal.paint import Symbols, style_of

_BLANK: Line = []


def page(audit: Audit, width: int, verbosity: int, symbols: Symbols) -> Iterator[Line]:
    """Yield the whole page."""
    return calm(_page(audit, width, verbosity, symbols))


def _page(audit: Audit, width: int, verbosity: int, symbols: Symbols) -> Iterator[Line]:
    for document in audit.documents:
        yield from _document(document, width, verbosity, symbols)
    yield from unread(audit.problems, width, symbols)
    yield [Piece(symbols.rule * width, "quiet")]
    yield from paragraph(wording.headline(audit), width, "title")
    yield from _counts(audit, width, symbols)
    for step in wording.next_steps(audit.findings):
        yield from paragraph(step, width, lead=Piece(f"  {symbols.step} ", "quiet"))
    yield from _conclusion(audit, width)
    if verbosity > 0:
        yield from _effort(audit, width)


def heading(title: str | None, source: str, published: date | None, references: int, width: int, symbols: Symbols) -> Iterator[Line]:
    """Yield what a document is called, when it appeared and how much it cites."""
    name = clean(title or "")
    facts = [clean(source)] if name else []
    facts += [wording.day(published)] if published else []
    facts.append(wording.counted(references, "reference"))
    yield from paragraph(name or clean(source), width, "title")
    yield from paragraph(f" {symbols.dot} ".join(facts), width, "quiet")
    yield _BLANK


def unread(problems: Sequence[SourceProblem], width: int, symbols: Symbols) -> Iterator[Line]:
    """Yield the sources that could not be read, with what to try."""
    for problem in problems:
        hint = f" — {problem.hint}" if problem.hint else ""
        yield from paragraph(clean(f"{problem.source}: {problem.message}{hint}"), width, lead=Piece(f"{symbols.error} ", "error"))
    yield _BLANK


def place_of(reference: Reference) -> str:
    """Return the note's marker as printed in brackets, or else the page, or line and column."""
    if reference.marker is not None:
        return f"[{fit(clean(reference.marker), 8)}]"
    if reference.location.page is not None:
        return f"p. {reference.location.page}"
    return f"{reference.location.line}:{reference.location.column}"


def _document(document: AuditedDocument, width: int, verbosity: int, symbols: Symbols) -> Iterator[Line]:
    shown = [each for each in document.findings if verbosity >= 0 or wording.needs_attention(each.verdict)]
    if not shown and verbosity < 0:
        return
    yield from heading(document.title, document.source, document.published, len(document.findings), width, symbols)
    rows = [finding.Row(place_of(each.reference), finding.address_of(each), each) for each in shown]
    columns = finding.Columns.fitting(width, rows)
    for row in rows:
        yield from finding.lines(row, document.published, columns, symbols, verbose=verbosity > 0)
    yield _BLANK


def _counts(audit: Audit, width: int, symbols: Symbols) -> Iterator[Line]:
    line: Line = []
    used = 0
    for state, level, count in wording.states(audit.findings):
        said = f"  {symbols.of(state, level)} {count:,} {state}"
        if line and used + len(said) > width:
            yield line
            line, used = [], 0
        line.append(Piece(said, style_of(state, level)))
        used += len(said)
    yield from [line] if line else []


def _conclusion(audit: Audit, width: int) -> Iterator[Line]:
    if not audit.conclusive:
        because = audit.inconclusive_because or "too much is unknown"
        yield from paragraph(clean(f"Not conclusive: {because}"), width, "warning")
    elif audit.findings:
        yield [Piece("The outcome is conclusive.", "quiet")]


def _effort(audit: Audit, width: int) -> Iterator[Line]:
    seconds = (audit.finished - audit.started).total_seconds()
    requests = ", ".join(f"{clean(purpose)} {number:,}" for purpose, number in audit.requests) or "none"
    yield from paragraph(f"{seconds:,.1f} s; requests: {requests}.", width, "quiet")
