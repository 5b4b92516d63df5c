"""The loopback archive's memory shown: TimeGate, playback with its modifiers, TimeMap, and the availability hint."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from html import escape
from itertools import pairwise
from typing import Literal
from urllib.parse import parse_qsl, unquote, urljoin

from citekeeper.demo.captures import Archived, Captures
from citekeeper.demo.wire import Request, answer

_PLAYBACK = re.compile(r"/web/(\d{1,14})([a-z]{2}_)?/(.+)", re.DOTALL)
_GOOD = (200, 203, 206)
_PASSED_THROUGH = ("content-type", "content-encoding", "transfer-encoding", "location")

LocationStyle = Literal["absolute", "path", "scheme-relative"]


@dataclass(frozen=True, slots=True)
class PlaybackQuirks:
    """How playback and the availability hint may behave; each was seen on the real archive."""

    base: str = "http://web.archive.example"
    """The archive's own address, in the links that it writes."""
    location: LocationStyle = "absolute"
    """How the Location of an archived redirect is written."""
    availability_empty_every: int = 0
    """Each so many-th answer to the same availability question is empty though captures exist; 0: never."""
    availability_misses_https: bool = False
    """Availability finds nothing for `https://…` addresses."""


class Playback:
    """Answers everything below /web/ and /wayback/available from one collection."""

    def __init__(self, captures: Captures, quirks: PlaybackQuirks) -> None:
        self.captures = captures
        self.quirks = quirks

    def show(self, request: Request) -> bytes:
        """`/web/TIMESTAMP[MODIFIER]/ADDRESS`, `/web/ADDRESS` (TimeGate) or `/web/*/ADDRESS`."""
        if request.target.startswith("/web/*/"):
            return self._calendar(_address(request.target.removeprefix("/web/*/")))
        found = _PLAYBACK.fullmatch(request.target)
        if found is None:
            return self._timegate(request)
        timestamp, modifier, url = found[1], found[2] or "", _address(found[3])
        capture = self.captures.nearest(url, timestamp)
        if capture is None:
            return never_archived(url)
        if capture.timestamp != timestamp:
            return self._elsewhere(capture, modifier)
        if modifier != "id_" and 300 <= capture.status < 400:
            return self._redirect_page(capture)
        return self._memento(capture, modifier, "gzip" in (request.header("Accept-Encoding") or ""))

    def url_of(self, capture: Archived, modifier: str = "") -> str:
        """The archive's address of a capture."""
        return f"{self.quirks.base}/web/{capture.timestamp}{modifier}/{capture.original}"

    def _timegate(self, request: Request) -> bytes:
        wanted = request.header("Accept-Datetime")
        url = _address(request.target.removeprefix("/web/"))
        capture = self.captures.nearest(url, _timestamp(wanted) if wanted else "2")
        if capture is None:
            return never_archived(url)
        timemap = f'<{self.quirks.base}/web/timemap/link/{capture.original}>; rel="timemap"; type="application/link-format"'
        links = f'<{capture.original}>; rel="original", {self._link(capture, "memento")}, {timemap}'
        return self._elsewhere(capture, "", (("vary", "accept-datetime"), ("link", links)) if wanted else ())

    def _calendar(self, url: str) -> bytes:
        """The page for people that lists the captures of one address."""
        items = "".join(f'<li><a href="{escape(self.url_of(each))}">{each.timestamp}</a></li>' for each in self.captures.of(url))
        body = f"<!DOCTYPE html><html><head><title>Wayback Machine</title></head><body><h1>{escape(url)}</h1><ul>{items}</ul></body></html>"
        return answer(200, "OK", {"server": "nginx", "content-type": "text/html; charset=utf-8"}, body)

    def _elsewhere(self, capture: Archived, modifier: str, more: Sequence[tuple[str, str]] = ()) -> bytes:
        """Not a capture: where the nearest one is."""
        fields = [
            ("server", "nginx"),
            ("content-type", "text/plain; charset=utf-8"),
            ("x-archive-redirect-reason", f"found capture at {capture.timestamp}"),
            ("location", self.url_of(capture, modifier)),
            *more,
        ]
        return answer(302, "Found", fields)

    def _memento(self, capture: Archived, modifier: str, takes_gzip: bool) -> bytes:
        own = [(f"x-archive-orig-{name.lower()}", value) for name, value in capture.headers if name.lower() not in _PASSED_THROUGH]
        fields = [
            ("server", "nginx"),
            ("content-type", _header(capture, "content-type") or capture.mime),
            *own,
            ("cache-control", "max-age=1800"),
            ("memento-datetime", format_datetime(capture.moment, usegmt=True)),
            ("link", self._links(capture)),
            ("x-archive-src", f"DEMO-{capture.timestamp[:8]}/{capture.field('filename')}"),
        ]
        encoding = _header(capture, "content-encoding")
        body = capture.body if modifier == "id_" or encoding else self._rewritten(capture)
        if modifier != "id_":
            fields += [("x-archive-guessed-content-type", capture.mime), ("x-archive-guessed-charset", "utf-8")]
        target = _header(capture, "location")
        if target:
            fields.append(("location", self._location(capture, modifier, target)))
        if encoding:
            fields.append(("content-encoding", encoding))
        # The archive packs what the site did not, and sends every body in chunks (recorded 2020 to 2026).
        packs = bool(body) and not encoding and takes_gzip
        return answer(capture.status, capture.reason, fields, body, chunked=bool(body), gzipped=packs)

    def _location(self, capture: Archived, modifier: str, target: str) -> str:
        path = f"/web/{capture.timestamp}{modifier}/{urljoin(capture.original, target)}"
        match self.quirks.location:
            case "absolute":
                return self.quirks.base + path
            case "path":
                return path
            case "scheme-relative":
                return self.quirks.base.partition(":")[2] + path

    def _links(self, capture: Archived) -> str:
        """The Link field: view-mode addresses whatever was asked for, `&` written as in HTML."""
        history = self.captures.of(capture.original)
        original = capture.original
        links = [
            f'<{original}>; rel="original"',
            f'<{self.quirks.base}/web/timemap/link/{original}>; rel="timemap"; type="application/link-format"',
            f'<{self.quirks.base}/web/{original}>; rel="timegate"',
            self._link(history[0], "first memento"),
        ]
        links += [self._link(before, "prev memento") for before, after in pairwise(history) if after is capture]
        links.append(self._link(capture, "memento"))
        links += [self._link(after, "next memento") for before, after in pairwise(history) if before is capture]
        links.append(self._link(history[-1], "last memento"))
        return ", ".join(links).replace("&", "&amp;")

    def _link(self, capture: Archived, relation: str) -> str:
        return f'<{self.url_of(capture)}>; rel="{relation}"; datetime="{format_datetime(capture.moment, usegmt=True)}"'

    def _rewritten(self, capture: Archived) -> bytes:
        """View mode: the page with the archive's own marks in it and its links led back to the archive."""
        if capture.mime != "text/html":
            return capture.body
        prefix = f"{self.quirks.base}/web/{capture.timestamp}/".encode()
        body = re.sub(rb'(?i)\b(href|src)="(https?://)', rb'\1="' + prefix + rb"\2", capture.body)
        bar = b"<!-- BEGIN WAYBACK TOOLBAR INSERT --><div id=wm-ipp-base></div><!-- END WAYBACK TOOLBAR INSERT -->"
        return re.sub(rb"(?i)<body[^>]*>", lambda found: found[0] + bar, body, count=1)

    def _redirect_page(self, capture: Archived) -> bytes:
        """View mode shows an archived redirect as a page that says so."""
        target = self._location(capture, "", _header(capture, "location") or "/")
        body = (
            "<!DOCTYPE html><html><head><title>Internet Archive Wayback Machine</title></head><body><h2>Loading…</h2>"
            f"<p>{escape(capture.original)} | {escape(capture.timestamp)}</p>"
            f'<p class="code shift red">Got an HTTP {capture.status} response at crawl time</p>'
            f'<p class="code">Redirecting to…</p><p class="impatient"><a href="{escape(target)}">Impatient?</a></p></body></html>'
        )
        source = f"DEMO-{capture.timestamp[:8]}/{capture.field('filename')}"
        return answer(200, "OK", {"server": "nginx", "content-type": "text/html; charset=utf-8", "x-archive-src": source}, body)

    def timemap(self, target: str) -> bytes:
        """`/web/timemap/link/ADDRESS`, with the real one's quirks: the bare host as TimeGate, no `until`, a comma at the end."""
        url = _address(target.removeprefix("/web/timemap/link/"))
        history = self.captures.of(url)
        if not history:
            return answer(404, "Not Found", {"server": "nginx", "content-type": "text/plain"})
        first = format_datetime(history[0].moment, usegmt=True)
        lines = [
            f'<{history[0].original}>; rel="original"',
            f'<{self.quirks.base}/web/timemap/link/{url}>; rel="self"; type="application/link-format"; from="{first}"',
            f'<{self.quirks.base}>; rel="timegate"',
            *(self._link(each, "memento" if number else "first memento") for number, each in enumerate(history)),
        ]
        body = "".join(line + ",\n" for line in lines)
        return answer(200, "OK", {"server": "nginx", "content-type": "application/link-format"}, body)

    def availability(self, request: Request) -> bytes:
        """`/wayback/available`: one address by GET, many by POST (a line of parameters each)."""
        every = self.quirks.availability_empty_every
        is_lost = bool(every) and (request.nth + 1) % every == 0
        if request.method == "POST":
            asked = [dict(parse_qsl(line)) for line in request.body.decode("utf-8", "replace").splitlines() if line.strip()]
            return _json({"results": [{**self._available(each, is_lost), "tag": each.get("tag", "")} for each in asked]})
        return _json(self._available(dict(parse_qsl(request.target.partition("?")[2])), is_lost))

    def _available(self, asked: Mapping[str, str], is_lost: bool) -> dict[str, object]:
        url, timestamp = asked.get("url", ""), asked.get("timestamp", "")
        answered: dict[str, object] = {"url": url, "archived_snapshots": {}}
        good = Captures(each for each in self.captures.of(url) if each.status in _GOOD)
        capture = good.nearest(url, timestamp or "2")
        is_missed = self.quirks.availability_misses_https and url.startswith("https:")
        if capture is not None and not (is_lost or is_missed):
            closest = {"status": str(capture.status), "available": True, "url": self.url_of(capture), "timestamp": capture.timestamp}
            answered["archived_snapshots"] = {"closest": closest}
        return {**answered, "timestamp": timestamp} if timestamp else answered


def never_archived(url: str) -> bytes:
    """The 404 page."""
    body = (
        "<!DOCTYPE html><html><head><title>Internet Archive Wayback Machine</title></head><body><h1>Wayback Machine</h1>"
        f"<p>Hrm.</p><p>The Wayback Machine has not archived that URL.</p><p>{escape(url)}</p></body></html>"
    )
    return answer(404, "Not Found", {"server": "nginx", "content-type": "text/html; charset=utf-8"}, body)


def _address(text: str) -> str:
    """The address in a path: as it is, or percent-encoded as a whole, with or without a scheme."""
    plain = unquote(text) if re.match(r"(?i)https?%3a", text) else text
    return plain if re.match(r"(?i)[a-z]+:", plain) else f"http://{plain}"


def _timestamp(date: str) -> str:
    """An HTTP date as 14 digits; the newest moment when it is none."""
    try:
        when: datetime = parsedate_to_datetime(date)
    except ValueError:
        return "2"
    return when.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def _header(capture: Archived, name: str) -> str | None:
    return next((value for key, value in capture.headers if key.lower() == name), None)


def _json(value: object) -> bytes:
    return answer(200, "OK", {"server": "nginx", "content-type": "application/json"}, json.dumps(value))
