"""From findings to the summary: each reference counted once in every grouping, each page followed once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Final

from citekeeper.model import Finding, Period, Rot, State, Tally
from citekeeper.rot.places import NOT_TOLD, country_of, outlet_of
from citekeeper.rot.survival import Life, survival
from citekeeper.surt import surt

ALIVE: Final = frozenset({State.OK, State.MOVED, State.DRIFTED, State.PAYWALL})
DEAD: Final = frozenset({State.GONE, State.SOFT_404, State.HOST_DEAD, State.REPLACED, State.PARKED})
ADDRESSLESS: Final = frozenset({State.INCOMPLETE, State.INVALID})
"""What is in none of the three says nothing of the page."""

_AGES = ((1, "under 1 year"), (2, "1 to 2 years"), (5, "2 to 5 years"), (10, "5 to 10 years"), (20, "10 to 20 years"))
_OLDEST, _UNDATED = "20 years and more", "no date of citation"


@dataclass(frozen=True, slots=True)
class Cited:
    """One reference as its document's last audit left it."""

    source: str
    audited: datetime
    on: date | None
    """When it was cited: the day of access that the note tells, else the day of the document; None when neither is known."""
    finding: Finding

    @property
    def url(self) -> str | None:
        """The address, the known part of a cut one, or None."""
        return self.finding.resolution.url or self.finding.reference.address.url

    @property
    def looked(self) -> date:
        """The day of the last look."""
        seen = self.finding.observation
        return _day(seen.at if seen is not None else self.audited)

    @property
    def page(self) -> str:
        """What its variants share."""
        return surt(self.url) if self.url else self.finding.reference.raw


@dataclass(frozen=True, slots=True)
class Audited:
    """What one audit found in one document, in numbers."""

    source: str
    on: date
    states: Mapping[State, int]


def summarise(cited: Sequence[Cited], audits: Sequence[date], earlier: Sequence[Audited] = ()) -> Rot:
    """The summary of `cited`; `audits` are the days on which audits ended, of which there is at least one.

    `earlier`: what those audits found, oldest first.
    """
    by_state = Counter(each.finding.verdict.state.value for each in cited)
    return Rot(
        audits=len(audits),
        first_audit=min(audits),
        last_audit=max(audits),
        documents=len({each.source for each in cited}),
        total=_tally("", cited),
        outlets=_grouped(cited, lambda each: outlet_of(each.url)),
        countries=_countries(cited),
        ages=_ages(cited),
        periods=periods(earlier),
        survival=survival(lives(cited)),
        undated=sum(each.on is None for each in cited),
        by_state={state.value: by_state[state.value] for state in State if by_state[state.value]},
    )


def periods(audited: Sequence[Audited]) -> tuple[Period, ...]:
    """What was known at the end of each month with an audit; `audited` oldest first."""
    known: dict[str, Mapping[State, int]] = {}
    found: list[Period] = []
    for month, audits in groupby(audited, key=lambda each: each.on.replace(day=1)):
        known |= {each.source: each.states for each in audits}
        found.append(_period(month, known))
    return tuple(found)


def _period(month: date, known: Mapping[str, Mapping[State, int]]) -> Period:
    states: Counter[State] = Counter()
    for each in known.values():
        states.update(each)
    alive, dead = (sum(states[state] for state in group) for group in (ALIVE, DEAD))
    return Period(month, len(known), states.total(), alive, dead)


def lives(cited: Iterable[Cited]) -> list[Life]:
    """The life of each page that has a date of citation and was once seen alive or dead."""
    pages: dict[str, list[Cited]] = {}
    for each in cited:
        if each.on is not None and each.finding.resolution.url is not None:
            pages.setdefault(each.page, []).append(each)
    return [life for found in pages.values() if (life := _life(found)) is not None]


def _life(found: Sequence[Cited]) -> Life | None:
    born = min(each.on for each in found if each.on is not None)
    last = max(found, key=lambda each: each.looked)
    finding, past = last.finding, last.finding.timeline
    last_ok = _day(past.last_ok) if past is not None and past.last_ok is not None else None
    if finding.verdict.state in ALIVE:
        return Life(_age(born, last.looked), None)
    if finding.verdict.state not in DEAD:
        return Life(_age(born, last_ok), None) if last_ok is not None else None
    dead = _day(past.first_failed) if past is not None and past.first_failed is not None else last.looked
    copied = _day(finding.memento.datetime) if finding.memento is not None else None
    known = [day for day in (born, last_ok, copied) if day is not None and day <= dead]
    return Life(_age(born, max(known, default=born)), _age(born, dead), last_ok is not None)


def _age(born: date, day: date) -> int:
    # A document may be dated after the page was looked at; nobody cites a page before its life begins.
    return max(0, (day - born).days)


def _day(at: datetime) -> date:
    return (at.astimezone(UTC) if at.tzinfo else at).date()


# ── groups ────────────────────────────────────────────────────────────────────────────────────


def _grouped(cited: Iterable[Cited], key: Callable[[Cited], str]) -> tuple[Tally, ...]:
    groups: dict[str, list[Cited]] = {}
    for each in cited:
        groups.setdefault(key(each), []).append(each)
    tallies = [_tally(name, found) for name, found in groups.items()]
    return tuple(sorted(tallies, key=lambda tally: (-tally.dead, -tally.references, tally.name)))


def _countries(cited: Iterable[Cited]) -> tuple[Tally, ...]:
    found = _grouped(cited, lambda each: country_of(each.url))
    return tuple(sorted(found, key=lambda tally: tally.name == NOT_TOLD))


def _ages(cited: Iterable[Cited]) -> tuple[Tally, ...]:
    order = [*(name for _, name in _AGES), _OLDEST, _UNDATED]
    return tuple(sorted(_grouped(cited, _age_group), key=lambda tally: order.index(tally.name)))


def _age_group(each: Cited) -> str:
    if each.on is None:
        return _UNDATED
    years = _age(each.on, each.looked) / 365.25
    return next((name for limit, name in _AGES if years < limit), _OLDEST)


def _tally(name: str, cited: Sequence[Cited]) -> Tally:
    verdicts = [each.finding.verdict for each in cited]
    dead = [each for each in cited if each.finding.verdict.state in DEAD]
    alive = sum(verdict.state in ALIVE for verdict in verdicts)
    addressless = sum(verdict.state in ADDRESSLESS for verdict in verdicts)
    return Tally(
        name,
        references=len(cited),
        pages=len({each.page for each in cited}),
        alive=alive,
        drifted=sum(verdict.state is State.DRIFTED for verdict in verdicts),
        dead=len(dead),
        confirmed=sum(each.finding.verdict.confirmed for each in dead),
        undecided=len(cited) - alive - len(dead) - addressless,
        addressless=addressless,
        with_copy=sum(each.finding.memento is not None for each in dead),
    )
