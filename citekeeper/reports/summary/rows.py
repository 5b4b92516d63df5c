"""The summary as CSV: a row for each outlet, country, age and month, and for each point of the survival curve."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from citekeeper.model import Point, Rot, Share, Tally
from citekeeper.reports import safe

COLUMNS = (
    *("kind", "name", "references", "pages", "alive", "drifted", "dead", "confirmed", "undecided", "addressless", "dead_with_copy"),
    *("known", "dead_share", "low", "high", "day", "followed", "survival"),
)

_Cell = str | int | None


def render(rot: Rot, version: str) -> str:
    """Write `rot` under `COLUMNS`; shares are 0 to 1 and empty where they rest on too little."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([safe.csv_cell(cell) if isinstance(cell, str) else cell for cell in row] for row in _rows(rot))
    return out.getvalue()


def _rows(rot: Rot) -> Iterator[list[_Cell]]:
    yield _tally("all", rot.total)
    for kind, tallies in (("outlet", rot.outlets), ("country", rot.countries), ("age", rot.ages)):
        for each in tallies:
            yield _tally(kind, each)
    for month in rot.periods:
        open_ones: list[_Cell] = [None] * 4
        counts: list[_Cell] = [month.references, None, month.alive, None, month.dead, *open_ones]
        yield ["month", f"{month.month:%Y-%m}", *counts, *_told(month.rotten), None, None, None]
    if rot.survival is not None:
        yield from map(_point, rot.survival.points)


def _tally(kind: str, tally: Tally) -> list[_Cell]:
    numbers = (tally.alive, tally.drifted, tally.dead, tally.confirmed, tally.undecided, tally.addressless, tally.with_copy)
    return [
        *(kind, tally.name, tally.references, tally.pages, *numbers),
        *(*_told(tally.rotten), None, None, None),
    ]


def _told(share: Share) -> list[_Cell]:
    low, high = share.interval or (None, None)
    return [share.of, _share(share.value), _share(low), _share(high)]


def _point(point: Point) -> list[_Cell]:
    counts: list[_Cell] = [None] * (len(COLUMNS) - 7)
    return ["survival", *counts, None, _share(point.low), _share(point.high), point.day, point.followed, _share(point.survival)]


def _share(value: float | None) -> str | None:
    return None if value is None else f"{value:.4f}"
