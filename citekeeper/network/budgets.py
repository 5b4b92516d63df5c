"""Budgets: how long one link, one host and one run may take before we give up on it; no I/O but through `fetch`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from citekeeper.model import Ask, Clock, Exchange, Failure, FailureKind, Fetch
from citekeeper.network.targets import Target, parse, without_secrets
from citekeeper.settings import NetworkSettings


@dataclass(slots=True)
class Budgets:
    """What was spent in one run; 0 in the settings means without limit."""

    settings: NetworkSettings
    clock: Clock
    _begun: float | None = None
    _of_hosts: dict[str, float] = field(default_factory=dict)
    """Seconds that requests to each host took, counted only for those that took long."""

    def for_link(self, fetch: Fetch) -> Fetch:
        """`fetch` for the visit to one link, hops included; beyond a budget it asks nothing and says so."""
        begun = self.clock.monotonic()
        if self._begun is None:
            self._begun = begun

        async def within(ask: Ask) -> Exchange:
            return await self._ask(ask, fetch, begun)

        return within

    async def _ask(self, ask: Ask, fetch: Fetch, link_begun: float) -> Exchange:
        target = parse(ask.url)
        host = target.host if isinstance(target, Target) else ""
        started, begun = self.clock.now(), self.clock.monotonic()
        left, why = self._left(host, link_begun)
        if left is None:
            return await fetch(ask)
        try:
            async with asyncio.timeout(max(0.0, left)):
                if left > 0:
                    exchange = await fetch(ask)
                    self._count(host, exchange.elapsed)
                    return exchange
                raise TimeoutError
        except TimeoutError:
            elapsed = self.clock.monotonic() - begun
            self._count(host, elapsed)
            return Exchange(without_secrets(ask.url), started, elapsed, b"", Failure(FailureKind.BUDGET, why), method=ask.method)

    def _count(self, host: str, seconds: float) -> None:
        # A host's budget is for those that make us wait; quick answers, however many, never use it up.
        if seconds > QUICK:
            self._of_hosts[host] = self._of_hosts.get(host, 0.0) + seconds

    def _left(self, host: str, link_begun: float) -> tuple[float | None, str]:
        """Seconds left of the tightest budget, and what to say when they are over; None where there is no limit."""
        now, its = self.clock.monotonic(), self.settings
        assert self._begun is not None
        limits = [
            (its.link_budget, now - link_begun, "this link"),
            (its.host_budget, self._of_hosts.get(host, 0.0), f"waiting for {host}"),
            (its.run_budget, now - self._begun, "this run"),
        ]
        lefts = [(budget - spent, f"gave up after {budget:g} s on {what}") for budget, spent, what in limits if budget > 0]
        return min(lefts, default=(None, ""))


QUICK = 2.0
"""Seconds; an answer within them costs nothing of its host's budget."""
