"""Word and OpenDocument texts, and EPUB books: what is printed in them, and where it is written."""

from __future__ import annotations

import pytest
from documents_office import SPACES, docx, epub, odt, paragraph, run

from citekeeper import references
from citekeeper.documents import read
from citekeeper.model import Document, Reference

FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> HYPERLINK "https://field.exam</w:instrText></w:r>'
    '<w:r><w:instrText>ple.org/x" \\l "part" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
)
END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def document(data: bytes, source: str = "a.bin") -> Document:
    found = read(data, source=source)
    assert isinstance(found, Document), found
    return found


def cited(found: Document) -> list[Reference]:
    every = list(references.extract(found))
    assert all(each.raw == found.text[each.location.offset : each.location.offset + each.location.length] for each in every)
    return every


def urls(found: Document) -> list[str | None]:
    return [each.address.url for each in cited(found)]


# ── Word ──


def test_a_word_hyperlink_keeps_its_words_its_part_and_its_relation() -> None:
    body = paragraph(run("See ") + f'<w:hyperlink r:id="rId7" w:anchor="s2">{run("the ")}{run("report")}</w:hyperlink>' + run("."))
    (one,) = cited(document(docx(body, {"rId7": "https://linked.example.org/r?a=1&amp;b=2"})))
    assert (one.raw, one.href) == ("the report", "https://linked.example.org/r?a=1&b=2#s2")
    assert one.location.part == "word/document.xml#rId7"


def test_an_address_split_over_runs_is_one() -> None:
    assert urls(document(docx(paragraph(run("Read https://split.exam") + run("ple.org/") + run("a dot html now"))))) == [
        "https://split.example.org/a.html"
    ]


@pytest.mark.parametrize("end", [END, ""])
def test_a_field_is_a_link_and_ends_with_its_paragraph_at_the_latest(end: str) -> None:
    found = document(docx(paragraph(FIELD + run("its words") + end) + paragraph(run("Words behind it"))))
    assert [(link.href, found.reading[link.anchor.start : link.anchor.end]) for link in found.links] == [
        ("https://field.example.org/x#part", "its words")
    ]


def test_a_simple_field_is_a_link() -> None:
    body = paragraph(f'<w:fldSimple w:instr=" HYPERLINK &quot;https://simple.example.org/&quot; ">{run("words")}</w:fldSimple>')
    assert urls(document(docx(body))) == ["https://simple.example.org/"]


