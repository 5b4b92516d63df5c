"""Completing a cut address: what to ask an index for, and whether its rows single out one page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import exp
from typing import assert_never

from citekeeper.model import Address, Candidate, Evidence, Excluded, IndexAnswer, IndexRow, Reference, Resolution, Rows, Unavailable
from citekeeper.resolution.candidates import Page, Sighting, fills_the_cut, find_pages
from citekeeper.resolution.question import ask
from citekeeper.resolution.shown import CutAt, Shown, read_shown
from citekeeper.resolution.signs import signs_of
from citekeeper.resolution.weights import NONE_OF_THEM, NONE_WHEN_PARTIAL, NONE_WHEN_SPARSE, SURE_ENOUGH
from citekeeper.surt import without_userinfo

MOST_CANDIDATES = 10
_ROWS_NAMED = 3

Answers = Sequence[tuple[str, IndexAnswer]]
"""Index answers with the name of the archive that gave them."""


def index_query(address: Address) -> str | None:
    """The prefix to ask an archive's index for; None when no index can help (`complete` then says why)."""
    shown = read_shown(address) if address.truncated else None
    if shown is None or _not_searchable(shown) is not None:
        return None
    # Keys hold the query sorted, so that a cut query is not a prefix of them: its path is.
    return without_userinfo(f"{shown.origin}{shown.path}")


def complete(reference: Reference, answers: Answers, *, cited: date | None, sparse: bool = False) -> Resolution:
    """Choose among what the indexes hold; one clear winner is taken, otherwise the candidates are listed and nothing is taken.

    `sparse`: they know only a few pages of a site, so that the lack of rivals tells little.
    """
    shown = read_shown(reference.address)
    if shown is None:
        return _unresolved(Evidence("no-url", reference.raw[:200]))
    hopeless = _not_searchable(shown)
    if hopeless is not None:
        return _unresolved(hopeless)
    rows = [(name, row) for name, answer in answers if isinstance(answer, Rows) for row in answer.rows]
    silent = tuple(_why_silent(name, answer) for name, answer in answers if not isinstance(answer, Rows))
    if len(silent) == len(answers):
        return _unresolved(*silent) if silent else _unresolved(Evidence("index-not-asked"))
    pages = find_pages(shown, rows)
    if not pages:
        return _unresolved(_nothing_fits(rows, _is_partial(answers)), *silent)
    none = NONE_WHEN_PARTIAL if _is_partial(answers) else NONE_WHEN_SPARSE if sparse else NONE_OF_THEM
    return _choose(_rank(reference, shown, cited, pages, none), _is_partial(answers), silent)


def _not_searchable(shown: Shown) -> Evidence | None:
    match shown.at:
        case CutAt.HOST:
            return Evidence("cut-in-host", shown.host)
        case CutAt.ROOT:
            return None if shown.suffix else Evidence("nothing-behind-host", shown.host)
        case CutAt.PATH | CutAt.QUERY | CutAt.FRAGMENT:
            return None
        case _:
            assert_never(shown.at)


def _unresolved(*evidence: Evidence) -> Resolution:
    return Resolution(None, "unresolved", 0.0, (), evidence)


def _is_partial(answers: Answers) -> bool:
    return any(isinstance(answer, Rows) and not answer.complete for _, answer in answers)


def _why_silent(name: str, answer: Excluded | Unavailable | Rows) -> Evidence:
    match answer:
        case Excluded(message):
            return Evidence("index-excluded", f"{name}: {message}")
        case Unavailable(message):
            return Evidence("index-unavailable", f"{name}: {message}")
        case Rows():
            return Evidence("index-empty", name)
        case _:
            assert_never(answer)


def _nothing_fits(rows: Sequence[tuple[str, IndexRow]], partial: bool) -> Evidence:
    if not rows:
        return Evidence("index-empty")
    return Evidence("index-partial" if partial else "index-no-fit", f"{len(rows)} rows, none fits")


def _rank(reference: Reference, shown: Shown, cited: date | None, pages: tuple[Page, ...], none: float) -> list[tuple[Candidate, bool]]:
    """Candidates with their shares, likeliest first, and whether each may be taken."""
    question = ask(reference, shown, cited, pages)
    signs = [signs_of(question, page) for page in pages]
    shares = _shares([sum(weight for _, weight in each) for each in signs], none)
    ranked = [
        (
            Candidate(without_userinfo(page.url), round(share, 4), (*(evidence for evidence, _ in each), *_rows_of(page))),
            _may_be_taken(shown, page),
        )
        for page, each, share in zip(pages, signs, shares, strict=True)
    ]
    return sorted(ranked, key=lambda each: (-each[0].score, len(each[0].url), each[0].url))


def _shares(scores: list[float], none: float) -> list[float]:
    top = max(*scores, none)
    weights = [exp(score - top) for score in scores]
    whole = sum(weights) + exp(none - top)
    return [weight / whole for weight in weights]


def _may_be_taken(shown: Shown, page: Page) -> bool:
    return page.same_case and not page.is_cut and fills_the_cut(shown, page)


def _rows_of(page: Page) -> tuple[Evidence, ...]:
    return tuple(Evidence("index-row", _name(each)) for each in page.sightings[:_ROWS_NAMED])


def _name(sighting: Sighting) -> str:
    row = sighting.row
    return f"{sighting.archive} {row.timestamp:%Y%m%d%H%M%S} {row.original} {row.mimetype} {row.status or '-'}"


def _choose(ranked: list[tuple[Candidate, bool]], partial: bool, silent: tuple[Evidence, ...]) -> Resolution:
    best, may_be_taken = ranked[0]
    listed = tuple(candidate for candidate, _ in ranked[:MOST_CANDIDATES])
    limits = (Evidence("index-partial"), *silent) if partial else silent
    if may_be_taken and best.score >= SURE_ENOUGH:
        runner_up = ranked[1][0] if len(ranked) > 1 else None
        why = Evidence("index-margin", f"{best.score:.2f} to {runner_up.score:.2f}") if runner_up else Evidence("index-unique")
        return Resolution(best.url, "completed", best.score, listed, (why, *limits))
    why = Evidence("index-ambiguous", f"{len(ranked)} candidates") if len(ranked) > 1 else Evidence("index-unsure", f"{best.score:.2f}")
    return Resolution(None, "unresolved", best.score, listed, (why, *limits))
