"""Tables as text: CSV, and the same with semicolons, tabs or bars. RFC 4180, read leniently and with the place of every cell.

Why not Python's csv: it tells no places, and a repair has to know where in the file a cell is written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from citekeeper.documents.columns import LOOK, Columns, address_in, columns_of
from citekeeper.documents.markup import About, Markup
from citekeeper.model import Document, Span

LARGEST = 16_000_000
"""Code points; each cell of a table takes some hundred bytes. A larger table is read as the text that it is."""

_DELIMITERS = (",", "\t", ";", "|")
_QUOTED = re.compile(r'[ \t]{0,20}"((?:[^"]++|"")*+)"')
_QUOTE = re.compile(r'[ \t]{0,20}"')
_SEPARATOR = re.compile(r"^sep=(.)\r?$", re.M)
_LOOK = 64 * 1024


@dataclass(frozen=True, slots=True)
class _Cell:
    """Where a cell's content is written, without quotes; `doubled` says that quotes in it are."""

    start: int
    end: int
    doubled: bool = False

    def value(self, text: str) -> str:
        content = text[self.start : self.end]
        return content.replace('""', '"') if self.doubled else content


@dataclass(slots=True)
class _Row:
    cells: list[_Cell] = field(default_factory=list)

    def values(self, text: str) -> list[str]:
        return [cell.value(text) for cell in self.cells]


def read(text: str, *, source: str) -> Document:
    """Read a table; cells that are addresses are links, rows under headings describe works."""
    if len(text) > LARGEST:
        return Document(source, "csv", text, text)
    delimiter = _delimiter(text)
    columns = columns_of([row.values(text) for row in islice(_rows(text, delimiter), LOOK)])
    markup = Markup()
    end, shown = 0, ""
    for number, row in enumerate(_rows(text, delimiter)):
        for cell in row.cells:
            markup.hide(end, cell.start, shown)
            _undouble(text, cell, markup)
            end, shown = cell.end, "\t"
        # Rows stand apart, so that no address goes on from one into the next.
        shown = "\n\n"
        if number or not columns.has_headings:
            _link(text, row, columns, markup)
    markup.hide(end, len(text))
    return markup.document(text, source, "csv", About())


def _link(text: str, row: _Row, columns: Columns, markup: Markup) -> None:
    for column, cell in enumerate(row.cells):
        if column in columns.addresses and (href := address_in(cell.value(text))):
            content = text[cell.start : cell.end]
            start = cell.start + len(content) - len(content.lstrip())
            markup.link(href, Span(start, cell.start + len(content.rstrip())))
    citation = columns.citation(row.values(text)) if columns.meanings else None
    if citation is not None:
        markup.works.append((Span(row.cells[0].start, row.cells[-1].end), citation, None))


def _undouble(text: str, cell: _Cell, markup: Markup) -> None:
    at = text.find('""', cell.start, cell.end) if cell.doubled else -1
    while at >= 0:
        markup.hide(at, at + 2, '"')
        at = text.find('""', at + 2, cell.end)


def _delimiter(text: str) -> str:
    """What parts the cells: what most rows agree upon."""
    stated = _SEPARATOR.match(text)
    if stated:
        return stated[1]
    head = text[:_LOOK]
    return max(_DELIMITERS, key=lambda delimiter: _agreement(head, delimiter))


def _agreement(head: str, delimiter: str) -> tuple[int, int]:
    widths = Counter(len(row.cells) for row in islice(_rows(head, delimiter), 50))
    width, number = max(((width, number) for width, number in widths.items() if width > 1), key=lambda each: each[::-1], default=(0, 0))
    return number, width


def _rows(text: str, delimiter: str) -> Iterator[_Row]:
    """The rows with anything in them. A quote that is never closed is a character like any other, and so are those behind it."""
    plain = re.compile(rf"[^{re.escape(delimiter)}\r\n]*")
    row, at, has_quotes = _Row(), 0, True
    stated = _SEPARATOR.match(text)
    if stated:
        at = stated.end()
    while at <= len(text):
        quoted = _QUOTED.match(text, at) if has_quotes else None
        opens = quoted is None and has_quotes and _QUOTE.match(text, at) is not None
        has_quotes = has_quotes and not opens
        rest = plain.match(text, quoted.end() if quoted else at)
        assert rest is not None
        row.cells.append(_Cell(*quoted.span(1), doubled=True) if quoted else _Cell(*rest.span()))
        at = rest.end()
        if text.startswith(delimiter, at):
            at += 1
            continue
        if any(cell.end > cell.start for cell in row.cells):
            yield row
        row = _Row()
        at += 2 if text.startswith("\r\n", at) else 1
