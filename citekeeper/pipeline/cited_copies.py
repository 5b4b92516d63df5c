"""References whose document names an archived copy: the reader is served, whatever became of the original."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from citekeeper.model import AuditedDocument, Finding, Level
from citekeeper.pipeline.waivers import COPY_CITED, waive


def apply(documents: Iterable[AuditedDocument]) -> tuple[AuditedDocument, ...]:
    """The documents with every finding at the level "none" for which the text itself names a copy."""
    return tuple(replace(each, findings=tuple(_served(finding) for finding in each.findings)) for each in documents)


def _served(finding: Finding) -> Finding:
    reference = finding.reference
    names_copy = reference.archived or (reference.citation is not None and reference.citation.archived_url is not None)
    is_broken = finding.verdict.level in (Level.ERROR, Level.WARNING) and finding.resolution.url is not None
    return waive(finding, "the document names an archived copy", COPY_CITED) if names_copy and is_broken else finding
