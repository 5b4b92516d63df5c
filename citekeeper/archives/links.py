"""Link headers and TimeMaps (application/link-format) read as values; a tokenizer, because addresses hold commas.

Source: RFC 8288, section 3; RFC 7089, section 5; RFC 6690.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from citekeeper.archives.timestamps import parse_http_date

_MOST_CHARS = 4 * 1024 * 1024
_TARGET = re.compile(r"[\s,;]*<([^<>]*)>")
_PARAMETER = re.compile(r'\s*;\s*([!#$&+.^_`|~0-9A-Za-z*-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"<>]*)))?')
_QUOTED_PAIR = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class WebLink:
    """One link: where to, as what, and of when."""

    target: str
    rels: tuple[str, ...]
    """Relations in lower case: ("first", "memento")."""
    moment: datetime | None
    """The `datetime` of a memento."""

    @property
    def is_memento(self) -> bool:
        """Whether it leads to an archived version."""
        return "memento" in self.rels and self.moment is not None


def parse_links(text: str) -> Iterator[WebLink]:
    """The links of a Link header or a TimeMap, in order; what cannot be read is passed over."""
    at, end = 0, min(len(text), _MOST_CHARS)
    while at < end:
        opened = _TARGET.match(text, at, end)
        if opened is None:
            # Resume at the next "<": one broken link must not hide the others.
            at = _next_target(text, at, end)
            continue
        parameters, at = _parameters(text, opened.end(), end)
        # A server of 2020 wrote "&amp;" for "&" inside Link headers.
        yield WebLink(html.unescape(opened[1].strip()), _rels(parameters), parse_http_date(parameters.get("datetime", "")))


def _next_target(text: str, at: int, end: int) -> int:
    found = text.find("<", at + 1, end)
    return end if found < 0 else found


def _parameters(text: str, at: int, end: int) -> tuple[dict[str, str], int]:
    found: dict[str, str] = {}
    while (match := _PARAMETER.match(text, at, end)) is not None:
        quoted, token = match[2], match[3]
        found.setdefault(match[1].lower(), _QUOTED_PAIR.sub(r"\1", quoted) if quoted is not None else token or "")
        at = match.end()
    return found, at


def _rels(parameters: dict[str, str]) -> tuple[str, ...]:
    return tuple(parameters.get("rel", "").lower().split())
