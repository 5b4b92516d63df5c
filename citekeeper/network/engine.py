"""The seam behind the door: what an engine is told, and what it brings back; no engine decides anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from citekeeper.model import Cut, Failure, Tls
from citekeeper.network.proxies import Proxy
from citekeeper.network.resolver import Endpoint
from citekeeper.network.targets import Target


@dataclass(frozen=True, slots=True)
class Order:
    """One request to one endpoint, decided in full."""

    target: Target
    method: str
    headers: tuple[tuple[str, str], ...]
    """All but Host, in the order of sending."""
    body: bytes
    endpoint: Endpoint
    """Where to connect: the target's or, with a proxy, the proxy's own; already passed by the guard."""
    proxy: Proxy | None
    timeout: float
    """Seconds for everything."""
    connect_timeout: float
    """Seconds until connected, TLS included."""
    max_head: int
    """Bytes of all heads together, interim answers included."""
    max_body: int
    """Bytes of body kept, as sent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete head and what came of the body."""

    head: bytes
    body: bytes
    cut: Cut | None


@dataclass(frozen=True, slots=True)
class Wire:
    """What crossed the wire for one order."""

    request: bytes
    """As sent, secrets included; empty when nothing was sent."""
    outcome: Answer | Failure
    ip: str | None = None
    tls: Tls | None = None


class Engine(Protocol):
    """Makes requests; never raises for what a server does."""

    async def send(self, order: Order) -> Wire:
        """Make one request."""

    async def close(self) -> None:
        """Give back connections, threads and handles."""
