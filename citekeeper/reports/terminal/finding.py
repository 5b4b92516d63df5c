"""What the terminal says of one reference: a row, and below or beside it what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from rich.cells import cell_len

from citekeeper.model import Finding, Memento, State
from citekeeper.reports import safe, wording
from citekeeper.reports.issues import place_in_words
from citekeeper.reports.terminal.layout import LABEL, Line, Piece, clean, fit_address, indented, labelled, pad
from citekeeper.reports.terminal.paint import Symbols, style_of

_STATE = 14
"""Cells for sign and state: the longest state has ten letters."""

_SIDE_BY_SIDE_FROM = 130
"""Columns from which details stand beside the address instead of below it."""

_GAP = 3

_ENOUGH_FOR_DETAILS = 40
"""Cells that details need to be read at ease below the address; with less they start further left."""

_NARROW_INDENT = 4

_REASONS_SHOWN = 1
"""The first reason is the one that decided; the others are for those who ask."""

_CANDIDATES_SHOWN = 3

_NOT_FOR_CLICKING = frozenset({State.PARKED, State.REPLACED})
"""States in which the address belongs to somebody else by now."""


@dataclass(frozen=True, slots=True)
class Row:
    """A finding with what its row shows."""

    place: str
    address: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Columns:
    """Where everything stands in a row, in cells."""

    place: int
    address: int
    details_at: int
    details: int
    beside: bool

    @classmethod
    def fitting(cls, width: int, rows: Sequence[Row]) -> Columns:
        """Return the columns for `rows` on a page of `width` cells."""
        place = max((cell_len(row.place) for row in rows), default=0)
        address_at = 2 + place + 2 + _STATE
        rest = max(1, width - address_at)
        if width < _SIDE_BY_SIDE_FROM:
            details_at = address_at if rest >= _ENOUGH_FOR_DETAILS else _NARROW_INDENT
            return cls(place, rest, details_at, width - details_at, beside=False)
        longest = max((cell_len(row.address) for row in rows), default=0)
        address = min(longest, rest // 2)
        return cls(place, address, address_at + address + _GAP, rest - address - _GAP, beside=True)


@dataclass(frozen=True, slots=True)
class _Detail:
    label: str
    text: str
    style: str = ""
    is_address: bool = False


def address_of(finding: Finding) -> str:
    """Return the address that the row of `finding` shows, before it is fitted."""
    return clean(wording.shown_address(finding.reference, finding.resolution))


def lines(row: Row, published: date | None, columns: Columns, symbols: Symbols, *, verbose: bool) -> Iterator[Line]:
    """Yield the row of a finding and its details."""
    details = [
        line for detail in _details(row.finding, published, verbose=verbose) for line in _fitted(detail, columns.details, whole=verbose)
    ]
    head = _head(row, columns, symbols)
    if columns.beside:
        blank: Line = [Piece(" " * columns.details_at)]
        for left, right in zip_longest([[*head, Piece(" " * _GAP)]], details):
            yield [*(left or blank), *(right or [])]
        return
    yield head
    yield from indented(columns.details_at, details)
    if details:
        yield []


def _head(row: Row, columns: Columns, symbols: Symbols) -> Line:
    verdict = row.finding.verdict
    shown = fit_address(row.address, columns.address)
    url = row.finding.resolution.url
    return [
        Piece(f"  {' ' * (columns.place - cell_len(row.place))}{row.place}  ", "quiet"),
        Piece(pad(f"{symbols.of(verdict.state, verdict.level)} {verdict.state}", _STATE), style_of(verdict.state, verdict.level)),
        Piece(shown, "", _link(url) if url and verdict.state not in _NOT_FOR_CLICKING else ""),
        Piece(" " * (columns.address - cell_len(shown))),
    ]


def _details(finding: Finding, published: date | None, *, verbose: bool) -> Iterator[_Detail]:
    completed = wording.completed_from(finding)
    if completed:
        yield _Detail("cut", completed, "quiet")
    if wording.needs_attention(finding.verdict) or verbose:
        yield from _judged(finding, verbose=verbose)
        if finding.memento is not None:
            yield from _copy(finding.memento, published, finding.verdict.advice)
        elif finding.memento_note:
            yield _Detail("copy", wording.no_copy(finding.memento_note), "quiet")
    if finding.completeness is not None:
        yield _Detail("needs", wording.completeness(finding.completeness), "quiet")
    if verbose:
        yield from _background(finding)


def _judged(finding: Finding, *, verbose: bool) -> Iterator[_Detail]:
    advice, reasons = finding.verdict.advice, finding.verdict.reasons
    said = "; ".join(wording.reason(each) for each in (reasons if verbose else reasons[:_REASONS_SHOWN]))
    if said:
        yield _Detail("why", said)
    if finding.earlier_verdict is not None:
        yield _Detail("was", f"{finding.earlier_verdict.state} by earlier rules")
    if finding.timeline is not None and (past := wording.over_time(finding.timeline)):
        yield _Detail("past", past)
    moved_to = wording.new_address(finding)
    if moved_to and moved_to not in advice:
        yield _Detail("now", moved_to, is_address=True)
    for candidate in finding.resolution.candidates[:_CANDIDATES_SHOWN] if finding.resolution.url is None else ():
        yield _Detail("maybe", candidate.url, is_address=True)
    if advice:
        yield _Detail("next", advice)


def _copy(memento: Memento, published: date | None, advice: str) -> Iterator[_Detail]:
    away = wording.distance(memento, published)
    yield _Detail("copy", wording.day(memento.datetime) + (f", {away}" if away else ""), "copy")
    if memento.url not in advice:
        yield _Detail("", memento.url, "copy", is_address=True)


def _background(finding: Finding) -> Iterator[_Detail]:
    reference, seen, capture = finding.reference, finding.observation, finding.capture
    place = reference.location
    yield _Detail("at", clean(place_in_words(place)), "quiet")
    if reference.context:
        yield _Detail("note", reference.context, "quiet")
    if reference.raw != finding.resolution.url:
        yield _Detail("text", reference.raw, "quiet")
    if seen is not None:
        yield from (_Detail("hop", f"{hop.status or 'none'} {hop.url}", "quiet") for hop in seen.hops)
        yield _Detail("seen", wording.moment(seen.at) + (f", {seen.vantage}" if seen.vantage else ""), "quiet")
    if seen is not None and seen.failure is not None:
        yield _Detail("error", f"{seen.failure.kind}: {seen.failure.message}", "quiet")
    if finding.archive_calls:
        yield _Detail("asked", ", ".join(f"{count} {name}" for name, count in finding.archive_calls) + " of archives", "quiet")
    if capture is not None:
        yield _Detail("warc", f"{capture.warc} at {capture.offset}", "quiet")
    if finding.completeness is not None:
        yield from (_Detail("lacks", f"{each.reason}: {each.url}", "quiet") for each in finding.completeness.examples)


def _fitted(detail: _Detail, width: int, *, whole: bool) -> Iterator[Line]:
    text = clean(detail.text)
    if not detail.is_address or whole:
        yield from labelled(detail.label, text, width, detail.style)
    else:
        yield [Piece(pad(detail.label, LABEL), "quiet"), Piece(fit_address(text, width - LABEL), detail.style, _link(detail.text))]


def _link(url: str) -> str:
    return safe.link_target(url) if safe.is_web_address(url) else ""
