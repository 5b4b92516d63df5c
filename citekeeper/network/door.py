"""The door: one request in, one exchange out; guarded, polite, capped, on the clock, never raising for what a server does."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType
from typing import Self

from citekeeper.errors import ConfigError
from citekeeper.model import Ask, Clock, Exchange, Failure, FailureKind, Fetch, HostStats, Limiter, Purpose, Response, Tls
from citekeeper.network.answers import to_response
from citekeeper.network.budgets import Budgets
from citekeeper.network.certificates import find_trust, make_context, shown_by
from citekeeper.network.clock import SystemClock
from citekeeper.network.engine import Answer, Engine, Order, Wire
from citekeeper.network.guard import Guard, make_guard
from citekeeper.network.host_stats import HostTallies
from citekeeper.network.online import is_online
from citekeeper.network.politeness import Politeness
from citekeeper.network.proxies import Proxy, make_proxies
from citekeeper.network.request_heads import SECRET, compose, parse_headers, parse_host_headers, redacted, user_agent
from citekeeper.network.resolver import Endpoint, make_resolver, parse_detour
from citekeeper.network.retries import retry_after
from citekeeper.network.robots import Robots
from citekeeper.network.routes import Routes
from citekeeper.network.targets import Target, parse, without_secrets
from citekeeper.settings import NetworkSettings

_NOT_REACHED = frozenset({FailureKind.REFUSED, FailureKind.UNREACHABLE, FailureKind.CONNECT_TIMEOUT})
_STAY_AWAY = Failure(FailureKind.BREAKER, "not asked: the host told us to wait longer, or more often, than a run can")
_ASKS_LEAVE = frozenset({Purpose.PROBE, Purpose.REQUISITE})
"""Requests that nobody cited: robots.txt decides, always."""
_LARGE = 256 * 1024
"""Bodies of that many bytes and more are decoded beside the event loop: 1 MB of gzip takes about 10 ms."""
_MOST_IDLE = 1024
"""Connections kept open at most, as long as the limit of open files is more than twice that."""
_MAX_ENDPOINTS = 4
"""Addresses of one host that are tried in turn."""


class Door:
    """The only door to the web; an asynchronous context manager, used by one event loop.

    `counts` tells how many requests each purpose took. Raises ConfigError at once when a setting cannot be used.
    """

    def __init__(self, settings: NetworkSettings, *, clock: Clock | None = None, limiter: Limiter | None = None) -> None:
        """`limiter` shares the pauses between two requests to one host with other processes."""
        self._settings = settings
        self._limiter = limiter
        self._clock = clock or SystemClock()
        self._guard = make_guard(settings)
        self._proxies = make_proxies(settings.proxy)
        self._resolver = make_resolver(settings.dns)
        self._routes = Routes(self._resolver, self._guard, self._proxies, tuple(parse_detour(text) for text in settings.connect_to))
        self._own_headers = parse_headers(settings.headers)
        self._host_headers = parse_host_headers(settings.host_headers)
        self._secret = SECRET | {name.lower() for name, _ in self._own_headers} | {each.name.lower() for each in self._host_headers}
        self._agent = user_agent(settings)
        self._engine: Engine | None = None
        self.counts: Counter[Purpose] = Counter()
        self._tallies = HostTallies()
        self._budgets = Budgets(settings, self._clock)
        self._robots = Robots(self._take_turn, self._agent)

    async def __aenter__(self) -> Self:
        self._politeness = Politeness(self._settings, self._clock, self._limiter)
        self._engine = make_engine(self._settings, self._guard)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._robots.close()
        if self._engine is not None:
            await self._engine.close()
        await self._resolver.close()

    async def is_online(self) -> bool:
        """Whether there is a network at all; asked when a name does not resolve, before a page is called dead."""
        return self._proxies.are_set or await is_online(self._resolver, self._settings.canaries)

    async def fetch(self, ask: Ask) -> Exchange:
        """Make one request and bring back one exchange; a redirect is an answer like any other.

        Waits its turn first; the deadline (`network.timeout`) starts after that. The exchange's URL is the address as it
        was asked for, in ASCII, without user and password; a fragment is kept, though it never goes out.
        """
        target = parse(ask.url)
        if isinstance(target, Failure):
            return self._not_sent(ask, without_secrets(ask.url), target)
        if target.literal is not None and (refusal := self._guard.check([target.literal])) is not None:
            return self._not_sent(ask, target.url_with_fragment, refusal)
        if self._asks_robots(ask.purpose) and (refusal := await self._robots.refusal(target)) is not None:
            return self._not_sent(ask, target.url_with_fragment, refusal)
        return await self._take_turn(ask)

    def for_link(self) -> Fetch:
        """`fetch` for the visit to one link: within the budgets of link, host and run, it gives up and says so."""
        return self._budgets.for_link(self.fetch)

    @property
    def host_stats(self) -> tuple[HostStats, ...]:
        """How each host but the archives behaved, those that took longest first."""
        return self._tallies.stats()

    def _asks_robots(self, purpose: Purpose) -> bool:
        return purpose in _ASKS_LEAVE or (purpose is Purpose.VISIT and self._settings.robots)

    async def _take_turn(self, ask: Ask) -> Exchange:
        """Ask within the limits of politeness."""
        target = parse(ask.url)
        assert isinstance(target, Target)
        async with self._politeness.turn(target.host, ask.purpose):
            if ask.purpose is not Purpose.ARCHIVE and self._politeness.is_closed(target.host):
                return self._not_sent(ask, target.url_with_fragment, _STAY_AWAY)
            self.counts[ask.purpose] += 1
            exchange = await self._ask_now(ask, target)
            self._heed(ask, target, exchange)
            if ask.purpose is not Purpose.ARCHIVE:
                self._tallies.add(target, exchange)
            return exchange

    def _heed(self, ask: Ask, target: Target, exchange: Exchange) -> None:
        """Archives keep their own limits; any other host that asks for a pause gets it."""
        response = exchange.response
        if ask.purpose is Purpose.ARCHIVE or response is None:
            return
        if response.status not in (429, 503):
            self._politeness.calm_down(target.host)
            return
        seconds = retry_after(response, self._clock.now())
        if seconds is not None:
            self._politeness.heed(target.host, seconds)
        elif response.status == 429:
            self._politeness.slow_down(target.host)

    def _not_sent(self, ask: Ask, url: str, failure: Failure) -> Exchange:
        return Exchange(url, self._clock.now(), 0.0, b"", failure, method=ask.method)

    async def _ask_now(self, ask: Ask, target: Target) -> Exchange:
        started, begun = self._clock.now(), self._clock.monotonic()
        deadline = asyncio.get_running_loop().time() + (self._settings.timeout if ask.timeout is None else ask.timeout)
        proxy = self._proxies.choose(target)
        wire = await self._reach(ask, target, proxy, deadline)
        elapsed = self._clock.monotonic() - begun
        outcome = wire.outcome if isinstance(wire.outcome, Failure) else await self._read(wire.outcome, ask.method)
        request = redacted(wire.request, self._secret)
        withheld = len(request) < len(wire.request)
        return Exchange(
            target.url_with_fragment, started, elapsed, request, outcome, wire.ip, wire.tls, ask.method, proxy is not None, withheld
        )

    async def _read(self, answer: Answer, method: str) -> Response | Failure:
        most = self._settings.max_decoded_bytes
        if len(answer.body) < _LARGE:
            return to_response(answer, method, max_decoded=most)
        return await asyncio.to_thread(to_response, answer, method, max_decoded=most)

    async def _reach(self, ask: Ask, target: Target, proxy: Proxy | None, deadline: float) -> Wire:
        """Try the host's addresses in turn until one can be connected to."""
        endpoints = await self._routes.endpoints(target, proxy, _left(deadline))
        if isinstance(endpoints, Failure):
            return Wire(b"", endpoints)
        tried = endpoints[:_MAX_ENDPOINTS]
        wire = await self._send(ask, target, proxy, tried[0], deadline, len(tried))
        for at, endpoint in enumerate(tried[1:], 1):
            if not _is_unreached(wire) or _left(deadline) <= 0:
                break
            wire = await self._send(ask, target, proxy, endpoint, deadline, len(tried) - at)
        return wire

    async def _send(self, ask: Ask, target: Target, proxy: Proxy | None, endpoint: Endpoint, deadline: float, still: int) -> Wire:
        assert self._engine is not None, "the door is used inside `async with`"
        left = max(0.001, _left(deadline))
        order = Order(
            target=target,
            method=ask.method,
            headers=compose(ask, self._agent, self._own_headers_for(target, ask.purpose)),
            body=ask.body,
            endpoint=endpoint,
            proxy=proxy,
            timeout=left,
            # An address that swallows packets leaves time for the next one.
            connect_timeout=min(self._settings.connect_timeout, left) / still,
            max_head=self._settings.max_head_bytes,
            max_body=self._settings.max_body_bytes,
        )
        wire = await self._engine.send(order)
        if proxy is not None:
            return _blamed(wire, order)
        return await self._with_certificates(wire, order, _left(deadline))

    def adds_headers(self, url: str) -> bool:
        """Whether a visit to `url` takes headers of the user's own along."""
        target = parse(url)
        return isinstance(target, Target) and bool(self._own_headers_for(target))

    def _own_headers_for(self, target: Target, purpose: Purpose = Purpose.VISIT) -> tuple[tuple[str, str], ...]:
        # What a page names is the page's choice, not the user's: a header for all hosts would go to whomever it likes.
        everywhere = self._own_headers if purpose is not Purpose.REQUISITE else ()
        if not self._host_headers:
            return everywhere
        return (*everywhere, *((each.name, each.value) for each in self._host_headers if each.is_for(target.host)))

    async def _with_certificates(self, wire: Wire, order: Order, left: float) -> Wire:
        """A refused certificate is evidence: look at it once more, without asking for anything."""
        if not isinstance(wire.outcome, Failure) or wire.outcome.kind is not FailureKind.TLS:
            return wire
        shown: Tls | None = await shown_by(order.endpoint, order.target.host, min(self._settings.connect_timeout, max(left, 1.0)))
        return wire if shown is None else replace(wire, tls=shown)


