"""PDF: the text in reading order, links with their words, and where on which page each thing is printed."""

from __future__ import annotations

import re

import pytest
from documents_pdf import made, one_page, read_quickly, written
from fpdf import FPDF
from fpdf.enums import WrapMode

from citekeeper import references
from citekeeper.documents import read
from citekeeper.documents.pdf.hyphens import Hyphens
from citekeeper.model import Document, Reference, SourceProblem

LONG = "https://long.example.org/some/very/long/path/that-goes/on/and/on/for/quite/some/time/until/it/ends-at/the/end.html"


def cited(document: Document) -> list[Reference]:
    every = list(references.extract(document))
    assert all(each.raw == document.text[each.location.offset : each.location.offset + each.location.length] for each in every)
    return every


def test_a_pdf_is_read_whatever_its_name() -> None:
    data = written("A title of several words\nBy Ana Example, November 13, 2020\n\nWords and https://a.example.org/x.")
    found = read(data, source="download.txt")
    assert isinstance(found, Document)
    assert (found.format, found.title, str(found.published)) == ("pdf", "A title of several words", "2020-11-13")
    (one,) = cited(found)
    assert one.address.url == "https://a.example.org/x"
    assert one.location.page == 1


def test_a_box_holds_the_address_and_nothing_else() -> None:
    def draw(pdf: FPDF) -> None:
        pdf.text(100, 50, "https://a.example.org/x")  # mm from the upper left corner

    (one,) = cited(read_quickly(made(draw)))
    assert one.location.box is not None
    left, bottom, right, top = one.location.box
    assert left == pytest.approx(100 / 25.4 * 72, abs=0.5)
    assert bottom < (297 - 50) / 25.4 * 72 < top
    assert right - left < 120
    assert top - bottom < 15


def test_a_link_keeps_its_words_and_its_address() -> None:
    def draw(pdf: FPDF) -> None:
        pdf.write(5, "Read ")
        pdf.write(5, "this report", link="https://reports.example.org/a?x=1&y=2")
        pdf.write(5, " today.")

    (one,) = cited(read_quickly(made(draw)))
    assert (one.raw, one.href) == ("this report", "https://reports.example.org/a?x=1&y=2")


def test_an_address_over_two_lines_is_completed_by_its_link() -> None:
    def draw(pdf: FPDF) -> None:
        pdf.write(5, "Smith, J. (2019). A title that takes most of the line, so that not all of its address can: ")
        pdf.multi_cell(0, 5, LONG, link=LONG, wrapmode=WrapMode.CHAR)

    document = read_quickly(made(draw))
    (one,) = cited(document)
    (link,) = document.links
    assert document.text[link.anchor.start : link.anchor.end].replace("\n", "") == LONG
    assert (one.address.url, one.href) == (LONG, LONG)


def test_a_real_hyphen_at_a_line_end_of_an_address_stays_and_the_other_reading_is_kept() -> None:
    (one,) = cited(read_quickly(written("Smith, https://a.example.org/well-\nknown/path.html, 2019")))
    assert one.address.url == "https://a.example.org/well-known/path.html"
    assert one.address.alternatives == ("https://a.example.org/wellknown/path.html",)


def test_the_typesetters_hyphen_goes_from_prose() -> None:
    document = read_quickly(written("There are many exam-\nples of it, and a well-\nknown one in the North-\nEast."))
    assert document.text == "There are many examples of it, and a well-\nknown one in the North-\nEast."


@pytest.mark.parametrize(
    ("words", "before", "behind", "drops"),
    [
        ("", "many exam-", "ples of", True),
        ("exam-ples here", "many exam-", "ples of", False),
        ("exam and ples here", "many exam-", "ples of", False),
        ("examples", "the exam-", "ples of", True),
        ("", "exam-", "ples", False),
        ("", "see x.org/exam-", "ples", False),
        ("", "many exam-", "ples.org/a", False),
        ("", "many exam-", "Ples", False),
        ("", "many 1990-", "ies", False),
        ("", "many exam--", "ples", False),
    ],
)
def test_hyphens_are_told_apart_by_the_words_of_the_document(words: str, before: str, behind: str, drops: bool) -> None:
    assert Hyphens([words]).drops(before, behind) is drops


def test_columns_are_read_one_after_another_even_when_written_row_by_row() -> None:
    def draw(pdf: FPDF) -> None:
        pdf.set_xy(10, 20)
        pdf.cell(190, 6, "A heading that goes across both of the columns of the page, from left to right")
        for row in range(6):
            for column, left in (("left", 10), ("right", 110)):
                pdf.set_xy(left, 30 + 6 * row)
                pdf.cell(90, 6, f"Row {row} of the {column} column with some words")

    lines = read_quickly(made(draw)).text.split("\n")
    assert lines[0].startswith("A heading")
    rows = [(found[2], found[1]) for line in lines if (found := re.match(r"Row (\d) of the (left|right)", line))]
    assert rows == [(side, str(row)) for side in ("left", "right") for row in range(6)]


