"""`-f jsonl`: one reference a line, with the source it stands in; for `jq`, `grep` and stream readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from citekeeper.model import Audit, ExtractedDocument, SourceProblem
from citekeeper.reports import safe


def render(audit: Audit, version: str) -> str:
    """Write each finding of `audit` on a line of its own."""
    from citekeeper.reports import shaping

    return _lines(
        shaping.with_source(document.source, shaping.reference(finding)) for document in audit.documents for finding in document.findings
    )


def render_extraction(documents: Sequence[ExtractedDocument], problems: Sequence[SourceProblem], version: str) -> str:
    """Write each reference of `documents` on a line of its own."""
    from citekeeper.reports import shaping

    return _lines(
        shaping.with_source(document.source, shaping.extracted(reference)) for document in documents for reference in document.references
    )


def _lines(objects: Iterable[dict[str, Any]]) -> str:
    from msgspec.json import Encoder

    return safe.json_document(Encoder().encode_lines(list(objects)).decode())
