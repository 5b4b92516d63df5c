"""When a state that can fail a build is confirmed: how many observations it takes, and over how long.

One 404 is often a mistake of the moment (a flapping server, a deployment, a bot wall in disguise), so the dead states
need the observations that Wikipedia's InternetArchiveBot asks for, and a day more:

    410, no such host          2 observations, 24 hours apart
    404, soft 404, replaced,
    a bare server              3 observations, 72 hours apart, 7 days in all
    no answer at all           4 observations over 14 days

One observation of anything else in between starts the count again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from citekeeper.health.rules import SILENCE
from citekeeper.health.weighing import weigh
from citekeeper.model import Evidence, Observation, State


@dataclass(frozen=True, slots=True)
class Patience:
    """What it takes."""

    count: int
    apart: timedelta
    in_all: timedelta


_QUICK: Final = Patience(2, timedelta(hours=24), timedelta(hours=24))
_LONG: Final = Patience(4, timedelta(hours=24), timedelta(days=14))
_PATIENT: Final = Patience(3, timedelta(hours=72), timedelta(days=7))

_SUSPECT: Final = frozenset({State.GONE, State.SOFT_404, State.HOST_DEAD, State.REPLACED, State.PARKED})
_OPEN: Final = frozenset({State.UNKNOWN, State.TRANSIENT})
# What the page itself shows beyond doubt, without waiting.
_PLAIN_PARKING: Final = frozenset({"parked-page", "parking-redirect"})


def is_confirmed(
    state: State,
    reasons: Sequence[Evidence],
    observation: Observation | None,
    history: Sequence[Observation],
    *,
    fresh: bool,
) -> bool:
    """Whether `state` may be acted upon; always for what was seen directly, never for the unknown."""
    if state in _OPEN:
        return False
    if state is State.PARKED and any(reason.code in _PLAIN_PARKING for reason in reasons):
        return True
    if state not in _SUSPECT:
        return True
    if has_been_silent(observation, history):
        return True
    if fresh and state is not State.REPLACED:
        return True
    return observation is not None and _repeated(state, observation, history, _patience(reasons))


def has_been_silent(observation: Observation | None, history: Sequence[Observation]) -> bool:
    """Whether nothing has answered for so long, seen so often, that the host counts as dead."""
    return observation is not None and _is_silence(observation) and _enough(_unbroken(observation, history, _is_silence), _LONG)


def _is_silence(observation: Observation) -> bool:
    return any(evidence.code in SILENCE for evidence in observation.evidence)


def _patience(reasons: Sequence[Evidence]) -> Patience:
    return _QUICK if any(reason.code in {"status-gone", "nxdomain"} for reason in reasons) else _PATIENT


def _repeated(state: State, now: Observation, history: Sequence[Observation], patience: Patience) -> bool:
    return _enough(_unbroken(now, history, lambda seen: weigh(seen).state is state), patience)


def _unbroken(now: Observation, history: Sequence[Observation], agrees: Callable[[Observation], bool]) -> list[datetime]:
    """When the same was seen, newest first, back to the first observation that says otherwise."""
    times = [now.at]
    # Of two at one moment the one that says otherwise comes first, so that no order of the history makes a difference.
    for seen in sorted(history, key=lambda item: (item.at, not agrees(item)), reverse=True):
        if seen.at >= now.at:
            continue
        if not agrees(seen):
            break
        times.append(seen.at)
    return times


def _enough(times: list[datetime], patience: Patience) -> bool:
    counted = [times[0]]
    for at in times[1:]:
        if counted[-1] - at >= patience.apart:
            counted.append(at)
    return len(counted) >= patience.count and counted[0] - counted[-1] >= patience.in_all