def test_numbers_that_hang_before_their_notes_stay_with_them() -> None:
    def draw(pdf: FPDF) -> None:
        for number in range(1, 9):
            pdf.set_xy(10, 20 + 6 * number)
            pdf.cell(10, 6, f"[{number}]")
            pdf.set_xy(30, 20 + 6 * number)
            pdf.cell(150, 6, f"Ana Writer, A Title, https://n.example.org/{number}")

    assert [(each.marker, each.address.url) for each in cited(read_quickly(made(draw)))] == [
        (str(number), f"https://n.example.org/{number}") for number in range(1, 9)
    ]


def test_a_raised_number_is_printed_raised_and_no_part_of_an_address() -> None:
    def draw(pdf: FPDF) -> None:
        pdf.write(5, "A claim at https://a.example.org/x")
        pdf.char_vpos = "SUP"
        pdf.write(5, "12")
        pdf.char_vpos = "LINE"
        pdf.write(5, " and more")

    document = read_quickly(made(draw))
    assert document.text == "A claim at https://a.example.org/x¹² and more"
    assert [each.address.url for each in cited(document)] == ["https://a.example.org/x"]


class _Journal(FPDF):
    def header(self) -> None:
        self.set_font("Helvetica", size=9)
        self.set_y(8)
        self.cell(0, 5, "Journal of Invented Things  www.journal.example.org", link="https://www.journal.example.org/")

    def footer(self) -> None:
        self.set_font("Helvetica", size=9)
        self.set_y(-12)
        self.cell(0, 5, f"Page {self.page_no()} of 3", align="C")


def _journal() -> Document:
    def draw(pdf: FPDF) -> None:
        for page in range(3):
            if page:
                pdf.add_page()
            pdf.set_xy(10, 30)
            pdf.set_font("Helvetica", size=10)
            pdf.multi_cell(0, 5, f"on/the/next/page/{page}.html\nWords of it\n\nSmith, https://a.example.org/goes/", new_x="LMARGIN")
            pdf.link(150, 200, 30, 30, "https://picture.example.org/p")

    return read_quickly(made(draw, _Journal(format="A4")))


def test_running_heads_and_page_numbers_do_not_stand_between_two_pages() -> None:
    document = _journal()
    assert "Page" not in document.text
    assert "https://a.example.org/goes/on/the/next/page/1.html" in [each.address.url for each in cited(document)]
    assert document.text.count("Journal of Invented Things") == 1


def test_a_link_that_covers_no_words_is_shown_once_as_its_address() -> None:
    document = _journal()
    (one,) = (each for each in cited(document) if "picture" in each.raw)
    assert (one.raw, one.location.page) == ("https://picture.example.org/p", 1)
    assert one.location.box is not None
    assert [each.address.url for each in cited(document)].count("https://www.journal.example.org/") == 1


def test_text_along_the_side_of_a_page_stands_apart() -> None:
    def draw(pdf: FPDF) -> None:
        for row in range(20):
            pdf.text(30, 30 + 5 * row, f"Row {row} of the text")
        with pdf.rotation(90, 10, 100):
            pdf.text(10, 100, "stamp:2301.00001v1 [cs.DL] 1 Jan 2023")

    text = read_quickly(made(draw)).text
    assert text.endswith("\n\nstamp:2301.00001v1 [cs.DL] 1 Jan 2023")
    assert text.index("Row 19") < text.index("stamp")


@pytest.mark.parametrize(("turn", "matrix"), [(90, "0 1 -1 0"), (180, "-1 0 0 -1"), (270, "0 -1 1 0")])
def test_a_turned_page_is_read_as_a_viewer_shows_it(turn: int, matrix: str) -> None:
    where = {90: ("300 100", "320 100"), 180: ("500 500", "500 520"), 270: ("300 700", "280 700")}[turn]
    content = " ".join(
        f"BT /F1 12 Tf {matrix} {at} Tm ({words}) Tj ET" for at, words in zip(where, ("First line", "and the second"), strict=True)
    )
    assert read_quickly(one_page(content.encode(), page=f"/Rotate {turn}")).text == "First line\nand the second"


def test_ligatures_are_spelled_out() -> None:
    font = (
        "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding "
        "<< /Type /Encoding /Differences [1 /fi /fl /hyphen] >> >> >>"
    )
    assert read_quickly(one_page(b"BT /F1 12 Tf 50 700 Td (\\001nd the \\002ow) Tj ET", resources=font)).text == "find the flow"


def test_a_page_of_pictures_has_no_text() -> None:
    found = read(one_page(b""), source="scan.pdf")
    assert isinstance(found, SourceProblem)
    assert "without text" in found.message
    assert "OCR" in found.hint


def test_a_locked_pdf_is_told_from_a_damaged_one() -> None:
    pdf = FPDF()
    pdf.set_encryption(owner_password="owner", user_password="user")
    locked = read(made(lambda each: each.write(5, "Secret"), pdf), source="a.pdf")
    assert isinstance(locked, SourceProblem)
    assert "password" in locked.message
    damaged = read(b"%PDF-1.7\nnothing of it is left", source="a.pdf")
    assert isinstance(damaged, SourceProblem)
    assert "damaged" in damaged.message


def test_a_pdf_that_only_its_owner_may_change_is_read() -> None:
    pdf = FPDF()
    pdf.set_encryption(owner_password="owner")
    assert read_quickly(made(lambda each: each.write(5, "Open to read"), pdf)).text == "Open to read"
