"""How an archive is asked: within its rate limits, not while it says stop, not again and again while it is down.

The limits of the Wayback Machine are 30 index and 600 other requests a minute and address; its maintainers ask clients to
keep to 80 % of that. It sends no Retry-After with 429. Who goes on asking for more than a minute is shut out by the
firewall for an hour, doubled each time, which looks like refused connections and timeouts.
Source: edgi-govdata-archiving/wayback, `_client.py` and issue 137.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

from citekeeper.archives.timestamps import parse_http_date
from citekeeper.model import Ask, Clock, Exchange, Failure, FailureKind, Fetch, Limiter, Purpose

SHORTEST_STOP = 60.0
FIREWALL_STOP = 3600.0
LONGEST_STOP = 6 * 3600.0
_OUTAGE = 120.0
_LONGEST_OUTAGE = 3600.0
_RECENTLY = 600.0
_PATIENCE_WITH_SILENCE = 2
_PATIENCE_WITH_ERRORS = 10

_NO_CONNECTION = frozenset(
    {
        FailureKind.NXDOMAIN,
        FailureKind.DNS,
        FailureKind.OFFLINE,
        FailureKind.REFUSED,
        FailureKind.UNREACHABLE,
        FailureKind.CONNECT_TIMEOUT,
        FailureKind.TLS,
        FailureKind.PROXY,
    }
)
_SILENCE = frozenset({FailureKind.TIMEOUT, FailureKind.RESET, FailureKind.PROTOCOL})
_TIMEOUTS = frozenset({FailureKind.TIMEOUT, FailureKind.CONNECT_TIMEOUT})
# What the firewall looks like from outside.
_SHUT_OUT = frozenset({FailureKind.REFUSED, FailureKind.CONNECT_TIMEOUT, FailureKind.TIMEOUT, FailureKind.RESET, FailureKind.UNREACHABLE})


@dataclass(frozen=True, slots=True)
class Pool:
    """Requests that an archive counts together."""

    name: str
    per_minute: float
    burst: int = 1


class Manners:
    """Asks one archive; says no by itself when asking would be rude or useless."""

    def __init__(
        self, fetch: Fetch, limiter: Limiter, clock: Clock, *, pools: tuple[Pool, ...], patience: float, timeout: float | None = None
    ) -> None:
        """`patience`: the longest stop, in seconds, that a request waits out instead of being given up; `timeout`: of one request."""
        self._fetch = fetch
        self._limiter = limiter
        self._clock = clock
        self._pools: Mapping[str, Pool] = {pool.name: pool for pool in pools}
        self._patience = patience
        self._timeout = timeout
        self._rebukes: dict[str, int] = {}
        self._rebuked_at: dict[str, float] = {}
        self._silences = 0
        self._outages = 0
        self._outage_until = 0.0
        self._outage_because = ""
        self._errors: dict[str, int] = {}
        """Server errors in a row, by pool: the index may be down while playback works."""
        self._resting: dict[str, tuple[float, str]] = {}
        # The first request goes alone: an archive that is down then costs one timeout, however many wait for it.
        self._first_contact = asyncio.Lock()
        self._has_answered = False

    async def ask(self, pool: str, url: str, headers: tuple[tuple[str, str], ...] = (), form: bytes = b"") -> Exchange:
        """One request within the limits of `pool`, with a `form` if any; a rate limit that is soon over is waited out once."""
        ask = Ask(url, Purpose.ARCHIVE, "POST" if form else "GET", headers, form, timeout=self._timeout)
        exchange = await self._ask_once(pool, ask)
        if is_rate_limit(exchange) and 0 < self._limiter.tripped(pool) <= self._patience:
            exchange = await self._ask_once(pool, ask)
        return exchange

    async def pause(self, seconds: float) -> None:
        """Wait before another try."""
        await self._clock.sleep(seconds)

    async def _ask_once(self, pool: str, ask: Ask) -> Exchange:
        if self._has_answered:
            return await self._send(pool, ask)
        async with self._first_contact:
            return await self._send(pool, ask)

    async def _send(self, pool: str, ask: Ask) -> Exchange:
        if (refusal := await self._leave(pool)) is not None:
            return self._not_asked(ask.url, refusal)
        sent_at = self._clock.monotonic()
        exchange = await self._fetch(ask)
        self._learn(pool, exchange, sent_at)
        return exchange

    async def _leave(self, pool: str) -> str | None:
        """Wait until a request may be made; why none may, when that would take too long."""
        limits = self._pools[pool]
        for wait in (True, False):
            if self._clock.monotonic() < self._outage_until:
                return f"not asked again so soon: {self._outage_because}"
            rest_until, because = self._resting.get(pool, (0.0, ""))
            if self._clock.monotonic() < rest_until:
                return f"not asked again so soon: {because}"
            stop = self._limiter.tripped(pool)
            if stop > self._patience or (stop > 0 and not wait):
                return f"the archive told us to stop ({pool}); it may be asked again in {stop:.0f} s"
            if stop > 0:
                await self._clock.sleep(stop)
            await self._limiter.take(pool, limits.per_minute, burst=limits.burst)
            # While we queued for the token another request may have been told to stop.
            if self._limiter.tripped(pool) <= 0:
                return None
        return f"the archive told us to stop ({pool}); it may be asked again in {self._limiter.tripped(pool):.0f} s"

    def _not_asked(self, url: str, message: str) -> Exchange:
        return Exchange(url, self._clock.now(), 0.0, b"", Failure(FailureKind.BREAKER, message))

    def _learn(self, pool: str, exchange: Exchange, sent_at: float) -> None:
        failure = exchange.failure
        self._has_answered = self._has_answered or failure is None
        if failure is not None:
            self._learn_failure(failure)
        elif is_rate_limit(exchange):
            self._learn_rate_limit(pool, exchange, sent_at)
        else:
            self._rebukes.pop(pool, None)
            self._silences = self._outages = 0
            self._learn_error(pool, exchange)

    def _learn_error(self, pool: str, exchange: Exchange) -> None:
        """An archive that answers with server errors only is in trouble, and more requests are no help."""
        response = exchange.response
        if response is None or response.status < 500 or response.header("memento-datetime") is not None:
            self._errors.pop(pool, None)
            return
        self._errors[pool] = count = self._errors.get(pool, 0) + 1
        if count >= _PATIENCE_WITH_ERRORS:
            rest = min(_OUTAGE * 2.0 ** (count - _PATIENCE_WITH_ERRORS), _LONGEST_OUTAGE)
            self._resting[pool] = (self._clock.monotonic() + rest, f"{response.status} {response.reason}, {count} times in a row".strip())

    def _learn_rate_limit(self, pool: str, exchange: Exchange, sent_at: float) -> None:
        if self._rebuked_at.get(pool, -1.0) >= sent_at:
            return  # Sent before we were told to stop: one rebuke, however many requests were under way.
        response = exchange.response
        asked_for = _retry_after(response.header("retry-after") if response else None, self._clock)
        stop = max(asked_for, SHORTEST_STOP * 2.0 ** min(self._rebukes.get(pool, 0), 8))
        self._rebukes[pool] = self._rebukes.get(pool, 0) + 1
        self._rebuked_at[pool] = self._clock.monotonic()
        self._limiter.trip(pool, min(stop, LONGEST_STOP))

    def _learn_failure(self, failure: Failure) -> None:
        if self._was_rebuked() and failure.kind in _SHUT_OUT:
            for name in self._pools:
                self._limiter.trip(name, FIREWALL_STOP)
        self._silences += failure.kind in _SILENCE
        never_spoke = failure.kind is FailureKind.TIMEOUT and not self._has_answered
        if failure.kind in _NO_CONNECTION or never_spoke or self._silences >= _PATIENCE_WITH_SILENCE:
            rest = min(_OUTAGE * 2.0**self._outages, _LONGEST_OUTAGE)
            # Another look would cost another timeout; a refusal costs nothing.
            never_again = not self._has_answered and failure.kind in _TIMEOUTS
            self._outage_until = inf if never_again else self._clock.monotonic() + rest
            self._outages += 1
            self._outage_because = failure.message

    def _was_rebuked(self) -> bool:
        now = self._clock.monotonic()
        return any(now - at < _RECENTLY for at in self._rebuked_at.values())


def is_rate_limit(exchange: Exchange) -> bool:
    """Whether the archive itself says 429; an archived 429 carries Memento-Datetime."""
    response = exchange.response
    return response is not None and response.status == 429 and response.header("memento-datetime") is None


def _retry_after(value: str | None, clock: Clock) -> float:
    """Seconds asked for, as a number or as a date (RFC 9110, 10.2.3); 0 when nothing readable was sent."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    moment = parse_http_date(text)
    return max(0.0, (moment - clock.now()).total_seconds()) if moment else 0.0
