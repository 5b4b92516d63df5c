"""HTML: Robust Links attributes in the link's own tag (https://robustlinks.mementoweb.org/spec/), or a link behind a bare address."""

from __future__ import annotations

import re
from datetime import date
from html import escape, unescape

from citekeeper.model import Document, Reference, State
from citekeeper.repairs.places import Beside, names_copy, sound

_LONGEST_TAG = 20_000
_ANCHOR = re.compile(r"<a(?=[\s/])", re.I)
_COPY = re.compile(r"\sdata-versionurl\s{0,20}=", re.I)
_QUOTED_OR_END = re.compile(r"\"[^\"]*\"|'[^']*'|>")
# Elements that must hold no link (https://html.spec.whatwg.org/#interactive-content), or show one as its source text.
_HOLDS_NO_LINK = re.compile(r"<(/?)(a|button|label|select|textarea|title)(?=[\s/>])", re.I)
LINK_TO_COPY = re.compile(r"\s{0,9}\(<a\b[^<>]{0,5000}>archived\b", re.I)
_HREF = re.compile(r"\shref\s{0,20}=\s{0,20}(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))", re.I)


def beside(document: Document, reference: Reference) -> Beside | str:
    """In the start tag whose href the reference is; behind it in running text that is no link's."""
    text, start = document.text, reference.location.offset
    end = start + reference.location.length
    opened = text.rfind("<", max(0, start - _LONGEST_TAG), start)
    tag_end = _end_of_tag(text, opened) if opened >= 0 else 0
    if tag_end is None:
        return "the tag around it was not understood"
    if start >= tag_end:
        return _in_running_text(text, reference, end)
    return _in_anchor(text, reference, opened, tag_end) or "it is written in a tag that is no link"


def _in_running_text(text: str, reference: Reference, end: int) -> Beside | str:
    """Behind the address; in the tag of the link around it, because a link must hold no other."""
    if _HOLDS_NO_LINK.search(reference.raw):
        return "the tags in it were not understood"
    around = _elements_around(text, reference.location.offset)
    if not around:
        return Beside(end, names_copy(text, end) or LINK_TO_COPY.match(text, end) is not None)
    tag_end = _end_of_tag(text, around["a"]) if "a" in around else None
    if tag_end is None:
        return f"it stands in an element that can hold no link ({', '.join(sorted(around))})"
    if not _leads_to(text[around["a"] : tag_end], reference):
        return "it stands in a link that leads elsewhere"
    return _in_anchor(text, reference, around["a"], tag_end) or "it is written in a tag that is no link"


def _in_anchor(text: str, reference: Reference, opened: int, tag_end: int) -> Beside | None:
    anchor = _ANCHOR.match(text, opened)
    if anchor is None:
        return None
    is_taken = _COPY.search(text, opened, tag_end) is not None
    return Beside(anchor.end(), is_taken, reference.href or reference.address.url or "", in_tag=True)


def _elements_around(text: str, at: int) -> dict[str, int]:
    """Where the elements that can hold no link begin of which `at` is a part, by name."""
    around: dict[str, int] = {}
    for tag in _HOLDS_NO_LINK.finditer(text, max(0, at - _LONGEST_TAG), at):
        name = tag[2].lower()
        if tag[1]:
            around.pop(name, None)
        else:
            around[name] = tag.start()
    return around


def _leads_to(tag: str, reference: Reference) -> bool:
    found = _HREF.search(tag)
    href = unescape(next(filter(None, found.groups()), "")).strip() if found else ""
    return bool(href) and href in (reference.href, reference.address.url)


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
