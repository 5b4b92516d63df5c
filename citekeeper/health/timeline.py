"""What a reference was over time: since when it fails, when it last worked, how often it came back; and when to look again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from citekeeper.health.confirmation import has_been_silent, is_confirmed
from citekeeper.health.weighing import weigh
from citekeeper.model import Observation, State, Timeline

WORKING: Final = frozenset({State.OK, State.MOVED, State.DRIFTED, State.PAYWALL})
FAILING: Final = frozenset({State.GONE, State.SOFT_404, State.HOST_DEAD, State.REPLACED, State.PARKED, State.TRANSIENT, State.TLS_BROKEN})
"""What is in neither set says nothing of the page: a wall, a login, a filter."""

# https://meta.wikimedia.org/wiki/InternetArchiveBot re-checks after a week; the first days matter most for what just failed.
_SUSPECT: Final = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
_DEAD: Final = timedelta(days=90)
_OPEN: Final = timedelta(days=7)
_YOUNG, _OLD = timedelta(days=7), timedelta(days=30)


def timeline(now: Observation, history: Sequence[Observation]) -> Timeline:
    """The dates of one target; `history` holds earlier observations in any order."""
    seen = _in_order(now, history)
    working = [each for each in seen if _state(each) in WORKING]
    failing: datetime | None = None
    flaps = 0
    for each in seen:
        if _state(each) in FAILING:
            failing = failing or each.at
        elif _state(each) in WORKING:
            flaps += failing is not None
            failing = None
    return Timeline(len(seen), seen[0].at, working[-1].at if working else None, failing, flaps)


def next_look(now: Observation, history: Sequence[Observation]) -> datetime:
    """When the target should be visited again.

    What works: after 7 to 30 days, the longer it has worked. What fails: after 1, 3 and 7 days; once that is confirmed, after 90.
    Walls and logins: after 7 days.
    """
    state = _state(now)
    if state in WORKING:
        since = min(each.at for each in _unbroken(now, history, WORKING))
        return now.at + min(max((now.at - since) / 2, _YOUNG), _OLD)
    if state not in FAILING:
        return now.at + _OPEN
    judged = weigh(now)
    if has_been_silent(now, history) or is_confirmed(state, judged.reasons, now, history, fresh=False):
        return now.at + _DEAD
    return now.at + _SUSPECT[min(len(_unbroken(now, history, FAILING)), len(_SUSPECT)) - 1]


def _state(observation: Observation) -> State:
    return weigh(observation).state


def _in_order(now: Observation, history: Sequence[Observation]) -> list[Observation]:
    return [*sorted((each for each in history if each.at < now.at), key=lambda each: (each.at, _state(each))), now]


def _unbroken(now: Observation, history: Sequence[Observation], states: frozenset[State]) -> list[Observation]:
    """The observations in `states`, newest first, back to the first that is in none."""
    found: list[Observation] = []
    for each in reversed(_in_order(now, history)):
        if _state(each) not in states:
            break
        found.append(each)
    return found
