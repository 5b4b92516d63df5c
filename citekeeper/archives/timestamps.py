"""Archive timestamps: 14 digits, `20201113182500`, and the broken ones that archives hold."""

from __future__ import annotations

from datetime import UTC, datetime

_EARLIEST = "19000101000000"
_LONGEST_HTTP_DATE = 64


def parse_timestamp(digits: str) -> datetime | None:
    """The UTC moment that 4 to 14 `digits` name, missing parts filled with the earliest; None when there is none.

    Some captures carry an extra "00" where the month or the day should be, which pushes the seconds out:

        20000012170449   as the index prints it (month 00)
        2000  12170449   without the extra pair
        20001217044900   what was meant

    Seen in real index rows; the repair is the one that the Wayback client of EDGI makes (`_utils.py`, `parse_timestamp`).
    """
    if not (4 <= len(digits) <= 14 and digits.isascii() and digits.isdigit()):
        return None
    whole = digits + _EARLIEST[len(digits) :]
    for start in (4, 6):
        if whole[start : start + 2] == "00":
            whole = whole[:start] + whole[start + 2 :] + "00"
    try:
        return datetime.strptime(whole, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def format_timestamp(moment: datetime) -> str:
    """The 14 digits of a moment, in UTC."""
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%S").rjust(14, "0")


def parse_http_date(text: str) -> datetime | None:
    """The moment of an HTTP date ("Thu, 16 Apr 2026 01:57:29 GMT"); None when it is not one."""
    # 20 ms of import that a run without archives need not pay.
    from email.utils import parsedate_to_datetime

    if not text or len(text) > _LONGEST_HTTP_DATE:
        return None
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        # The standard library raises any of these for text that is not a date.
        return None


def format_http_date(moment: datetime) -> str:
    """An HTTP date in GMT, as Accept-Datetime wants it (RFC 7089, 2.1.1)."""
    from email.utils import format_datetime

    return format_datetime(moment.astimezone(UTC), usegmt=True)
