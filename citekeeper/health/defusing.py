"""Markup without what makes parsers slow: masses of unclosed formatting, bottomless nesting."""

from __future__ import annotations

import re
from typing import Final

# Measured with lexbor: 20,000 unclosed <font> cost 1.9 s (the adoption agency is quadratic), so unclosed
# formatting elements above this number lose their tags before parsing.
_MAX_UNCLOSED: Final = 400
_FORMATTING = re.compile(rb"<(/?)(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s>/])")
_STRIP_FORMATTING = re.compile(r"</?(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s>/])[^<>]{0,2000}>?", re.I)
# Void elements never nest, and the omitted end tags of these others are the rule in old pages.
_FLAT: Final = "area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr|p|li|td|th|tr|dd|dt|option|body|html|head"
_TAG = re.compile(rb"<(/?)(?!(?:%s)[\s>/])[a-z][a-z0-9-]{0,20}(?=[\s>/])" % _FLAT.encode())
# What may nest without end goes; what cannot (title, headings, meta, raw text) stays, so that the page can still be read.
_KEPT: Final = "title|head|body|html|h1|h2|p|br|meta|link|script|style|iframe|frame|input|img|textarea"
_STRIP_NESTING = re.compile(rf"</?(?!(?:{_KEPT})[\s>/])[a-z][^<>]{{0,2000}}>", re.I)
# Scripts hold markup in strings, which is no nesting.
_RAW = re.compile(rb"<(script|style|template|textarea)\b")
_MAX_DEPTH: Final = 200


def defused(markup: str) -> str:
    """`markup` as it can be parsed in a time that is in proportion to its length."""
    outside = _outside(markup)
    if _unclosed(outside) > _MAX_UNCLOSED:
        markup = _STRIP_FORMATTING.sub(" ", markup)
    if _depth(outside) > _MAX_DEPTH:
        markup = _STRIP_NESTING.sub(" ", markup)
    return markup


def _unclosed(markup: bytes) -> int:
    marks = _FORMATTING.findall(markup)
    return len(marks) - 2 * sum(map(bool, marks))


def _depth(markup: bytes) -> int:
    depth = peak = 0
    for closing in _TAG.findall(markup):
        if closing:
            depth -= depth > 0
        else:
            depth += 1
            if depth > peak:
                peak = depth
    return peak


def _outside(markup: str) -> bytes:
    """`markup` in lower case without scripts and their like; an unclosed one runs to the end, so that this stays linear.

    By find, not by a lazy pattern, which took a third of the time that a page needs; and as bytes, which are put in lower case
    ten times as fast as text that holds other letters than ASCII.
    """
    lower, kept, at = markup.encode("utf-8", "replace").lower(), [], 0
    while opened := _RAW.search(lower, at):
        kept.append(lower[at : opened.start()])
        closed = lower.find(b"</" + opened[1], opened.end())
        at = closed if closed >= 0 else len(lower)
    return b" ".join((*kept, lower[at:]))
