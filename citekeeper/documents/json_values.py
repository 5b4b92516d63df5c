"""JSON of any shape, and JSON Lines: its texts, each with its place; those that are addresses are links. RFC 8259.

Why not json.loads: it tells no places, and ends in RecursionError on deep nesting. The source is read token by token; what
is no JSON is passed over, so that a file that breaks off is read as far as it goes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from citekeeper.documents.columns import Columns, address_in, meaning_of
from citekeeper.documents.markup import About, Markup
from citekeeper.model import Document, Span

LARGEST = 16_000_000
"""Code points; each text takes some hundred bytes. A larger file is read as it stands."""

# A string that is never closed ends with its line.
_TOKEN = re.compile(r'"((?:[^"\\\n]++|\\.)*+)(?:"(\s{0,20}:)?)?|[{}\[\]]|[0-9.eE+-]{1,40}')
_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\[^u]")
_HALF = re.compile("[\ud800-\udfff]")
_MEANINGS = frozenset({"address", "title", "author", "outlet", "published", "accessed", "archived_url"})
_MOST_OPEN = 10_000


class _Value(NamedTuple):
    """A text or a number: the key that it stands under, and where it is written, without quotes."""

    key: str
    at: Span
    is_text: bool


@dataclass(slots=True)
class _Object:
    """An object that is being read."""

    start: int
    key: str = ""
    """The key that is waiting for its value; in a list, that of the list."""
    is_list: bool = False
    said: dict[str, str] = field(default_factory=dict)
    """Its values whose keys tell of a work, by meaning."""


def read(text: str, *, source: str) -> Document:
    """Read JSON as its texts: those of one object in one line, objects apart."""
    if len(text) > LARGEST:
        return Document(source, "json", text, text)
    reader = _Reader(text)
    return reader.read().document(text, source, "json", About())


class _Reader:
    """One pass over one source."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._markup = Markup()
        self._open = [_Object(0, is_list=True)]
        self._end = 0
        self._apart = ""

    def read(self) -> Markup:
        for token in _TOKEN.finditer(self._text):
            match token[0]:
                case "{" | "[":
                    self._begin(token)
                case "}" | "]":
                    self._finish(token.end())
                case _ if token[2] is not None:
                    self._open[-1].key = meaning(token[1][:200])
                case _:
                    self._value(token)
        self._markup.hide(self._end, len(self._text))
        return self._markup

    def _begin(self, token: re.Match[str]) -> None:
        if len(self._open) < _MOST_OPEN:
            self._open.append(_Object(token.start(), self._open[-1].key if token[0] == "[" else "", is_list=token[0] == "["))
        if token[0] == "{" and self._apart:
            self._apart = "\n\n"

    def _finish(self, end: int) -> None:
        if len(self._open) == 1:
            return
        inner = self._open.pop()
        if not inner.is_list:
            self._apart = "\n\n" if self._apart else ""
            citation = (
                Columns(meanings=dict(enumerate(inner.said))).citation(list(inner.said.values())) if "address" in inner.said else None
            )
            if citation is not None:
                self._markup.works.append((Span(inner.start, end), citation, None))
        self._open[-1].key = self._open[-1].key if self._open[-1].is_list else ""

    def _value(self, token: re.Match[str]) -> None:
        inside = self._open[-1]
        text_at = Span(*token.span(1)) if token[1] is not None else None
        written = meaning((token[1] if token[1] is not None else token[0])[:9000]).strip()
        told = meaning_of(inside.key)
        if told in _MEANINGS:
            inside.said.setdefault(told, written)
        if text_at is not None and text_at.end > text_at.start:
            self._show(text_at)
            href = address_in(written) if text_at.end - text_at.start < 9000 else ""
            if href and (told in ("address", "archived_url") or href == written):
                self._markup.link(href, text_at)
        inside.key = inside.key if inside.is_list else ""

    def _show(self, at: Span) -> None:
        self._markup.hide(self._end, at.start, self._apart)
        for escape in _ESCAPE.finditer(self._text, at.start, at.end):
            self._markup.hide(escape.start(), escape.end(), _unescaped(escape[0]))
        self._end, self._apart = at.end, "\t"


def meaning(written: str) -> str:
    """What a text of JSON means."""
    return _ESCAPE.sub(lambda escape: _unescaped(escape[0]), written) if "\\" in written else written


def _unescaped(escape: str) -> str:
    try:
        # Half of a surrogate pair is no character, and cannot be written to any file.
        return _HALF.sub("\ufffd", str(json.loads(f'"{escape}"'))) if len(escape) < 12 else str(json.loads(f'"{escape}"'))
    except ValueError:
        return escape
