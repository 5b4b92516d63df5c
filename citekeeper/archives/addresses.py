"""The addresses of archives: index queries, TimeGate and playback; and the key test of a prefix query."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urldefrag, urlencode, urljoin, urlsplit

from citekeeper.archives.cdx import FIELDS
from citekeeper.archives.memento import playback_parts
from citekeeper.archives.nearest import Lead
from citekeeper.archives.timestamps import format_timestamp, parse_timestamp
from citekeeper.model import IndexRow
from citekeeper.surt import surt, without_userinfo

# Everything that may stand in an address as it is, "%" included: the archive wants the original raw behind its own path.
_RAW = "%/:=&?~+!$,;'@()*[]|"


def index_url(index: str, prefix: str, *, limit: int, plain: bool = False) -> str:
    """One index query for all captures whose key begins with that of `prefix`.

    One row for each address, no error pages; revisits have no status, so that statuses are excluded rather than asked for.
    No `from` and `to`: a prefix query with a recent `from` takes the server into 504 (internetarchive/wayback, issue 285).
    `plain` leaves filter and grouping to us, for a server that gave up on them.
    """
    query = [("url", without_userinfo(prefix)), ("matchType", "prefix")]
    if not plain:
        query += [("collapse", "urlkey"), ("filter", "!statuscode:[45]..")]
    query += [("fl", ",".join(FIELDS)), ("limit", str(limit)), ("output", "json")]
    return f"{index}?{urlencode(query)}"


def pywb_index_url(index: str, prefix: str, *, limit: int, plain: bool = False) -> str:
    """The same question in pywb's dialect, which Common Crawl and arquivo.pt speak too.

    It knows no grouping, so that more rows are asked for; a regular expression begins with "~", and "!" in front turns it round.
    """
    query = [("url", without_userinfo(prefix)), ("matchType", "prefix"), ("output", "json"), ("limit", str(limit))]
    return f"{index}?{urlencode(query if plain else [*query, ('filter', '!~status:[45]..')])}"


def history_url(index: str, url: str, *, limit: int, is_pywb: bool = False) -> str:
    """One index query for what the server told the archive of one address over the years: there, or not there; once a day at most."""
    query = [("url", without_userinfo(url)), ("matchType", "exact"), ("output", "json"), ("limit", str(limit))]
    if is_pywb:
        return f"{index}?{urlencode([*query, ('filter', '~status:(200|404|410)')])}"
    query += [("collapse", "timestamp:8"), ("filter", "statuscode:(200|404|410)"), ("fl", ",".join(FIELDS))]
    return f"{index}?{urlencode(query)}"


def gate_url(gate: str, url: str) -> str:
    """Where the archive whose TimeGate begins with `gate` is asked for the capture nearest to a date (RFC 7089)."""
    return f"{gate}{_raw(urldefrag(url).url)}"


@dataclass(frozen=True, slots=True)
class Replay:
    """Where one archive plays its captures: whatever host a link or Location of it names, it is asked here, and unrewritten."""

    raw: str
    """What stands in front of `20201113182500id_/ADDRESS`, the bytes as they were archived."""
    view: str
    """What stands in front of `20201113182500/ADDRESS`, the capture as people see it."""

    def lead(self, target: str, moment: datetime | None = None) -> Lead | None:
        """The capture that a link or Location names; None when it names none."""
        parts = self._parts(target)
        told = parse_timestamp(parts[0]) if parts else None
        if parts is None or told is None:
            return None
        return Lead(told, self.raw_url(parts[0].ljust(14, "0"), parts[1]), parts[1])

    def onward(self, target: str, lead: Lead) -> str:
        """Where an archived redirect leads; `target` may be the original address, unrewritten (pywb)."""
        digits, original = self._parts(target) or (format_timestamp(lead.moment), target)
        return self.raw_url(digits, original)

    def raw_url(self, digits: str, original: str) -> str:
        """The capture's own bytes, without banner and rewriting (`id_`)."""
        return f"{self.raw}{digits}id_/{_raw(original)}"

    def view_url(self, raw: str, moment: datetime, original: str) -> str:
        """The capture as people see it."""
        return f"{self.view}{format_timestamp(moment)}/{_raw(original)}"

    def _parts(self, target: str) -> tuple[str, str] | None:
        is_own = any(urlsplit(place).path in target for place in (self.raw, self.view))
        return playback_parts(target) if is_own else None


_STAMPED = re.compile(r"(/\d{14})(?:[a-z]{2}_)?/")


class AnyReplay:
    """Mementos of archives that are not known beforehand: each is read where it is, unrewritten where its address allows that."""

    def lead(self, target: str, moment: datetime | None = None) -> Lead | None:
        """The memento at `target`."""
        parts = playback_parts(target)
        told = moment or (parse_timestamp(parts[0]) if parts else None)
        if told is None or not target.startswith(("http://", "https://")):
            return None
        return Lead(told, _STAMPED.sub(r"\1id_/", target, count=1), parts[1] if parts else "")

    def onward(self, target: str, lead: Lead) -> str:
        """Where an archived redirect leads: on the same archive, also when it names the original address."""
        stamped = _STAMPED.search(lead.url)
        if playback_parts(target) is None and stamped is not None:
            return f"{lead.url[: stamped.end(1)]}id_/{_raw(target)}"
        return _STAMPED.sub(r"\1id_/", urljoin(lead.url, target), count=1)

    def view_url(self, raw: str, moment: datetime, original: str) -> str:
        """The memento as people see it."""
        return _STAMPED.sub(r"\1/", raw, count=1)


def _raw(url: str) -> str:
    return quote(without_userinfo(url), safe=_RAW)


class PrefixTest:
    """Whether a row belongs to a prefix: the live index drops a trailing slash and then answers with too much."""

    def __init__(self, prefix: str) -> None:
        key = surt(prefix)
        path = urlsplit(prefix).path if "?" not in prefix else ""
        self._key = f"{key}/" if path.endswith("/") and not key.endswith("/") else key

    def __call__(self, row: IndexRow) -> bool:
        """Whether the row's key, the archive's or our own, begins with the prefix's."""
        return row.urlkey.startswith(self._key) or surt(row.original).startswith(self._key)