def test_the_instruction_of_a_field_is_not_printed() -> None:
    body = paragraph('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + run("PAGE") + END + run("Words"))
    assert document(docx(body)).text == "Words"


def test_footnotes_and_endnotes_are_numbered_as_word_prints_them() -> None:
    body = paragraph(
        run("One")
        + '<w:r><w:footnoteReference w:id="5"/></w:r>'
        + run(" two https://body.example.org/b")
        + '<w:r><w:footnoteReference w:id="3"/></w:r>'
        + run(" three")
        + '<w:r><w:endnoteReference w:id="9"/></w:r>'
    )
    footnotes = "".join(
        f'<w:footnote w:id="{number}">{paragraph("<w:r><w:footnoteRef/></w:r>" + run(f" Ana Writer, https://note.example.org/{number}"))}</w:footnote>'
        for number in (3, 4, 5)
    )
    endnotes = f'<w:endnote w:id="9">{paragraph(run("https://end.example.org/9"))}</w:endnote>'
    parts = {"footnotes": f"<w:footnotes {SPACES}>{footnotes}</w:footnotes>", "endnotes": f"<w:endnotes {SPACES}>{endnotes}</w:endnotes>"}
    found = document(docx(body, parts=parts))
    every = cited(found)
    assert [(each.marker, each.address.url) for each in every] == [
        (None, "https://body.example.org/b"),
        ("1", "https://note.example.org/5"),
        ("2", "https://note.example.org/3"),
        ("i", "https://end.example.org/9"),
    ]
    assert every[1].location.part == "word/footnotes.xml"
    assert found.text[every[1].cited_at[0].offset :].startswith("[1] two")


def test_the_numbers_of_lists_are_printed() -> None:
    numbering = (
        f'<w:numbering {SPACES}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="4"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="[%1]"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1%2)"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    levels = (0, 1, 1, 0)
    body = "".join(paragraph(run("Item"), f'<w:numPr><w:ilvl w:val="{each}"/><w:numId w:val="2"/></w:numPr>') for each in levels)
    assert document(docx(body, parts={"numbering": numbering})).text.split("\n\n") == ["[4] Item", "4a) Item", "4b) Item", "[5] Item"]


def test_what_word_does_not_print_is_not_read() -> None:
    body = paragraph(
        run("Shown")
        + f"<w:del>{run('https://gone.example.org/')}</w:del>"
        + run("https://hidden.example.org/", "<w:vanish/>")
        + f"<w:ins>{run(' and added')}</w:ins>"
    )
    assert document(docx(body)).text == "Shown and added"


def test_a_raised_number_is_no_part_of_the_address_before_it() -> None:
    assert urls(document(docx(paragraph(run("https://a.example.org/x") + run("12", '<w:vertAlign w:val="superscript"/>'))))) == [
        "https://a.example.org/x"
    ]


def test_cells_and_rows_of_a_table_stand_apart() -> None:
    row = "<w:tr>" + "".join(f"<w:tc>{paragraph(run(f'https://cell.example.org/{each}/'))}</w:tc>" for each in "ab") + "</w:tr>"
    found = document(docx(f"<w:tbl>{row}{row}</w:tbl>"))
    assert found.text == "\n\n".join(["https://cell.example.org/a/\thttps://cell.example.org/b/"] * 2)


def test_the_link_of_a_picture_is_shown_as_its_address() -> None:
    picture = '<w:r><w:drawing><docPr><a:hlinkClick r:id="rId8"/></docPr></w:drawing></w:r>'
    found = document(docx(paragraph(run("A picture:") + picture), {"rId8": "https://picture.example.org/p"}))
    assert urls(found) == ["https://picture.example.org/p"]
    assert cited(found)[0].location.part == "word/document.xml#rId8"


def test_a_text_box_is_read_once() -> None:
    box = "<w:txbxContent>" + paragraph(run("In the box")) + "</w:txbxContent>"
    body = paragraph(
        run("Around")
        + f'<w:r><mc:AlternateContent xmlns:mc="x"><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>'
    )
    assert document(docx(body)).text == "Around\n\nIn the box"


# ── OpenDocument ──

ODT_BODY = """<text:tracked-changes><text:p>https://gone.example.org/</text:p></text:tracked-changes>
<text:h>A heading with many words</text:h>
<text:p>Words   with
 <text:a xlink:href="https://linked.example.org/x">the <text:span>link</text:span></text:a> and https://a.example.org/b<text:note>
<text:note-citation>1</text:note-citation><text:note-body>
<text:p>By Ana, https://foot.example dot org/n</text:p></text:note-body></text:note>
 end<text:s text:c="2"/>x<text:span text:style-name="T1">2</text:span></text:p>
<text:list text:style-name="L1"><text:list-item><text:p>Item</text:p></text:list-item>
<text:list-item><text:p>Item</text:p></text:list-item></text:list>
"""
ODT_STYLES = """<style:style style:name="T1"><style:text-properties style:text-position="super 58%"/></style:style>
<text:list-style style:name="L1"><text:list-level-style-number text:level="1"
 style:num-prefix="[" style:num-suffix="]" style:num-format="1"/>
</text:list-style>"""


def test_an_opendocument_text_is_read_as_it_is_printed() -> None:
    found = document(odt(ODT_BODY, ODT_STYLES))
    assert found.text.split("\n\n") == [
        "A heading with many words",
        "Words with the link and https://a.example.org/b [1] end  x²",
        "[1] Item",
        "[2] Item",
        "[1] By Ana, https://foot.example dot org/n",
    ]
    assert [(each.marker, each.address.url) for each in cited(found)] == [
        (None, "https://linked.example.org/x"),
        (None, "https://a.example.org/b"),
        ("1", "https://foot.example.org/n"),
    ]
    assert cited(found)[0].location.part == "content.xml"


def test_a_title_is_taken_from_the_properties() -> None:
    meta = '<m xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Its title</dc:title></m>'
    assert document(odt("<text:p>Words</text:p>", parts={"meta.xml": meta})).title == "Its title"


# ── EPUB ──


def test_chapters_are_read_in_the_order_of_the_spine_with_places_in_their_files() -> None:
    chapters = {
        "z%20last.xhtml": '<p>First <a href="https://one.example.org/a?b=1&amp;c=2">one</a></p>',
        "a.xhtml": "<p>Second é hxxps://two[.]example[.]org/ </p>",
    }
    found = document(epub(chapters, "<dc:title>The Book</dc:title><dc:date>2019-05-04</dc:date>"))
    assert (found.title, str(found.published)) == ("The Book", "2019-05-04")
    assert found.reading.split() == ["First", "one", "Second", "é", "hxxps://two[.]example[.]org/"]
    one, two = cited(found)
    assert (one.raw, one.location.part) == ("https://one.example.org/a?b=1&amp;c=2", "OEBPS/z last.xhtml")
    assert (two.address.url, two.location.part) == ("https://two.example.org/", "OEBPS/a.xhtml")


def test_a_chapter_outside_of_the_book_is_not_looked_for() -> None:
    found = document(epub({"a.xhtml": "<p>Words</p>", "../../../etc/passwd": "<p>Nothing</p>"}))
    assert found.reading.strip() == "Words"


# ── what a file is ──


@pytest.mark.parametrize(
    ("data", "format_name"),
    [(docx(paragraph(run("Words"))), "docx"), (odt("<text:p>Words</text:p>"), "odt"), (epub({"a.xhtml": "<p>Words"}), "epub")],
)
@pytest.mark.parametrize("source", ["a.pdf", "a.txt", "a.html", "-", "https://h.example/download"])
def test_a_file_is_known_by_what_is_in_it_whatever_its_name(data: bytes, format_name: str, source: str) -> None:
    assert document(data, source).format == format_name
