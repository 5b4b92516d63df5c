"""`-f json`: the whole outcome as one JSON document; its shape is in `shapes.py`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from citekeeper.model import Audit, ExtractedDocument, SourceProblem
from citekeeper.reports import safe


def render(audit: Audit, version: str) -> str:
    """Write `audit` as `citekeeper/report/1`."""
    from citekeeper.reports import shaping

    return _written(shaping.report(audit, version))


def render_extraction(documents: Sequence[ExtractedDocument], problems: Sequence[SourceProblem], version: str) -> str:
    """Write the references of `documents` as `citekeeper/extraction/1`."""
    from citekeeper.reports import shaping

    return _written(shaping.extraction(documents, problems, version))


def _written(shape: Any) -> str:
    from msgspec import json

    return safe.json_document(json.format(json.encode(shape), indent=2).decode()) + "\n"
