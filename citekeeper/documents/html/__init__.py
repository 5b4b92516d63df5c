"""HTML pages: what a reader sees of them, where each piece of it is written, and every link with its exact place."""

from __future__ import annotations

from citekeeper.documents.bylines import published_in
from citekeeper.documents.html.meta import about
from citekeeper.documents.html.page import Page
from citekeeper.model import Document

__all__ = ["read"]


def read(text: str, *, source: str) -> Document:
    """Read a page; what is broken in it is read as browsers would."""
    said = about(text)
    reading, segments, links, marks = Page(text, said.url).read()
    published = said.published or published_in(reading)
    return Document(source, "html", text, reading, segments, links, marks, title=said.title, published=published, url=said.url)
