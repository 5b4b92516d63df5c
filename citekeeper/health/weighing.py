"""One observation to the state it leads to by itself: the first row of the rules that holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from citekeeper.health.rules import RULES, Rule
from citekeeper.model import Confidence, Evidence, Observation, State


@dataclass(frozen=True, slots=True)
class Judgement:
    """A state, how sure it is, and why."""

    state: State
    confidence: Confidence
    reasons: tuple[Evidence, ...]


def weigh(observation: Observation, more: Sequence[Evidence] = ()) -> Judgement:
    """The state that one observation leads to, with what `more` is known of it (a comparison with a copy)."""
    known = (*observation.evidence, *more)
    codes = frozenset(evidence.code for evidence in known)
    rule = next((rule for rule in RULES if rule.holds(codes)), None)
    if rule is None:
        return Judgement(State.UNKNOWN, Confidence.LOW, (Evidence("no-evidence"),))
    return Judgement(rule.state, rule.confidence, _reasons(rule, known))


def _reasons(rule: Rule, evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """What decided first, then what went with it, then the rest."""
    ranks = (rule.any_of, rule.with_any)
    return tuple(sorted(evidence, key=lambda item: next((rank for rank, codes in enumerate(ranks) if item.code in codes), len(ranks))))
