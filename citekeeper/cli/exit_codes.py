"""Which exit code an audit deserves."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from citekeeper import pipeline
from citekeeper.errors import UsageError
from citekeeper.model import Audit, Level, State, Verdict
from citekeeper.settings import Settings

CLEAN, FINDINGS, UNREADABLE, INCONCLUSIVE = 0, 1, 2, 3

_RANK = {level: rank for rank, level in enumerate(Level)}


@dataclass(frozen=True, slots=True)
class Threshold:
    """What counts as a finding: a least level, or a set of states."""

    level: Level | None
    states: frozenset[State]

    def reached_by(self, verdict: Verdict) -> bool:
        """Whether the verdict counts; one that is waived never does."""
        if pipeline.reason_of(verdict) is not None:
            return False
        if self.level is not None:
            return _RANK[verdict.level] >= _RANK[self.level]
        return verdict.state in self.states


def parse_threshold(text: str) -> Threshold:
    """Read `--fail-on`: "note", "warning", "error", or states with commas between; UsageError otherwise."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    levels = [level.value for level in Level if level is not Level.NONE]
    if len(words) == 1 and words[0] in levels:
        return Threshold(Level(words[0]), frozenset())
    allowed = [*levels, *(state.value for state in State)]
    for word in words or [""]:
        if word not in {state.value for state in State}:
            near = difflib.get_close_matches(word, allowed, n=1)
            hint = f"did you mean {near[0]}?" if near else "a level (note, warning, error) or states, as citekeeper explain lists them"
            raise UsageError(f"{word!r} is no level and no state", where="--fail-on", hint=hint)
    return Threshold(None, frozenset(State(word) for word in words))


# A wall says nothing of the page, and a failure of the moment nothing of tomorrow: neither may turn somebody's build red.
_NEVER_FAILS = frozenset({State.BLOCKED, State.LOGIN, State.PAYWALL, State.RESTRICTED, State.TRANSIENT, State.UNKNOWN})


def never_fails(state: State) -> bool:
    """Whether `check` passes over this state, whatever --fail-on says."""
    return state in _NEVER_FAILS


def exit_code(audit: Audit, settings: Settings) -> int:
    """1 for findings, else 3 when the audit is inconclusive, else 2 when a source could not be read, else 0.

    Findings come first: what is known to be broken is worth more than what is not known.
    """
    threshold = parse_threshold(settings.fail_on)
    if any(threshold.reached_by(finding.verdict) for finding in audit.findings):
        return CLEAN if settings.exit_zero else FINDINGS
    if not audit.conclusive:
        return INCONCLUSIVE
    return UNREADABLE if audit.problems else CLEAN
