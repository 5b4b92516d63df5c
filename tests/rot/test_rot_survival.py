"""The survival curve, held against textbooks: Kaplan and Meier where days are exact, isotonic regression where each page was seen once."""

from __future__ import annotations

from collections import Counter
from math import exp
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citekeeper.model import FEWEST, Survival
from citekeeper.rot.survival import Interval, Life, estimate, survival

# Weeks of remission under 6-MP, + for censored: E. J. Freireich et al., Blood 21, 1963; the table of Klein and Moeschberger, section 4.2.
REMISSION = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
TABLE = {5: 1.0, 6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}


def alive(known: Counter[Interval]) -> list[float]:
    """The share alive at the end of each cell."""
    shares = [1.0]
    for mass in estimate(known)[1:-1]:
        shares.append(shares[-1] - mass)
    return shares


def curve(lives: list[Life]) -> Survival:
    found = survival(lives)
    assert found is not None
    return found


def test_where_days_are_exact_it_is_the_estimate_of_kaplan_and_meier() -> None:
    known: Counter[Interval] = Counter()
    for each in REMISSION.split():
        week = int(each.rstrip("+"))
        known[(week, None) if each.endswith("+") else (week - 1, week)] += 1
    shares = alive(known)
    assert {week: round(shares[week], 3) for week in TABLE} == TABLE


def pooled(dead: list[int], looked: list[int]) -> list[float]:
    """Isotonic regression by pooling neighbours: the textbook estimate when each thing is looked at once (Klein and Moeschberger, 5.2)."""
    blocks: list[tuple[float, float, int]] = []
    for died, number in zip(dead, looked, strict=True):
        blocks.append((died, number, 1))
        while len(blocks) > 1 and blocks[-2][0] * blocks[-1][1] >= blocks[-1][0] * blocks[-2][1]:
            (a, b, n), (c, d, m) = blocks[-2:]
            blocks[-2:] = [(a + c, b + d, n + m)]
    return [died / number for died, number, width in blocks for _ in range(width)]


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(0, 30), min_size=2, max_size=8))
def test_where_each_page_was_seen_once_it_is_isotonic_regression(dead: list[int]) -> None:
    looked = [40] * len(dead)
    known: Counter[Interval] = Counter()
    for cell, (died, number) in enumerate(zip(dead, looked, strict=True), 1):
        known[0, cell] += died
        known[cell, None] += number - died
    shares = alive(Counter({each: count for each, count in known.items() if count}))
    assert [1 - share for share in shares[1 : len(dead) + 1]] == pytest.approx(pooled(dead, looked), abs=0.01)


def watched(number: int, looks: tuple[int, ...], seed: int) -> list[Life]:
    """Pages of a mean life of nine years, cited over nineteen, and looked at so many days ago."""
    random = Random(seed)
    lives = []
    for _ in range(number):
        age, life = random.randint(10, 7000), random.expovariate(1 / (9 * 365.25))
        seen = sorted({max(0, age - ago) for ago in looks})
        well, dead = [each for each in seen if each < life], [each for each in seen if each >= life]
        lives.append(Life(well[-1] if well else 0, dead[0] if dead else None, bool(well)))
    return lives


@pytest.mark.parametrize("looks", [(0,), (0, 30, 90, 200, 400, 800)], ids=["one audit", "six audits"])
def test_known_lives_are_found_again_from_one_audit_as_from_six(looks: tuple[int, ...]) -> None:
    found = curve(watched(6000, looks, 3))
    for mark in found.marks:
        if mark.years <= 15:
            assert mark.point.survival == pytest.approx(exp(-mark.years / 9), abs=0.06)
    assert found.median == pytest.approx(9 * 365.25 * 0.693, rel=0.12)


def test_the_band_holds_the_truth_most_of_the_time_and_is_the_same_each_time() -> None:
    lives = watched(400, (0, 200, 400), 5)
    found = curve(lives)
    held = [mark.point.low <= exp(-mark.years / 9) <= mark.point.high for mark in found.marks]
    assert sum(held) >= len(held) - 1
    assert curve(lives[:60]) == curve(lives[:60])


@settings(deadline=None, max_examples=4)
@given(st.lists(st.tuples(st.integers(0, 9000), st.one_of(st.none(), st.integers(0, 9000)), st.booleans()), min_size=FEWEST, max_size=40))
def test_any_lives_give_a_curve_that_only_falls_within_its_band(drawn: list[tuple[int, int | None, bool]]) -> None:
    lives = [Life(alive if dead is None else min(alive, dead), dead, seen) for alive, dead, seen in drawn]
    found = survival(lives)
    if found is None:
        assert max(life.alive_until if life.dead_by is None else life.dead_by for life in lives) == 0
        return
    shares = [point.survival for point in found.points]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= point.low <= point.survival <= point.high <= 1 for point in found.points)
    assert all(point.followed >= FEWEST for point in found.points)


def test_fewer_than_twenty_pages_have_no_curve_and_none_goes_on_after_that() -> None:
    assert survival([Life(100, None)] * (FEWEST - 1)) is None
    found = curve([Life(100, None)] * FEWEST + [Life(5000, None)] * (FEWEST - 1))
    assert found.until == 100
    assert found.points[-1].day <= 100


def test_where_nothing_died_the_band_tells_how_few_pages_that_rests_on() -> None:
    few, many = curve([Life(1000, None)] * 20), curve([Life(1000, None)] * 2000)
    assert few.median is None
    assert few.points[-1].low < 0.9 < many.points[-1].low < 1
    assert few.points[-1].survival == 1


def test_a_death_between_two_looks_on_one_border_lies_on_its_side() -> None:
    early, late = [Life(395, 402)] * 20, [Life(398, 405)] * 20
    rest = [Life(4000, None)] * 20
    assert curve(early + rest).points[4].survival == pytest.approx(0.5, abs=0.01)
    assert curve(late + rest).points[4].survival == pytest.approx(1, abs=0.01)
