"""Which archives there are: one line for each; and those that a user adds in `archives.others`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Protocol

from citekeeper.archives.archive import Archive
from citekeeper.archives.common_crawl import CommonCrawl
from citekeeper.archives.pywb import Pywb, arquivo, collection
from citekeeper.archives.timegates import TimeGate
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


class CommonCrawlOptions(Protocol):
    """What `[archives.commoncrawl]` says."""

    @property
    def index(self) -> str:
        """Base address of the indexes."""

    @property
    def data(self) -> str:
        """Base address of the WARC files."""

    @property
    def crawls(self) -> int:
        """Crawls asked for one question."""

    @property
    def per_minute(self) -> float:
        """Requests a minute."""


class ArchiveOptions(Protocol):
    """What `[archives]` says; satisfied by citekeeper's settings."""

    @property
    def use(self) -> Iterable[str]:
        """Names of the archives to ask, in order."""

    @property
    def others(self) -> Iterable[str]:
        """Archives that the user adds: NAME=KIND:ADDRESS."""

    @property
    def per_minute(self) -> float:
        """Requests a minute to each archive that has no table of its own."""

    @property
    def wayback(self) -> WaybackOptions:
        """The Wayback Machine."""

    @property
    def commoncrawl(self) -> CommonCrawlOptions:
        """Common Crawl."""


@dataclass(frozen=True, slots=True)
class Means:
    """What every archive is made with."""

    fetch: Fetch
    limiter: Limiter
    clock: Clock
    options: ArchiveOptions


def _wayback(means: Means) -> Archive:
    its = means.options.wayback
    return Wayback(
        means.fetch,
        limiter=means.limiter,
        clock=means.clock,
        url=its.url,
        cdx_per_minute=its.cdx_per_minute,
        playback_per_minute=its.playback_per_minute,
        index_limit=its.index_limit,
        timeout=its.timeout,
    )


def _common_crawl(means: Means) -> Archive:
    its, wayback = means.options.commoncrawl, means.options.wayback
    return CommonCrawl(
        means.fetch,
        limiter=means.limiter,
        clock=means.clock,
        index=its.index,
        data=its.data,
        crawls=its.crawls,
        per_minute=its.per_minute,
        index_limit=wayback.index_limit,
        timeout=wayback.timeout,
    )


def _other(name: str, kind: str, url: str, means: Means) -> Archive:
    """An archive of a kind that several are of."""
    fetch, limiter, clock, rate = means.fetch, means.limiter, means.clock, means.options.per_minute
    timeout, limit = means.options.wayback.timeout, means.options.wayback.index_limit
    if kind in ("pywb", "arquivo"):
        endpoints = collection(url) if kind == "pywb" else arquivo(url)
        return Pywb(name, fetch, limiter=limiter, clock=clock, endpoints=endpoints, per_minute=rate, index_limit=limit, timeout=timeout)
    is_timemap = kind == "timemap"
    return TimeGate(name, fetch, limiter=limiter, clock=clock, url=url, is_timemap=is_timemap, per_minute=rate, timeout=timeout)


ARCHIVES: Mapping[str, Callable[[Means], Archive]] = {
    "wayback": _wayback,
    "commoncrawl": _common_crawl,
    "arquivo": lambda means: _other("arquivo", "arquivo", "https://arquivo.pt", means),
    "memgator": lambda means: _other("memgator", "timegate", "http://memgator.cs.odu.edu/timegate/", means),
}
"""Constructors by the name that a user writes in `archives.use`."""

KINDS = ("timegate", "timemap", "pywb", "arquivo")
"""What an archive of `archives.others` may be."""


def open_archives(
    options: ArchiveOptions,
    fetch: Fetch,
    *,
    limiter: Limiter,
    clock: Clock,
    own: Mapping[str, Callable[[], Archive]] | None = None,
) -> tuple[Archive, ...]:
    """The archives that the user named, in that order; a name that is not known raises ConfigError.

    `own`: archives of the caller's making, by name.
    """
    means = Means(fetch, limiter, clock, options)
    added = dict(_added(entry) for entry in options.others)
    wanted = tuple(dict.fromkeys(options.use))
    known = [*(own or {}), *added, *ARCHIVES]
    for name in wanted:
        if name not in known:
            nearest = get_close_matches(name, known, n=1, cutoff=0.5)
            hint = f"did you mean {nearest[0]!r}?" if nearest else f"known: {', '.join(known)}"
            raise ConfigError(f"there is no archive {name!r}", where="archives.use", hint=hint)
    return tuple(_open(name, means, added, own or {}) for name in wanted)


def _open(name: str, means: Means, added: Mapping[str, tuple[str, str]], own: Mapping[str, Callable[[], Archive]]) -> Archive:
    if name in own:
        return own[name]()
    return _other(name, *added[name], means) if name in added else ARCHIVES[name](means)


def _added(entry: str) -> tuple[str, tuple[str, str]]:
    """Read NAME=KIND:ADDRESS."""
    name, _, rest = entry.partition("=")
    kind, _, url = rest.partition(":")
    if not name.strip() or kind.strip() not in KINDS or not url.strip().startswith(("http://", "https://")):
        hint = f"write NAME=KIND:ADDRESS with a kind of {', '.join(KINDS)}: ukwa=timegate:https://archive.example/wayback/"
        raise ConfigError(f"{entry!r} is no archive", where="archives.others", hint=hint)
    return name.strip(), (kind.strip(), url.strip())
