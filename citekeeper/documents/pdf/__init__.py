"""PDF files: the text as a person reads it, by the geometry of the page; links with the words that their rectangles cover."""

from __future__ import annotations

import re

from citekeeper.documents.bylines import HEAD, published_in, title_in
from citekeeper.documents.pdf.apart import read_apart
from citekeeper.documents.pdf.composition import Sheet, compose
from citekeeper.documents.pdf.margins import is_page_number, running_lines, same_line
from citekeeper.documents.pdf.order import in_reading_order
from citekeeper.documents.pdf.printed import Printed, PrintedPage
from citekeeper.documents.unfit import Unfit
from citekeeper.model import Document

__all__ = ["document_of", "read"]

# What programs write for a title when nobody gave one: the name of the file, or of the program.
_NO_TITLE = re.compile(r"(?:microsoft (?:word|powerpoint)|untitled|.*\.(?:docx?|indd|tex|dvi|pdf|odt|rtf|qxd|html?|pptx?)$)", re.I)


def read(data: bytes, *, source: str) -> Document:
    """Read a PDF; raises Unfit for what is damaged, locked, too large, takes too long or has no text."""
    return document_of(read_apart(data), source=source)


def document_of(printed: Printed, *, source: str) -> Document:
    """The document that printed pages make; raises Unfit when nothing is printed on them that can be read."""
    composed = compose(_sheets(printed.pages))
    if not composed.text:
        raise Unfit("is a PDF without text: its pages are pictures", "run text recognition (OCR) on it, then name the result")
    head = composed.text[:HEAD]
    return Document(
        source,
        "pdf",
        composed.text,
        composed.text,
        links=composed.links,
        title=_title(printed.title) or title_in(head),
        published=published_in(head),
        places=composed.places,
    )


def _sheets(pages: list[PrintedPage]) -> list[Sheet]:
    running = running_lines([(page.height, page.lines) for page in pages])
    sheets: list[Sheet] = []
    known: set[str] = set()
    for page, apart in zip(pages, running, strict=True):
        lines = page.lines
        body = [line for line in lines if id(line) not in apart and not line.runs_upwards]
        fresh = [line for line in lines if line.runs_upwards]
        for line in lines:
            if id(line) in apart and not is_page_number(line) and same_line(line) not in known:
                known.add(same_line(line))
                fresh.append(line)
        ordered = [line for group in in_reading_order(body) for line in group]
        sheets.append(Sheet(page.number, ordered, fresh, page.links))
    return sheets


def _title(stated: str) -> str | None:
    title = " ".join(stated[:2000].split())[:300]
    return title if len(title) > 3 and not _NO_TITLE.match(title) else None
