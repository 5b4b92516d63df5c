"""What the page shows of documents, references and problems: plain values, harmless as text; the template escapes them for HTML."""

from __future__ import annotations

from typing import Any

from citekeeper.model import AuditedDocument, ExtractedDocument, Finding, Level, Memento, Reference, SourceProblem, State, Timeline
from citekeeper.reports import issues, safe, wording

_LONGEST = 2_000
"""Characters of one value that are shown; a page of a megabyte in one cell helps nobody."""
_HOPS = 20

SYMBOLS = {Level.NONE: "✓", Level.NOTE: "•", Level.WARNING: "!", Level.ERROR: "✗"}
_RANKS = {Level.ERROR: 0, Level.WARNING: 1, Level.NOTE: 2, Level.NONE: 3}
# What a lapsed or taken-over domain shows may be anything, so it must not be one click away.
_MAY_BE_OPENED = frozenset(
    {
        *(State.OK, State.MOVED, State.DRIFTED, State.TLS_BROKEN, State.LOGIN, State.PAYWALL),
        *(State.BLOCKED, State.RESTRICTED, State.TRANSIENT, State.UNKNOWN),
    }
)

Values = dict[str, Any]


def text(value: str) -> str:
    """`value` on one line, with nothing invisible in it, and not endless."""
    return safe.one_line(value if len(value) <= _LONGEST else value[:_LONGEST] + "…")


def tone(state: State, level: Level) -> str:
    """The class that gives a state its colour: "unknown", else the level."""
    return "unknown" if state is State.UNKNOWN else level.value


def symbol(state: State, level: Level) -> str:
    """The sign of a state, so that nothing depends on colour."""
    return "?" if state is State.UNKNOWN else SYMBOLS[level]


def problem(each: SourceProblem) -> Values:
    """A source that could not be read."""
    return {"source": text(each.source), "message": text(each.message), "hint": text(each.hint)}


def document(each: AuditedDocument, number: int) -> Values:
    """A document with its findings."""
    return {
        **_heading(each, number, len(each.findings)),
        "rows": [_row(finding, each, f"r{number}-{n}", n) for n, finding in enumerate(each.findings, 1)],
    }


def extracted(each: ExtractedDocument, number: int) -> Values:
    """A document with its references alone."""
    found = [
        {
            **_place(reference, n),
            "address": text(wording.cited_address(reference)),
            "undone": text(", ".join(wording.undone(reference.address))),
        }
        for n, reference in enumerate(each.references, 1)
    ]
    return {**_heading(each, number, len(each.references)), "rows": found}


def _heading(each: AuditedDocument | ExtractedDocument, number: int, count: int) -> Values:
    source, title = text(each.source), text(each.title or "")
    return {
        "id": f"d{number}",
        "title": title or source or "(no name)",
        "source": source if title else "",
        "published": wording.day(each.published) if each.published else "",
        "count": wording.counted(count, "reference"),
    }


def _place(reference: Reference, number: int) -> Values:
    return {
        "number": number,
        "marker": text(f"[{reference.marker}]" if reference.marker is not None else issues.place_in_words(reference.location)),
        "where": text(issues.place_in_words(reference.location)),
        "raw": text(reference.raw),
        "context": text(reference.context),
    }


def _row(finding: Finding, cited_in: AuditedDocument, id: str, number: int) -> Values:
    verdict = finding.verdict
    url = finding.resolution.url
    can_open = url is not None and verdict.state in _MAY_BE_OPENED and _is_link(url)
    return {
        **_place(finding.reference, number),
        "id": id,
        "state": verdict.state.value,
        "tone": tone(verdict.state, verdict.level),
        "symbol": symbol(verdict.state, verdict.level),
        "rank": _RANKS[verdict.level],
        "attention": wording.needs_attention(verdict),
        "confidence": verdict.confidence.value,
        "confirmed": verdict.confirmed,
        "address": text(wording.shown_address(finding.reference, finding.resolution)),
        "live": safe.link_target(url) if can_open and url is not None else "",
        "completed": text(wording.completed_from(finding) or ""),
        "moved_to": text(wording.new_address(finding) or ""),
        "reasons": [(text(reason.code), text(reason.detail)) for reason in verdict.reasons],
        "candidates": [(text(each.url), f"{each.score:.2f}") for each in finding.resolution.candidates] if url is None else [],
        "advice": text(verdict.advice),
        **_copy(finding, cited_in),
        **_seen(finding),
    }


def _copy(finding: Finding, cited_in: AuditedDocument) -> Values:
    memento = finding.memento
    if memento is None:
        return {"memento": None, "no_copy": text(wording.no_copy(finding.memento_note or ""))}
    return {"memento": _memento(memento, wording.distance(memento, cited_in.published)), "no_copy": ""}


def _memento(memento: Memento, away: str) -> Values:
    link = safe.link_target(memento.url) if _is_link(memento.url) else ""
    return {"link": link, "day": wording.day(memento.datetime), "away": away, "archive": text(memento.archive)}


def _seen(finding: Finding) -> Values:
    seen, capture = finding.observation, finding.capture
    hops = [(text(hop.url), "no answer" if hop.status is None else str(hop.status)) for hop in seen.hops[:_HOPS]] if seen else []
    return {
        "past": _past(finding.timeline) if finding.timeline is not None else "",
        "seen_at": wording.moment(seen.at) if seen else "",
        "hops": hops,
        "failure": text(f"{seen.failure.kind}: {seen.failure.message}") if seen and seen.failure else "",
        "page_title": text(seen.title or "") if seen else "",
        "capture": text(f"{capture.warc}, byte {capture.offset}, {capture.record_id}") if capture else "",
        "needs": text(wording.completeness(finding.completeness)) if finding.completeness else "",
    }


def _past(timeline: Timeline) -> str:
    looks = wording.counted(timeline.observations, "look")
    parts = [f"{looks} since {wording.day(timeline.first_seen)}"]
    parts += [f"last seen well {wording.day(timeline.last_ok)}"] if timeline.last_ok else ["never seen well"]
    parts += [f"failing since {wording.day(timeline.first_failed)}"] if timeline.first_failed else []
    parts += [f"failed and came back {timeline.flaps} times"] if timeline.flaps > 1 else []
    return ", ".join(parts)


def _is_link(url: str) -> bool:
    return safe.is_web_address(url) and len(url) <= _LONGEST
