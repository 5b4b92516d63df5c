"""Markdown: CommonMark with tables, footnotes and front matter.

What is read is the source without what makes links of words: of `[words](address)` the words remain, and the link tells
the address. Escapes and entities are undone, tags and comments left out; code and emphasis with
"*" keep their signs.
"""

from __future__ import annotations

import re
from dataclasses import replace

from citekeeper.documents import text as plain
from citekeeper.documents.bylines import HEAD, published_in
from citekeeper.documents.edits import Edit, Edited
from citekeeper.documents.frontmatter import front_matter
from citekeeper.documents.markdown.blocks import Blocks, blocks_of
from citekeeper.documents.markdown.destination import destination_of_definition, label_of_definition
from citekeeper.documents.markdown.inline import Found, Use, scan_html, scan_running_text, undone, written_address
from citekeeper.model import Document, Link, NoteMark, Span

__all__ = ["read"]

# markdown-it-py reads about 120,000 characters a second of the worst ("- a" on every line); articles are shorter.
_LONGEST = 2 * 1024 * 1024

_NUMBER = re.compile(r"\d{1,4}")
_HEADING_MARKS = re.compile(r"^[ >]{0,12}#{0,6}[ \t]{0,20}|[ \t]{0,20}#{0,20}\s{0,20}(?:[=-]{1,200}\s{0,20})?$")


def read(text: str, *, source: str) -> Document:
    """Read Markdown; a text of more than two million characters is read as plain text, its addresses all the same."""
    if len(text) > _LONGEST:
        return replace(plain.read(text, source=source), format="markdown")
    front = front_matter(text)
    blocks = blocks_of(text, front.end)
    found = _scan(text, blocks)
    unescaped = Edited(text, found.edits)
    body = unescaped.to_reading(Span(front.end, len(text))).start
    return Document(
        source,
        "markdown",
        text,
        unescaped.reading,
        unescaped.segments,
        tuple(_links(text, found, blocks, unescaped)),
        tuple(sorted(_marks(text, found, blocks, unescaped), key=lambda mark: mark.at)),
        title=front.title or _title(blocks, unescaped),
        published=front.published or published_in(unescaped.reading[body : body + HEAD]),
        url=front.url,
    )


def _scan(text: str, blocks: Blocks) -> Found:
    found = Found()
    labels = set(blocks.definitions)
    for span in blocks.running:
        scan_running_text(text, span, labels, found)
    for span in blocks.html:
        scan_html(text, span, found)
    used = {use.label for use in found.links}
    for key, span in blocks.definitions.items():
        if key in used and not _is_note(text, span):
            # The link says where it leads; were the definition read too, one citation would count twice.
            found.edits.append(Edit(span.start, span.end, ""))
        elif destination := destination_of_definition(text, span):
            found.edits += undone(text, destination.at)
    return found


def _links(text: str, found: Found, blocks: Blocks, unescaped: Edited) -> list[Link]:
    defined = {key: destination_of_definition(text, span) for key, span in blocks.definitions.items()}
    links = []
    for use in found.links:
        anchor = unescaped.to_reading(use.anchor)
        if use.href is not None:
            links.append(Link(use.href, use.href_span, anchor))
        elif destination := defined[use.label]:
            links.append(Link(written_address(text, destination.at), destination.at, anchor))
    return sorted(links, key=lambda link: (link.anchor, link.href_span))


def _marks(text: str, found: Found, blocks: Blocks, unescaped: Edited) -> list[NoteMark]:
    labels = {note.label for note in blocks.footnotes}
    definitions = {note.mark for note in blocks.footnotes}
    notes = [NoteMark(note.label, _stripped(unescaped, note.at), "note") for note in blocks.footnotes]
    cited = [(label, at) for label, at in found.footnote_marks if label in labels and at.start not in definitions]
    cites = [NoteMark(label, unescaped.to_reading(at), "cite") for label, at in cited]
    return notes + cites + _numbered(text, found.links, blocks, unescaped)


def _is_note(text: str, definition: Span) -> bool:
    """Definitions with a number for a label, `[1]: https://…`, are notes to whoever reads the source."""
    return _NUMBER.fullmatch(label_of_definition(text, definition)[0]) is not None


def _numbered(text: str, links: list[Use], blocks: Blocks, unescaped: Edited) -> list[NoteMark]:
    labels = {key: label_of_definition(text, span) for key, span in blocks.definitions.items() if _is_note(text, span)}
    notes = [NoteMark(label, _stripped(unescaped, Span(at, blocks.definitions[key].end)), "note") for key, (label, at) in labels.items()]
    return notes + [NoteMark(labels[use.label][0], unescaped.to_reading(use.anchor), "cite") for use in links if use.label in labels]


def _stripped(unescaped: Edited, at: Span) -> Span:
    span = unescaped.to_reading(at)
    shown = unescaped.reading[span.start : span.end]
    return Span(span.start, span.start + len(shown.rstrip()))


def _title(blocks: Blocks, unescaped: Edited) -> str | None:
    if blocks.title is None:
        return None
    at = unescaped.to_reading(blocks.title)
    return _HEADING_MARKS.sub("", unescaped.reading[at.start : at.end].strip()[:300]).strip(" \t*_`") or None
