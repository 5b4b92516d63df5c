"""Which archives there are: one line for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Protocol

from citekeeper.archives.archive import Archive
from citekeeper.archives.wayback import Wayback
from citekeeper.errors import ConfigError
from citekeeper.model import Clock, Fetch, Limiter


class WaybackOptions(Protocol):
    """What `[archives.wayback]` says; satisfied by citekeeper's settings."""

    @property
    def url(self) -> str:
        """Base address."""

    @property
    def cdx_per_minute(self) -> float:
        """Index requests a minute."""

    @property
    def playback_per_minute(self) -> float:
        """Playback and TimeGate requests a minute."""

    @property
    def index_limit(self) -> int:
        """Index rows asked for at once."""

    @property
    def timeout(self) -> float:
        """Seconds that one request may take."""


class ArchiveOptions(Protocol):
    """What `[archives]` says; satisfied by citekeeper's settings."""

    @property
    def use(self) -> Iterable[str]:
        """Names of the archives to ask, in order."""

    @property
    def wayback(self) -> WaybackOptions:
        """The Wayback Machine."""


def _wayback(fetch: Fetch, limiter: Limiter, clock: Clock, options: ArchiveOptions) -> Archive:
    its = options.wayback
    return Wayback(
        fetch,
        limiter=limiter,
        clock=clock,
        url=its.url,
        cdx_per_minute=its.cdx_per_minute,
        playback_per_minute=its.playback_per_minute,
        index_limit=its.index_limit,
        timeout=its.timeout,
    )


ARCHIVES: Mapping[str, Callable[[Fetch, Limiter, Clock, ArchiveOptions], Archive]] = {
    "wayback": _wayback,
}
"""Constructors by the name that a user writes in `archives.use`."""


def open_archives(options: ArchiveOptions, fetch: Fetch, *, limiter: Limiter, clock: Clock) -> tuple[Archive, ...]:
    """The archives that the user named, in that order; a name that is not known raises ConfigError."""
    wanted = tuple(dict.fromkeys(options.use))
    for name in wanted:
        if name not in ARCHIVES:
            nearest = get_close_matches(name, ARCHIVES, n=1, cutoff=0.5)
            hint = f"did you mean {nearest[0]!r}?" if nearest else f"known: {', '.join(ARCHIVES)}"
            raise ConfigError(f"there is no archive {name!r}", where="archives.use", hint=hint)
    return tuple(ARCHIVES[name](fetch, limiter, clock, options) for name in wanted)
