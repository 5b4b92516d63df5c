"""The measure of growth tells a square from a line, whatever else the machine does."""

from __future__ import annotations

from collections.abc import Callable
from math import log

import pytest
from growth import grows_no_faster_than_its_size, grows_no_faster_than_its_text


class Costs:
    """A clock that only the run moves: by the cost of its size, in seconds, and by what disturbs it, once each."""

    def __init__(self, cost: Callable[[int], float], *disturbed: float) -> None:
        self.now, self.cost, self.disturbed = 0.0, cost, list(disturbed)

    def run(self, size: int) -> None:
        self.now += self.cost(size) + (self.disturbed.pop(0) if self.disturbed else 0.0)

    def is_in_step(self, size: int) -> bool:
        return grows_no_faster_than_its_size(self.run, lambda part: part, size, lambda: self.now)


@pytest.mark.parametrize("seconds", [0.5, 1.0, 60.0])
def test_what_squares_is_noticed(seconds: float) -> None:
    assert not Costs(lambda size: seconds * (size / 1000) ** 2).is_in_step(1000)


@pytest.mark.parametrize("seconds", [0.01, 0.5, 60.0])
def test_what_grows_with_its_size_or_nearly_so_passes(seconds: float) -> None:
    assert Costs(lambda size: seconds * size / 1000).is_in_step(1000)
    assert Costs(lambda size: seconds * size * log(size) / 7000).is_in_step(1000)
    assert Costs(lambda size: seconds).is_in_step(1000)


def test_two_disturbances_are_forgiven() -> None:
    assert Costs(lambda size: size / 1000, 50.0, 0.0, 50.0).is_in_step(1000)
    assert not Costs(lambda size: size / 1000, 50.0, 0.0, 50.0, 0.0, 50.0).is_in_step(1000)


def test_texts_and_bytes_are_read_whole_and_by_their_first_eighth() -> None:
    texts: list[str] = []
    assert grows_no_faster_than_its_text(texts.append, "abcdefgh")
    assert texts == ["abcdefgh"], "what takes no time is read once"
    assert grows_no_faster_than_its_text(lambda data: data.count(b"a"), b"abcdefgh")
