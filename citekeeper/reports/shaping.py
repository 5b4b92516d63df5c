"""Turns the nouns into the shapes of the JSON report, every text made safe for JSON on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import asdict

from citekeeper import model
from citekeeper.reports import shapes
from citekeeper.reports.safe import json_value as text
from citekeeper.reports.wording import utc


def report(audit: model.Audit, version: str) -> shapes.Report:
    """Return the whole report of `audit`."""
    return shapes.Report(
        schema=shapes.REPORT,
        tool=_tool(version),
        started=utc(audit.started),
        finished=utc(audit.finished),
        rules=text(audit.rules),
        documents=[_document(document) for document in audit.documents],
        problems=_problems(audit.problems),
        summary=_summary(audit),
    )


def extraction(documents: Sequence[model.ExtractedDocument], problems: Sequence[model.SourceProblem], version: str) -> shapes.Extraction:
    """Return the references of `documents`, as far as they are known without a network."""
    return shapes.Extraction(
        schema=shapes.EXTRACTION,
        tool=_tool(version),
        documents=[
            shapes.ExtractedDocument(
                source=text(document.source),
                title=_maybe(document.title),
                published=document.published,
                references=[extracted(reference) for reference in document.references],
            )
            for document in documents
        ],
        problems=_problems(problems),
    )


def reference(finding: model.Finding) -> shapes.Reference:
    """Return one reference and all that was found out about it."""
    return shapes.Reference(
        **_extracted_fields(finding.reference),
        resolution=_resolution(finding.resolution),
        observation=_observation(finding.observation) if finding.observation else None,
        memento=_memento(finding.memento) if finding.memento else None,
        memento_note=_maybe(finding.memento_note),
        capture=_capture(finding.capture) if finding.capture else None,
        completeness=_completeness(finding.completeness) if finding.completeness else None,
        verdict=_verdict(finding.verdict),
        timeline=_timeline(finding.timeline) if finding.timeline else None,
        earlier_verdict=_earlier(finding.earlier_verdict) if finding.earlier_verdict else None,
    )


def extracted(reference: model.Reference) -> shapes.ExtractedReference:
    """Return one reference as printed and as meant."""
    return shapes.ExtractedReference(**_extracted_fields(reference))


def with_source(source: str, shape: shapes.ExtractedReference) -> dict[str, Any]:
    """Return the fields of `shape` behind the name of its document."""
    return {"source": text(source), **asdict(shape)}


def _extracted_fields(reference: model.Reference) -> dict[str, Any]:
    address = reference.address
    return {
        "marker": _maybe(reference.marker),
        "raw": text(reference.raw),
        "location": _place(reference.location),
        "cited_at": [_place(location) for location in reference.cited_at],
        "context": text(reference.context),
        "url": _maybe(address.url),
        "truncated": address.truncated,
        "suffix": _maybe(address.suffix),
        "repairs": _texts(address.repairs),
        "href": _maybe(reference.href),
        "alternatives": _texts(address.alternatives),
        "cut_by": _maybe(address.cut_by),
        "missing_at_least": address.missing_at_least,
        "citation": _citation(reference.citation) if reference.citation else None,
        "wrapper": _maybe(reference.wrapper),
        "identifier": _maybe(reference.identifier),
        "archived": reference.archived,
        "same_as": _maybe(reference.same_as),
    }


def _citation(told: model.Citation) -> shapes.Citation:
    return shapes.Citation(
        author=_maybe(told.author),
        title=_maybe(told.title),
        outlet=_maybe(told.outlet),
        published=told.published,
        accessed=told.accessed,
        archived_url=_maybe(told.archived_url),
        archived_on=told.archived_on,
        url_status=_maybe(told.url_status),
    )


def _document(document: model.AuditedDocument) -> shapes.Document:
    return shapes.Document(
        source=text(document.source),
        title=_maybe(document.title),
        published=document.published,
        references=[reference(finding) for finding in document.findings],
    )


def _problems(problems: Iterable[model.SourceProblem]) -> list[shapes.Problem]:
    return [shapes.Problem(text(each.source), text(each.message), text(each.hint)) for each in problems]


def _summary(audit: model.Audit) -> shapes.Summary:
    counts = Counter(finding.verdict.state for finding in audit.findings)
    requests: Counter[str] = Counter()
    for purpose, number in audit.requests:
        requests[text(purpose)] += number
    return shapes.Summary(
        references=counts.total(),
        by_state={state.value: counts[state] for state in model.State if counts[state]},
        conclusive=audit.conclusive,
        inconclusive_because=_maybe(audit.inconclusive_because),
        requests=dict(requests),
    )


def _place(location: model.Location) -> shapes.Place:
    return shapes.Place(
        line=location.line,
        column=location.column,
        end_line=location.end_line,
        end_column=location.end_column,
        offset=location.offset,
        length=location.length,
        page=location.page,
        box=location.box,
        part=_maybe(location.part),
    )


def _resolution(resolution: model.Resolution) -> shapes.Resolution:
    candidates = [
        shapes.Candidate(text(each.url), round(each.score, 4), [text(reason.code) for reason in each.evidence])
        for each in resolution.candidates
    ]
    return shapes.Resolution(_maybe(resolution.url), text(resolution.method), round(resolution.confidence, 4), candidates)


def _observation(seen: model.Observation) -> shapes.Observation:
    failure = seen.failure
    return shapes.Observation(
        at=utc(seen.at),
        final_url=text(seen.final_url),
        status=seen.status,
        hops=[shapes.Hop(text(hop.url), hop.status, _maybe(hop.location)) for hop in seen.hops],
        error=shapes.Error(failure.kind, text(failure.message)) if failure else None,
    )


def _memento(memento: model.Memento) -> shapes.Memento:
    return shapes.Memento(text(memento.url), utc(memento.datetime), text(memento.archive), memento.status)


def _capture(capture: model.Capture) -> shapes.Capture:
    return shapes.Capture(text(capture.warc), capture.offset, capture.length, text(capture.record_id), _maybe(capture.payload_digest))


def _completeness(found: model.Completeness) -> shapes.Completeness:
    examples = [shapes.Lack(text(each.url), each.kind.value, text(each.reason)) for each in found.examples]
    return shapes.Completeness(found.stored, found.missing, {text(reason): count for reason, count in found.reasons}, examples)


def _verdict(verdict: model.Verdict) -> shapes.Verdict:
    return shapes.Verdict(
        state=verdict.state,
        confidence=verdict.confidence,
        confirmed=verdict.confirmed,
        level=verdict.level,
        reasons=[shapes.Reason(text(each.code), text(each.detail)) for each in verdict.reasons],
        advice=text(verdict.advice),
    )


def _timeline(seen: model.Timeline) -> shapes.Timeline:
    last_ok, first_failed = (utc(at) if at else None for at in (seen.last_ok, seen.first_failed))
    return shapes.Timeline(seen.observations, utc(seen.first_seen), last_ok, first_failed, seen.flaps)


def _earlier(verdict: model.Verdict) -> shapes.EarlierVerdict:
    return shapes.EarlierVerdict(verdict.state, verdict.confirmed, verdict.level)


def _maybe(value: str | None) -> str | None:
    return None if value is None else text(value)


def _texts(values: Iterable[str]) -> list[str]:
    return [text(value) for value in values]


def _tool(version: str) -> shapes.Tool:
    return shapes.Tool("citekeeper", version)
