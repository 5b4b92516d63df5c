"""EPUB books: the chapters in reading order, each read as the HTML page it is. EPUB 3.3, https://www.w3.org/TR/epub-33/.

The text of the book is that of its chapters' files one after another, exactly as they are written there, so that every place
in it leads back to a place in a chapter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from citekeeper.documents import html
from citekeeper.documents.bylines import HEAD, published_in
from citekeeper.documents.dates import day_of
from citekeeper.documents.decoding import Unreadable, decode
from citekeeper.documents.unfit import Unfit, damaged, locked
from citekeeper.documents.xmltree import Element, attribute, child, children, find_all, parse, text_of
from citekeeper.documents.zipped import Zipped, inside
from citekeeper.model import Document, Link, NoteMark, PlaceMark, Segment, Span

_KIND = "an EPUB book"
_CHAPTERS = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})
MOST_CHAPTERS = 5_000
MOST_TEXT = 64 * 1024 * 1024
_BETWEEN = "\n\n"


def read(data: bytes, *, source: str) -> Document:
    """Read an EPUB; raises Unfit for what is damaged, locked, huge or without a text."""
    zipped = Zipped(data, _KIND)
    try:
        package_name = _package_name(zipped)
        package = _tree(zipped, package_name)
        scrambled = _scrambled(zipped)
        book = _Book()
        for name in _spine(package, package_name):
            if name in scrambled:
                raise locked(_KIND)
            chapter = _chapter(zipped, name)
            if chapter is not None:
                book.add(name, chapter)
    finally:
        zipped.close()
    return book.document(source, package)


def _tree(zipped: Zipped, name: str) -> Element:
    content = zipped.read(name)
    root = parse(content) if content else None
    if root is None:
        raise damaged(_KIND)
    return root


def _package_name(zipped: Zipped) -> str:
    for each in find_all(_tree(zipped, "META-INF/container.xml"), "rootfile"):
        if name := inside("", attribute(each, "full-path")):
            return name
    raise damaged(_KIND)


def _spine(package: Element, package_name: str) -> Iterator[str]:
    """The names of the chapters, in reading order, each once."""
    manifest, spine = child(package, "manifest"), child(package, "spine")
    if manifest is None or spine is None:
        raise damaged(_KIND)
    items = {attribute(item, "id"): item for item in children(manifest, "item") if attribute(item, "media-type") in _CHAPTERS}
    names = (inside(package_name, attribute(items[each], "href")) for each in _references(spine) if each in items)
    yield from list(dict.fromkeys(names))[:MOST_CHAPTERS]


def _references(spine: Element) -> Iterator[str]:
    for each in children(spine, "itemref"):
        yield attribute(each, "idref")


def _chapter(zipped: Zipped, name: str) -> Document | None:
    data = zipped.read(name)
    if not data or not data.strip():
        return None
    text = decode(data)
    return None if isinstance(text, Unreadable) else html.read(text, source=name)


def _scrambled(zipped: Zipped) -> frozenset[str]:
    """The members that rights management (DRM) has encrypted; obfuscated fonts are in the same list and do no harm."""
    content = zipped.read("META-INF/encryption.xml")
    root = parse(content) if content else None
    return frozenset(inside("", attribute(each, "URI")) for each in find_all(root, "CipherReference")) if root is not None else frozenset()


@dataclass(frozen=True, slots=True)
class _About:
    title: str | None
    published: date | None


class _Book:
    """Collects the chapters, everything moved to where it stands in the whole."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._readings: list[str] = []
        self._segments: list[Segment] = []
        self._links: list[Link] = []
        self._marks: list[NoteMark] = []
        self._places: list[PlaceMark] = []
        self._text_length = 0
        self._reading_length = 0

    def add(self, name: str, chapter: Document) -> None:
        at, seen = self._text_length, self._reading_length
        self._segments += [Segment(_moved(each.reading, seen), _moved(each.source, at)) for each in chapter.segments]
        self._links += [Link(each.href, _moved(each.href_span, at), _moved(each.anchor, seen)) for each in chapter.links]
        self._marks += [NoteMark(each.marker, _moved(each.at, seen), each.role) for each in chapter.marks]
        self._places.append(PlaceMark(Span(at, at + len(chapter.text)), part=name))
        end = Span(seen + len(chapter.reading), seen + len(chapter.reading) + len(_BETWEEN))
        self._segments.append(Segment(end, Span(at + len(chapter.text), at + len(chapter.text) + len(_BETWEEN))))
        self._texts += [chapter.text, _BETWEEN]
        self._readings += [chapter.reading, _BETWEEN]
        self._text_length += len(chapter.text) + len(_BETWEEN)
        self._reading_length = end.end
        if self._text_length > MOST_TEXT:
            raise Unfit(f"is {_KIND} of more than {MOST_TEXT // 1024 // 1024} million characters", "split it")

    def document(self, source: str, package: Element) -> Document:
        reading = "".join(self._readings)
        if not reading.strip():
            raise Unfit(f"is {_KIND} without a text", "name a document with text in it")
        about = _about(package)
        return Document(
            source,
            "epub",
            "".join(self._texts),
            reading,
            tuple(self._segments),
            tuple(self._links),
            tuple(self._marks),
            title=about.title,
            published=about.published or published_in(reading[:HEAD]),
            places=tuple(self._places),
        )


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _about(package: Element) -> _About:
    metadata = child(package, "metadata")
    title = text_of(child(metadata, "title"))[:300] or None
    # EPUB 2 has several dates, told apart by opf:event; EPUB 3 has one, that of publication.
    dates = [each for each in children(metadata, "date") if attribute(each, "event") in ("", "publication")] if metadata is not None else []
    return _About(title, next(filter(None, (day_of(text_of(each)) for each in dates)), None))
