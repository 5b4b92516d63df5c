"""Markdown: CommonMark with tables, footnotes and front matter; the source itself is what is read, escapes undone.

Addresses stay visible in the reading text, each in its place; a link tells which of them belongs to which words.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from citekeeper.documents import text as plain
from citekeeper.documents.bylines import HEAD, published_in
from citekeeper.documents.frontmatter import FrontMatter, front_matter
from citekeeper.documents.markdown.blocks import Blocks, blocks_of
from citekeeper.documents.markdown.destination import destination_of_definition, label_of_definition
from citekeeper.documents.markdown.inline import Edit, Found, Use, apply, scan_html, scan_running_text, undone
from citekeeper.documents.markdown.unescaped import Unescaped
from citekeeper.model import Document, Link, NoteMark, Span

__all__ = ["read"]

# markdown-it-py reads about 150,000 characters a second of the worst; nobody writes longer articles.
_LONGEST = 4 * 1024 * 1024

_NUMBER = re.compile(r"\d{1,4}")
_HEADING_MARKS = re.compile(r"^[ >]{0,12}#{0,6}[ \t]{0,20}|[ \t]{0,20}#{0,20}\s{0,20}(?:[=-]{1,200}\s{0,20})?$")


def read(text: str, *, source: str) -> Document:
    """Read Markdown; a text of more than four million characters is read as plain text, its addresses all the same."""
    if len(text) > _LONGEST:
        return replace(plain.read(text, source=source), format="markdown")
    front = front_matter(text)
    blocks = blocks_of(text, front.end)
    found = _scan(text, blocks)
    unescaped = Unescaped(text, found.edits)
    return Document(
        source,
        "markdown",
        text,
        unescaped.reading,
        unescaped.segments,
        tuple(_links(text, found, blocks, unescaped)),
        tuple(sorted(_marks(text, found, blocks, unescaped), key=lambda mark: mark.at)),
        front.title or _title(text, blocks, found.edits),
        front.published or _published(front, unescaped),
        front.url,
    )


def _scan(text: str, blocks: Blocks) -> Found:
    found = Found()
    labels = set(blocks.definitions)
    for span in blocks.running:
        scan_running_text(text, span, labels, found)
    for span in blocks.html:
        scan_html(text, span, found)
    for span in blocks.definitions.values():
        if destination := destination_of_definition(text, span):
            found.edits += undone(text, destination.at)
    return found


def _links(text: str, found: Found, blocks: Blocks, unescaped: Unescaped) -> list[Link]:
    defined = {key: destination_of_definition(text, span) for key, span in blocks.definitions.items()}
    links = []
    for use in found.links:
        anchor = unescaped.to_reading(use.anchor)
        if use.href is not None:
            links.append(Link(use.href, use.href_span, anchor))
        elif destination := defined[use.label]:
            links.append(Link(apply(text, destination.at, undone(text, destination.at)), destination.at, anchor))
    return sorted(links, key=lambda link: (link.anchor, link.href_span))


def _marks(text: str, found: Found, blocks: Blocks, unescaped: Unescaped) -> list[NoteMark]:
    labels = {note.label for note in blocks.footnotes}
    definitions = {note.at.start for note in blocks.footnotes}
    notes = [NoteMark(note.label, _stripped(unescaped, note.at), "note") for note in blocks.footnotes]
    cites = [
        NoteMark(label, unescaped.to_reading(at), "cite")
        for label, at in found.footnote_marks
        if label in labels and at.start not in definitions
    ]
    return notes + cites + _numbered(text, found.links, blocks, unescaped)


def _numbered(text: str, links: list[Use], blocks: Blocks, unescaped: Unescaped) -> list[NoteMark]:
    """Definitions with a number for a label, `[1]: https://…`, are notes to whoever reads the source."""
    marks = []
    for key, span in blocks.definitions.items():
        if _NUMBER.fullmatch(label := label_of_definition(text, span)):
            marks.append(NoteMark(label, _stripped(unescaped, span), "note"))
            marks += [NoteMark(label, unescaped.to_reading(use.anchor), "cite") for use in links if use.label == key]
    return marks


def _stripped(unescaped: Unescaped, at: Span) -> Span:
    span = unescaped.to_reading(at)
    shown = unescaped.reading[span.start : span.end]
    return Span(span.start, span.start + len(shown.rstrip()))


def _title(text: str, blocks: Blocks, edits: list[Edit]) -> str | None:
    if blocks.title is None:
        return None
    inside = [edit for edit in edits if blocks.title.start <= edit.start and edit.end <= blocks.title.end]
    written = _HEADING_MARKS.sub("", apply(text, blocks.title, inside).strip()[:300])
    shown = re.sub(r"\[([^\[\]]{0,300})\]\([^()\s]{0,300}\)", r"\1", written)
    return shown.strip(" \t*_`") or None


def _published(front: FrontMatter, unescaped: Unescaped) -> date | None:
    start = unescaped.to_reading(Span(front.end, front.end)).start
    return published_in(unescaped.reading[start : start + HEAD])
