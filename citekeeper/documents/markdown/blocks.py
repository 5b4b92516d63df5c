"""The block structure of Markdown, by markdown-it-py: which lines hold running text, which HTML, and what is defined where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.token import Token

from citekeeper.model import Span

_LINE_END = re.compile(r"\r\n?|\n")
_FOOTNOTE = re.compile(r"(?:[ >]{0,20}|[ ]{0,3})\[\^([^\]\s\[]{1,100})\]:[ \t]{0,20}")


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote definition, `[^label]: text`."""

    label: str
    mark: int
    """Where its bracket stands."""
    at: Span
    """Its words, up to the end of its first paragraph."""


@dataclass(slots=True)
class Blocks:
    """Where what stands in a Markdown text; all spans in its source."""

    running: list[Span] = field(default_factory=list)
    """Paragraphs, headings, table rows: where links can stand."""
    html: list[Span] = field(default_factory=list)
    footnotes: list[Footnote] = field(default_factory=list)
    definitions: dict[str, Span] = field(default_factory=dict)
    """Link reference definitions, by their normalised label: the lines of each."""
    title: Span | None = None
    """The first heading of the first level."""


def label_key(label: str) -> str:
    """The normalised form in which labels of link references are compared (CommonMark, 4.7)."""
    return normalizeReference(label)


def blocks_of(text: str, start: int) -> Blocks:
    """The blocks of `text[start:]`."""
    starts = [start, *(match.end() for match in _LINE_END.finditer(text, start))]
    parser = MarkdownIt("commonmark").enable("table").disable(["inline", "text_join"])
    environment: dict[str, dict[str, dict[str, list[int]]]] = {}
    tokens = parser.parse(text[start:], environment)
    blocks = Blocks()
    lines = _Lines(text, starts)
    code = _sort(tokens, lines, blocks)
    for key, definition in environment.get("references", {}).items():
        blocks.definitions[key] = lines.span(*definition["map"])
    _split_at_footnotes(blocks, lines, code)
    return blocks


@dataclass(frozen=True, slots=True)
class _Lines:
    text: str
    starts: list[int]

    def span(self, first: int, last: int) -> Span:
        """The source of the lines from `first` up to `last`."""
        return Span(self._start(first), self._start(last))

    def _start(self, line: int) -> int:
        return self.starts[line] if line < len(self.starts) else len(self.text)


def _sort(tokens: list[Token], lines: _Lines, blocks: Blocks) -> set[int]:
    """Put the tokens' lines where they belong; the numbers of the lines that hold code are returned."""
    code: set[int] = set()
    heading = ""
    for token in tokens:
        if token.type == "heading_open":
            heading = token.tag
        if token.map is None:
            continue
        span = lines.span(*token.map)
        if token.type == "inline":
            if not blocks.running or blocks.running[-1].end <= span.start:
                blocks.running.append(span)
            if heading == "h1" and blocks.title is None:
                blocks.title = span
            heading = ""
        elif token.type == "html_block":
            blocks.html.append(span)
        elif token.type in ("fence", "code_block"):
            code.update(range(*token.map))
    return code


def _split_at_footnotes(blocks: Blocks, lines: _Lines, code: set[int]) -> None:
    """Find footnote definitions and let each be running text of its own.

    CommonMark knows none: to it `[^1]: https://example.org/` defines a link, and `[^1]: Two words` is a paragraph.
    """
    found = list(_footnote_lines(lines, code))
    if not found:
        return
    cuts = [start for start, _ in found]
    for key in [key for key in blocks.definitions if key.startswith("^")]:
        blocks.running.append(blocks.definitions.pop(key))
    blocks.running = list(_cut(sorted(blocks.running), cuts))
    ends = {span.start: span.end for span in blocks.running}
    for start, match in found:
        end = ends.get(start, match.end())
        blocks.footnotes.append(Footnote(match[1], match.start(1) - 2, Span(match.end(), max(match.end(), end))))


def _footnote_lines(lines: _Lines, code: set[int]) -> Iterator[tuple[int, re.Match[str]]]:
    """Where each line begins that defines a footnote, and the definition's mark."""
    for number, start in enumerate(lines.starts):
        match = _FOOTNOTE.match(lines.text, start) if number not in code else None
        if match is not None:
            yield start, match


def _cut(spans: list[Span], cuts: list[int]) -> Iterator[Span]:
    """The spans, divided wherever a cut falls inside one; both are in order."""
    waiting = iter([*cuts, None])
    cut = next(waiting)
    for span in spans:
        start = span.start
        while cut is not None and cut < span.end:
            if cut > start:
                yield Span(start, cut)
                start = cut
            cut = next(waiting)
        if start < span.end:
            yield Span(start, span.end)
