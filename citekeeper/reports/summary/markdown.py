"""The summary in GitHub-flavoured Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from citekeeper.model import Rot
from citekeeper.reports import safe
from citekeeper.reports.summary import words

_MOST = 50


def render(rot: Rot, version: str) -> str:
    """Write `rot` for a wiki or a pull request."""
    return "\n".join(_lines(rot)) + "\n"


def _lines(rot: Rot) -> Iterator[str]:
    yield from ("# How the references rot", "", safe.markdown_text(words.headline(rot)), "")
    for name, count, more in words.facts(rot):
        yield f"- {name}: **{count:,}**{f' ({more})' if more else ''}"
    yield from ("", f"**{words.rotten(rot)}**", "", words.LEGEND)
    for table in words.tables(rot, _MOST):
        yield from ("", f"## {table.title}", "", table.note, "")
        yield from _table((table.kind, *words.COLUMNS), [(safe.markdown_code(each.name), *words.cells(each)) for each in table.tallies])
        if table.left_out:
            yield from ("", f"… and {table.left_out:,} more.")
    if months := words.periods(rot, _MOST):
        yield from ("", "## Over time", "", words.PERIOD_NOTE, "")
        yield from _table(("month", *words.PERIOD_COLUMNS), months)
    yield from ("", "## How long cited pages live", "", " ".join(words.survival_sentences(rot.survival, rot.undated)))
    if rot.survival is not None:
        yield ""
        yield from _table(words.CURVE_COLUMNS, list(words.curve_rows(rot.survival)))
    yield from ("", words.CAUTION)


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield f"| --- |{' ---: |' * (len(columns) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
