"""Comments in an article by which its author tells citekeeper to leave a reference alone.

`<!-- citekeeper: ignore -->` in Markdown, HTML and wikitext, `% citekeeper: ignore` in LaTeX and BibTeX; on the line of the
reference, or alone on the line before it; empty lines do not count.
"""

from __future__ import annotations

import re

from citekeeper.model import Document, Lines, Location, Span

_WORDS = r"citekeeper:[ \t]{0,20}ignore\b"
_IN_ANGLES = re.compile(rf"<!--[ \t]{{0,20}}{_WORDS}[^\n<>]{{0,300}}-->", re.I)
_BEHIND_PERCENT = re.compile(rf"(?<!\\)%[% \t]{{0,20}}{_WORDS}[^\n]{{0,300}}", re.I)
_BEHIND_DOTS = re.compile(rf"^[ \t]{{0,40}}\.\.[ \t]{{1,20}}{_WORDS}[^\n]{{0,300}}", re.I | re.M)

_BEHIND_SLASHES = re.compile(rf"^//[ \t]{{0,20}}{_WORDS}[^\n]{{0,300}}", re.I | re.M)

_WORDS_BELOW = re.compile(r"[ \t]{0,200}+\r?\n(?:[ \t]{0,200}+\r?\n){0,9}+")
_COMMENTS = {
    "html": _IN_ANGLES,
    "markdown": _IN_ANGLES,
    "wikitext": _IN_ANGLES,
    "latex": _BEHIND_PERCENT,
    "bibtex": _BEHIND_PERCENT,
    "rst": _BEHIND_DOTS,
    "asciidoc": _BEHIND_SLASHES,
}
"""By the name of the document's format; plain text has no comments, so whatever stands there is text."""


def ignored_lines(document: Document) -> frozenset[int]:
    """The lines (1-based) whose references are to be left alone."""
    comment = _COMMENTS.get(document.format)
    if comment is None or "citekeeper:" not in document.text.lower():
        return frozenset()
    lines = Lines(document.text)
    found: set[int] = set()
    for match in comment.finditer(document.text):
        line = lines.locate(Span(match.start(), match.end())).line
        found.add(lines.locate(_next_line(document.text, match.end())).line if _stands_alone(document.text, match) else line)
    return frozenset(found)


def is_ignored(location: Location, lines: frozenset[int]) -> bool:
    """Whether any line of the place is in `lines`."""
    return not lines.isdisjoint(range(location.line, location.end_line + 1))


def _next_line(text: str, at: int) -> Span:
    """Where the next line with words begins: programs that tidy Markdown put an empty one behind a comment."""
    found = _WORDS_BELOW.match(text, at)
    return Span(found.end(), found.end()) if found else Span(at, at)


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    start = text.rfind("\n", 0, match.start()) + 1
    end = text.find("\n", match.end())
    # No line is so long that what stands beside a comment is not within a kilobyte of it.
    before, after = text[max(start, match.start() - 1000) : match.start()], text[match.end() : end if end >= 0 else None][:1000]
    return not before.strip() and not after.strip()
