"""The short way for an address with nothing to undo: nearly all are such, and one look settles them.

What is read here is what `read` would read, ten times faster; whatever could make a difference (a mask, a mark of a cut, a line end that
an address may go over, a bracket, another script) is left to it. tests/references/test_references_plain.py compares the two.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from citekeeper.references.draft import Found

_CHARS = r"[A-Za-z0-9_~%=?#+/-]"
_PLAIN = re.compile(
    r"(?<![^ \u00a0\n\t(\u201c\"\[])"
    # Labels as DNS has them (RFC 1035, 2.3.1), the last one of letters only.
    r"(https?://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}(?![a-z0-9-])"
    # A dot, or an ampersand that is no entity, only in front of what goes on.
    rf"(/{_CHARS}*+(?:(?:\.(?={_CHARS})|&(?=[A-Za-z0-9_])(?!(?:amp|lt|gt|quot|nbsp|hellip);)){_CHARS}*+)*+(?<=[A-Za-z0-9/]))?+)"
    # The end: what closes at once, a word of the sentence (none that can be a dot, the rest of a cut, or the last of its paragraph behind
    # a slash), or an unmistakable new line.
    r"(?:[.,;:]?(?:[)\">\u201d\u00bb]|<(?![A-Za-z]{3,9}>)|[ \u00a0](?:(?=https?://)|\[\d{1,4}\]\s))|\]"
    r"|(?<=[A-Za-z0-9])[.,;:]?[ ](?!dot\b|Dot\b|DOT\b)[A-Za-z]{1,20}(?:[ ]|\Z|[,.;:)](?=[ \r\n]|\Z))"
    r"|(?<=/)[.,;:]?[ ](?!dot\b|Dot\b|DOT\b)[A-Za-z]{1,20}[ ](?=\w)"
    r"|[.,;]?(?:\Z|\r?\n(?:\r?\n|https?://|\[\d{1,4}\]\s|[\u2022*-][ ]))"
    r"|(?<=[A-Za-z0-9])(?<!%[0-9A-Fa-f])[.,;]?\r?\n((?:[A-Z][a-z]+[ ,]|\d{1,3}[.)][ ])))"
)
# One chunk of `path` at most: what is longer has its own care there.
_LONGEST = 400


def plain_at(text: str, slashes: int, floor: int, stops: Sequence[int]) -> Found | None:
    """The plain address whose two slashes stand at `slashes`; None when it must be looked at closer."""
    start = slashes - 6 if text.startswith("s", slashes - 2) else slashes - 5
    if start < floor:
        return None
    match = _PLAIN.match(text, start)
    if match is None:
        return None
    url, path, next_line = match.groups()
    end = start + len(url)
    if len(url) > _LONGEST or (next_line and (not path or "?" in path)):
        return None
    if stops and (index := bisect_right(stops, start)) < len(stops) and stops[index] <= end:
        return None
    return Found(start, end, url)
