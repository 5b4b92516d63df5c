"""Archives that run pywb, or speak as it does: arquivo.pt, the UK Web Archive, one's own."""

from __future__ import annotations

from citekeeper.archives.addresses import Replay
from citekeeper.archives.manners import Manners, Pool
from citekeeper.archives.replaying import Endpoints, Pools, ReplayArchive
from citekeeper.model import Clock, Fetch, Limiter

_ROWS_FOR_ONE = 10
"""pywb cannot give one row for each address; this many captures of one are expected."""


class Pywb(ReplayArchive):
    """One collection of a pywb."""

    def __init__(
        self,
        name: str,
        fetch: Fetch,
        *,
        limiter: Limiter,
        clock: Clock,
        endpoints: Endpoints,
        per_minute: float = 30.0,
        index_limit: int = 200,
        patience: float = 90.0,
        timeout: float | None = None,
    ) -> None:
        manners = Manners(fetch, limiter, clock, pools=(Pool(name, per_minute, burst=2),), patience=patience, timeout=timeout)
        super().__init__(name, manners, endpoints, Pools(name, name), index_limit=index_limit * _ROWS_FOR_ONE)


def collection(url: str) -> Endpoints:
    """Where the collection at `url` is asked ("https://archive.example/coll")."""
    base = url.rstrip("/")
    return Endpoints(f"{base}/cdx", f"{base}/", Replay(f"{base}/", f"{base}/"), is_pywb=True)


def arquivo(url: str) -> Endpoints:
    """Where arquivo.pt is asked: its raw replay lies beside its pywb."""
    base = url.rstrip("/")
    replay = Replay(f"{base}/noFrame/replay/", f"{base}/wayback/")
    return Endpoints(f"{base}/wayback/cdx", f"{base}/wayback/", replay, is_pywb=True)
