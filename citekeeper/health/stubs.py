"""Pages that are only a step to the next address: a meta refresh, or a script that sets the location."""

from __future__ import annotations

import re
from typing import Final

from citekeeper.health.page import MAX_BYTES, Page, read_page
from citekeeper.health.parsing import Parsed
from citekeeper.health.view import join
from citekeeper.model import Exchange

MAX_DELAY: Final = 5.0
"""Seconds; pages that reload themselves wait longer."""

_REFRESH_VISIBLE: Final = 1_000
_SCRIPT_VISIBLE: Final = 200
_SCRIPT_SOURCE: Final = 20_000
_LOCATION = re.compile(
    r"(?:^|[\s;{}(>])(?:(?:window|document|self|top|parent)\s{0,3}\.\s{0,3}){0,3}location(?:\.href)?\s{0,3}"
    r"(?:=\s{0,3}|\.(?:replace|assign)\(\s{0,3})[\"']([^\"'\s<>]{1,2000})[\"']"
)


_MOST_SCRIPTED: Final = 4 * _SCRIPT_SOURCE


def may_be_stub(exchange: Exchange) -> bool:
    """Whether the page of `exchange` holds what a stub must hold; reading it takes milliseconds, this takes microseconds."""
    response = exchange.response
    if response is None or not 200 <= response.status < 300:
        return False
    content = response.content[:MAX_BYTES]
    is_wide = b"\0" in content[:200]  # UTF-16, in which nothing is found by its bytes
    scripted = len(content) <= _MOST_SCRIPTED and b"location" in content
    if is_wide or scripted:
        return True
    lowered = content.lower()
    return b"http-equiv" in lowered and b"refresh" in lowered


def stub_target(exchange: Exchange, page: Page | None = None) -> str | None:
    """Where the page of `exchange` sends its reader at once; None for a page that is meant to be read.

    A wall's page is no stub: it sends the visitor to itself again.
    """
    response = exchange.response
    if response is None or not 200 <= response.status < 300:
        return None
    page = page or read_page(response)
    if page.kind != "html":
        return None
    target = _target(page.parsed, page.visible)
    url = join(exchange.url, target) if target else None
    return url if url and url.split("#", 1)[0] != exchange.url.split("#", 1)[0] else None


def _target(parsed: Parsed, visible: int) -> str | None:
    refresh = parsed.refresh
    if refresh and refresh.delay <= MAX_DELAY and visible <= _REFRESH_VISIBLE:
        return refresh.target
    if visible <= _SCRIPT_VISIBLE and not parsed.frames and len(parsed.source) <= _SCRIPT_SOURCE:
        match = _LOCATION.search(parsed.source)
        return match[1] if match else None
    return None
