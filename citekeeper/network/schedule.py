"""Many visits: concurrently, breadth-first over hosts, and what failed for the moment again in later passes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import aclosing
from dataclasses import replace

from citekeeper.model import Clock, Visit
from citekeeper.network.frontier import Frontier, Job, jobs_of
from citekeeper.network.retries import is_transient, wait_of
from citekeeper.settings import NetworkSettings

VisitOne = Callable[[str], Awaitable[Visit]]

_READ_AHEAD = 16
"""Addresses looked at for each request in flight, to find hosts that are free."""


async def visit_all(urls: Iterable[str], visit_one: VisitOne, *, settings: NetworkSettings, clock: Clock) -> AsyncIterator[Visit]:
    """Visit every address; each one's last visit is given as soon as it is final, in the order of becoming so.

    Transient failures are tried again in up to `max_retries` later passes, after `retry_wait` seconds, doubled each time, and
    no sooner than a Retry-After asked; one beyond `max_retry_after` ends the visit, and its answer stands.
    """
    again: list[Job] = []
    jobs: Iterator[Job] = jobs_of(urls)
    for number in range(settings.max_retries + 1):
        is_last = number == settings.max_retries
        async with aclosing(_run_pass(jobs, visit_one, settings, clock)) as visited:
            async for job, seen in visited:
                counted = replace(seen, attempts=job.attempts + 1)
                wait = wait_of(counted.last, clock.now())
                if is_last or not is_transient(counted) or wait > settings.max_retry_after:
                    yield counted
                else:
                    again.append(Job(job.url, job.attempts + 1, clock.monotonic() + wait))
        if not again:
            return
        # Those that need not wait long go first; the long ones have waited by then.
        jobs, again = iter(sorted(again, key=lambda job: job.not_before)), []
        await clock.sleep(settings.retry_wait * 2**number)


async def _run_pass(
    jobs: Iterator[Job], visit_one: VisitOne, settings: NetworkSettings, clock: Clock
) -> AsyncGenerator[tuple[Job, Visit], None]:
    frontier = Frontier(jobs, max(1, settings.host_concurrency), _READ_AHEAD * settings.max_concurrency)
    running: dict[asyncio.Task[Visit], Job] = {}
    # asyncio.wait would call back on each of those in flight anew for each that is done.
    done: asyncio.Queue[asyncio.Task[Visit]] = asyncio.Queue()
    try:
        while running or not frontier.is_empty:
            while len(running) < settings.max_concurrency and (job := frontier.take()) is not None:
                task = asyncio.create_task(_visit_in_time(job, visit_one, clock))
                running[task] = job
                task.add_done_callback(done.put_nowait)
            task = await done.get()
            job = running.pop(task)
            frontier.give_back(job)
            yield job, task.result()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _visit_in_time(job: Job, visit_one: VisitOne, clock: Clock) -> Visit:
    wait = job.not_before - clock.monotonic()
    if wait > 0:
        await clock.sleep(wait)
    return await visit_one(job.url)
