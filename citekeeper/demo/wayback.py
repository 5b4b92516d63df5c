"""The loopback Wayback Machine: one site that answers as web.archive.org does, from its own small collection."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl, unquote

from citekeeper.demo.captures import Archived, Captures
from citekeeper.demo.cdx import TIMEMAP_COLUMNS, BadQuery, IndexQuirks, Query, search
from citekeeper.demo.faults import FaultPlan, Quota
from citekeeper.demo.playback import Playback, PlaybackQuirks
from citekeeper.demo.saving import Saving
from citekeeper.demo.wire import Request, RequestLog, Step, answer
from citekeeper.surt import surt

_INDEX_PATHS = ("/cdx/search/cdx", "/web/timemap/cdx", "/web/timemap/json")
_BLOCKED = "AdministrativeAccessControlException: Blocked Site Error"
_ROBOTS = "RobotAccessControlException: Blocked By Robots"


@dataclass(frozen=True, slots=True)
class Exclusions:
    """Hosts (with all below them) that the archive does not show, and how it says so."""

    blocked: frozenset[str] = frozenset()
    robots: frozenset[str] = frozenset()
    style: Literal["old", "new"] = "new"
    """Index: an exception's text, or (since 2022) an empty 403 with a header. Playback: 200, or 403 with that header."""

    def of(self, url: str) -> str | None:
        """The exception that keeps `url` away, or None."""
        host = ".".join(reversed(surt(url).partition(")")[0].partition(":")[0].split(",")))
        for hosts, exception in ((self.blocked, _BLOCKED), (self.robots, _ROBOTS)):
            if any(host == each or host.endswith(f".{each}") for each in hosts):
                return exception
        return None


@dataclass(slots=True)
class Quotas:
    """The two pools: index requests (CDX, TimeMap) and everything else; None counts nothing."""

    index: Quota | None = None
    playback: Quota | None = None


@dataclass(slots=True)
class Wayback:
    """A `Site`; its knobs may be turned between requests."""

    captures: Captures
    index_quirks: IndexQuirks = field(default_factory=IndexQuirks)
    playback_quirks: PlaybackQuirks = field(default_factory=PlaybackQuirks)
    exclusions: Exclusions = field(default_factory=Exclusions)
    quotas: Quotas = field(default_factory=Quotas)
    faults: FaultPlan = field(default_factory=FaultPlan)
    saving: Saving | None = None
    """Save Page Now; None has none."""
    log: RequestLog = field(default_factory=RequestLog)
    """The archive's own: only what was asked of it."""

    def __call__(self, request: Request) -> Iterable[Step]:
        """Answer, or spoil the answer as the quotas and the fault plan want."""
        self.log.add(request)
        pool = self.quotas.index if request.path.startswith((*_INDEX_PATHS, "/web/timemap/")) else self.quotas.playback
        fault = (pool.check(request) if pool else None) or self.faults.take(request.target)
        due = self._answer(request)
        return fault(due) if fault else [due]

    def index_requests(self) -> int:
        """How many requests counted against the index's limit."""
        return sum(each.path.startswith(("/cdx/", "/web/timemap/")) for each in self.log)

    def _answer(self, request: Request) -> bytes:
        path = request.path
        if path in _INDEX_PATHS:
            return self._index(request)
        if self.saving and (path == "/save" or path.startswith("/save/")):
            return self.saving.answer(request)
        playback = Playback(self.captures, self.playback_quirks)
        if path == "/wayback/available":
            return playback.availability(request)
        if not path.startswith("/web/"):
            return answer(404, "Not Found", {"server": "nginx", "content-type": "text/html"}, "<html><title>404 Not Found</title></html>")
        exception = self.exclusions.of(_target_of(path))
        if exception:
            return self._excluded(exception)
        return playback.timemap(request.target) if path.startswith("/web/timemap/link/") else playback.show(request)

    def _index(self, request: Request) -> bytes:
        query = Query(parse_qsl(request.target.partition("?")[2], keep_blank_values=True))
        try:
            exception = self.exclusions.of(query.url)
            if query.is_on("showNumPages"):
                return _index_answer(request, query, "text/plain", "1\n")
            if exception:
                return self._index_excluded(exception)
            in_timemap = request.path != _INDEX_PATHS[0]
            page = search(self.captures, query, self.index_quirks, TIMEMAP_COLUMNS if in_timemap else None)
        except BadQuery as problem:
            return answer(400, "Bad Request", {"Server": "nginx", "Content-Type": "text/plain"}, str(problem))
        as_json = request.path == _INDEX_PATHS[2] or (query.one("output") == "json" and not in_timemap)
        return _index_answer(request, query, "application/json" if as_json else "text/plain", page.as_json() if as_json else page.as_text())

    def _index_excluded(self, exception: str) -> bytes:
        fields = [("Server", "nginx"), ("Content-Type", "text/plain")]
        if self.exclusions.style == "old":
            wrapped = f"org.archive.util.io.RuntimeIOException: org.archive.wayback.exception.{exception}\n"
            return answer(403, "Forbidden", fields, wrapped)
        return answer(403, "Forbidden", [*fields, ("x-archive-wayback-runtime-error", exception)])

    def _excluded(self, exception: str) -> bytes:
        body = (
            "<!DOCTYPE html><html><head><title>Internet Archive Wayback Machine</title></head><body><h1>Wayback Machine</h1>"
            "<p>Sorry.</p><p>This URL has been excluded from the Wayback Machine.</p></body></html>"
        )
        fields = [("server", "nginx"), ("content-type", "text/html; charset=utf-8")]
        if self.exclusions.style == "old":
            return answer(200, "OK", fields, body)
        return answer(403, "Forbidden", [*fields, ("x-archive-wayback-runtime-error", exception)], body)


def archive_of(captures: Iterable[Archived]) -> Wayback:
    """An archive without any trouble."""
    return Wayback(Captures(captures))


def _index_answer(request: Request, query: Query, mime: str, body: str) -> bytes:
    """The index's own head, as recorded in 2026; gzip when the client takes it and does not turn it off."""
    fields = {"Server": "nginx", "Content-Type": mime, "X-location": "cdx", "X-Page-Cache": "BYPASS", "x-ts": "200"}
    gzipped = "gzip" in (request.header("Accept-Encoding") or "") and query.one("gzip") != "false"
    return answer(200, "OK", fields, body, chunked=True, gzipped=gzipped)


def _target_of(path: str) -> str:
    """The archived address that a path below /web/ names."""
    rest = path.removeprefix("/web/").removeprefix("timemap/link/")
    first, slash, url = rest.partition("/")
    return unquote(url if slash and (first[:1].isdigit() or first == "*") and "." not in first else rest)
