"""The blocks of reStructuredText that matter: what is literal, what is a comment, and what targets and notes are defined where."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from citekeeper.model import Span

_LINE = re.compile(r"[^\n]*\n?")
_TARGET = re.compile(r"\.\.[ ]{1,8}_(?:`((?:[^`\\\n]|\\.){1,200})`|(_)|((?:[^:`\\\n]|\\.|:(?=\S)){1,200})):(?:[ ]|$)|__(?=[ ])")
_NOTE = re.compile(r"\.\.[ ]{1,8}\[(\d{1,6}|#[\w.-]{0,80}|\*|[^\W_][\w.:+-]{0,80})\](?:[ ]|$)")
_DIRECTIVE = re.compile(r"\.\.[ ]{1,8}(?:\|[^|\n]{1,80}\|[ ])?([\w:+.-]{1,60})[ ]?::(?:[ ]|$)")
_COMMENT = re.compile(r"\.\.(?:[ ]|$)")
_COMMENT_FIELD = re.compile(r"\.\.[ ]{1,8}(title|date):[ ]{1,8}(\S.{0,300})")
_FIELD = re.compile(r":([A-Za-z][\w -]{0,40}):[ ]{1,20}(\S.{0,300})")
_OPTION_TARGET = re.compile(r"^[ \t]{1,40}:target:[ \t]{1,20}(\S{1,2000})", re.M)
_RULE = re.compile(r"([!-/:-@\[-`{-~])\1{1,300}$")
_LITERAL = frozenset(
    {"code", "code-block", "sourcecode", "highlight", "math", "literalinclude", "raw", "parsed-literal", "productionlist", "graphviz"}
)
_PICTURES = frozenset({"image", "figure", "thumbnail"})
_TAB = 8


class Line(NamedTuple):
    """A line: where it begins and ends, without its line end, and how far it is indented."""

    start: int
    end: int
    indent: int
    shown: str


@dataclass(frozen=True, slots=True)
class Target:
    """`.. _name: address`."""

    name: str
    """Normalised; "" for an anonymous one."""
    at: Span
    value: Span


@dataclass(frozen=True, slots=True)
class Note:
    """`.. [1] words` or `.. [CIT2002] words`."""

    label: str
    mark: Span
    """The two dots and what leads to the bracket."""
    words: Span


@dataclass(slots=True)
class Blocks:
    """Where what stands in a source; all spans in order."""

    literal: list[Span] = field(default_factory=list)
    hidden: list[Span] = field(default_factory=list)
    """Comments, and addresses of pictures."""
    targets: list[Target] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    picture_links: list[Span] = field(default_factory=list)
    title: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    """The document's own fields (`:Date: 2020-05-03`), names in lower case."""


def blocks_of(text: str) -> Blocks:
    """The blocks of `text`, in one pass over its lines."""
    lines = list(_lines(text))
    blocks = Blocks()
    number = 0
    while number < len(lines):
        line = lines[number]
        shown = line.shown.strip()
        if shown.startswith(("..", "__ ")):
            number = _explicit(text, lines, number, blocks)
            continue
        if shown.endswith("::"):
            number = _literal(lines, number, blocks)
            continue
        if shown:
            _see(lines, number, blocks)
        number += 1
    return blocks


def _lines(text: str) -> list[Line]:
    found = []
    for match in _LINE.finditer(text):
        if match[0]:
            shown = match[0].rstrip()
            lead = shown[: len(shown) - len(shown.lstrip())]
            found.append(Line(match.start(), match.start() + len(shown), len(lead.expandtabs(_TAB)), shown))
    return found


def _see(lines: list[Line], number: int, blocks: Blocks) -> None:
    """Take the title and the fields of the document from where they stand."""
    shown = lines[number].shown.strip()
    if blocks.title is None and number + 1 < len(lines) and not _RULE.match(shown):
        under = lines[number + 1].shown
        if _RULE.match(under) and len(under) >= min(len(shown), 4):
            blocks.title = shown[:300]
    if number < 80 and (said := _FIELD.match(shown)):
        blocks.fields.setdefault(said[1].lower(), said[2].strip())


def _block_end(lines: list[Line], number: int) -> int:
    """The number of the line behind the block that begins at `number`: what is indented more, and empty lines inside."""
    indent, last = lines[number].indent, number
    for following in range(number + 1, len(lines)):
        if lines[following].shown:
            if lines[following].indent <= indent:
                break
            last = following
    return last + 1


def _literal(lines: list[Line], number: int, blocks: Blocks) -> int:
    """A paragraph that ends in "::" is followed by a literal block, when what follows is indented."""
    following = number + 1
    while following < len(lines) and not lines[following].shown:
        following += 1
    if following == number + 1 or following == len(lines) or lines[following].indent <= lines[number].indent:
        return number + 1
    end = _block_end(lines, number)
    blocks.literal.append(Span(lines[following].start, lines[end - 1].end))
    return end


def _explicit(text: str, lines: list[Line], number: int, blocks: Blocks) -> int:
    line = lines[number]
    start = line.start + len(line.shown) - len(line.shown.lstrip())
    if target := _TARGET.match(text, start, line.end):
        return _target(lines, number, target, blocks)
    if note := _NOTE.match(text, start, line.end):
        end = lines[_block_end(lines, number) - 1].end
        blocks.notes.append(Note(note[1], Span(start, note.start(1) - 1), Span(note.end(), max(note.end(), end))))
        return number + 1
    if directive := _DIRECTIVE.match(text, start, line.end):
        return _directive(text, lines, number, directive, blocks)
    if not _COMMENT.match(text, start, line.end):
        return number + 1
    if said := _COMMENT_FIELD.match(text, start, line.end):
        blocks.fields.setdefault(said[1], said[2].strip())
    end = _block_end(lines, number)
    blocks.hidden.append(Span(start, lines[end - 1].end))
    return end


def _target(lines: list[Line], number: int, target: re.Match[str], blocks: Blocks) -> int:
    end = number + 1
    while end < len(lines) and lines[end].shown and lines[end].indent > lines[number].indent:
        end += 1
    name = normalised(target[1] or target[3] or "") if not target[2] else ""
    stop = lines[end - 1].end
    blocks.targets.append(Target(name, Span(target.start(), stop), Span(min(target.end(), stop), stop)))
    return end


def _directive(text: str, lines: list[Line], number: int, directive: re.Match[str], blocks: Blocks) -> int:
    name, line = directive[1].lower(), lines[number]
    end = _block_end(lines, number)
    if name in _LITERAL:
        blocks.literal.append(Span(line.start, lines[end - 1].end))
        return end
    if name in _PICTURES:
        blocks.hidden.append(Span(directive.end(), max(directive.end(), line.end)))
        options = lines[min(end, number + 20) - 1].end
        if linked := _OPTION_TARGET.search(text, line.end, options):
            blocks.picture_links.append(Span(*linked.span(1)))
    return number + 1


def normalised(name: str) -> str:
    """The form in which names of targets are compared."""
    return " ".join(re.sub(r"\\(.)", r"\1", name).lower().split())
