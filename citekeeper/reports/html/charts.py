"""The pictures of the page, as geometry; the template draws them as SVG. Nothing in them is said by colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from citekeeper.model import AuditedDocument, Finding, Level
from citekeeper.reports import wording
from citekeeper.reports.html.rows import symbol, text, tone

_SHOWN = 60
"""References drawn in the timeline, gravest first; more would be a grey field."""
_WIDTH = 1000.0
_NARROWEST = 3.0
"""Units of a thousand; a single reference among thousands stays visible."""


@dataclass(frozen=True, slots=True)
class Slice:
    """One state's part of the bar."""

    state: str
    tone: str
    symbol: str
    count: int
    share: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Track:
    """One reference: when it was cited, from when its archived copy is, and when it was first looked at and last seen well."""

    label: str
    tone: str
    symbol: str
    state: str
    cited: float
    copy: float | None
    first: float | None
    """When the page was first looked at, and captured."""
    alive: float | None
    """When the page itself was last seen well."""
    words: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Tracks on one scale of years."""

    tracks: tuple[Track, ...]
    ticks: tuple[tuple[str, float], ...]
    """Each labelled year or month and where it begins, 0 to 100."""
    left_out: int


def state_bar(findings: Sequence[Finding]) -> tuple[Slice, ...]:
    """The states as parts of one bar, gravest first."""
    counted = wording.states(findings)
    total = sum(count for _, _, count in counted)
    widths = [max(_NARROWEST, _WIDTH * count / total) for _, _, count in counted]
    scale = _WIDTH / sum(widths) if widths else 1.0
    slices, x = [], 0.0
    for (state, level, count), width in zip(counted, widths, strict=True):
        share = f"{100 * count / total:.0f} %"
        slices.append(Slice(state.value, tone(state, level), symbol(state, level), count, share, round(x, 2), round(width * scale, 2)))
        x += width * scale
    return tuple(slices)


def timeline(documents: Sequence[AuditedDocument]) -> Timeline | None:
    """When references were cited and from when their copies are, of those with a copy or in trouble; None when nothing is known of that."""
    dated = [(each.published, finding) for each in documents if each.published for finding in each.findings]
    found = [(on, finding) for on, finding in dated if finding.memento or finding.verdict.level in (Level.ERROR, Level.WARNING)]
    if not any(finding.memento for _, finding in found):
        return None
    order = {state: place for place, (state, _, _) in enumerate(wording.states([finding for _, finding in found]))}
    found.sort(key=lambda each: order[each[1].verdict.state])
    shown = found[:_SHOWN]
    first, last = _span(shown)
    tracks = tuple(_track(on, finding, first, last) for on, finding in shown)
    return Timeline(tracks, _ticks(first, last), len(found) - len(shown))


def _span(shown: Sequence[tuple[date, Finding]]) -> tuple[date, date]:
    days = [on for on, _ in shown]
    days += [day for _, finding in shown for day in (_copied(finding), _first(finding), _alive(finding)) if day is not None]
    # Some air on both sides; and never so near that a day fills the picture.
    air = timedelta(days=max(10, (max(days) - min(days)).days // 20))
    return max(min(days), date.min + air) - air, min(max(days), date.max - air) + air


def _at(day: date, first: date, last: date) -> float:
    return round(100 * (day - first).days / max(1, (last - first).days), 2)


def _track(on: date, finding: Finding, first: date, last: date) -> Track:
    reference, verdict = finding.reference, finding.verdict
    copied, looked, alive = _copied(finding), _first(finding), _alive(finding)
    label = f"[{reference.marker}]" if reference.marker is not None else f"line {reference.location.line}"
    words = [f"cited {wording.day(on)}", f"copy of {wording.day(copied)}" if copied else "no copy"]
    words += [f"first looked at {wording.day(looked)}"] if looked else []
    words += [f"last seen well {wording.day(alive)}"] if alive else []
    return Track(
        text(label)[:12],
        tone(verdict.state, verdict.level),
        symbol(verdict.state, verdict.level),
        verdict.state.value,
        _at(on, first, last),
        _at(copied, first, last) if copied else None,
        _at(looked, first, last) if looked else None,
        _at(alive, first, last) if alive else None,
        ", ".join(words),
    )


def _copied(finding: Finding) -> date | None:
    return wording.utc(finding.memento.datetime).date() if finding.memento is not None else None


def _first(finding: Finding) -> date | None:
    return wording.utc(finding.timeline.first_seen).date() if finding.timeline is not None else None


def _alive(finding: Finding) -> date | None:
    last_ok = finding.timeline.last_ok if finding.timeline is not None else None
    return wording.utc(last_ok).date() if last_ok is not None else None


def _ticks(first: date, last: date) -> tuple[tuple[str, float], ...]:
    named = _years(first, last) if (last - first).days > 800 else _months(first, last) if (last - first).days > 100 else _weeks(first, last)
    return tuple((label, _at(day, first, last)) for label, day in named)


def _years(first: date, last: date) -> list[tuple[str, date]]:
    step = 1 + (last.year - first.year) // 9
    return [(str(year), date(year, 1, 1)) for year in range(first.year + 1, last.year + 1, step)]


def _months(first: date, last: date) -> list[tuple[str, date]]:
    months = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in range(1, 13)]
    within = [day for day in months if first <= day <= last]
    return [(f"{day:%Y-%m}", day) for day in within[:: 1 + len(within) // 9]]


def _weeks(first: date, last: date) -> list[tuple[str, date]]:
    apart = 7 * (1 + (last - first).days // 42)
    # The label of a day at the very edge would be cut off.
    return [(f"{day:%Y-%m-%d}", day) for day in (first + timedelta(days=n) for n in range(apart, (last - first).days - 2, apart))]
