"""`-f html`: one self-contained page for reading, printing and passing on; it loads nothing from anywhere.

The policy in its head forbids every script and style but its own, by their digests; without scripts everything is there,
only not to be filtered and sorted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from citekeeper.model import Audit, ExtractedDocument, SourceProblem
from citekeeper.reports import wording
from citekeeper.reports.html import charts, rows
from citekeeper.reports.html.sheet import sheet


def render(audit: Audit, version: str) -> str:
    """Write `audit` as a page."""
    return _page(
        title="Citations",
        headline=wording.headline(audit),
        because=None if audit.conclusive else rows.text(audit.inconclusive_because or "too little is known"),
        steps=wording.next_steps(audit.findings),
        bar=charts.state_bar(audit.findings),
        timeline=charts.timeline(audit.documents),
        problems=[rows.problem(each) for each in audit.problems],
        documents=[rows.document(each, number) for number, each in enumerate(audit.documents, 1)],
        footer=f"citekeeper {rows.text(version)}, {wording.moment(audit.finished)}",
        is_audit=True,
    )


def render_extraction(documents: Sequence[ExtractedDocument], problems: Sequence[SourceProblem], version: str) -> str:
    """Write the references of `documents` as a page."""
    total = sum(len(document.references) for document in documents)
    return _page(
        title="References",
        headline=f"{wording.counted(total, 'reference').capitalize()}.",
        problems=[rows.problem(each) for each in problems],
        documents=[rows.extracted(each, number) for number, each in enumerate(documents, 1)],
        footer=f"citekeeper {rows.text(version)}",
        is_audit=False,
    )


def _page(**values: Any) -> str:
    return sheet("page.html.j2", values, styles=("page.css",), script="page.js")
