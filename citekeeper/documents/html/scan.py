"""HTML source cut into tags and text with exact positions, in one pass and linear time.

Why not html.parser: it gives no positions of attribute values, and up to Python 3.11.13 it is quadratic on unclosed
comments and declarations (CVE-2025-6069; a megabyte of "<!--" keeps 3.11.7 busy for minutes). The rules are those of
https://html.spec.whatwg.org/multipage/parsing.html#tokenization; what is never closed reaches to the end of the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Attribute(NamedTuple):
    """An attribute of a tag: its name in lower case and where its value is written, without quotes."""

    name: str
    start: int
    end: int


class Text(NamedTuple):
    """Source between tags; `raw` where entities mean nothing (script, style)."""

    start: int
    end: int
    raw: bool = False


class StartTag(NamedTuple):
    """A start tag."""

    name: str
    start: int
    end: int
    attributes: tuple[Attribute, ...]


class EndTag(NamedTuple):
    """An end tag."""

    name: str
    start: int
    end: int


Token = Text | StartTag | EndTag

_MARKUP = re.compile(r"<(?=[A-Za-z!?/])")
_NAME = re.compile(r"[^\s/>]+")
_GAP = re.compile(r"[\s/]*")
_ATTRIBUTE_NAME = re.compile(r"=?[^\s/>=]*")
_EQUALS = re.compile(r"\s*+=\s*+")
_UNQUOTED = re.compile(r"[^\s>]*")
_COMMENT_END = re.compile(r"--!?>")

# Elements whose content is text whatever it looks like.
RAW_TEXT = frozenset({"script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"})
_RAW_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.I) for name in RAW_TEXT}


def tokens(source: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """The tags and texts of `source[start:end]`, in order; comments and declarations are left out."""
    end = len(source) if end is None else end
    at = start
    while at < end:
        found = _MARKUP.search(source, at, end)
        begin = found.start() if found else end
        if begin > at:
            yield Text(at, begin)
        if begin == end:
            return
        tag, at = markup_at(source, begin, end)
        if tag is not None:
            yield tag
        if isinstance(tag, StartTag) and tag.name in RAW_TEXT:
            close = _RAW_END[tag.name].search(source, at, end)
            stop = close.start() if close else end
            if stop > at:
                yield Text(at, stop, raw=tag.name not in ("title", "textarea"))
            at = stop


def markup_at(source: str, at: int, end: int) -> tuple[StartTag | EndTag | None, int]:
    """The tag that begins at the "<" at `at` (None for a comment or declaration), and where it ends."""
    after = source[at + 1]
    if source.startswith("<!--", at):
        return None, _comment_end(source, at + 4, end)
    if after == "/" and at + 2 < end and source[at + 2].isascii() and source[at + 2].isalpha():
        name, _, stop = _tag(source, at + 2, end)
        return (EndTag(name, at, stop) if stop else None), stop or end
    if after in "!?/":
        close = source.find(">", at, end)
        return None, (close + 1 if close >= 0 else end)
    name, attributes, stop = _tag(source, at + 1, end)
    return (StartTag(name, at, stop, attributes) if stop else None), stop or end


def _comment_end(source: str, at: int, end: int) -> int:
    if source.startswith(">", at):
        return at + 1
    if source.startswith("->", at):
        return at + 2
    close = _COMMENT_END.search(source, at, end)
    return close.end() if close else end


def _tag(source: str, at: int, end: int) -> tuple[str, tuple[Attribute, ...], int]:
    """Name, attributes and end of the tag whose name begins at `at`; the end is 0 when the tag never ends."""
    name = _NAME.match(source, at, end)
    assert name is not None
    if source.startswith(">", name.end(), end):
        return name[0].lower(), (), name.end() + 1
    attributes: dict[str, Attribute] = {}
    at = name.end()
    while True:
        gap = _GAP.match(source, at, end)
        at = gap.end() if gap else at
        if at >= end:
            return name[0].lower(), (), 0
        if source[at] == ">":
            # Of attributes that are there twice, the first counts.
            return name[0].lower(), tuple(attributes.values()), at + 1
        attribute, at = _attribute(source, at, end)
        if attribute is None:
            return name[0].lower(), (), 0
        attributes.setdefault(attribute.name, attribute)


def _attribute(source: str, at: int, end: int) -> tuple[Attribute | None, int]:
    """The attribute that begins at `at`, and where it ends; None when its quotes are never closed."""
    match = _ATTRIBUTE_NAME.match(source, at, end)
    assert match is not None
    name, at = match[0].lower(), match.end()
    equals = _EQUALS.match(source, at, end)
    if equals is None:
        return Attribute(name, at, at), at
    start = equals.end()
    quote = source[start : start + 1]
    if quote in ('"', "'") and start < end:
        close = source.find(quote, start + 1, end)
        return (Attribute(name, start + 1, close), close + 1) if close >= 0 else (None, end)
    value = _UNQUOTED.match(source, start, end)
    stop = value.end() if value else start
    return Attribute(name, start, stop), stop
