"""The address part of a Markdown link: `(address "title")`, and the address behind `[label]:`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from citekeeper.model import Span

_SPACE = re.compile(r"\s*+")
_ANGLED = re.compile(r"<((?:[^<>\\\n]|\\.)*+)>")
_PIECE = re.compile(r"\\[!-/:-@\[-`{-~]|[()]|[^\s()\\\x00-\x1f\x7f]++|\\")
_TITLE = re.compile(r"\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|\((?:[^()\\]|\\.)*+\)", re.S)
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){1,999})\]:\s*+", re.S)

# As cmark has it; deeper nesting is no address.
_MOST_PARENTHESES = 32


@dataclass(frozen=True, slots=True)
class Destination:
    """An address as written, and where what holds it ends."""

    at: Span
    """Without angle brackets."""
    end: int


def destination_in_parentheses(text: str, at: int, end: int) -> Destination | None:
    """Read `(address "title")` at `at`; None when it is not there."""
    if not text.startswith("(", at, end):
        return None
    start = _after_space(text, at + 1, end)
    bare = _destination(text, start, end)
    if bare is None:
        return None
    after = _after_space(text, bare.end, end)
    if after > bare.end and (title := _TITLE.match(text, after, end)):
        after = _after_space(text, title.end(), end)
    return Destination(bare.at, after + 1) if text.startswith(")", after, end) else None


def destination_of_definition(text: str, at: Span) -> Destination | None:
    """The address in the lines of a link reference definition."""
    label = _LABEL.search(text, at.start, at.end)
    return _destination(text, label.end(), at.end) if label else None


def label_of_definition(text: str, at: Span) -> tuple[str, int]:
    """The label in the lines of a link reference definition, as written, and where what it labels begins."""
    label = _LABEL.search(text, at.start, at.end)
    return (label[1], label.end()) if label else ("", at.start)


def _after_space(text: str, at: int, end: int) -> int:
    space = _SPACE.match(text, at, end)
    return space.end() if space else at


def _destination(text: str, at: int, end: int) -> Destination | None:
    if text.startswith("<", at, end):
        angled = _ANGLED.match(text, at, end)
        return Destination(Span(*angled.span(1)), angled.end()) if angled else None
    start, depth = at, 0
    while piece := _PIECE.match(text, at, end):
        if piece[0] == "(":
            depth += 1
        elif piece[0] == ")":
            depth -= 1
        if depth < 0:
            break
        if depth > _MOST_PARENTHESES:
            return None
        at = piece.end()
    return Destination(Span(start, at), at) if depth <= 0 else None
