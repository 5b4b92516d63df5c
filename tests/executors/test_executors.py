"""The local executor: bounded, complete, and tidy when something ends it early."""

from __future__ import annotations

import asyncio

import pytest

from citekeeper.executors import EXECUTORS, LocalExecutor


def run_with(limit: int, count: int) -> tuple[list[tuple[int, int]], int]:
    under_way = 0
    most = 0

    async def step(item: int) -> int:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        for _ in range(1 + item % 3):
            await asyncio.sleep(0)
        under_way -= 1
        return item * item

    async def collect() -> list[tuple[int, int]]:
        return [each async for each in LocalExecutor(limit).each(range(count), step)]

    return asyncio.run(collect()), most


def test_every_item_comes_back_once_with_its_result() -> None:
    results, _ = run_with(4, 100)
    assert sorted(results) == [(n, n * n) for n in range(100)]


def test_no_more_than_the_limit_are_under_way_at_once() -> None:
    _, most = run_with(4, 100)
    assert most == 4


def test_items_are_drawn_only_as_room_comes_free() -> None:
    drawn = 0

    def items() -> object:
        nonlocal drawn
        for n in range(1000):
            drawn += 1
            yield n

    async def step(item: int) -> int:
        return item

    async def first() -> int:
        results = LocalExecutor(8).each(items(), step)  # type: ignore[arg-type]
        try:
            async for _ in results:
                return drawn
        finally:
            await results.aclose()
        raise AssertionError

    assert asyncio.run(first()) <= 16


def test_an_exception_ends_it_and_cancels_what_is_under_way() -> None:
    cancelled: list[int] = []

    async def step(item: int) -> int:
        if item == 3:
            raise ValueError("the third")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(item)
            raise
        return item

    async def collect() -> None:
        async for _ in LocalExecutor(4).each(range(10), step):
            pass

    with pytest.raises(ValueError, match="the third"):
        asyncio.run(collect())
    assert sorted(cancelled) == [0, 1, 2]


def test_the_registry_makes_executors() -> None:
    assert {name: type(make(3)) for name, make in EXECUTORS.items()} == {"local": LocalExecutor}
