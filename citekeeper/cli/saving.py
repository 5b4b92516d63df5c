"""`citekeeper save`: what became of each page of the queue, in lines."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TextIO

from citekeeper import pipeline, reports
from citekeeper.cli.complaining import complain_of
from citekeeper.cli.exit_codes import CLEAN, FINDINGS, INCONCLUSIVE, UNREADABLE
from citekeeper.cli.output import write_stdout
from citekeeper.settings import Settings

_ORDER = {"failed": 0, "queued": 1, "submitted": 2, "unconfirmed": 3, "saved": 4}
_WORDS = {
    "saved": "saved",
    "unconfirmed": "to be confirmed",
    "submitted": "under way",
    "queued": "waiting",
    "failed": "failed",
}


def save(arguments: argparse.Namespace, settings: Settings, progress: reports.Progress) -> int:
    """Queue the sources' references, go on with the queue, and tell how far every page is."""
    with progress:
        found = pipeline.save(arguments.sources, settings, environ=os.environ, progress=progress)
    write_stdout("".join(f"{line}\n" for line in _lines(found.saves)))
    complain_of(found.problems)
    _summary(found, sys.stderr)
    states = {each.state.value for each in found.saves}
    if "failed" in states:
        return CLEAN if settings.exit_zero else FINDINGS
    if found.problems:
        return UNREADABLE
    return INCONCLUSIVE if states - {"saved"} else CLEAN


def after_audit(settings: Settings, progress: reports.Progress) -> None:
    """What `audit --save` does once the report is out."""
    with progress:
        found = pipeline.save((), settings, environ=os.environ, progress=progress)
    _summary(found, sys.stderr)


def _lines(saves: Sequence[pipeline.Save]) -> list[str]:
    return [_line(each) for each in sorted(saves, key=lambda each: (_ORDER[each.state.value], each.url))]


def _line(save: pipeline.Save) -> str:
    said = save.memento or save.message
    told = f"{_WORDS[save.state.value]:<15} {reports.one_line(save.url)}"
    return f"{told}\n                {reports.one_line(said)}" if said else told


def _summary(found: pipeline.SaveReport, stream: TextIO) -> None:
    counts = [(word, sum(each.state.value == state for each in found.saves)) for state, word in _WORDS.items()]
    told = ", ".join(f"{count} {word}" for word, count in counts if count) or "nothing to save"
    print(f"citekeeper save: {told}", file=stream)
    if found.trouble:
        print(f"citekeeper save: {reports.one_line(found.trouble)}", file=stream)
    waiting = [
        each.due for each in found.saves if each.state.value in ("queued", "submitted", "unconfirmed") and each.state not in found.stuck
    ]
    if waiting:
        print(f"citekeeper save: run it again after {min(waiting):%Y-%m-%d %H:%M} UTC; the queue goes on from here", file=stream)
