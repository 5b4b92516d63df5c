"""Common Crawl: one index for each crawl, and the copies as ranges of WARC files. It plays nothing back.

Each crawl is a question of its own, so that only those around the citation date are asked, and the newest for a cut address;
the first that knows the page is enough. One request a second at most, as its operators ask.
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from citekeeper.archives.addresses import pywb_index_url
from citekeeper.archives.archive import Judge, any_page
from citekeeper.archives.index_answers import read_index
from citekeeper.archives.json_lines import message_of, read_lines
from citekeeper.archives.manners import Manners, Pool
from citekeeper.archives.nearest import Look, Search, distance
from citekeeper.archives.timestamps import parse_timestamp
from citekeeper.archives.warc_bytes import read_response
from citekeeper.model import Clock, Copy, Exchange, Fetch, IndexAnswer, Limiter, Memento, MementoAnswer, Rows, Unavailable

NAME = "commoncrawl"
_MOST_ROWS = 20
_MOST_LENGTH = 8 * 1024 * 1024
_FILE_NAME = re.compile(r"crawl-data/[\w./-]{1,300}\.warc\.gz", re.ASCII)
_NAME = re.compile(r"CC-MAIN-[\d-]{4,20}", re.ASCII)
_LENGTH = timedelta(days=14)
"""How long a crawl takes whose end is not told."""
_WEEK = re.compile(r"CC-MAIN-(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Crawl:
    """One crawl and where its index is."""

    id: str
    index: str
    first: datetime
    last: datetime

    def gap(self, when: datetime) -> timedelta:
        """How far from it a moment is; what was cited then was there to be crawled afterwards, so that crawls before count double."""
        return max(self.first - when, 2 * (when - self.last), timedelta(0))


@dataclass(frozen=True, slots=True)
class _Range:
    """Where the record of one capture lies."""

    moment: datetime
    file: str
    offset: int
    length: int


class CommonCrawl:
    """The crawls of Common Crawl."""

    name = NAME
    has_index = True

    def __init__(
        self,
        fetch: Fetch,
        *,
        limiter: Limiter,
        clock: Clock,
        index: str = "https://index.commoncrawl.org",
        data: str = "https://data.commoncrawl.org",
        crawls: int = 3,
        per_minute: float = 50.0,
        index_limit: int = 200,
        patience: float = 90.0,
        timeout: float | None = None,
    ) -> None:
        """`crawls`: how many crawls are asked one after the other for one question."""
        self._manners = Manners(fetch, limiter, clock, pools=(Pool(NAME, per_minute),), patience=patience, timeout=timeout)
        self._clock = clock
        self._index = index.rstrip("/")
        self._data = data.rstrip("/")
        self._most_crawls = crawls
        self._index_limit = index_limit
        self._crawls: tuple[Crawl, ...] | Unavailable | None = None
        self._listing = asyncio.Lock()

    async def rows(self, prefix: str) -> IndexAnswer:
        """The captures whose addresses begin with `prefix`, from the newest crawl that has any."""
        return await self.rows_around(prefix, self._clock.now())

    async def rows_around(self, prefix: str, when: datetime) -> IndexAnswer:
        """The captures whose addresses begin with `prefix`, from the first crawl that has any: those nearest to `when`, then the newest."""
        crawls = await self._list()
        if isinstance(crawls, Unavailable):
            return crawls
        answer: IndexAnswer = Rows(())
        for crawl in _to_ask(crawls, when, self._most_crawls):
            url = pywb_index_url(crawl.index, prefix, limit=self._index_limit)
            answer = read_index(await self._manners.ask(NAME, url), prefix, self._index_limit, empty_is_none=True)
            if not isinstance(answer, Rows) or answer.rows:
                break
        return answer

    async def nearest(self, url: str, when: datetime, judge: Judge = any_page) -> MementoAnswer:
        """The copy of `url` nearest to `when` that `judge` takes, from the crawls around that day; at most three are read."""
        crawls = await self._list()
        if isinstance(crawls, Unavailable):
            return crawls
        search = Search(when)
        for crawl in sorted(crawls, key=lambda each: each.gap(search.when))[: self._most_crawls]:
            found = await self._captures(crawl, url)
            if isinstance(found, Unavailable):
                return found if search.best is None else search.outcome()
            for place in sorted(found, key=lambda each: distance(each.moment, search.when)):
                if search.is_over:
                    break
                look = await self._look(place, url, judge)
                if isinstance(look, Unavailable):
                    return look
                search.note(look)
            if search.best is not None:
                break
        return search.outcome()

    async def content(self, memento: Memento) -> Exchange:
        """The record that holds the copy, unpacked: what the site sent."""
        address, _, byte_range = memento.url.partition("#bytes=")
        exchange = await self._manners.ask(NAME, address, (("Range", f"bytes={byte_range}"),))
        response = exchange.response
        return (read_response(response.content) if response is not None else None) or exchange

    # ── crawls ────────────────────────────────────────────────────────────────────────────────

    async def _list(self) -> tuple[Crawl, ...] | Unavailable:
        """The crawls there are, newest first; asked once a run."""
        async with self._listing:
            if self._crawls is None:
                self._crawls = _crawls(await self._manners.ask(NAME, f"{self._index}/collinfo.json"), self._index)
            return self._crawls

    async def _captures(self, crawl: Crawl, url: str) -> list[_Range] | Unavailable:
        query = urlencode([("url", url), ("output", "json"), ("filter", "=status:200"), ("limit", str(_MOST_ROWS))])
        exchange = await self._manners.ask(NAME, f"{crawl.index}?{query}")
        response = exchange.response
        if response is None:
            return Unavailable(exchange.failure.message if exchange.failure else "no answer")
        text = response.content.decode("utf-8", "replace")
        if response.status == 404 and message_of(text).startswith("No Captures found"):
            return []
        if response.status != 200:
            return Unavailable(f"the index answered {response.status} {message_of(text)}".strip())
        return [place for fields in read_lines(text) if (place := _range(fields)) is not None]

    async def _look(self, place: _Range, url: str, judge: Judge) -> Look | Unavailable:
        """Read the record of one capture."""
        address, byte_range = f"{self._data}/{place.file}", f"{place.offset}-{place.offset + place.length - 1}"
        exchange = await self._manners.ask(NAME, address, (("Range", f"bytes={byte_range}"),))
        response = exchange.response
        if response is None or response.status != 206:
            return Unavailable(f"the record could not be read ({response.status if response else 'no answer'})")
        archived = read_response(response.content)
        memento = Memento(f"{address}#bytes={byte_range}", place.moment, NAME, archived.url if archived else url, 200)
        if archived is None:
            return Look(memento, False, "unreadable")
        why_not = await judge(memento, (Copy(exchange, archived),))
        return Look(memento, not why_not, why_not)


def _crawls(exchange: Exchange, index: str) -> tuple[Crawl, ...] | Unavailable:
    response = exchange.response
    if response is None or response.status != 200:
        reason = exchange.failure.message if exchange.failure else f"{response.status if response else ''}"
        return Unavailable(f"the list of crawls could not be read: {reason}")
    try:
        told = json.loads(response.content)
        found = [_crawl(each, index) for each in told]
    except (ValueError, RecursionError, TypeError, AttributeError, KeyError):
        return Unavailable("the list of crawls is broken")
    return tuple(sorted((each for each in found if each), key=lambda each: each.last, reverse=True)) or Unavailable("no crawls")


def _to_ask(crawls: tuple[Crawl, ...], when: datetime, most: int) -> list[Crawl]:
    """So many crawls at most, nearest first; the newest, which know what was linked since, is the last of several."""
    near = sorted(crawls, key=lambda each: each.gap(when))
    return list(dict.fromkeys([*near[: max(1, most - 1)], crawls[0]]))[:most]


def _crawl(told: dict[str, str], index: str) -> Crawl | None:
    """A crawl of the list; its index is asked on the host that was configured, whatever the list says."""
    name = str(told["id"])
    week = _WEEK.fullmatch(name)
    start = _moment(told.get("from")) or (_in_week(int(week[1]), int(week[2])) if week else None)
    if start is None or not _NAME.fullmatch(name):
        return None
    end = _moment(told.get("to")) or start + _LENGTH
    return Crawl(name, f"{index}/{name}-index", start, max(start, end))


def _moment(told: object) -> datetime | None:
    return parse_timestamp(re.sub(r"\D", "", str(told or ""))[:14])


def _in_week(year: int, week: int) -> datetime | None:
    try:
        return datetime.fromisocalendar(year, week, 1).replace(tzinfo=UTC)
    except ValueError:
        return None


def _range(fields: dict[str, str]) -> _Range | None:
    """Where a row says that its record lies; nothing that leads out of the crawls' own files."""
    moment = parse_timestamp(fields["timestamp"])
    file, offset, length = fields.get("filename", ""), fields.get("offset", ""), fields.get("length", "")
    is_sound = _FILE_NAME.fullmatch(file) and ".." not in file and _is_number(offset) and _is_number(length)
    if moment is None or not is_sound or not 0 < int(length) <= _MOST_LENGTH:
        return None
    return _Range(moment, file, int(offset), int(length))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16
