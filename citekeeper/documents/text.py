"""Plain text: it is read as it stands; its title and date come from its first lines."""

from __future__ import annotations

from citekeeper.documents.bylines import published_in, title_in
from citekeeper.documents.frontmatter import front_matter
from citekeeper.model import Document


def read(text: str, *, source: str) -> Document:
    """Read plain text; reading and text are one."""
    front = front_matter(text)
    body = text[front.end : front.end + 4000]
    return Document(
        source,
        "text",
        text,
        text,
        title=front.title or title_in(body),
        published=front.published or published_in(body),
        url=front.url,
    )
