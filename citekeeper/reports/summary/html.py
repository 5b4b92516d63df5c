"""The summary as one self-contained page, without any script."""

from __future__ import annotations

from typing import Any

from citekeeper.model import Rot, Tally
from citekeeper.reports import safe
from citekeeper.reports.html.sheet import sheet
from citekeeper.reports.summary import curves, words

_MOST = 200
_LONGEST = 200
_PARTS = (("alive", "none"), ("dead", "error"), ("undecided", "unknown"), ("no address", "warning"))


def render(rot: Rot, version: str) -> str:
    """Write `rot` as a page to read, print and pass on."""
    values = {
        "headline": words.headline(rot),
        "rotten": words.rotten(rot),
        "facts": [(name, tone, f"{count:,}", more) for (name, count, more), (_, tone) in zip(words.facts(rot), _PARTS, strict=True)],
        "bar": _bar(rot),
        "tables": [(table, [_row(each) for each in table.tallies]) for table in words.tables(rot, _MOST)],
        "months": words.periods(rot, _MOST),
        "month_columns": words.PERIOD_COLUMNS,
        "month_note": words.PERIOD_NOTE,
        "columns": words.COLUMNS,
        "sentences": list(words.survival_sentences(rot.survival, rot.undated)),
        "drawing": curves.drawing(rot.survival) if rot.survival is not None else None,
        "curve_columns": words.CURVE_COLUMNS,
        "curve_rows": list(words.curve_rows(rot.survival)) if rot.survival is not None else [],
        "legend": words.LEGEND,
        "caution": words.CAUTION,
        "footer": f"citekeeper {safe.one_line(version)}",
    }
    return sheet("summary.html.j2", values, styles=("page.css", "summary.css"))


def _bar(rot: Rot) -> list[tuple[str, float, float]]:
    """The parts of the bar: tone, where each begins, how wide it is, of a thousand."""
    found: list[tuple[str, float, float]] = []
    x = 0.0
    for (_, count, _), (_, tone) in zip(words.facts(rot), _PARTS, strict=True):
        width = 1000 * count / max(1, rot.total.references)
        found += [(tone, round(x, 1), round(width, 1))] if count else []
        x += width
    return found


def _row(tally: Tally) -> dict[str, Any]:
    name = safe.one_line(tally.name if len(tally.name) <= _LONGEST else tally.name[:_LONGEST] + "…")
    value, interval = tally.rotten.value, tally.rotten.interval
    whisker = None if value is None or interval is None else tuple(round(100 * each, 1) for each in (value, *interval))
    return {"name": name, "cells": words.cells(tally), "whisker": whisker}
