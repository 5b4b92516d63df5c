"""What the terminal says of one reference: a row, and below or beside it what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from citekeeper.model import Finding, Memento
from citekeeper.reports import wording
from citekeeper.reports.terminal.layout import Line, clean, fit_address, pad, wrap
from citekeeper.reports.terminal.paint import Symbols, style_of_verdict

_STATE = 14
"""Cells for sign and state: the longest state has ten letters."""

_LABEL = 6
"""Cells for the label of a detail."""

_SIDE_BY_SIDE_FROM = 130
"""Columns from which details stand beside the address instead of below it."""

_CANDIDATES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Columns:
    """Where everything stands in a row, in cells."""

    place: int
    address: int
    details_at: int
    details: int
    beside: bool

    @classmethod
    def fitting(cls, width: int, place: int) -> Columns:
        """Return the columns for a page of `width` cells whose longest place takes `place`."""
        address_at = 2 + place + 2 + _STATE
        rest = max(12, width - address_at)
        if width < _SIDE_BY_SIDE_FROM:
            return cls(place, rest, address_at, rest, beside=False)
        address = rest * 9 // 20
        return cls(place, address, address_at + address + 3, rest - address - 3, beside=True)


@dataclass(frozen=True, slots=True)
class _Detail:
    label: str
    text: str
    style: str = ""
    is_address: bool = False


def lines(finding: Finding, place: str, published: date | None, columns: Columns, symbols: Symbols, *, verbose: bool) -> Iterator[Line]:
    """Yield the row of `finding` and its details."""
    row = _row(finding, place, columns, symbols)
    details = list(_details(finding, published, verbose=verbose))
    fitted = [line for detail in details for line in _fitted(detail, columns.details, whole=verbose)]
    if not columns.beside:
        yield row
        yield from ([(" " * columns.details_at, ""), *line] for line in fitted)
        if fitted:
            yield []
        return
    blank: Line = [(" " * columns.details_at, "")]
    for left, right in zip_longest([[*row, ("   ", "")]], fitted, fillvalue=None):
        yield [*(left or blank), *(right or [])]


def _row(finding: Finding, place: str, columns: Columns, symbols: Symbols) -> Line:
    verdict = finding.verdict
    address = fit_address(clean(wording.shown_address(finding.reference, finding.resolution)), columns.address)
    sign = symbols.of(verdict.state, verdict.level)
    return [
        (f"  {place:>{columns.place}}  ", "quiet"),
        (pad(f"{sign} {verdict.state}", _STATE), style_of_verdict(verdict)),
        (pad(address, columns.address), ""),
    ]


def _details(finding: Finding, published: date | None, *, verbose: bool) -> Iterator[_Detail]:
    verdict = finding.verdict
    if wording.needs_attention(verdict) or verbose:
        yield from _judged(finding)
        if finding.memento is not None:
            yield from _copy(finding.memento, published)
        elif finding.memento_note:
            yield _Detail("copy", finding.memento_note, "quiet")
    if verbose:
        yield from _background(finding)


def _judged(finding: Finding) -> Iterator[_Detail]:
    reasons = "; ".join(wording.reason(each) for each in finding.verdict.reasons)
    if reasons:
        yield _Detail("why", reasons)
    moved_to = wording.new_address(finding)
    if moved_to:
        yield _Detail("now", moved_to, is_address=True)
    for candidate in finding.resolution.candidates[:_CANDIDATES_SHOWN]:
        yield _Detail("maybe", candidate.url, is_address=True)
    if finding.verdict.advice:
        yield _Detail("next", finding.verdict.advice, "next")


def _copy(memento: Memento, published: date | None) -> Iterator[_Detail]:
    away = wording.distance(memento, published)
    yield _Detail("copy", wording.day(memento.datetime) + (f", {away}" if away else ""), "copy")
    yield _Detail("", memento.url, "copy", is_address=True)


def _background(finding: Finding) -> Iterator[_Detail]:
    reference, seen, capture = finding.reference, finding.observation, finding.capture
    place = reference.location
    yield _Detail("at", f"line {place.line}, column {place.column}", "quiet")
    if reference.context:
        yield _Detail("note", reference.context, "quiet")
    if reference.raw != finding.resolution.url:
        yield _Detail("text", reference.raw, "quiet")
    if seen is not None:
        yield from (_Detail("hop", f"{hop.status or '—'} {hop.url}", "quiet", is_address=True) for hop in seen.hops)
    if seen is not None and seen.failure is not None:
        yield _Detail("error", f"{seen.failure.kind}: {seen.failure.message}", "quiet")
    if capture is not None:
        yield _Detail("warc", f"{capture.warc} at {capture.offset}", "quiet")


def _fitted(detail: _Detail, width: int, *, whole: bool) -> Iterator[Line]:
    room = width - _LABEL
    text = clean(detail.text)
    said = [fit_address(text, room)] if detail.is_address and not whole else wrap(text, room)
    for number, line in enumerate(said):
        yield [(pad(detail.label if number == 0 else "", _LABEL), "quiet"), (line, detail.style)]
