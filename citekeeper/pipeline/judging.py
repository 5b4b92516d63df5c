"""The last stage: what is known of each reference becomes a finding, and all of them an outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from citekeeper import health
from citekeeper.model import Audit, AuditedDocument, Completeness, Evidence, ExtractedDocument, Finding, Reference, State
from citekeeper.pipeline.calls import together
from citekeeper.pipeline.earlier import History
from citekeeper.pipeline.reach import Reach
from citekeeper.pipeline.remembering import Kept
from citekeeper.pipeline.resolving import Cited, Resolved, target_of
from citekeeper.pipeline.visiting import Sight
from citekeeper.pipeline.waivers import waive, waived_by
from citekeeper.settings import Settings


@dataclass(frozen=True, slots=True)
class Known:
    """All that the earlier stages found out."""

    resolved: Resolved
    sights: Mapping[str, Sight]
    kept: Mapping[tuple[str, date | None], Kept]
    reach: Reach
    history: History
    fresh: bool = False
    """The documents are not published yet: a page that is missing now is the author's mistake."""
    compared: Mapping[Cited, tuple[Evidence, ...]] = field(default_factory=dict)
    complete: Mapping[str, Completeness] = field(default_factory=dict)


def find_all(documents: Sequence[ExtractedDocument], known: Known, settings: Settings) -> tuple[AuditedDocument, ...]:
    """Every document with its findings."""
    return tuple(_audited(document, known, settings) for document in documents)


def _audited(document: ExtractedDocument, known: Known, settings: Settings) -> AuditedDocument:
    on = document.published or settings.as_of
    findings = tuple(_finding(reference, on, known) for reference in document.references)
    return AuditedDocument(document.source, document.title, document.published, findings)


def _finding(reference: Reference, on: date | None, known: Known) -> Finding:
    cited = Cited(reference, on)
    resolution = known.resolved.resolutions[cited]
    target = target_of(resolution.url) if resolution.url is not None else None
    sight = known.sights.get(target) if target is not None else None
    kept = known.kept.get((target, on)) if target is not None else None
    observation = sight.observation if sight is not None else None
    memento = kept.memento if kept is not None else None
    has_network = known.reach is Reach.WEB
    truncated = reference.address.truncated
    compared = known.compared.get(cited, ())
    earlier = known.history.before(observation, memento) if observation is not None else ()
    witnessed = known.history.witnessed(observation) if observation is not None else ()
    verdict = health.judge(
        resolution,
        observation,
        network=has_network,
        truncated=truncated,
        fresh=known.fresh,
        history=(*earlier, *witnessed),
        memento=memento,
        comparison=compared,
    )
    timeline = health.timeline(observation, earlier) if observation is not None else None
    note = kept.note if kept is not None else None
    capture = sight.capture if sight is not None else None
    evidence = kept.evidence if kept is not None else ()
    calls = together(known.resolved.calls.get(cited, ()), kept.calls if kept is not None else ())
    found = Finding(reference, resolution, verdict, observation, memento, note, capture, evidence, compared, timeline)
    completeness = known.complete.get(target) if target is not None else None
    return _with_copy_evidence(replace(found, archive_calls=calls, completeness=completeness))


def _with_copy_evidence(finding: Finding) -> Finding:
    """The verdict's reasons go on with what was seen in archived copies."""
    return replace(finding, verdict=replace(finding.verdict, reasons=(*finding.verdict.reasons, *finding.copy_evidence)))


def rejudged(audit: Audit, history: History) -> Audit:
    """The same audit with each verdict drawn again from the stored evidence; findings that were never seen keep theirs."""
    documents = tuple(_rejudged_document(document, history, fresh=audit.fresh) for document in audit.documents)
    return replace(audit, documents=documents, rules=health.rules_version())


def _rejudged_document(document: AuditedDocument, history: History, *, fresh: bool) -> AuditedDocument:
    return replace(document, findings=tuple(_rejudged(finding, history, fresh=fresh) for finding in document.findings))


def _rejudged(finding: Finding, history: History, *, fresh: bool) -> Finding:
    if finding.observation is None:
        return finding
    earlier = history.before(finding.observation, finding.memento)
    truncated = finding.reference.address.truncated
    verdict = health.judge(
        finding.resolution,
        finding.observation,
        truncated=truncated,
        fresh=fresh,
        history=(*earlier, *history.witnessed(finding.observation)),
        memento=finding.memento,
        comparison=finding.comparison,
    )
    judged = _with_copy_evidence(replace(finding, verdict=verdict))
    waived = waived_by(finding.verdict)
    if waived is not None and judged.verdict.state is finding.verdict.state:
        judged = waive(judged, waived.detail, waived.code)
    is_changed = (judged.verdict.state, judged.verdict.level) != (finding.verdict.state, finding.verdict.level)
    return replace(judged, earlier_verdict=finding.verdict) if is_changed else judged


def conclude(documents: Sequence[AuditedDocument], known: Known, settings: Settings) -> str | None:
    """Why the audit is inconclusive, in one line, or None when it is not."""
    findings = [finding for document in documents for finding in document.findings]
    unknown = sum(finding.verdict.state is State.UNKNOWN for finding in findings)
    if known.reach is Reach.NO_NETWORK and unknown:
        return (
            "no network: none of the names that always resolve does, so nothing could be visited and no archive asked; "
            "run it again where there is one (citekeeper demo shows the whole walk without)"
        )
    if findings and unknown / len(findings) > settings.max_unknown:
        return f"{unknown} of {len(findings)} references are unknown, more than max_unknown = {settings.max_unknown:g} allows"
    return None
