"""How time grows with the size of what is done: what doubles with it is in order, what squares is not."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import AnyStr, TypeVar

T = TypeVar("T")

_NOTHING = 0.1
"""Seconds of this process that are too few to tell growth from chance."""


def grows_no_faster_than_its_size(
    run: Callable[[T], object], made: Callable[[int], T], size: int, clock: Callable[[], float] = time.process_time
) -> bool:
    """Whether `run` takes for what is `made` of all of `size` at the most three times what its eighth, eight times over, would take.

    What squares takes eight times as much. Only `run` is timed, by the processor's time; what takes next to none is not measured
    further, and a machine that was busy with something else gets two more looks.
    """
    return any(_is_in_step(run, made, size, clock) for _ in range(3))


def grows_no_faster_than_its_text(read: Callable[[AnyStr], object], text: AnyStr) -> bool:
    """The same of a text or of bytes: the eighth is the first of it."""
    return grows_no_faster_than_its_size(read, lambda size: text[:size], len(text))


def _is_in_step(run: Callable[[T], object], made: Callable[[int], T], size: int, clock: Callable[[], float]) -> bool:
    whole = _seconds(run, made(size), clock)
    return whole <= _NOTHING or whole <= 3 * 8 * _seconds(run, made(size // 8), clock) + _NOTHING


def _seconds(run: Callable[[T], object], on: T, clock: Callable[[], float]) -> float:
    start = clock()
    run(on)
    return clock() - start
