"""HTML: Robust Links attributes in the link's own tag (https://robustlinks.mementoweb.org/spec/), or a link behind a bare address."""

from __future__ import annotations

import re
from datetime import date
from html import escape

from citekeeper.model import Document, Reference, State
from citekeeper.repairs.places import Beside, names_copy, sound

_LONGEST_TAG = 20_000
_ANCHOR = re.compile(r"<a(?=[\s/])", re.I)
_COPY = re.compile(r"\sdata-versionurl\s{0,20}=", re.I)
_QUOTED_OR_END = re.compile(r"\"[^\"]*\"|'[^']*'|>")


def beside(document: Document, reference: Reference) -> Beside | str:
    """In the start tag whose href the reference is; behind it in running text."""
    text, start = document.text, reference.location.offset
    end = start + reference.location.length
    opened = text.rfind("<", max(0, start - _LONGEST_TAG), start)
    tag_end = _end_of_tag(text, opened) if opened >= 0 else 0
    if tag_end is None:
        return "the tag around it was not understood"
    if start >= tag_end:
        return Beside(end, names_copy(text, end))
    anchor = _ANCHOR.match(text, opened)
    if anchor is None:
        return "it is written in a tag that is no link"
    tag = text[opened:tag_end]
    return Beside(anchor.end(), _COPY.search(tag) is not None, reference.href or reference.address.url or "", in_tag=True)


def _end_of_tag(text: str, opened: int) -> int | None:
    """Where the tag that begins at `opened` ends; None when it does not, or is none."""
    if not text[opened + 1 : opened + 2].isalpha():
        # A comment, an end tag, a lone sign: what stands behind it is text for all that matters here.
        closed = text.find(">", opened, opened + _LONGEST_TAG)
        return closed + 1 if closed >= 0 else None
    for match in _QUOTED_OR_END.finditer(text, opened, opened + _LONGEST_TAG):
        if match[0] == ">":
            return match.end()
    return None


def copy(place: Beside, url: str, day: date, state: State) -> str:
    """The attributes, or a link in brackets."""
    if not place.in_tag:
        return f' (<a href="{escape(sound(url))}">archived {day.isoformat()}</a>)'
    values = (("originalurl", place.note), ("versionurl", sound(url)), ("versiondate", day.isoformat()))
    return "".join(f' data-{name}="{escape(value)}"' for name, value in values)


def address(url: str) -> str:
    """With the signs that mean something in HTML escaped."""
    return escape(sound(url), quote=False)
