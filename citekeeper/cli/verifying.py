"""`citekeeper verify`: its arguments as wishes, its outcome as text or JSON."""

from __future__ import annotations

import argparse
import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from citekeeper import pipeline, reports, warc
from citekeeper.cli.exit_codes import CLEAN, FINDINGS
from citekeeper.cli.output import write_stdout
from citekeeper.errors import UsageError

_AGE = re.compile(r"(\d{1,6})([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_MOST_SHOWN = 20
"""Problems of one path that are shown without -v."""


def verify(arguments: argparse.Namespace) -> int:
    """`citekeeper verify`: judge captures and packages, offline."""
    wishes = pipeline.Wishes(
        keys=tuple(arguments.key or ()),
        authorities=tuple(arguments.ca or ()),
        since=_since(arguments.since) if arguments.since else None,
        repair=Path(arguments.repair) if arguments.repair else None,
    )
    outcome = pipeline.verify([Path(each) for each in arguments.paths], wishes, environ=os.environ)
    if arguments.format == "json":
        write_stdout(json.dumps(_as_json(outcome), indent=2, ensure_ascii=False) + "\n")
    else:
        write_stdout("".join(_shown(line) + "\n" for line in _lines(outcome, arguments)))
    return CLEAN if outcome.is_sound else FINDINGS


def _since(text: str) -> datetime:
    """A moment, told as a date or as an age."""
    now = datetime.now(UTC)
    if age := _AGE.fullmatch(text):
        return now - timedelta(**{_UNITS[age[2]]: int(age[1])})
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is neither an age nor a date", where="--since", hint="30d, 12h, or 2026-01-31") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _lines(outcome: pipeline.VerifyOutcome, arguments: argparse.Namespace) -> Iterator[str]:
    meanings = {each.code: each for each in warc.CODES}
    for each in outcome.verifications:
        yield f"{each.path}: {'sound' if each.is_sound else 'NOT SOUND'} ({each.kind}, {each.records} records, {each.size} bytes)"
        for judged in each.judged:
            yield f"  {judged.aspect}: {_answer(judged)}"
        problems = [problem for problem in each.problems if arguments.verbose or problem.severity is not warc.Severity.NOTE]
        shown = problems if arguments.verbose else problems[:_MOST_SHOWN]
        for problem in shown:
            yield f"  {problem.severity} {problem.code} at {problem.where}: {problem.message}"
        if hidden := len(problems) - len(shown) + each.untold:
            yield f"  … and {hidden} more (-v shows {'no more' if arguments.verbose else 'them'})"
        for code in dict.fromkeys(problem.code for problem in shown if problem.severity is warc.Severity.ERROR):
            yield f"  {code}: {meanings[code].meaning} {meanings[code].advice}"
    if outcome.salvaged and arguments.repair:
        yield f"{arguments.repair}: {outcome.salvaged.records} whole records saved; {outcome.salvaged.left} bytes belong to none"


def _shown(line: str) -> str:
    # Names of files and records come from outside: nothing of them may steer the terminal.
    text = line.lstrip(" ")
    return " " * (len(line) - len(text)) + reports.one_line(text)


def _answer(judged: warc.Judged) -> str:
    words = {"good": "good", "warned": "good, with warnings", "broken": "BROKEN", "absent": "nothing to judge"}[judged.answer]
    return f"{words} — {judged.words}" if judged.words else words


def _as_json(outcome: pipeline.VerifyOutcome) -> dict[str, Any]:
    found: dict[str, Any] = {
        "schema": "citekeeper/verification/1",
        "sound": outcome.is_sound,
        "verified": [_verification(each) for each in outcome.verifications],
    }
    if outcome.salvaged:
        found["salvaged"] = {"records": outcome.salvaged.records, "left_bytes": outcome.salvaged.left}
    return found


def _verification(each: warc.Verification) -> dict[str, Any]:
    return {
        "path": each.path,
        "kind": each.kind,
        "sound": each.is_sound,
        "records": each.records,
        "bytes": each.size,
        "aspects": {judged.aspect.value: {"answer": judged.answer.value, "found": judged.words} for judged in each.judged},
        "problems": [
            {
                "aspect": problem.aspect.value,
                "severity": problem.severity.value,
                "code": problem.code,
                "where": problem.where,
                "message": problem.message,
            }
            for problem in each.problems
        ],
        "untold": each.untold,
    }
