"""PDFium's view of a PDF, the one place that speaks to it: pages of glyphs with their boxes, and links with their rectangles.

It runs in a process apart (apart.py): its work and memory on a hostile file cannot be bounded from outside of it.
PDFium (Chrome's) is asked for single characters and their boxes rather than for text: its text drops the line ends behind
hyphens and knows no columns.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from citekeeper.documents.unfit import Unfit, damaged, locked
from citekeeper.model import Box

MOST_PAGES = 5_000
MOST_GLYPHS = 6_000_000
_MOST_GLYPHS_ON_PAGE = 200_000
_MOST_LINKS_ON_PAGE = 2_000
_LONGEST_URI = 8192

# PDFium is not made for two threads at once.
_ONE_AT_A_TIME = threading.Lock()

# FPDF_ERR_PASSWORD and FPDF_ERR_SECURITY in fpdfview.h.
_PASSWORD, _SECURITY = 4, 5

_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
# How PDFium says "hyphen at a line end" (2, U+FFFE), and a soft hyphen: in a PDF it is there because it is printed.
_HYPHENS = frozenset({0x02, 0xFFFE, 0xAD})
_LINE_ENDS = frozenset({0x0A, 0x0D})


@dataclass(frozen=True, slots=True)
class Glyph:
    """One printed character: what it means (several letters for a ligature) and its box; spaces have boxes too."""

    means: str
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class RawPage:
    """One page as PDFium sees it; None among the glyphs is a line end that PDFium made out."""

    number: int
    """1-based."""
    width: float
    height: float
    """Before the page is turned, in points."""
    rotation: int
    """Quarter turns clockwise that a viewer gives the page."""
    glyphs: list[Glyph | None] = field(default_factory=list)
    links: list[tuple[str, tuple[Box, ...]]] = field(default_factory=list)
    """Addresses, and the rectangles that react to a click."""


@contextmanager
def opened(data: bytes) -> Iterator[tuple[str, Iterator[RawPage]]]:
    """The title and, one by one, the pages of the PDF `data`; raises Unfit for what is damaged, locked or too large."""
    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise _refusal(error) from error
        try:
            yield document.get_metadata_value("Title"), _pages(document)
        finally:
            document.close()


def _refusal(error: pypdfium2.PdfiumError) -> Unfit:
    code = getattr(error, "err_code", None)
    if code in (_PASSWORD, _SECURITY):
        return locked("a PDF")
    return damaged("a PDF")


def _pages(document: pypdfium2.PdfDocument) -> Iterator[RawPage]:
    count = len(document)
    if count > MOST_PAGES:
        raise Unfit(f"is a PDF of {count:,} pages, more than the {MOST_PAGES:,} that are read", "split it")
    seen = read = 0
    for index in range(count):
        try:
            page = document[index]
        except pypdfium2.PdfiumError:
            continue  # one broken page among readable ones; a viewer shows it empty
        try:
            raw = _page(document, page, index + 1)
        finally:
            page.close()
        read += 1
        seen += len(raw.glyphs)
        if seen > MOST_GLYPHS:
            raise Unfit(f"is a PDF of more than the {MOST_GLYPHS:,} characters that are read", "split it")
        yield raw
    if not read:
        raise damaged("a PDF")


def _page(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, number: int) -> RawPage:
    raw = RawPage(number, *_size(page), page.get_rotation() // 90 % 4)
    text = pdfium.FPDFText_LoadPage(page.raw)
    if text:
        try:
            raw.glyphs.extend(_glyphs(text))
        finally:
            pdfium.FPDFText_ClosePage(text)
    raw.links.extend(_links(document, page))
    return raw


def _size(page: pypdfium2.PdfPage) -> tuple[float, float]:
    """Width and height as the PDF has them, before a viewer turns the page."""
    width, height = page.get_width(), page.get_height()
    return (height, width) if page.get_rotation() % 180 else (width, height)


def _glyphs(text: Any) -> Iterator[Glyph | None]:
    box = pdfium.FS_RECTF()
    at = ctypes.byref(box)
    pending = 0
    for index in range(min(pdfium.FPDFText_CountChars(text), _MOST_GLYPHS_ON_PAGE)):
        code = pdfium.FPDFText_GetUnicode(text, index)
        if code in _LINE_ENDS:
            yield None
            continue
        if 0xD800 <= code < 0xDC00:
            pending = code
            continue
        means = _meaning(code, pending)
        pending = 0
        if means and pdfium.FPDFText_GetLooseCharBox(text, index, at):
            yield Glyph(means, box.left, box.bottom, box.right, box.top)


def _meaning(code: int, high: int) -> str:
    if code in _HYPHENS:
        return "-"
    if 0xDC00 <= code < 0xE000:
        return chr(0x10000 + ((high - 0xD800) << 10) + code - 0xDC00) if high else "\ufffd"
    if code < 0x20 or 0x7F <= code < 0xA0 or code in (0xFFFF, 0x200B, 0xFEFF) or code > 0x10FFFF:
        return " " if code == 0x09 else ""
    return _LIGATURES.get(code) or chr(code)


def _links(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> Iterator[tuple[str, tuple[Box, ...]]]:
    position = ctypes.c_int(0)
    link = pdfium.FPDF_LINK()
    for _ in range(_MOST_LINKS_ON_PAGE):
        if not pdfium.FPDFLink_Enumerate(page.raw, ctypes.byref(position), ctypes.byref(link)):
            return
        uri = _uri(document, link)
        areas = tuple(_areas(link)) if uri else ()
        if uri and areas:
            yield uri, areas


def _uri(document: pypdfium2.PdfDocument, link: Any) -> str:
    action = pdfium.FPDFLink_GetAction(link)
    if not action or pdfium.FPDFAction_GetType(action) != pdfium.PDFACTION_URI:
        return ""
    length = pdfium.FPDFAction_GetURIPath(document.raw, action, None, 0)
    if not 1 < length <= _LONGEST_URI:
        return ""
    buffer = ctypes.create_string_buffer(length)
    pdfium.FPDFAction_GetURIPath(document.raw, action, buffer, length)
    # ISO 32000-1, 12.6.4.7 wants ASCII; makers write UTF-8, and whatever they had.
    written = buffer.raw[: length - 1]
    try:
        return written.decode("utf-8").strip()
    except UnicodeDecodeError:
        return written.decode("latin-1").strip()


def _areas(link: Any) -> Iterator[Box]:
    quads = min(pdfium.FPDFLink_CountQuadPoints(link), 100)
    points = pdfium.FS_QUADPOINTSF()
    for index in range(quads):
        if pdfium.FPDFLink_GetQuadPoints(link, index, ctypes.byref(points)):
            xs, ys = (points.x1, points.x2, points.x3, points.x4), (points.y1, points.y2, points.y3, points.y4)
            yield min(xs), min(ys), max(xs), max(ys)
    rect = pdfium.FS_RECTF()
    if quads <= 0 and pdfium.FPDFLink_GetAnnotRect(link, ctypes.byref(rect)):
        yield min(rect.left, rect.right), min(rect.bottom, rect.top), max(rect.left, rect.right), max(rect.bottom, rect.top)
