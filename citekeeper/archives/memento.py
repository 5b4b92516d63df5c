"""What an archive's playback or TimeGate answer means: a closed union, decided without any request.

The law: only `Memento-Datetime` proves a capture. With it the status belongs to the archived page, without it to the
archive (seen in recordings: an archived 429, 403 and 404 next to a 200 page that said "excluded").
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from citekeeper.archives.cdx import refusal
from citekeeper.archives.links import WebLink, parse_links
from citekeeper.archives.timestamps import parse_http_date, parse_timestamp
from citekeeper.model import Cut, Exchange, FailureKind, Response

_PLAYBACK_PATH = re.compile(r"/(\d{1,14})([a-z]{2}_)?/(?=\S)")
_FOUND_AT = re.compile(r"found capture at (\d{14})")
_NO_CAPTURE = ("has not archived that URL", "Resource Not In Archive")
_EXCLUDED = "has been excluded from the Wayback Machine"
_REDIRECT_PAGE = re.compile(r"Got an HTTP 30\d response at crawl time")
_REDIRECT_TARGET = re.compile(r'<p class="impatient">\s{0,20}<a href="([^"<>]{1,8192})"')
_LOOKED_AT = 256 * 1024
# No status of HTTP: the archive's answer broke off.
_INCOMPLETE = 599
_LONGEST_LINK_HEADER = 64 * 1024


@dataclass(frozen=True, slots=True)
class Captured:
    """An archived page that is not a redirect."""

    moment: datetime
    status: int
    original: str | None
    """The address as it was captured, when the archive tells."""
    neighbours: tuple[WebLink, ...] = ()
    """Other mementos that the answer names: previous, next, first, last."""


@dataclass(frozen=True, slots=True)
class ArchivedRedirect:
    """The archived page redirects; `target` is an address on the archive, or the original one when it was not rewritten."""

    moment: datetime | None
    """None when the archive showed the redirect as a page of its own, without Memento-Datetime."""
    status: int
    target: str
    neighbours: tuple[WebLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The archive sends us to the capture nearest in time; nothing is proved yet."""

    target: str


@dataclass(frozen=True, slots=True)
class NotArchived:
    """No capture at all."""


@dataclass(frozen=True, slots=True)
class Barred:
    """The archive will not show this site."""

    message: str


@dataclass(frozen=True, slots=True)
class TooFast:
    """The archive's own rate limit."""

    retry_after: str | None


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The archive could not be reached."""

    kind: FailureKind
    message: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """The archive answered, but not with anything that tells; 5xx is worth another try."""

    status: int
    message: str


Playback = Captured | ArchivedRedirect | Elsewhere | NotArchived | Barred | TooFast | NoAnswer | Trouble


def read_playback(exchange: Exchange) -> Playback:
    """Decide what one playback or TimeGate exchange means."""
    response = exchange.response
    if response is None:
        assert exchange.failure is not None
        return NoAnswer(exchange.failure.kind, exchange.failure.message)
    moment = parse_http_date(response.header("memento-datetime") or "")
    if moment is not None:
        return _memento(exchange.url, response, moment)
    return _archives_own(exchange.url, response)


def _memento(url: str, response: Response, moment: datetime) -> Playback:
    links = tuple(parse_links(", ".join(response.header_values("link"))[:_LONGEST_LINK_HEADER]))
    neighbours = tuple(link for link in links if link.is_memento)
    location = response.header("location")
    if 300 <= response.status < 400 and location:
        return ArchivedRedirect(moment, response.status, _join(url, location), neighbours)
    if response.cut in (Cut.TIME, Cut.DISCONNECT):
        # Half a page may hold neither the wall nor the story.
        return Trouble(_INCOMPLETE, f"the copy did not arrive whole ({response.cut})")
    original = next((link.target for link in links if "original" in link.rels), None)
    return Captured(moment, response.status, original, neighbours)


def _archives_own(url: str, response: Response) -> Playback:
    runtime_error = response.header("x-archive-wayback-runtime-error") or ""
    if barred := refusal(runtime_error):
        return Barred(barred.message)
    if response.status == 429:
        return TooFast(response.header("retry-after"))
    location = response.header("location")
    if 300 <= response.status < 400 and location:
        return Elsewhere(_join(url, location))
    return _archives_page(url, response, runtime_error)


def _archives_page(url: str, response: Response, runtime_error: str) -> Playback:
    page = response.content[:_LOOKED_AT].decode("utf-8", "replace")
    if _EXCLUDED in page:
        return Barred("This URL has been excluded from the Wayback Machine.")
    if (barred := refusal(page)) and response.status in (200, 403):
        return Barred(barred.message if len(page) < 2000 else "Blocked By Robots")
    if response.status == 404 or any(words in page for words in _NO_CAPTURE):
        return NotArchived()
    if response.header("x-archive-src") and (redirect := _redirect_page(url, page)):
        return redirect
    reason = runtime_error or f"{response.status} {response.reason}".strip()
    return Trouble(response.status, f"no capture, and no reason that is known: {reason[:200]}")


def _redirect_page(url: str, page: str) -> ArchivedRedirect | None:
    """The page that view mode shows for an archived redirect: status 200, no Memento-Datetime."""
    target = _REDIRECT_TARGET.search(page) if _REDIRECT_PAGE.search(page) else None
    if target is None:
        return None
    here = playback_parts(url)
    moment = parse_timestamp(here[0]) if here and len(here[0]) == 14 else None
    return ArchivedRedirect(moment, 302, _join(url, html.unescape(target[1])))


def found_at(response: Response) -> datetime | None:
    """When the nearest capture was made, in the archive's words ("found capture at 20201113182500")."""
    match = _FOUND_AT.search((response.header("x-archive-redirect-reason") or "")[:200])
    return parse_timestamp(match[1]) if match else None


def playback_parts(url: str) -> tuple[str, str] | None:
    """The timestamp digits and the original address in `https://archive/web/20201113id_/http://…`; None when there are none."""
    match = _PLAYBACK_PATH.search(url[:8192])
    return (match[1], url[match.end() :]) if match else None


def _join(base: str, location: str) -> str:
    try:
        return urljoin(base, location.strip())
    except ValueError:
        return location.strip()
