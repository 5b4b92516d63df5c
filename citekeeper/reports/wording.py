"""The phrases that reports for people share: what stands for an address, a reason, a copy, the whole outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from citekeeper.model import (
    Address,
    Audit,
    Completeness,
    Evidence,
    Finding,
    Level,
    Memento,
    Reference,
    Resolution,
    State,
    Timeline,
    Verdict,
)

_ORDER = (Level.ERROR, Level.WARNING, Level.NOTE, Level.NONE)


def needs_attention(verdict: Verdict) -> bool:
    """Tell whether there is something to say of a reference beyond that it is there."""
    return verdict.level is not Level.NONE or verdict.state is not State.OK


def shown_address(reference: Reference, resolution: Resolution) -> str:
    """Return the address to show for a reference: whole if there is one, else as far as it is known."""
    return resolution.url or cited_address(reference)


def cited_address(reference: Reference) -> str:
    """Return the repaired address of a reference, with an ellipsis where the document cuts it, or its raw text."""
    address = reference.address
    if address.url is None:
        return reference.raw
    return f"{address.url}…{address.suffix or ''}" if address.truncated else address.url


def undone(address: Address) -> tuple[str, ...]:
    """Return what sets an address apart from how it is printed: that it is cut, and its repairs."""
    return tuple(dict.fromkeys((*(("cut",) if address.truncated else ()), *address.repairs)))


def completed_from(finding: Finding) -> str | None:
    """Return what is printed where the address was completed, and how sure that is: a guess is never passed off as the citation."""
    if finding.resolution.method != "completed":
        return None
    return f"{cited_address(finding.reference)} (completed; confidence {finding.resolution.confidence:.2f})"


def new_address(finding: Finding) -> str | None:
    """Return where a moved page is now."""
    seen = finding.observation
    moved = finding.verdict.state is State.MOVED and seen is not None and seen.final_url != finding.resolution.url
    return seen.final_url if moved and seen else None


def reason(evidence: Evidence) -> str:
    """Return one reason in words, its code first, for `citekeeper explain`."""
    return f"{evidence.code}: {evidence.detail}" if evidence.detail else evidence.code


def over_time(timeline: Timeline) -> str:
    """Return since when a target fails and when it last worked; nothing where it was seen once, or works."""
    if timeline.observations < 2 or timeline.first_failed is None:
        return ""
    worked = f"last worked {day(timeline.last_ok)}" if timeline.last_ok else "never seen working"
    return f"failing since {day(timeline.first_failed)}; {worked}; looked at {counted(timeline.observations, 'time')}"


def distance(memento: Memento, published: date | None) -> str:
    """Return how far a copy is from the citation: "the same day", "3 days before", or nothing when that has no date."""
    if published is None:
        return ""
    days = (utc(memento.datetime).date() - published).days
    if days == 0:
        return "the day of the article"
    return f"{_span(abs(days))} {'after' if days > 0 else 'before'} the article"


def _span(days: int) -> str:
    for length, unit in ((365, "year"), (30, "month"), (1, "day")):
        if days >= (2 * length if length > 1 else 1):
            return counted(days // length, unit)
    return counted(days, "day")


def completeness(found: Completeness) -> str:
    """Return how much of what a page needs is stored, in one line: "12 stored, 3 missing (2 http 404, 1 robots)"."""
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in found.reasons)
    return f"{found.stored:,} stored, {found.missing:,} missing" + (f" ({reasons})" if reasons else "")


def counted(number: int, noun: str) -> str:
    """Return "no days", "1 day", "2 days"."""
    return f"{f'{number:,}' if number else 'no'} {noun}s" if number != 1 else f"1 {noun}"


def day(moment: date) -> str:
    """Return a date for reading: "14 March 2024"."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def moment(at: datetime) -> str:
    """Return a date and time for reading: "14 March 2024, 09:30 UTC"."""
    there = utc(at)
    return f"{day(there)}, {there:%H:%M} UTC"


def utc(at: datetime) -> datetime:
    """Return a moment in UTC, which one without a zone is taken to be in."""
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def states(findings: Iterable[Finding]) -> list[tuple[State, Level, int]]:
    """Count findings by state, gravest first, then as `State` lists them; the level is the gravest that the state has."""
    counts: Counter[State] = Counter()
    gravest: dict[State, Level] = {}
    for finding in findings:
        state, level = finding.verdict.state, finding.verdict.level
        counts[state] += 1
        gravest[state] = min(level, gravest.get(state, level), key=_ORDER.index)
    return sorted(
        ((state, gravest[state], counts[state]) for state in State if counts[state]),
        key=lambda each: (_ORDER.index(each[1]), each[0] is State.OK),
    )


def headline(audit: Audit) -> str:
    """Return the outcome in one sentence."""
    findings = audit.findings
    total = counted(len(findings), "reference")
    if not findings:
        return "No references found."
    levels = Counter(finding.verdict.level for finding in findings)
    parts = [
        counted(levels[Level.ERROR], "error") if levels[Level.ERROR] else "",
        counted(levels[Level.WARNING], "warning") if levels[Level.WARNING] else "",
        counted(levels[Level.NOTE], "note") if levels[Level.NOTE] else "",
    ]
    said = ", ".join(part for part in parts if part)
    return f"{total}: {said}." if said else f"{total}, nothing to do."


def next_steps(findings: Sequence[Finding]) -> list[str]:
    """Return what to do, over all findings: one line for each kind of work, most pressing first."""
    broken = [each for each in findings if each.verdict.level in (Level.ERROR, Level.WARNING)]
    states = Counter(each.verdict.state for each in findings)
    work = (
        (sum(each.memento is not None for each in broken), "can cite an archived copy instead", "can cite archived copies instead"),
        (states[State.INCOMPLETE], "needs its whole address from the author", "need their whole addresses from the author"),
        (states[State.MOVED], "can cite the page's new address", "can cite the pages' new addresses"),
        (states[State.TRANSIENT], "failed for now; run the audit again later", "failed for now; run the audit again later"),
    )
    return [f"{number:,} {one if number == 1 else more}" for number, one, more in work if number]


def no_copy(note: str) -> str:
    """Return why there is no archived copy, in words."""
    return f"not archived{note.removeprefix('missing')}" if note.startswith("missing") else note
