"""Excel workbooks (.xlsx): the cells of each sheet, row by row, with hyperlinks and columns of addresses. ISO/IEC 29500-1, part 18.

Hidden sheets are not shown, and so not read; of a formula, its last value is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from citekeeper.documents.columns import LOOK, address_in, columns_of
from citekeeper.documents.docx.package import Package, Relation
from citekeeper.documents.prose import Prose, whole_number
from citekeeper.documents.unfit import Unfit, damaged
from citekeeper.documents.xmltree import Element, attribute, child, children, find_all, name_of
from citekeeper.documents.zipped import Zipped
from citekeeper.model import Document

_KIND = "an Excel workbook"
MOST_CELLS = 1_000_000
_MOST_SHEETS = 500
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_BREAKS = re.compile(r"\r\n?|_x000[Dd]_\n?")
_HYPERLINK = re.compile(r'\s{0,20}HYPERLINK\(\s{0,20}"([^"]{1,8000})"', re.I)


@dataclass(frozen=True, slots=True)
class _Cell:
    reference: str
    """"C7"."""
    column: int
    """From 0."""
    value: str
    href: str
    """Of its hyperlink; empty without one."""


def read(data: bytes, *, source: str) -> Document:
    """Read a workbook; raises Unfit for what is damaged, locked, huge or without a text."""
    zipped = Zipped(data, _KIND)
    try:
        return _read(Package(zipped), source)
    finally:
        zipped.close()


def _read(package: Package, source: str) -> Document:
    workbook = package.related("", "officeDocument") or "xl/workbook.xml"
    root = package.tree(workbook)
    sheets = child(root, "sheets")
    if sheets is None:
        raise damaged(_KIND)
    strings = package.related(workbook, "sharedStrings")
    texts = _shared(package.tree(strings) if strings else None)
    relations = package.relations(workbook)
    prose = Prose()
    left = MOST_CELLS
    for sheet in list(children(sheets, "sheet"))[:_MOST_SHEETS]:
        part = relations.get(attribute(sheet, "id"))
        tree = package.tree(part.target) if part is not None and attribute(sheet, "state") in ("", "visible") else None
        if part is None or tree is None:
            continue
        rows = list(_rows(tree, texts, package.relations(part.target)))
        left -= sum(map(len, rows))
        if left < 0:
            raise Unfit(f"is {_KIND} of more than the {MOST_CELLS:,} cells that are read", "split it")
        _write(prose, part.target, rows)
    return prose.document(source, "xlsx", _KIND)


def _shared(root: Element | None) -> list[str]:
    """The texts that cells name by number."""
    return [_text(item) for item in children(root, "si")] if root is not None else []


def _text(item: Element) -> str:
    """The text of a cell or shared text, without the readings that Japanese texts carry (rPh)."""
    pieces = []
    for each in children(item, "t", "r"):
        piece = each if name_of(each) == "t" else child(each, "t")
        pieces.append((piece.text or "") if piece is not None else "")
    return "".join(pieces)


def _rows(sheet: Element, texts: list[str], relations: dict[str, Relation]) -> Iterator[list[_Cell]]:
    hrefs = dict(_hyperlinks(sheet, relations))
    data = child(sheet, "sheetData")
    for row in children(data, "row") if data is not None else ():
        cells = [cell for each in children(row, "c") if (cell := _cell(each, texts, hrefs)) is not None]
        if cells:
            yield cells


def _hyperlinks(sheet: Element, relations: dict[str, Relation]) -> Iterator[tuple[str, str]]:
    """The cell that each hyperlink begins in, and its address."""
    for each in find_all(sheet, "hyperlink"):
        relation = relations.get(attribute(each, "id"))
        if relation is not None and relation.external:
            place = attribute(each, "location")
            href = f"{relation.target}#{place}" if place and "#" not in relation.target else relation.target
            yield attribute(each, "ref").partition(":")[0].replace("$", ""), href


def _cell(element: Element, texts: list[str], hrefs: dict[str, str]) -> _Cell | None:
    found = _REFERENCE.fullmatch(attribute(element, "r"))
    if found is None:
        return None
    value = _value(element, texts)
    formula = child(element, "f")
    linked = _HYPERLINK.match(formula.text) if formula is not None and formula.text else None
    href = hrefs.get(found[0], "") or (linked[1] if linked else "")
    return _Cell(found[0], _column(found[1]), value, href) if value.strip() or href else None


def _value(element: Element, texts: list[str]) -> str:
    kind = attribute(element, "t")
    if kind == "inlineStr":
        inline = child(element, "is")
        return _text(inline) if inline is not None else ""
    stored = child(element, "v")
    written = (stored.text or "") if stored is not None else ""
    if kind == "s":
        index = whole_number(written, -1)
        return texts[index] if 0 <= index < len(texts) else ""
    # Of numbers nobody sees a date or an address; they are read as they are stored.
    return "" if kind in ("b", "e") else written


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _write(prose: Prose, part: str, rows: list[list[_Cell]]) -> None:
    columns = columns_of([_spread(row) for row in rows[:LOOK]])
    for number, row in enumerate(rows):
        # Rows stand apart, so that no address goes on from one into the next.
        prose.paragraph()
        is_heading = columns.has_headings and not number
        begin = prose.begin_work()
        for index, cell in enumerate(row):
            if index:
                prose.cell()
            stated = address_in(cell.value) if cell.column in columns.addresses and not is_heading else ""
            _write_cell(prose, part, cell, cell.href or stated)
        citation = columns.citation(_spread(row)) if columns.meanings and not is_heading else None
        if citation is not None:
            prose.end_work(citation, begin)


def _write_cell(prose: Prose, part: str, cell: _Cell, href: str) -> None:
    prose.enter(f"{part}#{cell.reference}")
    start = prose.length
    prose.write(_BREAKS.sub("\n", cell.value))
    prose.end_link(href, start)


def _spread(row: list[_Cell]) -> list[str]:
    """A row as a list, empty cells too."""
    width = min(1000, max(cell.column for cell in row) + 1)
    spread = [""] * width
    for cell in row:
        if cell.column < width:
            spread[cell.column] = cell.value
    return spread
