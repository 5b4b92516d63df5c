"""How each host behaved in a run: counted as exchanges come in, in bounded memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from citekeeper.model import Exchange, HostStats
from citekeeper.network.targets import Target

_MOST_HOSTS = 100_000


@dataclass(slots=True)
class _Tally:
    requests: int = 0
    answers: int = 0
    errors: int = 0
    failures: int = 0
    rebukes: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    received: int = 0

    def add(self, exchange: Exchange) -> None:
        response = exchange.response
        self.requests += 1
        self.seconds += exchange.elapsed
        self.slowest = max(self.slowest, exchange.elapsed)
        if response is None:
            self.failures += 1
            return
        self.answers += 1
        self.errors += response.status >= 400
        self.rebukes += response.status in (429, 503)
        self.received += len(response.head) + len(response.body)


@dataclass(slots=True)
class HostTallies:
    """One tally for each host."""

    _of: dict[str, _Tally] = field(default_factory=dict)

    def add(self, target: Target, exchange: Exchange) -> None:
        """Count one exchange."""
        tally = self._of.get(target.host)
        if tally is None:
            if len(self._of) >= _MOST_HOSTS:
                return
            tally = self._of[target.host] = _Tally()
        tally.add(exchange)

    def stats(self) -> tuple[HostStats, ...]:
        """All of them, those that took longest first."""
        found = (
            HostStats(
                host, each.requests, each.answers, each.errors, each.failures, each.rebukes, each.seconds, each.slowest, each.received
            )
            for host, each in self._of.items()
        )
        return tuple(sorted(found, key=lambda each: (-each.seconds, each.host)))
