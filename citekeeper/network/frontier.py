"""Which address is visited next: one host after the other in turn, none more often at once than it may be; pure, no I/O."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from citekeeper.network.targets import Target, parse


@dataclass(frozen=True, slots=True)
class Job:
    """One address to be visited."""

    url: str
    attempts: int = 0
    """Visits made before."""
    not_before: float = 0.0
    """On the monotonic clock."""
    host: str = field(init=False)
    """Who is asked; addresses that cannot be read are asked of nobody."""

    def __post_init__(self) -> None:
        target = parse(self.url)
        object.__setattr__(self, "host", target.host if isinstance(target, Target) else "")


@dataclass(slots=True)
class Frontier:
    """Jobs by host. Reads ahead only so far in `jobs`, so that a long list needs no memory."""

    jobs: Iterator[Job]
    per_host: int
    read_ahead: int
    _queues: dict[str, deque[Job]] = field(default_factory=dict)
    _ready: deque[str] = field(default_factory=deque)
    """Hosts with a job and a free place, each once."""
    _busy: dict[str, int] = field(default_factory=dict)
    _held: int = 0

    def take(self) -> Job | None:
        """The next job whose host has a free place; None when there is none now."""
        self._fill()
        if not self._ready:
            return None
        host = self._ready.popleft()
        queue = self._queues[host]
        job = queue.popleft()
        self._held -= 1
        self._busy[host] = self._busy.get(host, 0) + 1
        if not queue:
            del self._queues[host]
        elif self._busy[host] < self.per_host:
            self._ready.append(host)
        return job

    def give_back(self, job: Job) -> None:
        """`job` is done: its host has a place again."""
        host = job.host
        was_full = self._busy[host] >= self.per_host
        self._busy[host] -= 1
        if not self._busy[host]:
            del self._busy[host]
        if was_full and host in self._queues:
            self._ready.append(host)

    @property
    def is_empty(self) -> bool:
        """Nothing is left to take, now or later."""
        self._fill()
        return not self._queues

    def _fill(self) -> None:
        while self._held < self.read_ahead:
            job = next(self.jobs, None)
            if job is None:
                return
            self._add(job)

    def _add(self, job: Job) -> None:
        host = job.host
        self._held += 1
        queue = self._queues.get(host)
        if queue is not None:
            queue.append(job)
            return
        self._queues[host] = deque([job])
        if self._busy.get(host, 0) < self.per_host:
            self._ready.append(host)


def jobs_of(urls: Iterable[str]) -> Iterator[Job]:
    """First attempts."""
    return (Job(url) for url in urls)
