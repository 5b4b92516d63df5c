"""A visit: one address followed to where it leads, each hop an exchange of its own; no I/O but through `fetch`."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from citekeeper.model import Ask, Exchange, Fetch, Purpose, Response, Stop, Visit
from citekeeper.network.conditions import Recall, settled
from citekeeper.network.cookies import CookieJar
from citekeeper.network.targets import Target, parse, resolve

REDIRECTS = frozenset({301, 302, 303, 307, 308})

Onward = Callable[[Exchange], str | Awaitable[str | None] | None]
"""Where a page that is only a signpost leads (meta refresh, a script's redirect), as written in it; None for a page.

It may be awaitable, since reading a page takes milliseconds that the event loop should not lose.
"""


def new_visit_id() -> str:
    """A UUID."""
    return str(uuid.uuid4())


async def visit(
    url: str,
    fetch: Fetch,
    *,
    max_redirects: int = 10,
    onward: Onward | None = None,
    new_id: Callable[[], str] = new_visit_id,
    purpose: Purpose = Purpose.VISIT,
    recall: Recall | None = None,
) -> Visit:
    """Follow `url` through at most `max_redirects` redirects and one signpost page, with cookies kept within the visit.

    Of an address whose stored answer `recall` knows, the server is asked whether that still holds. An answer that may be to
    this question only is kept, and the address asked for once more without it.
    The fragment of an address goes along to where it redirects, unless that has its own (RFC 9110, 10.2.2).
    """
    walk = _Walk(url, fetch, purpose, onward, recall)
    stop = await walk.follow(max_redirects)
    return Visit(new_id(), url, tuple(walk.exchanges), stop)


@dataclass(slots=True)
class _Walk:
    url: str
    fetch: Fetch
    purpose: Purpose
    onward: Onward | None
    recall: Recall | None
    exchanges: list[Exchange] = field(default_factory=list)
    cookies: CookieJar = field(default_factory=CookieJar)
    seen: set[tuple[str, str]] = field(default_factory=set)

    async def follow(self, max_redirects: int) -> Stop:
        for _ in range(max_redirects + 1):
            stop = await self._step()
            if stop is not None:
                return stop
        return Stop.TOO_MANY_HOPS

    async def _step(self) -> Stop | None:
        """One exchange; why the visit ends with it, or None when `url` now is where it goes on."""
        exchange = await self._exchange()
        self.exchanges.append(exchange)
        response = exchange.response
        if response is None:
            return Stop.FAILURE
        target = parse(self.url)
        if isinstance(target, Target):
            self.cookies.take(target, response.header_values("set-cookie"))
        location = await self._next(exchange, response)
        if location is None:
            return Stop.ANSWER
        following = resolve(self.url, location)
        if following is None:
            return Stop.BAD_LOCATION if response.status in REDIRECTS else Stop.ANSWER
        self.url = following
        return Stop.LOOP if self._key() in self.seen else None

    async def _exchange(self) -> Exchange:
        ask = self._ask()
        # What was stored was seen without cookies; with some it may be another page.
        known = await self.recall(ask) if self.recall is not None and not ask.headers else None
        if known is None:
            return await self.fetch(ask)
        answered = await self.fetch(replace(ask, headers=known.validators.conditions))
        exchange = settled(answered, known)
        if exchange is not None:
            return exchange
        self.exchanges.append(answered)
        return await self.fetch(ask)

    async def _next(self, exchange: Exchange, response: Response) -> str | None:
        if response.status in REDIRECTS:
            return response.header("location") or ""
        if self.onward is None:
            return None
        found = self.onward(exchange)
        location = await found if isinstance(found, Awaitable) else found
        if location is not None:
            # Only one signpost is followed: a page that points on from there again is what the reader would see.
            self.onward = None
        return location

    def _ask(self) -> Ask:
        self.seen.add(self._key())
        cookie = self._cookie()
        return Ask(self.url, self.purpose, headers=(("Cookie", cookie),) if cookie else ())

    def _cookie(self) -> str:
        target = parse(self.url)
        return self.cookies.header(target) if isinstance(target, Target) else ""

    def _key(self) -> tuple[str, str]:
        # A gate sets a cookie and sends back to the same address: with the cookie it is another request, not a loop.
        return self.url.partition("#")[0], self._cookie()
