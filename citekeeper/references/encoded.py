"""Addresses that are percent-encoded as a whole: "http%3A%2F%2Fnews.example%2Fa", as logs, forms and careless copies hold them."""

from __future__ import annotations

import re
from urllib.parse import unquote

from citekeeper.references.bounds import closed_length
from citekeeper.references.draft import Found
from citekeeper.references.hosts import is_possible_host
from citekeeper.references.schemes import Anchor

MARKS = ("%2F%2F", "%2f%2f")
"""The two slashes without which there is no such address."""

_LONGEST = 8192
_SCHEME = re.compile(r"(?<![A-Za-z0-9%])h(?:tt|xx)p(s?)%3A\Z", re.IGNORECASE)
# A plain "&" or "?" belongs to the address around this one, and no slash is left unwritten in it.
_RUN = re.compile(r"(?:%[0-9A-Fa-f]{2}|[A-Za-z0-9_.~*!'()-])+")
_HOST = re.compile(r"[^/?#]*")


def read_encoded(text: str, slashes: int, floor: int) -> Found | None:
    """The encoded address whose two slashes stand at `slashes`; None when there is none."""
    scheme = _SCHEME.search(text[max(floor, slashes - 9) : slashes])
    run = _RUN.match(text, slashes + 6, slashes + _LONGEST)
    if scheme is None or run is None:
        return None
    printed = run[0][: closed_length(run[0], "")]
    rest = unquote(printed)
    start, end = slashes - (scheme.end() - scheme.start()), run.start() + len(printed)
    anchor = Anchor(start, run.start(), "https" if scheme[1] else "http", is_loose=True)
    host = _HOST.match(rest)
    # What decodes to a space or a quote was the text around an address, not one address.
    if host is None or not is_possible_host(host[0], anchor, is_cut=False) or re.search(r"[\s\"<>\ufffd]", rest):
        return None
    return Found(start, end, f"{anchor.scheme}://{rest}", ("percent-encoded",))
