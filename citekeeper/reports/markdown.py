"""`-f markdown`: a table and details of each problem, for pull requests, job summaries and wikis; GitHub-flavoured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from citekeeper.model import Audit, AuditedDocument, Candidate, ExtractedDocument, Finding, Level, Memento, Reference, SourceProblem, State
from citekeeper.reports import wording
from citekeeper.reports.safe import markdown_code, markdown_link, markdown_text, one_line

_LONGEST = 2_000
"""Characters of one value that are written; GitHub refuses a comment of more than 65,536 altogether."""

_SYMBOLS = {Level.NONE: "✓", Level.NOTE: "•", Level.WARNING: "!", Level.ERROR: "✗"}


def render(audit: Audit, version: str) -> str:
    """Write `audit` as a Markdown page."""
    lines = ["# Citations", "", wording.headline(audit), *_outcome(audit), *_problems(audit.problems)]
    for document in audit.documents:
        lines += _document(document)
    lines += ["", "---", "", f"citekeeper {_text(version)}, {wording.day(audit.finished)}."]
    return "\n".join(lines) + "\n"


def render_extraction(documents: Sequence[ExtractedDocument], problems: Sequence[SourceProblem], version: str) -> str:
    """Write the references of `documents` as a Markdown page."""
    total = sum(len(document.references) for document in documents)
    lines = ["# References", "", f"{wording.counted(total, 'reference')}.", *_problems(problems)]
    for document in documents:
        lines += _heading(document.title, document.source, document.published, len(document.references))
        rows = ([_place(each), _code(wording.cited_address(each)), _undone(each)] for each in document.references)
        lines += _table(("Note", "Address", "As printed"), rows)
    return "\n".join(lines) + "\n"


def _outcome(audit: Audit) -> Iterator[str]:
    if not audit.conclusive:
        yield from ("", f"> **Not conclusive.** {_text(audit.inconclusive_because or '')}".rstrip())
    steps = wording.next_steps(audit.findings)
    if steps:
        yield ""
    yield from (f"- {step}" for step in steps)
    rows = ([f"{_symbol(state, level)} {_text(state)}", str(count)] for state, level, count in wording.states(audit.findings))
    yield from _table(("State", "References"), rows)


def _problems(problems: Sequence[SourceProblem]) -> Iterator[str]:
    if problems:
        yield from ("", "## Not read", "")
    for each in problems:
        hint = f" — {_text(each.hint)}" if each.hint else ""
        yield f"- {_code(each.source)}: {_text(each.message)}{hint}"


def _document(document: AuditedDocument) -> Iterator[str]:
    findings, published = document.findings, document.published
    yield from _heading(document.title, document.source, published, len(findings))
    yield from _table(("Note", "State", "Address", "Archived copy"), (_row(each, published) for each in findings))
    pressing = [each for each in findings if wording.needs_attention(each.verdict) or wording.completed_from(each)]
    if pressing:
        yield from ("", "### Details", "")
    for finding in pressing:
        yield from _details(finding, published)


def _heading(title: str | None, source: str, published: date | None, references: int) -> Iterator[str]:
    facts = [_code(source)] if title else []
    facts += [wording.day(published)] if published else []
    shown = one_line(title or "")
    yield from ("", f"## {_text(shown) if shown else _code(source)}", "")
    yield " · ".join([*facts, wording.counted(references, "reference")])


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    written = [f"| {' | '.join(row)} |" for row in rows]
    if written:
        yield from ("", f"| {' | '.join(columns)} |", "|" + " --- |" * len(columns), *written)


def _row(finding: Finding, published: date | None) -> list[str]:
    copy = _copy(finding.memento, published) if finding.memento else _text(wording.no_copy(finding.memento_note or ""))
    # The cited address is code and no link: a parked or taken-over domain must not be one click away.
    return [_place(finding.reference), _state(finding), _code(wording.shown_address(finding.reference, finding.resolution)), copy]


def _details(finding: Finding, published: date | None) -> Iterator[str]:
    verdict = finding.verdict
    address = _code(wording.shown_address(finding.reference, finding.resolution))
    yield f"- {_place(finding.reference)} **{_state(finding)}** {address}"
    completed = wording.completed_from(finding)
    if completed:
        yield f"  - Cut in the document: {_text(completed)}"
    for each in verdict.reasons:
        yield f"  - {_code(each.code)}" + (f": {_text(each.detail)}" if each.detail else "")
    moved_to = wording.new_address(finding)
    if moved_to:
        yield f"  - Now at {_code(moved_to)}"
    yield from (f"  - Perhaps {_code(each.url)} ({each.score:.2f})" for each in _candidates(finding))
    if finding.memento:
        yield f"  - Archived copy: {_copy(finding.memento, published)}"
    if verdict.advice:
        yield f"  - **Next:** {_text(verdict.advice)}"


def _candidates(finding: Finding) -> tuple[Candidate, ...]:
    return finding.resolution.candidates if finding.resolution.url is None else ()


def _copy(memento: Memento, published: date | None) -> str:
    away = wording.distance(memento, published)
    date = wording.day(memento.datetime)
    return (markdown_link(date, memento.url) if len(memento.url) <= _LONGEST else date) + (f", {away}" if away else "")


def _state(finding: Finding) -> str:
    verdict = finding.verdict
    return f"{_symbol(verdict.state, verdict.level)} {_text(verdict.state)}"


def _symbol(state: State, level: Level) -> str:
    return "?" if state is State.UNKNOWN else _SYMBOLS[level]


def _place(reference: Reference) -> str:
    if reference.marker is not None:
        return f"\\[{_text(reference.marker)}\\]"
    page = reference.location.page
    return f"line {reference.location.line}" if page is None else f"page {page}"


def _undone(reference: Reference) -> str:
    return _text(", ".join(wording.undone(reference.address)))


def _text(value: str) -> str:
    return markdown_text(_cut(value))


def _code(value: str) -> str:
    return markdown_code(_cut(value))


def _cut(value: str) -> str:
    return value if len(value) <= _LONGEST else value[:_LONGEST] + "…"
