"""Where to connect for a target: detours, proxies, DNS and the guard, in that order; answers kept for a minute."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from citekeeper.model import Failure, FailureKind
from citekeeper.network.guard import Guard
from citekeeper.network.proxies import Proxies, Proxy
from citekeeper.network.resolver import Detour, Endpoint, Resolver, detoured
from citekeeper.network.targets import Target

_KEPT_SECONDS = 60.0
_KEPT_NAMES = 4096
_BEHIND_PROXY_SECONDS = 2.0
"""Behind a proxy there is often no DNS for outer names at all, and each would be waited for in vain."""


@dataclass(slots=True)
class Routes:
    """Turns targets into endpoints that may be connected to."""

    resolver: Resolver
    guard: Guard
    proxies: Proxies
    detours: tuple[Detour, ...] = ()
    _kept: dict[tuple[str, int], tuple[float, tuple[Endpoint, ...]]] = field(default_factory=dict)

    async def endpoints(self, target: Target, proxy: Proxy | None, seconds: float) -> tuple[Endpoint, ...] | Failure:
        """The endpoints to be tried in turn, all of them passed by the guard.

        Through a proxy that is the proxy's own address, which the user named; the target must still be no inner one,
        as far as our own DNS knows it.
        """
        patience = seconds if proxy is None else min(seconds, _BEHIND_PROXY_SECONDS)
        own = await self._resolve(*detoured(self.detours, target.host, target.port), patience)
        if not isinstance(own, Failure) and (refusal := self.guard.check(endpoint.ip for endpoint in own)) is not None:
            return refusal
        if proxy is None:
            return own
        through = await self._resolve(proxy.host, proxy.port, seconds)
        return Failure(FailureKind.PROXY, through.message) if isinstance(through, Failure) else through

    async def _resolve(self, host: str, port: int, seconds: float) -> tuple[Endpoint, ...] | Failure:
        now = asyncio.get_running_loop().time()
        kept = self._kept.get((host, port))
        if kept is not None and kept[0] > now:
            return kept[1]
        try:
            async with asyncio.timeout(seconds):
                found = await self.resolver.resolve(host, port)
        except TimeoutError:
            return Failure(FailureKind.DNS, f"{host}: the name servers did not answer in time")
        if not isinstance(found, Failure):
            if len(self._kept) >= _KEPT_NAMES:
                self._kept.clear()
            self._kept[host, port] = (now + _KEPT_SECONDS, found)
        return found
