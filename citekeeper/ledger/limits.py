"""Rate limits that several processes share: token buckets and circuit breakers in the ledger."""

from __future__ import annotations

from citekeeper.ledger.database import Database
from citekeeper.model import Clock


class Limits:
    """A Limiter (citekeeper.model) whose buckets are rows of the ledger."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def take(self, pool: str, per_minute: float, *, burst: int = 1) -> None:
        """Wait for one token of `pool`; every process on this folder draws from the same bucket."""
        wait = self._reserve(pool, per_minute / 60.0, burst)
        if wait > 0:
            await self._clock.sleep(wait)

    def _reserve(self, pool: str, rate: float, burst: int) -> float:
        # The bucket may go below zero: each caller books the next free moment, so that nobody polls and nobody starves.
        now = self._clock.now().timestamp()
        with self._database.change() as db:
            row = db.execute("SELECT tokens, at FROM limits WHERE pool = ?", (pool,)).fetchone()
            tokens, at = row or (float(burst), now)
            tokens = min(float(burst), tokens + max(0.0, now - at) * rate) - 1.0
            db.execute(
                "INSERT INTO limits (pool, tokens, at) VALUES (?, ?, ?) "
                "ON CONFLICT (pool) DO UPDATE SET tokens = excluded.tokens, at = excluded.at",
                (pool, tokens, now),
            )
        return max(0.0, -tokens / rate)

    def trip(self, pool: str, seconds: float) -> None:
        """Stop every call to `pool`, in every process, for that long."""
        now = self._clock.now().timestamp()
        with self._database.change() as db:
            db.execute(
                "INSERT INTO limits (pool, tokens, at, tripped_until) VALUES (?, 0, ?, ?) "
                "ON CONFLICT (pool) DO UPDATE SET tripped_until = max(tripped_until, excluded.tripped_until)",
                (pool, now, now + seconds),
            )

    def tripped(self, pool: str) -> float:
        """Seconds until calls to `pool` may be made again; 0 when they may."""
        row = self._database.connection.execute("SELECT tripped_until FROM limits WHERE pool = ?", (pool,)).fetchone()
        return 0.0 if row is None else max(0.0, row[0] - self._clock.now().timestamp())
