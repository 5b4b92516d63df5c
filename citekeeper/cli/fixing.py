"""`citekeeper fix`: repairs are planned, shown or written."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from citekeeper import pipeline, reports
from citekeeper.cli.exit_codes import CLEAN, INCONCLUSIVE, UNREADABLE
from citekeeper.model import SourceProblem
from citekeeper.pipeline import Fixed, Fixing
from citekeeper.reports import one_line, visible
from citekeeper.settings import Settings


def run_fix(arguments: argparse.Namespace, settings: Settings, progress: reports.Progress) -> int:
    """Plan the repairs, then show or write them."""
    with progress:
        fixing = pipeline.plan_repairs(
            arguments.sources, settings, unsafe=arguments.unsafe_fixes, refang=arguments.refang, progress=progress
        )
    problems = list(fixing.problems)
    for each in fixing.documents:
        if arguments.diff:
            _print(each.diff())
        elif not arguments.dry_run and each.after != each.before:
            problem = pipeline.write_repairs(each)
            problems += [problem] if problem is not None else []
    _tell(fixing, problems, is_written=not (arguments.diff or arguments.dry_run))
    if problems:
        return UNREADABLE
    return CLEAN if fixing.audit.conclusive else INCONCLUSIVE


def _print(patch: bytes) -> None:
    if sys.stdout.isatty():
        # A terminal must not be steered by what stands in an article; a file or pipe gets every byte.
        print("\n".join(visible(line) for line in patch.decode("utf-8", "replace").split("\n")), end="")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(patch)
        sys.stdout.buffer.flush()


def _tell(fixing: Fixing, problems: Sequence[SourceProblem], *, is_written: bool) -> None:
    for each in fixing.documents:
        for line in _lines(each, is_written=is_written):
            _say(line)
    for problem in problems:
        _say(f"{problem.source}: {problem.message} — {problem.hint}")
    if not fixing.audit.conclusive:
        _say(f"not conclusive: {fixing.audit.inconclusive_because}")


def _lines(fixed: Fixed, *, is_written: bool) -> list[str]:
    plan = fixed.plan
    done = ("made" if is_written else "possible") if plan.edits else "to make"
    count = len(plan.edits)
    lines = [f"{fixed.source}: {count or 'no'} {'repair' if count == 1 else 'repairs'} {done}"]
    if not is_written:
        lines += [f"  line {edit.finding.reference.location.line}: {edit.text.strip()}" for edit in plan.edits]
    lines += [f"  line {left.finding.reference.location.line}: only with --unsafe-fixes, {left.why}" for left in plan.unsafe]
    lines += [f"  line {left.finding.reference.location.line}: left alone, {left.why}" for left in plan.left]
    return lines


def _say(line: str) -> None:
    indent = "  " if line.startswith("  ") else ""
    print(f"citekeeper: {indent}{one_line(line)}", file=sys.stderr)
