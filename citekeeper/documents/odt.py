"""OpenDocument texts (.odt): what is printed, in order, with links, footnotes and endnotes. OpenDocument 1.3, part 3.

Not shown, and so not read: tracked changes, comments, hidden paragraphs, heads and feet of pages.
"""

from __future__ import annotations

from collections.abc import Callable

from citekeeper.documents.numerals import numeral
from citekeeper.documents.prose import Prose, whole_number
from citekeeper.documents.unfit import damaged, locked
from citekeeper.documents.xmltree import Element, attribute, child, children, find_all, name_of, numbered, parse, text_of
from citekeeper.documents.zipped import Zipped
from citekeeper.model import Document

_KIND = "an OpenDocument text"
_CONTENT = "content.xml"
_SKIPPED = frozenset(
    {"tracked-changes", "annotation", "annotation-end", "hidden-paragraph", "hidden-text", "forms", "sequence-decls", "variable-decls"}
)
_MOST_SPACES = 1000


def read(data: bytes, *, source: str) -> Document:
    """Read an OpenDocument text; raises Unfit for what is damaged, locked, huge or without a text."""
    zipped = Zipped(data, _KIND)
    try:
        manifest = zipped.read("META-INF/manifest.xml")
        if manifest and (listed := parse(manifest)) is not None and any(True for _ in find_all(listed, "encryption-data")):
            raise locked(_KIND)
        root = _tree(zipped.read(_CONTENT))
        meta = zipped.read("meta.xml")
        title = text_of(next(find_all(found, "title"), None)) if meta and (found := parse(meta)) is not None else ""
    finally:
        zipped.close()
    text = child(child(root, "body"), "text")
    if text is None:
        raise damaged(_KIND)
    return _Writer(root).write(text).document(source, "odt", _KIND, title[:300] or None)


def _tree(content: bytes | None) -> Element:
    root = parse(content) if content else None
    if root is None:
        raise damaged(_KIND)
    return root


class _Writer:
    """Writes the body of one text."""

    def __init__(self, root: Element) -> None:
        self._prose = Prose()
        self._numbers = numbered(root)
        self._raised = {attribute(style, "name") for style in find_all(root, "style") if _is_raised(style)}
        self._formats = {attribute(style, "name"): _levels(style) for style in find_all(root, "list-style")}
        self._lists: list[_List] = []
        self._notes: list[tuple[str, Element]] = []
        self._handlers: dict[str, Callable[[Element], None]] = {
            "p": self._paragraph,
            "h": self._paragraph,
            "a": self._link,
            "s": lambda element: self._prose.write(" " * min(_MOST_SPACES, whole_number(attribute(element, "c"), 1))),
            "tab": lambda _element: self._prose.write("\t"),
            "line-break": lambda _element: self._prose.write("\n"),
            "note": self._note,
            "list": self._list,
            "list-item": self._item,
            "table-row": self._row,
            "table-cell": self._cell,
            "span": self._span,
        }

    def write(self, text: Element) -> Prose:
        """Write all of it, the notes in the end."""
        self._prose.enter(_CONTENT)
        self._inside(text)
        for marker, body in self._notes:
            start = self._prose.begin_note(marker)
            self._inside(body)
            self._prose.end_note(marker, start)
        return self._prose

    def _inside(self, element: Element, *, raised: bool = False) -> None:
        self._text(element.text, raised, element)
        for each in element:
            name = name_of(each)
            handler = self._handlers.get(name)
            if handler is not None:
                handler(each)
            elif name and name not in _SKIPPED:
                self._inside(each)
            self._text(each.tail, raised, each, is_tail=True)

    def _text(self, text: str | None, raised: bool, element: Element, *, is_tail: bool = False) -> None:
        """White space in the file is folded (OpenDocument 1.3, part 3, 6.1.2); spaces that count are elements."""
        if not text:
            return
        folded = " ".join(text.split()) if text.strip() else ""
        folded = (" " if text[0].isspace() else "") + folded + (" " if folded and text[-1].isspace() else "")
        if folded.strip() or not self._prose.ends_in_space:
            write = self._prose.raised if raised else self._prose.write
            write(folded, self._numbers.get(element), is_tail=is_tail)

    def _paragraph(self, element: Element) -> None:
        if self._lists and (label := self._lists[-1].take_label()):
            self._prose.write(label)
        self._inside(element)
        self._prose.paragraph()

    def _span(self, element: Element) -> None:
        self._inside(element, raised=attribute(element, "style-name") in self._raised)

    def _link(self, element: Element) -> None:
        href = attribute(element, "href")
        start = self._prose.length
        self._inside(element)
        if href and not href.startswith("#"):
            self._prose.end_link(href, start)

    def _note(self, element: Element) -> None:
        citation, body = child(element, "note-citation"), child(element, "note-body")
        marker = text_of(citation)[:10].strip("[]() ")
        if marker and body is not None:
            self._prose.cite(marker)
            self._notes.append((marker, body))

    def _list(self, element: Element) -> None:
        outer = self._lists[-1] if self._lists else None
        style = attribute(element, "style-name") or (outer.style if outer else "")
        self._lists.append(_List(style, self._formats.get(style, {}).get(len(self._lists) + 1)))
        self._inside(element)
        self._lists.pop()

    def _item(self, element: Element) -> None:
        if self._lists:
            self._lists[-1].count(attribute(element, "start-value"))
        self._inside(element)

    def _row(self, element: Element) -> None:
        self._inside(element)
        self._prose.paragraph()

    def _cell(self, element: Element) -> None:
        self._inside(element)
        self._prose.cell()


class _Level:
    """How the items of one level of a list are numbered."""

    def __init__(self, element: Element) -> None:
        self.prefix, self.suffix = attribute(element, "num-prefix"), attribute(element, "num-suffix")
        self.written_as = attribute(element, "num-format")
        self.start = whole_number(attribute(element, "start-value"), 1)


class _List:
    """A list that is open: the number of its item."""

    def __init__(self, style: str, level: _Level | None) -> None:
        self.style = style
        self._level = level
        self._number = level.start - 1 if level else 0
        self._is_due = False

    def count(self, stated: str) -> None:
        self._number = whole_number(stated, self._number + 1)
        self._is_due = True

    def take_label(self) -> str:
        """What is printed before the first paragraph of an item."""
        if not self._is_due or self._level is None or not self._level.written_as:
            return ""
        self._is_due = False
        return f"{self._level.prefix}{numeral(self._number, self._level.written_as)}{self._level.suffix} "


def _levels(style: Element) -> dict[int, _Level]:
    return {whole_number(attribute(each, "level"), 1): _Level(each) for each in children(style, "list-level-style-number")}


def _is_raised(style: Element) -> bool:
    properties = child(style, "text-properties")
    return properties is not None and attribute(properties, "text-position").startswith("super")
