"""The Wayback Machine as a client it would be glad of: index, nearest good capture, original bytes."""

from __future__ import annotations

from citekeeper.archives.addresses import Replay
from citekeeper.archives.manners import Manners, Pool
from citekeeper.archives.replaying import Endpoints, Pools, ReplayArchive
from citekeeper.model import Clock, Fetch, Limiter

CDX = "cdx"
PLAYBACK = "playback"


class Wayback(ReplayArchive):
    """The Wayback Machine, or any server that speaks as it does."""

    def __init__(
        self,
        fetch: Fetch,
        *,
        limiter: Limiter,
        clock: Clock,
        url: str = "https://web.archive.org",
        cdx_per_minute: float = 24.0,
        playback_per_minute: float = 480.0,
        index_limit: int = 200,
        patience: float = 90.0,
        timeout: float | None = None,
    ) -> None:
        """`patience` is the longest stop waited out, `timeout` the longest that one request takes, in seconds (None: as set)."""
        pools = (Pool(CDX, cdx_per_minute), Pool(PLAYBACK, playback_per_minute, burst=4))
        base = url.rstrip("/")
        super().__init__(
            "wayback",
            Manners(fetch, limiter, clock, pools=pools, patience=patience, timeout=timeout),
            Endpoints(f"{base}/cdx/search/cdx", f"{base}/web/", Replay(f"{base}/web/", f"{base}/web/")),
            Pools(CDX, PLAYBACK),
            index_limit=index_limit,
        )
