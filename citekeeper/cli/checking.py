"""`citekeeper check`: what is new goes through the pipeline, and only confirmed breakage fails."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from citekeeper import pipeline, reports
from citekeeper.cli.exit_codes import CLEAN, FINDINGS, INCONCLUSIVE, UNREADABLE, Threshold, never_fails
from citekeeper.errors import UsageError
from citekeeper.model import Audit, Finding
from citekeeper.pipeline import Checked
from citekeeper.reports import one_line
from citekeeper.settings import Settings

_PUSHED_SINCE = "PRE_COMMIT_FROM_REF"
"""What pre-commit tells a hook of a push: the commit that the other side has. https://pre-commit.com/#pre-push"""


def run_check(arguments: argparse.Namespace, settings: Settings, progress: reports.Progress) -> Checked:
    """Make the check that the arguments ask for."""
    if arguments.update_baseline and arguments.baseline is None:
        raise UsageError("which file is to be updated?", where="--update-baseline", hint="name it with --baseline FILE")
    baseline = Path(arguments.baseline) if arguments.baseline is not None else None
    if arguments.update_baseline and baseline is not None and not baseline.parent.is_dir():
        raise UsageError("its folder does not exist", where=str(baseline), hint="make the folder first; nothing was checked")
    if arguments.update_baseline and baseline is not None and not baseline.exists():
        baseline = None
    with progress:
        return pipeline.check(
            arguments.sources,
            settings,
            base=arguments.base if arguments.base is not None else os.environ.get(_PUSHED_SINCE),
            baseline=baseline,
            allow_empty=arguments.allow_empty,
            progress=progress,
        )


def broken(audit: Audit, threshold: Threshold) -> list[Finding]:
    """What fails a check: confirmed, not waived, at or above the threshold, and no refusal or failure of the moment."""
    return [
        each
        for each in audit.findings
        if threshold.reached_by(each.verdict) and each.verdict.confirmed and not never_fails(each.verdict.state)
    ]


def conclude(checked: Checked, threshold: Threshold, arguments: argparse.Namespace, settings: Settings) -> int:
    """Say what was checked and what fails, renew the baseline if asked, and return the exit code."""
    failing = broken(checked.audit, threshold)
    _say(_outcome(checked, failing))
    for each in checked.expired:
        _say(f"the baseline's entry for {each.url} ended on {each.until} and does not hold any more ({each.reason})")
    if arguments.update_baseline:
        if not checked.audit.conclusive:
            _say(f"the baseline was left as it is: {checked.audit.inconclusive_because}")
            return INCONCLUSIVE
        renewal = pipeline.renew_baseline(Path(arguments.baseline), checked, failing)
        _say(f"{arguments.baseline}: {renewal.added} added, {renewal.removed} removed, {renewal.kept} kept{_not_seen(renewal.not_seen)}")
        return CLEAN
    return _exit_code(checked.audit, failing, settings)


def _exit_code(audit: Audit, failing: Sequence[Finding], settings: Settings) -> int:
    if failing and not settings.exit_zero:
        return FINDINGS
    if not audit.conclusive:
        return INCONCLUSIVE
    return UNREADABLE if audit.problems else CLEAN


def _outcome(checked: Checked, failing: Sequence[Finding]) -> str:
    looked_at = len(checked.audit.findings)
    waived = sum(pipeline.reason_of(each.verdict) is not None for each in checked.audit.findings)
    known = f", {waived} of them waived" if waived else ""
    return f"{looked_at} of {checked.found} references checked{known}; {len(failing)} broken"


def _not_seen(count: int) -> str:
    return f" ({count} of addresses that these sources do not cite)" if count else ""


def _say(line: str) -> None:
    print(f"citekeeper: {one_line(line)}", file=sys.stderr)
