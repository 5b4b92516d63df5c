"""robots.txt: what a site asks programs not to fetch; honoured for probes, and for visits when the user wants it.

Source: RFC 9309. A missing file allows everything, one that fails (5xx) nothing. Where the host cannot be reached at all, the
request itself will say why; so that is not hidden behind robots.txt.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from citekeeper.model import Ask, Exchange, Failure, FailureKind, Purpose, Response
from citekeeper.network.targets import Target, parse, resolve

MAX_BYTES = 500 * 1024
"""RFC 9309, 2.5: at least that much must be read."""
_MOST_REDIRECTS = 5
"""RFC 9309, 2.3.1.2."""
_MOST_SITES = 4096
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Rules(Protocol):
    """What one robots.txt allows."""

    def can_fetch(self, url: str, user_agent: str) -> bool:
        """Whether `user_agent` may fetch `url`."""


@dataclass(frozen=True, slots=True)
class _Nothing:
    def can_fetch(self, url: str, user_agent: str) -> bool:
        return False


@dataclass(slots=True)
class Robots:
    """The robots.txt of each site, asked for once in a run."""

    ask: Callable[[Ask], Awaitable[Exchange]]
    """Makes a request politely, without asking robots.txt for leave."""
    agent: str
    """The User-Agent that is sent; its first word is the name that rules are looked up for."""
    _asked: dict[str, asyncio.Task[Rules | None]] = field(default_factory=dict)

    async def refusal(self, target: Target) -> Failure | None:
        """Why `target` is not fetched; None when it may be."""
        rules = await self._rules(target)
        if rules is None or rules.can_fetch(target.url, self.agent.partition("/")[0]):
            return None
        return Failure(FailureKind.ROBOTS, f"{target.host}'s robots.txt asks programs not to fetch this address")

    async def _rules(self, target: Target) -> Rules | None:
        site = f"{target.scheme}://{target.authority}"
        asked = self._asked.get(site)
        if asked is None:
            if len(self._asked) >= _MOST_SITES:
                self._forget()
            asked = self._asked[site] = asyncio.create_task(self._read(f"{site}/robots.txt"))
        # Several wait for the same file: one that is cancelled must not take it from the others.
        return await asyncio.shield(asked)

    def _forget(self) -> None:
        self._asked = {site: task for site, task in self._asked.items() if not task.done()}

    async def _read(self, url: str) -> Rules | None:
        for _ in range(_MOST_REDIRECTS + 1):
            response = (await self.ask(Ask(url, Purpose.PROBE))).response
            if response is None:
                return None
            following = resolve(url, response.header("location") or "") if response.status in _REDIRECTS else None
            if following is None or not isinstance(parse(following), Target):
                return _rules_in(response)
            url = following
        return None

    async def close(self) -> None:
        """Stop asking."""
        for task in self._asked.values():
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)


def _rules_in(response: Response) -> Rules | None:
    if response.status >= 500:
        return _Nothing()
    if not 200 <= response.status < 300:
        return None
    from protego import Protego

    rules: Rules = Protego.parse(response.content[:MAX_BYTES].decode("utf-8", "replace"))
    return rules
