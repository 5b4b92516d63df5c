"""PDF files: made with fpdf2 where they are to be sound, and by hand where they are not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fpdf import FPDF

from citekeeper.documents.pdf import document_of
from citekeeper.documents.pdf.printed import read_here
from citekeeper.model import Document

HELVETICA = "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"


def made(draw: Callable[[FPDF], object], pdf: FPDF | None = None) -> bytes:
    """What `draw` draws on the first page and on those that it adds."""
    pdf = pdf or FPDF(format="A4")
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    draw(pdf)
    return bytes(pdf.output())


def written(text: str) -> bytes:
    """`text`, its lines as they are."""
    return made(lambda pdf: pdf.multi_cell(0, 5, text, new_x="LMARGIN", new_y="NEXT"))


def read_quickly(data: bytes) -> Document:
    """Read in this process: for sound files only, as starting another takes a quarter of a second."""
    return document_of(read_here(data), source="a.pdf")


def by_hand(objects: Sequence[str | bytes], trailer: str = "") -> bytes:
    """A PDF of these objects, the first of which is its catalogue."""
    out = b"%PDF-1.7\n"
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + (each if isinstance(each, bytes) else each.encode()) + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return out + head + table + f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{len(out)}\n%%EOF".encode()


def stream(content: bytes, entries: str = "") -> bytes:
    return f"<< /Length {len(content)} {entries} >>\nstream\n".encode() + content + b"\nendstream"


def one_page(content: bytes, entries: str = "", page: str = "", resources: str = HELVETICA, more: Sequence[str | bytes] = ()) -> bytes:
    return by_hand([
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << {resources} >> {page} >>",
        stream(content, entries),
        *more,
    ])  # fmt: skip
