"""The paragraphs, tables and runs of a Word file, written as they are printed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from citekeeper.documents.docx.fields import Field, address_in
from citekeeper.documents.docx.notes import Notes
from citekeeper.documents.docx.numbering import Numbering
from citekeeper.documents.docx.package import Relation
from citekeeper.documents.prose import Prose
from citekeeper.documents.xmltree import Element, attribute, child, children, find_all, name_of, numbered

# Printed nowhere in the text: what was deleted or moved away, properties, and what older programs read instead.
_SKIPPED = frozenset({"del", "moveFrom", "delText", "delInstrText", "Fallback", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "ruby"})
_MOST_FIELDS = 50

_CHARACTERS = {"tab": "\t", "noBreakHyphen": "-", "softHyphen": "\u00ad"}


class Body:
    """Writes the parts of one Word file into `prose`."""

    def __init__(self, prose: Prose, numbering: Numbering, notes: Notes) -> None:
        """Write into `prose`; list numbers come from `numbering`, markers of notes from `notes`."""
        self._prose = prose
        self._numbering = numbering
        self._notes = notes
        self._part = ""
        self._relations: dict[str, Relation] = {}
        self._numbers: dict[Element, int] = {}
        self._fields: list[Field] = []
        self._boxes: deque[Element] = deque()
        self._own_mark: tuple[str, str] | None = None
        self._handlers: dict[str, Callable[[Element], None]] = {
            "p": self._paragraph,
            "r": self._run,
            "hyperlink": self._hyperlink,
            "fldSimple": self._simple_field,
            "tbl": self._table,
            "tr": self._row,
            "tc": self._cell,
            "txbxContent": self._boxes.append,
            "footnoteReference": lambda element: self._cite("footnote", element),
            "endnoteReference": lambda element: self._cite("endnote", element),
            "sectPr": self._section,
            "docPr": self._picture,
        }

    def write(self, element: Element, part: str, relations: dict[str, Relation]) -> None:
        """Write everything below `element`, which is written in `part`."""
        self._part, self._relations = part, relations
        self._numbers = numbered(element.getroottree().getroot(), "t")
        self._prose.enter(part)
        self._inside(element)

    def write_notes(self, kind: str, tree: Element, part: str, relations: dict[str, Relation]) -> None:
        """Write the notes that the text cites, in that order, each behind its marker."""
        self._numbers = numbered(tree, "t")
        by_id = {attribute(each, "id"): each for each in children(tree, kind)}
        for identity, marker in self._notes.cited(kind):
            note = by_id.get(identity)
            if note is None:
                continue
            self._prose.enter(part)
            start = self._prose.begin_note(marker)
            self._part, self._relations = part, relations
            for paragraph in children(note):
                self._handle(paragraph)
                self._prose.line()
            self._prose.end_note(marker, start)

    # ── elements ──

    def _inside(self, element: Element) -> None:
        for each in element:
            self._handle(each)

    def _handle(self, element: Element) -> None:
        name = name_of(element)
        handler = self._handlers.get(name)
        if handler is not None:
            handler(element)
        elif name and name not in _SKIPPED:
            self._inside(element)

    def _paragraph(self, element: Element) -> None:
        prose, properties = self._prose, child(element, "pPr")
        label = self._numbering.label(properties)
        if label:
            prose.write(label)
            prose.write(" ")
        self._inside(element)
        # A link never goes on into the next paragraph; one that is never ended would make the rest of the text its words.
        while self._fields:
            self._end_field()
        prose.paragraph()
        boxes = list(self._boxes)
        self._boxes.clear()
        for box in boxes:
            self._inside(box)

    def _run(self, element: Element) -> None:
        properties = child(element, "rPr")
        if properties is not None and _is_on(child(properties, "vanish")):
            return
        height = child(properties, "vertAlign")
        raised = height is not None and attribute(height, "val") == "superscript"
        for each in element:
            self._piece(each, raised)

    def _piece(self, element: Element, raised: bool) -> None:
        prose = self._prose
        match name_of(element):
            case "t":
                self._text(element, raised)
            case "tab" | "noBreakHyphen" | "softHyphen" as name:
                prose.write(_CHARACTERS[name])
            case "br" | "cr":
                prose.write("\n")
            case "fldChar":
                self._field(attribute(element, "fldCharType"))
            case "instrText":
                if self._fields and self._fields[-1].result is None:
                    self._fields[-1].add(element.text or "")
            case _:
                self._handle(element)

    def _text(self, element: Element, raised: bool) -> None:
        text = element.text or ""
        if any(field.result is None for field in self._fields):
            return
        if self._own_mark is not None and text.strip():
            kind, identity = self._own_mark
            self._own_mark = None
            self._prose.cite(self._notes.cite(kind, identity, own_mark=text.strip().strip("[]()")[:10]))
            return
        write = self._prose.raised if raised else self._prose.write
        write(text, self._numbers.get(element))

    def _table(self, element: Element) -> None:
        self._prose.paragraph()
        self._inside(element)
        self._prose.paragraph()

    def _row(self, element: Element) -> None:
        self._inside(element)
        self._prose.paragraph()

    def _cell(self, element: Element) -> None:
        self._inside(element)
        # The end of a cell's last paragraph is none of its row.
        self._prose.cell()

    # ── links ──

    def _hyperlink(self, element: Element) -> None:
        identity = attribute(element, "id")
        relation = self._relations.get(identity)
        href = relation.target if relation is not None and relation.external else ""
        place = attribute(element, "anchor")
        if href and place and "#" not in href:
            href = f"{href}#{place}"
        self._linked(href, identity, element)

    def _simple_field(self, element: Element) -> None:
        self._linked(address_in(attribute(element, "instr")), "", element)

    def _linked(self, href: str, identity: str, element: Element) -> None:
        if not href:
            self._inside(element)
            return
        start = self._prose.length
        self._prose.enter(f"{self._part}#{identity}" if identity else self._part)
        self._inside(element)
        self._prose.end_link(href, start)
        self._prose.enter(self._part)

    def _picture(self, element: Element) -> None:
        for click in find_all(element, "hlinkClick"):
            identity = attribute(click, "id")
            relation = self._relations.get(identity)
            if relation is not None and relation.external:
                self._linked(relation.target, identity, click)

    def _field(self, kind: str) -> None:
        if kind == "begin" and len(self._fields) < _MOST_FIELDS:
            self._fields.append(Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].result = self._prose.length
        elif kind == "end" and self._fields:
            self._end_field()

    def _end_field(self) -> None:
        field = self._fields.pop()
        if field.result is not None:
            self._prose.end_link(address_in(field.instruction), field.result)

    # ── notes ──

    def _cite(self, kind: str, element: Element) -> None:
        identity = attribute(element, "id")
        if attribute(element, "customMarkFollows") in ("1", "true", "on"):
            self._own_mark = (kind, identity)
            return
        self._prose.cite(self._notes.cite(kind, identity))

    def _section(self, element: Element) -> None:
        for kind in ("footnote", "endnote"):
            properties = child(element, f"{kind}Pr")
            if properties is not None:
                self._notes.number_as(kind, properties)


def _is_on(element: Element | None) -> bool:
    return element is not None and attribute(element, "val") not in ("0", "false", "off")
