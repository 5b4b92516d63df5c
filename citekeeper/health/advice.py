"""What the user should do next, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from citekeeper.health.codes import advice_of
from citekeeper.health.states import meaning
from citekeeper.model import Evidence, Memento, Observation, Resolution, State

_LOST = frozenset({State.REPLACED, State.PARKED, State.SOFT_404, State.GONE, State.HOST_DEAD})
_HIDDEN = frozenset(
    {State.DRIFTED, State.LOGIN, State.PAYWALL, State.BLOCKED, State.RESTRICTED, State.TLS_BROKEN, State.TRANSIENT, State.UNKNOWN}
)


def advise(
    state: State,
    reasons: Sequence[Evidence],
    resolution: Resolution,
    observation: Observation | None,
    memento: Memento | None,
    *,
    confirmed: bool,
) -> str:
    """One or two sentences, without addresses: reports print the new address, the candidates and the copy on lines of their own."""
    codes = {reason.code for reason in reasons}
    if "no-network" in codes:
        return "Connect this machine to the network and run the audit again."
    if state is State.OK and "fragment-lost" in codes:
        return "Point the link to where the place stands now, or leave the part behind # out."
    if "content-not-verified" in codes:
        return "Nothing to do: the page is reachable; whether it still shows what was cited was not verified."
    if state is State.MOVED and observation is not None and "moved-notice" not in codes:
        check = "" if "redirect-similar" in codes else ", after comparing the page with what was cited"
        return f"Update the link to its new address{check}."
    if state is State.INCOMPLETE and resolution.candidates:
        return "Replace the cut address by the whole one; the likeliest candidate is listed first."
    if state is State.UNKNOWN:
        return _with_copy(next(filter(None, (advice_of(reason.code) for reason in reasons)), meaning(state).advice), memento)
    if state in _LOST:
        return _for_the_lost(state, memento, confirmed=confirmed)
    return _with_copy(meaning(state).advice, memento if state in _HIDDEN else None)


def _with_copy(advice: str, memento: Memento | None) -> str:
    return advice if memento is None else f"{advice} There is an archived copy of {memento.datetime:%Y-%m-%d}."


def _for_the_lost(state: State, memento: Memento | None, *, confirmed: bool) -> str:
    wait = "" if confirmed else "Check again in a few days to confirm; "
    if memento is not None:
        link = f"link the archived copy of {memento.datetime:%Y-%m-%d}"
    elif state is State.PARKED:
        link = "remove the live link, and look for a copy in other archives"
    else:
        link = "look for the page at a new address or in other archives"
    sentence = f"{wait}{link}."
    return sentence[0].upper() + sentence[1:]
