"""The order of decision: each row is reachable, asks for known codes, and the early rows outrank the late ones."""

from __future__ import annotations

import pytest

from citekeeper.health import CODES, STATES, level_of
from citekeeper.health.rules import RULES, Rule
from citekeeper.model import Confidence, Level, State


def decided_by(*codes: str) -> Rule:
    return next(rule for rule in RULES if rule.holds(frozenset(codes)))


def test_every_code_in_the_rules_has_a_meaning() -> None:
    known = {code.code for code in CODES}
    asked = {code for rule in RULES for code in (*rule.any_of, *rule.with_any, *rule.unless)}
    assert asked <= known, asked - known


def test_codes_and_states_are_explained_once() -> None:
    names = [meaning.code for meaning in (*CODES, *STATES)]
    assert len(set(names)) == len(names)
    assert all(meaning.meaning.endswith((".", ".)")) and meaning.advice.endswith(".") for meaning in (*CODES, *STATES))


def test_every_state_is_explained() -> None:
    assert {meaning.code for meaning in STATES} == {state.value for state in State}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.state}-{rule.any_of[0]}")
def test_every_row_can_be_reached(rule: Rule) -> None:
    chosen = [decided_by(code, *rule.with_any[:1]) for code in rule.any_of]
    assert rule in chosen


@pytest.mark.parametrize(
    ("codes", "state"),
    [
        (("status-not-found", "challenge-header"), State.BLOCKED),
        (("status-not-found", "challenge-page", "not-found-headline"), State.BLOCKED),
        (("status-gone", "filter-header"), State.RESTRICTED),
        (("status-forbidden", "block-page"), State.RESTRICTED),
        (("status-not-found", "parked-page"), State.PARKED),
        (("status-not-found", "login-page"), State.GONE),
        (("status-not-found", "content-despite-status"), State.UNKNOWN),
        (("status-server-error", "not-found-headline"), State.TRANSIENT),
        (("status-forbidden", "not-found-headline"), State.UNKNOWN),
        (("status-rate-limited", "not-found-text"), State.BLOCKED),
        (("redirect-to-root", "page"), State.SOFT_404),
        (("redirect-to-root", "login-redirect"), State.LOGIN),
        (("redirect-similar", "paywall-schema"), State.PAYWALL),
        (("redirect-elsewhere", "consent-redirect", "text-same"), State.UNKNOWN),
        (("redirect-similar", "consent-redirect", "passages-kept"), State.UNKNOWN),
        (("not-found-hint", "page"), State.OK),
        (("parking-hint", "page"), State.OK),
        (("redirect-trivial", "redirect-permanent", "page"), State.OK),
        (("script-shell", "page"), State.UNKNOWN),
        (("failure-headline", "page"), State.TRANSIENT),
    ],
)
def test_the_first_row_that_holds_decides(codes: tuple[str, ...], state: State) -> None:
    assert decided_by(*codes).state is state


REFUSALS = (
    "status-unauthorized",
    "status-forbidden",
    "status-refused",
    "status-rate-limited",
    "status-legal",
    "status-account",
    "status-server-error",
)


@pytest.mark.parametrize("refusal", REFUSALS)
@pytest.mark.parametrize(
    "wording", ["not-found-headline", "not-found-text", "page", "little-text", "script-shell", "redirect-to-root", "text-replaced"]
)
def test_a_refusal_is_never_called_dead_whatever_its_page_says(refusal: str, wording: str) -> None:
    assert level_of(decided_by(refusal, wording).state, confirmed=True) is not Level.ERROR


def test_what_was_merely_reached_is_never_sure() -> None:
    sure = {code for rule in RULES if rule.state is State.OK and rule.confidence is Confidence.HIGH for code in rule.any_of}
    assert sure == {"text-same", "passages-kept"}


def test_only_states_that_call_for_a_repair_are_errors() -> None:
    errors = {state for state in State if level_of(state, confirmed=True) is Level.ERROR}
    assert errors == {State.REPLACED, State.PARKED, State.SOFT_404, State.GONE, State.HOST_DEAD, State.INCOMPLETE, State.INVALID}
    assert {state for state in State if level_of(state, confirmed=False) is Level.ERROR} == {State.INCOMPLETE, State.INVALID}
