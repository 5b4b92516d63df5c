"""Which failures may pass by themselves, and how long a server asks us to wait; pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from citekeeper.model import Cut, Exchange, FailureKind, Response, Visit

_TRANSIENT_KINDS = frozenset(
    {
        FailureKind.DNS,
        FailureKind.REFUSED,
        FailureKind.UNREACHABLE,
        FailureKind.CONNECT_TIMEOUT,
        FailureKind.TIMEOUT,
        FailureKind.RESET,
    }
)
_TRANSIENT_4XX = frozenset({408, 425, 429})
_LASTING_5XX = frozenset({501, 505, 511})
"""Not implemented, version not supported, network login: asking again changes nothing."""
_SECONDS = re.compile(r"[ \t]*(-?)([0-9]+)(?:\.[0-9]*)?[ \t]*")
_CUT_BY_TROUBLE = frozenset({Cut.TIME, Cut.DISCONNECT})
"""A limit of ours cuts the next time as well."""


def is_transient(visit: Visit) -> bool:
    """Whether `visit` ended in something that a later attempt may find gone."""
    last = visit.last
    if last.failure is not None:
        return last.failure.kind in _TRANSIENT_KINDS
    response = last.response
    if response is None:
        return False
    status, is_cut = response.status, response.cut in _CUT_BY_TROUBLE and 200 <= response.status < 300
    return is_cut or status in _TRANSIENT_4XX or (500 <= status < 600 and status not in _LASTING_5XX)


def retry_after(response: Response, now: datetime) -> float | None:
    """Seconds that the Retry-After field asks for, at least 0; None when there is none that can be read.

    Source: RFC 9110, 10.2.3: seconds or a date. Negative and past ones mean now.
    """
    text = response.header("retry-after")
    if text is None or len(text) > 100:
        return None
    match = _SECONDS.fullmatch(text)
    if match is not None:
        return 0.0 if match[1] else float(match[2])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def wait_of(exchange: Exchange, now: datetime) -> float:
    """Seconds that the answer of `exchange` asks to wait before the next attempt; 0 when it does not say."""
    response = exchange.response
    return 0.0 if response is None else retry_after(response, now) or 0.0
