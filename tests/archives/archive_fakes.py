"""An archive at the edge: scripted exchanges, a clock that jumps, a limiter in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from citekeeper.archives import Wayback
from citekeeper.model import Ask, Cut, Exchange, Failure, FailureKind, Response

BASE = "http://archive.example"
Headers = tuple[tuple[str, str], ...]


def answer(status: int, *headers: tuple[str, str], body: bytes | str = b"", reason: str = "OK", cut: Cut | None = None) -> Response:
    content = body.encode() if isinstance(body, str) else body
    return Response(status, reason, headers, b"", content, content, cut=cut)


def failure(kind: FailureKind, message: str = "no answer") -> Failure:
    return Failure(kind, message)


def exchange(url: str, outcome: Response | Failure) -> Exchange:
    return Exchange(url, datetime(2026, 1, 1, tzinfo=UTC), 0.1, b"", outcome)


class FakeClock:
    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, tzinfo=UTC)
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)


@dataclass
class FakeLimiter:
    clock: FakeClock
    taken: list[tuple[str, float]] = field(default_factory=list)
    until: dict[str, float] = field(default_factory=dict)

    async def take(self, pool: str, per_minute: float, *, burst: int = 1) -> None:
        self.taken.append((pool, per_minute))

    def trip(self, pool: str, seconds: float) -> None:
        self.until[pool] = max(self.until.get(pool, 0.0), self.clock.monotonic() + seconds)

    def tripped(self, pool: str) -> float:
        return max(0.0, self.until.get(pool, 0.0) - self.clock.monotonic())


Script = dict[str, Response | Failure | list[Response | Failure]]


class FakeFetch:
    """Answers by the part of the address behind the archive's own; a list is used up from the front, its last answer stays."""

    def __init__(self, script: Script, otherwise: Callable[[Ask], Response | Failure] | None = None) -> None:
        self.script = {key: list(value) if isinstance(value, list) else [value] for key, value in script.items()}
        self.otherwise = otherwise or (lambda ask: answer(404, body="The Wayback Machine has not archived that URL."))
        self.asked: list[Ask] = []
        self.pause = False
        """Let other tasks go first, as a real request would."""

    async def __call__(self, ask: Ask) -> Exchange:
        self.asked.append(ask)
        if self.pause:
            await asyncio.sleep(0)
        key = next((key for key in self.script if ask.url.removeprefix(BASE).startswith(key)), None)
        if key is None:
            return exchange(ask.url, self.otherwise(ask))
        answers = self.script[key]
        return exchange(ask.url, answers.pop(0) if len(answers) > 1 else answers[0])

    @property
    def paths(self) -> list[str]:
        return [ask.url.removeprefix(BASE) for ask in self.asked]


@dataclass
class Setting:
    """An archive with everything that stands around it."""

    archive: Wayback
    fetch: FakeFetch
    clock: FakeClock
    limiter: FakeLimiter


def setting(script: Script, *, patience: float = 90.0, index_limit: int = 200) -> Setting:
    clock = FakeClock()
    limiter = FakeLimiter(clock)
    fetch = FakeFetch(script)
    archive = Wayback(fetch, limiter=limiter, clock=clock, url=BASE, index_limit=index_limit, patience=patience)
    return Setting(archive, fetch, clock, limiter)


def http_date(digits: str) -> str:
    return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")


def memento(digits: str, url: str, *, status: int = 200, neighbours: Iterable[str] = (), body: str = "<p>page</p>") -> Response:
    links = [f'<{url}>; rel="original"']
    links += [f'<{BASE}/web/{each}/{url}>; rel="prev memento"; datetime="{http_date(each)}"' for each in neighbours]
    return answer(status, ("Memento-Datetime", http_date(digits)), ("Link", ", ".join(links)), body=body)


def archived_redirect(digits: str, location: str, status: int = 301) -> Response:
    return answer(status, ("memento-datetime", http_date(digits)), ("location", location))


def found_at(digits: str, url: str) -> Response:
    reason = ("X-Archive-Redirect-Reason", f"found capture at {digits}")
    return answer(302, reason, ("Location", f"{BASE}/web/{digits}/{url}"), reason="FOUND")
