"""The part behind "#": does the page still have the place that the address names? What scripts make is left open."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, urlsplit

from citekeeper.health.decoding import decode
from citekeeper.health.page import MAX_BYTES, sniff
from citekeeper.health.passages import stands
from citekeeper.health.texts import read_text
from citekeeper.model import CodeMeaning, Evidence, Response

_ID = re.compile(r"[\s\"'](?:id|name)\s{0,3}=\s{0,3}(?:\"([^\"<>]{1,300})\"|'([^'<>]{1,300})'|([^\s\"'<>]{1,300}))", re.I)
_SCRIPT = re.compile(r"<script\b", re.I)
_PAGE = re.compile(r"(?:^|&)page=(\d{1,6})(?:&|$)")
_COUNT = re.compile(rb"/Count\s{1,3}(\d{1,6})")
# https://html.spec.whatwg.org/multipage/browsing-the-web.html#find-a-potential-indicated-element: "top" needs no element.
_ALWAYS: Final = {"", "top"}
_TEXT: Final = ":~:text="

CODES: Final = (
    CodeMeaning("fragment-found", "The page has the place that the address names behind #.", "Nothing to do."),
    CodeMeaning(
        "fragment-lost",
        "The page is there, but not the place in it that the address names behind #.",
        "Point the link to where it stands now, or leave the part behind # out.",
    ),
    CodeMeaning(
        "fragment-unknown",
        "Whether the page has the place behind # cannot be told: scripts may make it, or the file does not say.",
        "Open the link in a browser.",
    ),
)


def check_fragment(url: str, live: Response) -> Evidence | None:
    """What the answer says of the fragment of `url`; nothing when there is none, or it always leads somewhere."""
    fragment = urlsplit(url).fragment
    if fragment.lower() in _ALWAYS:
        return None
    if sniff(live.content) == "pdf":
        return _pdf(fragment, live.content)
    if sniff(live.content) != "html":
        return Evidence("fragment-unknown", fragment[:100])
    markup = decode(live.content[:MAX_BYTES], live.header("content-type") or "")
    element, _, quoted = fragment.partition(_TEXT)
    found = (not quoted or _has_text(quoted, live)) and (not element or _has_id(element, markup))
    if found:
        return Evidence("fragment-found", fragment[:100])
    # `#/path` and `#!path` are addresses of scripts; and what scripts write can have any id.
    made = element.startswith(("/", "!")) or (not quoted and _SCRIPT.search(markup)) or len(live.content) > MAX_BYTES
    return Evidence("fragment-unknown" if made else "fragment-lost", fragment[:100])


def _has_id(element: str, markup: str) -> bool:
    names = {element, unquote(element), f"user-content-{unquote(element)}"}
    return any((match[1] or match[2] or match[3]) in names for match in _ID.finditer(markup))


def _has_text(quoted: str, live: Response) -> bool:
    """https://wicg.github.io/scroll-to-text-fragment/: [prefix-,]start[,end][,-suffix], and more of them behind "&text="."""
    page = read_text(live)
    texts = [unquote(part.strip("-")) for directive in quoted.split("&text=") for part in directive.split(",")]
    return page is not None and all(stands(text, page) for text in texts if text)


def _pdf(fragment: str, content: bytes) -> Evidence:
    """`#page=7`: a PDF that does not pack its page tree tells how many pages it has."""
    wanted = _PAGE.search(fragment)
    counts = [int(match[1]) for match in _COUNT.finditer(content)]
    if wanted is None or not counts:
        return Evidence("fragment-unknown", fragment[:100])
    return Evidence("fragment-found" if 1 <= int(wanted[1]) <= max(counts) else "fragment-lost", f"{fragment[:100]} of {max(counts)} pages")
