"""Character references of HTML (`&amp;`, `&#8230;`): where they stand and what they mean."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import cache
from html.entities import html5
from typing import NamedTuple

from citekeeper.model import Span


class Entity(NamedTuple):
    """A character reference at `source[start:end]`, and the characters it stands for."""

    start: int
    end: int
    meaning: str


_REFERENCE = re.compile(r"&(?:#(?:[xX][0-9a-fA-F]{1,8}|[0-9]{1,8});?|[A-Za-z][A-Za-z0-9]{1,31};?)")


@cache
def _without_semicolon() -> tuple[frozenset[str], int]:
    """The names that mean something without a semicolon too ("&copy"), and the length of the longest."""
    names = frozenset(name for name in html5 if not name.endswith(";"))
    return names, max(map(len, names))


def entities(source: str, start: int, end: int, *, in_attribute: bool = False) -> Iterator[Entity]:
    """The character references in `source[start:end]`, in order.

    In an attribute, a name without semicolon before a letter, digit or "=" stays as it is: `?a=1&copy=2` holds none.
    Source: https://html.spec.whatwg.org/multipage/parsing.html#named-character-reference-state
    """
    for match in _REFERENCE.finditer(source, start, end):
        entity = _meaning(match)
        if entity is None:
            continue
        unfinished = source[entity.end - 1] != ";"
        if in_attribute and unfinished and source[match.start() + 1] != "#":
            following = source[entity.end : entity.end + 1] if entity.end < end else ""
            if following == "=" or (following.isascii() and following.isalnum()):
                continue
        yield entity


def _meaning(match: re.Match[str]) -> Entity | None:
    start, end, name = match.start(), match.end(), match[0][1:]
    if name.startswith("#"):
        return Entity(start, end, html.unescape("&" + name.rstrip(";") + ";"))
    if name in html5:
        return Entity(start, end, html5[name])
    known, longest = _without_semicolon()
    for length in range(min(longest, len(name)), 1, -1):
        if name[:length] in known:
            return Entity(start, start + 1 + length, html5[name[:length]])
    return None


def attribute_value(source: str, start: int, end: int) -> str:
    """The value of an attribute written at `source[start:end]`, its character references undone."""
    if source.find("&", start, end) < 0:
        return source[start:end]
    parts, at = [], start
    for entity in entities(source, start, end, in_attribute=True):
        parts += [source[at : entity.start], entity.meaning]
        at = entity.end
    return "".join([*parts, source[at:end]])


_ADDRESS_EDGE = " \t\n\r\f\0"
_BROKEN_LINES = str.maketrans("", "", "\t\n\r")


def address_span(source: str, start: int, end: int) -> Span:
    """Where the address itself stands in an attribute's value, without white space around it."""
    inner = source[start:end]
    lead = len(inner) - len(inner.lstrip(_ADDRESS_EDGE))
    return Span(start + lead, max(start + lead, start + len(inner.rstrip(_ADDRESS_EDGE))))


def address_value(source: str, at: Span) -> str:
    """The address written at `at`; line ends inside it mean nothing (https://url.spec.whatwg.org/#concept-basic-url-parser)."""
    return attribute_value(source, at.start, at.end).translate(_BROKEN_LINES)
