"""`-f github`: workflow commands that GitHub Actions shows as annotations beside the lines they speak of.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from citekeeper.model import Audit, ExtractedDocument, Level, SourceProblem
from citekeeper.reports import issues, safe, wording
from citekeeper.reports.issues import Issue, Issues

SHOWN = 10
"""GitHub shows at most ten annotations of each kind for one step, and drops the others without a word."""
_LONGEST = 1_000
_KINDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}
# actions/toolkit, packages/core/src/command.ts: escapeData and escapeProperty.
_IN_DATA = re.compile(r"[%\r\n]")
_IN_PROPERTY = re.compile(r"[%\r\n:,]")


def render(audit: Audit, version: str) -> str:
    """Write what `audit` found wrong as annotations, and a line with the outcome."""
    counts = ", ".join(f"{count} {state}" for state, _, count in wording.states(audit.findings))
    outcome = f"{wording.headline(audit)} {counts}".rstrip()
    return "".join(f"{line}\n" for line in (*_commands(issues.of_audit(audit)), f"citekeeper: {outcome}"))


def render_extraction(documents: Sequence[ExtractedDocument], problems: Sequence[SourceProblem], version: str) -> str:
    """Write the addresses of `documents` that are cut or none at all as annotations, and a line with their number."""
    total = sum(len(document.references) for document in documents)
    found = issues.of_extraction(documents, problems)
    return "".join(f"{line}\n" for line in (*_commands(found), f"citekeeper: {wording.counted(total, 'reference')}."))


def _commands(found: Issues) -> Iterator[str]:
    if found.inconclusive_because is not None:
        yield _command("warning", {"title": "citekeeper: not conclusive"}, found.inconclusive_because)
    problems = found.problems[:SHOWN]
    for each in problems:
        yield _command(
            "warning", {"file": issues.path_of(each.source), "title": "citekeeper: not read"}, f"{each.message}. {each.hint}".strip()
        )
    yield from _annotations(found.issues)


def _annotations(found: Iterable[Issue]) -> Iterator[str]:
    left: Counter[Level] = Counter()
    for each in found:
        left[each.level] += 1
        if left[each.level] <= SHOWN:
            yield _annotation(each)
    hidden = {level: count - SHOWN for level, count in left.items() if count > SHOWN}
    if hidden:
        more = ", ".join(wording.counted(count, level.value) for level, count in sorted(hidden.items(), reverse=True))
        yield f"citekeeper: GitHub shows {SHOWN} annotations of a kind; not shown: {more}."


def _annotation(issue: Issue) -> str:
    where = issue.reference.location
    properties: dict[str, str] = {"file": issues.path_of(issue.source)}
    if not issues.is_in_container(where):
        properties |= {"line": str(where.line), "endLine": str(where.end_line)}
        if where.line == where.end_line:
            # Columns of a place over several lines are refused.
            properties |= {"col": str(where.column), "endColumn": str(where.end_column)}
    note = f" [{issue.reference.marker}]" if issue.reference.marker else ""
    return _command(_KINDS[issue.level], {**properties, "title": f"citekeeper: {issue.state}{note}"}, issue.message)


def _command(kind: str, properties: dict[str, str], message: str) -> str:
    told = ",".join(f"{key}={_IN_PROPERTY.sub(_escape, _shown(value))}" for key, value in properties.items())
    return f"::{kind} {told}::{_IN_DATA.sub(_escape, _shown(message))}"


def _shown(text: str) -> str:
    cut = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return safe.one_line(cut)


def _escape(match: re.Match[str]) -> str:
    return f"%{ord(match[0]):02X}"
