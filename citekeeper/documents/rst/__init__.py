"""reStructuredText: links with their targets, footnotes and citations, directives and comments.

Why not docutils: it tells the line of a paragraph but no place in it, reads files and addresses that the source names
(`include`, `raw`), and stops at its first deep nesting. The rules are those of
https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html; roles and what Sphinx adds are read as written.
"""

from __future__ import annotations

from citekeeper.documents.dates import start_of
from citekeeper.documents.markup import About
from citekeeper.documents.rst.blocks import blocks_of
from citekeeper.documents.rst.inline import Inline
from citekeeper.model import Document

__all__ = ["read"]


def read(text: str, *, source: str) -> Document:
    """Read reStructuredText; a link whose target is unknown is read as its words."""
    blocks = blocks_of(text)
    markup = Inline(text, blocks).read()
    date = blocks.fields.get("date") or blocks.fields.get("published")
    about = About(blocks.fields.get("title") or blocks.title, start_of(date) if date else None)
    return markup.document(text, source, "rst", about)
