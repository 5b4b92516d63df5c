"""Evidence to verdict: pure, from stored facts only, so that it can be done again with newer rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from citekeeper.health.advice import advise
from citekeeper.health.confirmation import has_been_silent, is_confirmed
from citekeeper.health.states import level_of
from citekeeper.health.weighing import Judgement, weigh
from citekeeper.health.witnesses import seen_in_copy
from citekeeper.model import Confidence, Evidence, Level, Memento, Observation, Resolution, State, Verdict

_LATELY: Final = timedelta(days=90)
_KEPT_OUT: Final = {State.BLOCKED, State.RESTRICTED, State.LOGIN, State.TRANSIENT, State.TLS_BROKEN}


def judge(
    resolution: Resolution,
    observation: Observation | None,
    *,
    network: bool = True,
    truncated: bool = False,
    fresh: bool = False,
    history: Sequence[Observation] = (),
    memento: Memento | None = None,
    comparison: Sequence[Evidence] = (),
) -> Verdict:
    """What became of a reference.

    `network`: False when the machine has none (or the run is offline), which is never the page's fault.
    `truncated`: whether the document shows only part of the address.
    `fresh`: the link was just written; a page that is missing now is the author's mistake and needs no waiting.
    `history`: earlier observations of the same target, any order; they confirm or question what is seen now.
    `comparison`: what comparing the page with its archived copy and the article's passages gave (`compare_with_copy`).
    """
    if memento is not None and observation is not None:
        # A copy that was made while we saw a failure says that the page came back; an older one changes nothing.
        history = (*history, seen_in_copy(observation.target, memento))
    judgement = _judge(resolution, observation, history, comparison, network=network, truncated=truncated)
    if observation is not None and memento is not None and _was_seen_lately(judgement, observation, memento):
        judgement = replace(
            judgement, reasons=(*judgement.reasons, Evidence("seen-lately", f"{memento.archive} {memento.datetime:%Y-%m-%d}"))
        )
    confirmed = is_confirmed(judgement.state, judgement.reasons, observation, history, fresh=fresh)
    return Verdict(
        state=judgement.state,
        confidence=judgement.confidence,
        confirmed=confirmed,
        level=_level(judgement, confirmed=confirmed),
        reasons=judgement.reasons,
        advice=advise(judgement.state, judgement.reasons, resolution, observation, memento, confirmed=confirmed),
    )


def _was_seen_lately(judgement: Judgement, observation: Observation, memento: Memento) -> bool:
    """Whether an archive was shown the page shortly before we were kept out."""
    return judgement.state in _KEPT_OUT and abs(observation.at - memento.datetime) <= _LATELY


def _judge(
    resolution: Resolution,
    observation: Observation | None,
    history: Sequence[Observation],
    comparison: Sequence[Evidence],
    *,
    network: bool,
    truncated: bool,
) -> Judgement:
    if resolution.url is None:
        return _unresolved(resolution, truncated=truncated, network=network)
    if observation is None:
        code = "not-visited" if network else "no-network"
        return Judgement(State.UNKNOWN, Confidence.LOW, (Evidence(code),))
    judgement = weigh(observation, comparison)
    if judgement.state is State.TRANSIENT and has_been_silent(observation, history):
        return Judgement(State.HOST_DEAD, Confidence.MEDIUM, judgement.reasons)
    if judgement.state is State.OK and not _is_verified(judgement.reasons):
        return replace(judgement, reasons=(*judgement.reasons, Evidence("content-not-verified")))
    return judgement


def _level(judgement: Judgement, *, confirmed: bool) -> Level:
    """That of the state; a page that is well but lacks the place behind # is worth a note."""
    level = level_of(judgement.state, confirmed)
    is_lost = any(reason.code == "fragment-lost" for reason in judgement.reasons)
    return Level.NOTE if level is Level.NONE and is_lost else level


def _is_verified(reasons: Sequence[Evidence]) -> bool:
    return any(reason.code in {"text-same", "text-edited", "passages-kept"} for reason in reasons)


def _unresolved(resolution: Resolution, *, truncated: bool, network: bool) -> Judgement:
    if not truncated and not resolution.candidates:
        return Judgement(State.INVALID, Confidence.HIGH, (Evidence("no-address"), *resolution.evidence))
    if not resolution.candidates and _index_was_silent(resolution, network=network):
        # Only an archive could have completed it; that it could not be asked is not the author's mistake.
        why = () if network else (Evidence("no-network"),)
        return Judgement(State.UNKNOWN, Confidence.LOW, (*why, Evidence("cut-address"), *resolution.evidence))
    number = len(resolution.candidates)
    listed = f"{number or 'no'} candidate{'s' if number > 1 else ''}"
    return Judgement(State.INCOMPLETE, Confidence.HIGH, (Evidence("cut-address", listed), *resolution.evidence))


def _index_was_silent(resolution: Resolution, *, network: bool) -> bool:
    codes = {evidence.code for evidence in resolution.evidence}
    return "index-unavailable" in codes or (not network and "index-not-asked" in codes)
