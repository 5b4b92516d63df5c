"""What `--host-stats` and `-v` print on standard error: how each host behaved, the slowest first."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from citekeeper.model import HostStats
from citekeeper.reports import one_line

_MOST_UNASKED = 10
_HEADINGS = ("host", "requests", "answers", "errors", "failures", "429/503", "mean s", "slowest s", "KiB")
_LONGEST_HOST = 60


def show_host_stats(hosts: Sequence[HostStats], *, is_asked: bool, verbosity: int) -> None:
    """Print the table: of all hosts when `is_asked`, of some when the user wants to hear more, else nothing."""
    shown = hosts if is_asked else hosts[:_MOST_UNASKED] if verbosity > 0 else ()
    if not shown:
        return
    for line in _table(shown):
        print(line, file=sys.stderr)
    if len(shown) < len(hosts):
        print(f"… and {len(hosts) - len(shown):,} hosts more (--host-stats lists them all)", file=sys.stderr)


def _table(hosts: Sequence[HostStats]) -> Iterator[str]:
    rows = [_HEADINGS, *map(_row, hosts)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    for row in rows:
        yield "  ".join([row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))])


def _row(each: HostStats) -> tuple[str, ...]:
    numbers = (each.requests, each.answers, each.errors, each.failures, each.rebukes)
    mean = each.seconds / each.requests
    return (one_line(each.host)[:_LONGEST_HOST], *map(str, numbers), f"{mean:.2f}", f"{each.slowest:.2f}", f"{each.received / 1024:,.0f}")
