"""`-f csv`: one row for each reference, with columns that stay the same; for spreadsheets and scripts."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import StringIO

from citekeeper.model import Audit, ExtractedDocument, Finding, Reference, SourceProblem
from citekeeper.reports import safe
from citekeeper.reports.wording import utc

EXTRACTION_COLUMNS = (
    *("source", "marker", "line", "column", "end_line", "end_column", "offset", "length"),
    *("url", "truncated", "suffix", "repairs", "href", "raw", "context"),
)
COLUMNS = (
    *EXTRACTION_COLUMNS,
    *("state", "level", "confidence", "confirmed", "reasons", "details", "advice"),
    *("resolved_url", "method", "candidates", "seen_at", "final_url", "status", "error"),
    *("memento_url", "memento_datetime", "memento_archive", "memento_note", "capture_warc", "capture_offset", "capture_record_id"),
    *("requisites_stored", "requisites_missing"),
)

_Cell = str | int | None


def render(audit: Audit, version: str) -> str:
    """Write each finding of `audit` as a row under `COLUMNS`."""
    return _table(COLUMNS, (_finding(document.source, finding) for document in audit.documents for finding in document.findings))


def render_extraction(documents: Sequence[ExtractedDocument], problems: Sequence[SourceProblem], version: str) -> str:
    """Write each reference of `documents` as a row under `EXTRACTION_COLUMNS`."""
    rows = (_reference(document.source, reference) for document in documents for reference in document.references)
    return _table(EXTRACTION_COLUMNS, rows)


def _table(columns: Sequence[str], rows: Iterable[list[_Cell]]) -> str:
    out = StringIO(newline="")
    writer = csv.writer(out)  # the default dialect is that of RFC 4180, CRLF included
    writer.writerow(columns)
    writer.writerows([safe.csv_cell(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue()


def _reference(source: str, reference: Reference) -> list[_Cell]:
    place, address = reference.location, reference.address
    return [
        *(source, reference.marker, place.line, place.column, place.end_line, place.end_column, place.offset, place.length),
        *(address.url, _yes(address.truncated), address.suffix, " ".join(address.repairs), reference.href),
        *(reference.raw, reference.context),
    ]


def _finding(source: str, finding: Finding) -> list[_Cell]:
    return [*_reference(source, finding.reference), *_judged(finding), *_seen(finding), *_remembered(finding)]


def _judged(finding: Finding) -> list[_Cell]:
    verdict = finding.verdict
    return [
        *(verdict.state.value, verdict.level.value, verdict.confidence.value, _yes(verdict.confirmed)),
        *(" ".join(each.code for each in verdict.reasons), "; ".join(each.detail for each in verdict.reasons if each.detail)),
        verdict.advice,
    ]


def _seen(finding: Finding) -> list[_Cell]:
    resolution, seen = finding.resolution, finding.observation
    addressed: list[_Cell] = [resolution.url, resolution.method, " ".join(each.url for each in resolution.candidates)]
    if seen is None:
        return [*addressed, None, None, None, None]
    return [*addressed, _moment(seen.at), seen.final_url, seen.status, seen.failure.kind.value if seen.failure else None]


def _remembered(finding: Finding) -> list[_Cell]:
    memento, capture, complete = finding.memento, finding.capture, finding.completeness
    return [
        *((memento.url, _moment(memento.datetime), memento.archive) if memento else (None, None, None)),
        finding.memento_note,
        *((capture.warc, capture.offset, capture.record_id) if capture else (None, None, None)),
        *((complete.stored, complete.missing) if complete else (None, None)),
    ]


def _yes(truth: bool) -> str:
    return "yes" if truth else "no"


def _moment(moment: datetime) -> str:
    return utc(moment).isoformat().replace("+00:00", "Z")
