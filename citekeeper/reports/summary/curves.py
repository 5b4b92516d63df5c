"""The picture of the survival curve, as geometry; the template draws it as SVG."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from citekeeper.model import Survival

WIDTH, HEIGHT = 640.0, 260.0
"""Of the field between the axes."""
_YEAR = 365.25
_STEPS = (1 / 12, 0.25, 1, 2, 5, 10, 50, 1000)
"""Years between two labels."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that is in the picture."""

    width: float
    height: float
    line: str
    """The curve, as a path."""
    band: str
    """The outline of its band."""
    across: tuple[tuple[str, float], ...]
    """Years and where they stand."""
    up: tuple[tuple[str, float], ...]
    """Per cents and where they stand."""


def drawing(survival: Survival) -> Drawing:
    """The picture of `survival`."""
    longest = max(survival.points[-1].day, 1)
    places = [round(WIDTH * point.day / longest, 1) for point in survival.points]
    line = _joined(zip(places, (point.survival for point in survival.points), strict=True))
    over = [*zip(places, (point.high for point in survival.points), strict=True)]
    under = [*zip(places, (point.low for point in survival.points), strict=True)]
    up = tuple((f"{share} %", _down(share / 100)) for share in (0, 25, 50, 75, 100))
    return Drawing(WIDTH, HEIGHT, f"M{line}", f"M{_joined([*over, *reversed(under)])}Z", _across(longest), up)


def _across(longest: int) -> tuple[tuple[str, float], ...]:
    years = longest / _YEAR
    step = next(step for step in _STEPS if years / step <= 8)
    ticks = [number * step for number in range(int(years / step) + 1)]
    return tuple((f"{tick:g}" if step >= 0.25 else f"{tick:.2f}", round(WIDTH * tick * _YEAR / longest, 1)) for tick in ticks)


def _joined(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x},{_down(share)}" for x, share in points)


def _down(share: float) -> float:
    return round(HEIGHT * (1 - share), 1)
