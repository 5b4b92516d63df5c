"""Conditional requests: which stored answer a server may be asked about, how it is asked, and whether its 304 can be believed; pure.

Source: RFC 9110, 8.8 and 13.1; RFC 9111, 4.3.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from citekeeper.http1 import freshened
from citekeeper.model import Ask, Exchange, NotModified, Response

_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]{0,1000}"')
_LEAST_AGE = timedelta(seconds=60)
"""RFC 9110, 8.8.2.2: a page changed twice within a second has one date; one that old when it was sent is safe from that."""
_TO_THE_CONDITION = frozenset({304, 400, 412, 500, 501})
"""What a server may answer to a condition that it does not understand, rather than to the request."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server calls one version of a page; one of the two may be empty."""

    etag: str
    last_modified: str

    @property
    def conditions(self) -> tuple[tuple[str, str], ...]:
        """The fields that ask for the page only if it is another version."""
        fields = (("If-None-Match", self.etag), ("If-Modified-Since", self.last_modified))
        return tuple((name, value) for name, value in fields if value)


@dataclass(frozen=True, slots=True)
class Remembered:
    """A stored answer that a server may be asked about: whole, readable, and seen by the visitor that we are now."""

    validators: Validators
    response: Response
    record_id: str
    url: str
    at: datetime


Recall = Callable[[Ask], Awaitable[Remembered | None]]
"""The stored answer to the very same request; None when there is none to be relied on."""


def validators_of(exchange: Exchange) -> Validators | None:
    """What a later visit can ask with; None when the answer was not whole, was meant for us alone, or tells nothing to ask with."""
    response = exchange.response
    if response is None or exchange.not_modified or exchange.withheld or exchange.method != "GET" or response.status != 200:
        return None
    if response.cut or response.problem or not response.body or "*" in ",".join(response.header_values("vary")):
        return None
    found = Validators(_etag(response), _last_modified(response, exchange.started))
    return found if found.conditions else None


def _etag(response: Response) -> str:
    values = set(response.header_values("etag"))
    value = values.pop() if len(values) == 1 else ""
    return value if _ETAG.fullmatch(value) and value.isprintable() else ""


def _last_modified(response: Response, received: datetime) -> str:
    values = set(response.header_values("last-modified"))
    value = values.pop() if len(values) == 1 else ""
    changed = _moment(value)
    if changed is None or not value.isprintable():
        return ""
    sent = _moment(response.header("date") or "") or received
    return value if changed <= sent - _LEAST_AGE else ""


def _moment(text: str) -> datetime | None:
    if not text or len(text) > 100:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def settled(exchange: Exchange, asked: Remembered) -> Exchange | None:
    """The exchange with what a conditional request came to: its own answer, or the stored one that a 304 speaks of.

    None when the answer may be to the condition and not to the request: then it is to be asked again without one.
    """
    response = exchange.response
    if response is None or response.status not in _TO_THE_CONDITION:
        return exchange
    if response.status != 304 or not _is_the_same(response, asked):
        return None
    stored = replace(asked.response, headers=freshened(asked.response.headers, response.headers))
    return replace(exchange, outcome=stored, not_modified=NotModified(response.head, asked.record_id, asked.url, asked.at))


def _is_the_same(told: Response, asked: Remembered) -> bool:
    """Whether a 304 speaks of the version that was asked about; one that names another contradicts itself."""
    etags = {_opaque(value) for value in told.header_values("etag")}
    dates = set(told.header_values("last-modified"))
    return etags <= {_opaque(asked.validators.etag)} and dates <= {asked.response.header("last-modified")}


def _opaque(etag: str) -> str:
    # If-None-Match compares weakly (RFC 9110, 8.8.3.2).
    return etag.removeprefix("W/")
