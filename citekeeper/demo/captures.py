"""What the loopback archive has archived, and which capture lies nearest to a moment."""

from __future__ import annotations

import base64
import hashlib
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from citekeeper.surt import surt

# Any digits that complete a cut timestamp: the last moment that it may mean, so that /web/2/ is the newest and /web/0/ the oldest.
_LATEST = "99991231235959"


@dataclass(frozen=True, slots=True)
class Archived:
    """One capture in the loopback archive."""

    original: str
    timestamp: str
    """14 digits, UTC; may be impossible, as some in the real index are."""
    body: bytes = b""
    mime: str = "text/html"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    """The archived response's own fields."""
    reason: str = "OK"
    revisit: bool = False
    """The index calls it `warc/revisit` and tells no status; playback does."""
    playable: bool = True
    """False: in the index, but playback goes to the nearest playable capture."""
    indexed: bool = True
    """False: playable, but not in the index yet."""

    @property
    def urlkey(self) -> str:
        """The sort-friendly key."""
        return surt(self.original)

    @property
    def digest(self) -> str:
        """SHA-1 of the body in base32, as the index has it."""
        return base64.b32encode(hashlib.sha1(self.body, usedforsecurity=False).digest()).decode()

    @property
    def moment(self) -> datetime:
        """When it was captured."""
        return moment(self.timestamp)

    def field(self, name: str) -> str:
        """A column of the index, "-" when it is not known."""
        known = {
            "urlkey": self.urlkey,
            "timestamp": self.timestamp,
            "original": self.original,
            "mimetype": "warc/revisit" if self.revisit else self.mime,
            "statuscode": "-" if self.revisit else str(self.status),
            "digest": self.digest,
            "length": str(300 + len(self.body) // 3),
            "filename": f"DEMO-{self.timestamp[:8]}.warc.gz",
            "offset": str(int(self.timestamp[8:14] or 0) * 512),
        }
        return known.get(name, "-")


def moment(timestamp: str) -> datetime:
    """A timestamp of 1 to 14 digits as a moment; impossible months, days and hours become the nearest possible ones."""
    given = timestamp if timestamp.isdecimal() else ""
    digits = (given + _LATEST[len(given) :])[:14]
    year, month = max(1, int(digits[:4])), min(12, max(1, int(digits[4:6])))
    first = datetime(year, month, 1, tzinfo=UTC)
    day = min(_days(year, month), max(1, int(digits[6:8])))
    hour, minute, second = (min(int(digits[at : at + 2]), top) for at, top in ((8, 23), (10, 59), (12, 59)))
    return first.replace(day=day, hour=hour, minute=minute, second=second)


def _days(year: int, month: int) -> int:
    if month == 12:
        return 31
    return (datetime(year, month + 1, 1, tzinfo=UTC) - timedelta(days=1)).day


class Captures:
    """All captures, sorted as an index is: by key, then by timestamp."""

    def __init__(self, captures: Iterable[Archived]) -> None:
        self._sorted = sorted(
            ((each.urlkey, each.timestamp, number, each) for number, each in enumerate(captures)), key=lambda row: row[:3]
        )

    def add(self, capture: Archived) -> None:
        """Archive one more."""
        self._sorted.append((capture.urlkey, capture.timestamp, len(self._sorted), capture))
        self._sorted.sort(key=lambda row: row[:3])

    def between(self, start: str, end: str) -> list[Archived]:
        """The captures whose keys are in the half-open range."""
        low = bisect_left(self._sorted, start, key=lambda row: row[0])
        high = bisect_left(self._sorted, end, key=lambda row: row[0])
        return [row[3] for row in self._sorted[low:high]]

    def of(self, url: str) -> list[Archived]:
        """The playable captures of one address, oldest first."""
        key = surt(url)
        return [each for each in self.between(key, key + "!") if each.playable]

    def nearest(self, url: str, timestamp: str) -> Archived | None:
        """The playable capture nearest to `timestamp` (the older of two equally near), or None."""
        wanted = moment(timestamp)
        return min(self.of(url), key=lambda each: (abs(each.moment - wanted), each.timestamp), default=None)
