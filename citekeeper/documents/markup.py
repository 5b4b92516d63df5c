"""What a scanner of mark-up finds, in places of its source, and the document that it makes together."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from citekeeper.documents.bylines import published_in, title_in
from citekeeper.documents.edits import Edit, Edited
from citekeeper.model import Citation, Document, Entry, Link, NoteMark, Span


@dataclass(frozen=True, slots=True)
class About:
    """What the format itself says of the article."""

    title: str | None = None
    published: date | None = None
    url: str | None = None


@dataclass(slots=True)
class Markup:
    """Edits, links, marks and works of one source; every span is in the source."""

    edits: list[Edit] = field(default_factory=list)
    links: list[tuple[str, Span, Span]] = field(default_factory=list)
    """What each address means, where it is written, and what shows it."""
    marks: list[tuple[str, Span, str]] = field(default_factory=list)
    """Marker, place and role, as in NoteMark."""
    works: list[tuple[Span, Citation, str | None]] = field(default_factory=list)
    """Place, description and key, as in Entry."""

    def hide(self, start: int, end: int, shown: str = "") -> None:
        """Read `shown` in place of the source from `start` to `end`."""
        self.edits.append(Edit(start, end, shown))

    def link(self, href: str, at: Span, anchor: Span | None = None) -> None:
        """State a link; without an anchor nothing shows it but the address itself."""
        self.links.append((href, at, anchor or at))

    def take(self, other: Markup, offset: int) -> None:
        """Take what was found in a part of the source that begins at `offset`."""

        def moved(at: Span) -> Span:
            return Span(at.start + offset, at.end + offset)

        self.edits += [Edit(start + offset, end + offset, shown) for start, end, shown in other.edits]
        self.links += [(href, moved(at), moved(anchor)) for href, at, anchor in other.links]
        self.marks += [(marker, moved(at), role) for marker, at, role in other.marks]
        self.works += [(moved(at), citation, key) for at, citation, key in other.works]

    def document(self, text: str, source: str, format_name: str, about: About) -> Document:
        """The document; where the format does not tell its title and date, its first lines may."""
        edited = Edited(text, self.edits)
        told = About(about.title or title_in(edited.reading), about.published or published_in(edited.reading), about.url)
        return self._document(text, source, format_name, told, edited)

    def bibliography(self, text: str, source: str, format_name: str) -> Document:
        """The document; what its first lines tell is of a work in it, not of itself."""
        return self._document(text, source, format_name, About(), Edited(text, self.edits))

    def _document(self, text: str, source: str, format_name: str, about: About, edited: Edited) -> Document:
        return Document(
            source,
            format_name,
            text,
            edited.reading,
            edited.segments,
            tuple(self._links(edited)),
            tuple(self._marks(edited)),
            title=about.title,
            published=about.published,
            url=about.url,
            entries=tuple(self._entries(edited)),
        )

    def _links(self, edited: Edited) -> list[Link]:
        links = [Link(href, at, edited.to_reading(anchor)) for href, at, anchor in self.links]
        return sorted(links, key=lambda link: (link.anchor, link.href_span))

    def _marks(self, edited: Edited) -> list[NoteMark]:
        marks = [NoteMark(marker, edited.to_reading(at), role) for marker, at, role in self.marks]
        return sorted(marks, key=lambda mark: mark.at)

    def _entries(self, edited: Edited) -> list[Entry]:
        entries = [Entry(edited.to_reading(at), citation, key) for at, citation, key in self.works]
        return sorted(entries, key=lambda entry: entry.at)
