"""What the terminal says of an audit: documents, their references, and the outcome."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from citekeeper.model import Audit, AuditedDocument, Reference, SourceProblem
from citekeeper.reports import wording
from citekeeper.reports.terminal.finding import Columns, lines
from citekeeper.reports.terminal.layout import Line, clean, fit, wrap
from citekeeper.reports.terminal.paint import Symbols, style_of

_BLANK: Line = []


def audit(audit: Audit, width: int, verbosity: int, symbols: Symbols) -> Iterator[Line]:
    """Yield the whole page."""
    for document in audit.documents:
        yield from _document(document, width, verbosity, symbols)
    yield from unread(audit.problems, width, symbols)
    yield from _outcome(audit, width, verbosity, symbols)


def heading(title: str | None, source: str, published: date | None, references: int, width: int, symbols: Symbols) -> Iterator[Line]:
    """Yield what a document is called, when it appeared and how much it cites."""
    name = clean(title or "")
    facts = [clean(source)] if name else []
    facts += [wording.day(published)] if published else []
    facts.append(wording.counted(references, "reference"))
    yield from ([(line, "title")] for line in wrap(name or clean(source), width))
    yield from ([(line, "quiet")] for line in wrap(f" {symbols.dot} ".join(facts), width))
    yield _BLANK


def unread(problems: Sequence[SourceProblem], width: int, symbols: Symbols) -> Iterator[Line]:
    """Yield the sources that could not be read, with what to try."""
    for problem in problems:
        hint = f" — {problem.hint}" if problem.hint else ""
        said = wrap(clean(f"{problem.source}: {problem.message}{hint}"), width - 2)
        for number, line in enumerate(said):
            yield [(f"{symbols.error} " if number == 0 else "  ", "error"), (line, "")]
    if problems:
        yield _BLANK


def place_of(reference: Reference) -> str:
    """Return the note's marker as printed in brackets, or else line and column."""
    if reference.marker is not None:
        return fit(f"[{clean(reference.marker)}]", 10)
    return f"{reference.location.line}:{reference.location.column}"


def _document(document: AuditedDocument, width: int, verbosity: int, symbols: Symbols) -> Iterator[Line]:
    shown = [each for each in document.findings if verbosity >= 0 or wording.needs_attention(each.verdict)]
    if not shown and verbosity < 0:
        return
    yield from heading(document.title, document.source, document.published, len(document.findings), width, symbols)
    places = [place_of(each.reference) for each in shown]
    columns = Columns.fitting(width, max(map(len, places), default=0))
    for place, finding in zip(places, shown, strict=True):
        yield from lines(finding, place, document.published, columns, symbols, verbose=verbosity > 0)
    yield _BLANK


def _outcome(audit: Audit, width: int, verbosity: int, symbols: Symbols) -> Iterator[Line]:
    yield [(symbols.rule * width, "quiet")]
    yield from ([(line, "title")] for line in wrap(wording.headline(audit), width))
    yield from _counts(audit, width, symbols)
    for step in wording.next_steps(audit.findings):
        yield from _hanging("  ", step, width)
    if not audit.conclusive:
        yield from (
            [(line, "warning")] for line in wrap(clean(f"Not conclusive: {audit.inconclusive_because or 'too much is unknown'}"), width)
        )
    elif audit.findings:
        yield [("The outcome is conclusive.", "quiet")]
    if verbosity > 0:
        yield from _effort(audit, width)


def _counts(audit: Audit, width: int, symbols: Symbols) -> Iterator[Line]:
    line: Line = []
    used = 0
    for state, level, count in wording.states(audit.findings):
        said = f"  {symbols.of(state, level)} {count:,} {state}"
        if line and used + len(said) > width:
            yield line
            line, used = [], 0
        line.append((said, style_of(state, level)))
        used += len(said)
    if line:
        yield line


def _hanging(indent: str, text: str, width: int) -> Iterable[Line]:
    return ([(indent + line, "")] for line in wrap(text, width - len(indent)))


def _effort(audit: Audit, width: int) -> Iterator[Line]:
    seconds = (audit.finished - audit.started).total_seconds()
    requests = ", ".join(f"{clean(purpose)} {number:,}" for purpose, number in audit.requests) or "none"
    yield from ([(line, "quiet")] for line in wrap(f"{seconds:.1f} s; requests: {requests}.", width))