def _left(deadline: float) -> float:
    return deadline - asyncio.get_running_loop().time()


def _is_unreached(wire: Wire) -> bool:
    return isinstance(wire.outcome, Failure) and wire.outcome.kind in _NOT_REACHED


def _blamed(wire: Wire, order: Order) -> Wire:
    """A proxy that asks in our place and goes without a word says nothing of the page's server."""
    if order.target.scheme == "https" or not isinstance(wire.outcome, Failure) or wire.outcome.kind is not FailureKind.RESET:
        return wire
    return replace(wire, outcome=Failure(FailureKind.PROXY, f"the proxy gave no answer: {wire.outcome.message}"))


def _make_curl(settings: NetworkSettings, guard: Guard) -> Engine:
    try:
        from citekeeper.network.curl_engine import CurlEngine
    except ImportError as error:
        raise ConfigError("libcurl cannot be loaded", where="network.engine", hint="use --engine requests, or reinstall pycurl") from error
    return CurlEngine(find_trust(settings.ca_file), guard, _connections(settings.max_concurrency))


def _connections(in_flight: int) -> int:
    """Connections kept, idle ones included: enough that a round over many hosts finds each still open, within the limit of open files.

    Measured with 500 https hosts: 0.85 ms of processor time a page with 128 connections, 0.15 ms with 600.
    """
    try:
        import resource
    except ImportError:  # Windows
        return max(2 * in_flight, _MOST_IDLE // 2)
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = soft // 2 if soft != resource.RLIM_INFINITY else _MOST_IDLE
    return max(2 * in_flight, min(_MOST_IDLE, most))


def _make_requests(settings: NetworkSettings, guard: Guard) -> Engine:
    from citekeeper.network.requests_engine import RequestsEngine

    return RequestsEngine(make_context(find_trust(settings.ca_file)), guard, settings.max_concurrency)


ENGINES = {"curl": _make_curl, "requests": _make_requests}
"""One line for each engine."""


def make_engine(settings: NetworkSettings, guard: Guard) -> Engine:
    """The engine that the setting `network.engine` names; ConfigError when there is none of that name."""
    if settings.engine not in ENGINES:
        raise ConfigError(f"there is no engine {settings.engine!r}", where="network.engine", hint=f"one of {', '.join(ENGINES)}")
    return ENGINES[settings.engine](settings, guard)


def counts_of(counts: Mapping[Purpose, int]) -> tuple[tuple[str, int], ...]:
    """The counts as `Audit.requests` holds them."""
    return tuple((purpose.value, counts[purpose]) for purpose in Purpose if counts.get(purpose))
