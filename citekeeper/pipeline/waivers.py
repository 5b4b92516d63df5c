"""Verdicts that do not count: the rules of the configuration and the entries of a baseline, applied to findings."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase

from citekeeper.errors import ConfigError
from citekeeper.model import AuditedDocument, CodeMeaning, Evidence, Finding, Level, State, Verdict
from citekeeper.settings import IgnoreRule
from citekeeper.surt import surt

WAIVED = "waived"
COPY_CITED = "copy-cited"
_ADVICE_WITH_COPY = "Nothing to do: the document cites an archived copy."

CODES = (
    CodeMeaning(
        COPY_CITED,
        "The document itself names an archived copy of the page, so that its readers are served whatever became of the original.",
        "Nothing to do.",
    ),
    CodeMeaning(
        WAIVED,
        "A rule of the configuration or an entry of the baseline says that this verdict does not count.",
        "Look at it again when the rule's day has come; its reason is given.",
    ),
)


@dataclass(frozen=True, slots=True)
class Waiver:
    """Why a verdict on some addresses does not count."""

    url: str
    reason: str
    state: State | None = None
    """None: whatever its state."""
    until: date | None = None
    """The last day on which it holds."""
    is_pattern: bool = True
    """False: exactly this address, however it is written."""

    def holds_on(self, today: date) -> bool:
        """Whether its day has not passed."""
        return self.until is None or today <= self.until

    def covers(self, finding: Finding) -> bool:
        """Whether it speaks of this finding."""
        if self.state is not None and finding.verdict.state is not self.state:
            return False
        url = address_of(finding)
        return fnmatchcase(url, self.url) if self.is_pattern else key_of(url) == key_of(self.url)


def from_rules(rules: Iterable[IgnoreRule]) -> tuple[Waiver, ...]:
    """The waivers that a configuration tells; ConfigError for a state that there is not."""
    return tuple(
        Waiver(rule.url, rule.reason, state_named(rule.state, "ignore_rules") if rule.state else None, rule.until) for rule in rules
    )


def state_named(name: str, where: str) -> State:
    """The state called `name`; ConfigError, with the nearest one, when there is none."""
    names = [state.value for state in State]
    if name in names:
        return State(name)
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]}?" if near else "citekeeper explain lists the states"
    raise ConfigError(f"{name!r} is no state", where=where, hint=hint)


def apply(documents: Iterable[AuditedDocument], waivers: Sequence[Waiver], today: date) -> tuple[AuditedDocument, ...]:
    """The documents with every covered finding at the level "none", and the reason why."""
    holding = [waiver for waiver in waivers if waiver.holds_on(today)]
    if not holding:
        return tuple(documents)
    index = _Index(holding)
    return tuple(replace(each, findings=tuple(index.applied(finding) for finding in each.findings)) for each in documents)


def waive(finding: Finding, reason: str, code: str = WAIVED) -> Finding:
    """The finding without weight; its state stays what it is. Who cites a copy is not told to link one."""
    verdict = finding.verdict
    advice = _ADVICE_WITH_COPY if code == COPY_CITED else verdict.advice
    reasons = (Evidence(code, reason), *verdict.reasons)
    return replace(finding, verdict=replace(verdict, level=Level.NONE, reasons=reasons, advice=advice))


def reason_of(verdict: Verdict) -> str | None:
    """Why the verdict does not count, or None when it does."""
    waived = waived_by(verdict)
    return None if waived is None else waived.detail


def waived_by(verdict: Verdict) -> Evidence | None:
    """The reason that takes the weight of the verdict, with its code, or None when it counts."""
    return next((each for each in verdict.reasons if each.code in (WAIVED, COPY_CITED)), None)


def address_of(finding: Finding) -> str:
    """What a waiver calls the reference: its whole address, else what is known of it, else its text."""
    return finding.resolution.url or finding.reference.address.url or finding.reference.raw


def key_of(url: str) -> str:
    """The same for all ways to write an address."""
    return surt(url)


class _Index:
    """Finds the waiver of a finding without looking at thousands of baseline entries one by one."""

    def __init__(self, waivers: Sequence[Waiver]) -> None:
        self._patterns = [waiver for waiver in waivers if waiver.is_pattern]
        self._exact: dict[str, list[Waiver]] = {}
        for waiver in waivers:
            if not waiver.is_pattern:
                self._exact.setdefault(key_of(waiver.url), []).append(waiver)

    def applied(self, finding: Finding) -> Finding:
        """The finding, waived if a waiver covers it."""
        if finding.verdict.level is Level.NONE:
            return finding
        exact = self._exact.get(key_of(address_of(finding)), [])
        found = next((waiver for waiver in (*exact, *self._patterns) if waiver.covers(finding)), None)
        return finding if found is None else waive(finding, found.reason)
