"""Wikitext: citation templates, notes, external links, as MediaWiki has them.

Why not mwparserfromhell: its nodes have no places, and 50,000 times "<ref>" keep it busy for 150 seconds (0.6, with its C
tokenizer). The scanner goes through the source once. Grammar: https://www.mediawiki.org/wiki/Markup_spec and the template
documentation named in data/cite_fields.toml.
"""

from __future__ import annotations

from citekeeper.documents.dates import start_of
from citekeeper.documents.markup import About
from citekeeper.documents.wikitext.scan import Scanner
from citekeeper.model import Document

__all__ = ["read"]


def read(text: str, *, source: str) -> Document:
    """Read wikitext; templates are read as written, for what they would print is known to their wiki only."""
    scanner = Scanner(text)
    markup = scanner.scan()
    about = About(scanner.title, start_of(scanner.date) if scanner.date else None)
    return markup.document(text, source, "wikitext", about)
