"""`-f gitlab`: a Code Quality report, which GitLab shows in merge requests beside the lines it speaks of.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from citekeeper.model import Audit, ExtractedDocument, Level, SourceProblem
from citekeeper.reports import issues, safe
from citekeeper.reports.issues import Issue, Issues

_SEVERITIES = {Level.NONE: "info", Level.NOTE: "info", Level.WARNING: "minor", Level.ERROR: "major"}


def render(audit: Audit, version: str) -> str:
    """Write what `audit` found wrong as a Code Quality report."""
    return _report(issues.of_audit(audit))


def render_extraction(documents: Sequence[ExtractedDocument], problems: Sequence[SourceProblem], version: str) -> str:
    """Write the addresses of `documents` that are cut or none at all as a Code Quality report."""
    return _report(issues.of_extraction(documents, problems))


def _report(found: Issues) -> str:
    written = [*(_problem(each) for each in found.problems), *(_item(each) for each in found.issues)]
    return safe.json_document(json.dumps(written, indent=1, ensure_ascii=False)) + "\n"


def _item(issue: Issue) -> dict[str, Any]:
    return {
        "description": safe.one_line(issue.message),
        "check_name": issue.state.value,
        "fingerprint": issue.fingerprint_with_source,
        "severity": _SEVERITIES[issue.level],
        "location": {"path": _path(issue.source), "lines": {"begin": issue.reference.location.line}},
    }


def _problem(problem: SourceProblem) -> dict[str, Any]:
    return {
        "description": safe.one_line(f"not read: {problem.message}. {problem.hint}"),
        "check_name": "not_read",
        "fingerprint": issues.digest("not_read", problem.source),
        "severity": "minor",
        "location": {"path": _path(problem.source), "lines": {"begin": 1}},
    }


def _path(source: str) -> str:
    return safe.one_line(issues.path_of(source)) or "-"
