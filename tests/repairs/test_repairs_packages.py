"""Word, OpenDocument and EPUB files: tracked insertions, nothing else changed by a byte, never twice."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

sys.path.insert(0, str(Path(__file__).parent.parent / "documents"))

from documents_office import SPACES, docx, epub, odt, paragraph, run, zipped

from citekeeper import documents, references
from citekeeper.model import Confidence, Document, Evidence, Finding, Level, Memento, Resolution, State, Verdict
from citekeeper.repairs import Packed, packed, plan, with_copies
from citekeeper.repairs.zips import NotReplaced, replaced

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
URL = "http://gone.example/a"
COPY = "https://web.archive.org/web/20201110120000/"
SAID = f" (archived 2020-11-10: {COPY}{URL})"


def read(data: bytes, name: str) -> Document:
    document = documents.read(data, source=name)
    assert isinstance(document, Document)
    return document


def repaired(data: bytes, name: str) -> Packed:
    """The file, of which every page is gone, as far as its own words do not name a copy."""
    document = read(data, name)
    findings = []
    for each in with_copies(document, references.extract(document)):
        url = each.address.url or ""
        memento = Memento(f"{COPY}{url}", datetime(2020, 11, 10, 12, tzinfo=UTC), "wayback", url)
        verdict = Verdict(State.GONE, Confidence.HIGH, True, Level.ERROR, (Evidence("status-gone"),), "")
        findings.append(Finding(each, Resolution(url, "as-written", 1.0), verdict, memento=memento))
    found = plan(document, findings)
    done = packed(data, document, found.edits, NOW)
    return Packed(done.data, done.edits, (*found.left, *done.left))


def member(data: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(data)).read(name).decode()


def rejected(xml: str) -> str:
    """The words of a Word part as they are once its tracked insertions are rejected."""
    root = etree.fromstring(xml.encode())
    for each in root.findall(".//{*}ins"):
        if each.get(etree.QName(each, "author").text) == "citekeeper":
            parent = each.getparent()
            assert parent is not None
            parent.remove(each)
    return "".join("".join(map(str, each.itertext("{*}t"))) for each in root.iter("{*}p"))


# ── Word ──────────────────────────────────────────────────────────────────────────────────────

LINK = paragraph(run("A ") + f'<w:hyperlink r:id="rIdX">{run("link")}{run(" two")}</w:hyperlink>' + run(" end."))
FIELD = paragraph(
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "http://gone.example/a" </w:instrText></w:r>'
    f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("A field")}<w:r><w:fldChar w:fldCharType="end"/></w:r>{run(" end.")}'
)
NOTES = f'<w:footnotes {SPACES}><w:footnote w:id="2">{paragraph(run(f"A. Writer, {URL}. ") + run("More"))}</w:footnote></w:footnotes>'


@pytest.mark.parametrize(
    ("body", "after"),
    [
        (paragraph(run(f"See {URL}, there.")), f"See {URL}{SAID}, there."),
        (paragraph(run(f"See {URL}") + run(" there.")), f"See {URL}{SAID} there."),
        (paragraph(run("See http://gone.exa") + run("mple/a")), f"See {URL}{SAID}"),
        (LINK, f"A link two{SAID} end."),
        (FIELD, f"A field{SAID} end."),
        (paragraph(f'<w:ins w:id="7" w:author="B">{run(f"See {URL}")}</w:ins>' + run(" end.")), f"See {URL}{SAID} end."),
        (paragraph(f"<w:r><w:t>See {URL}</w:t><w:tab/><w:t>end.</w:t></w:r>"), f"See {URL}{SAID}\tend."),
    ],
)
def test_a_word_file_gets_tracked_insertions_behind_the_whole_link(body: str, after: str) -> None:
    before = docx(body, {"rIdX": URL})
    done = repaired(before, "a.docx")
    assert read(done.data, "a.docx").text == after
    assert done.left == ()
    again = repaired(done.data, "a.docx")
    assert (again.data, again.edits) == (done.data, ())
    written = member(done.data, "word/document.xml")
    assert '<w:ins w:id="8"' in written or '<w:ins w:id="1"' in written
    assert 'w:author="citekeeper" w:date="2026-11-28T12:00:00Z">' in written
    assert rejected(written) == rejected(member(before, "word/document.xml"))


def test_notes_of_a_word_file_are_written_in_their_own_member_and_all_others_stay_as_they_are() -> None:
    body = paragraph(run("A claim.") + '<w:r><w:footnoteReference w:id="2"/></w:r>')
    before = docx(body, {}, {"footnotes": NOTES})
    done = repaired(before, "a.docx")
    assert f"[1] A. Writer, {URL}{SAID}. More" in read(done.data, "a.docx").text
    one, other = (zipfile.ZipFile(io.BytesIO(data)) for data in (before, done.data))
    assert other.testzip() is None
    assert [each.filename for each in one.infolist() if one.read(each) != other.read(each.filename)] == ["word/footnotes.xml"]
    for mine, theirs in zip(one.infolist(), other.infolist(), strict=True):
        assert (mine.filename, mine.date_time, mine.extra, mine.compress_type) == (
            theirs.filename,
            theirs.date_time,
            theirs.extra,
            theirs.compress_type,
        )


def test_what_stands_outside_of_the_insertion_keeps_every_byte_of_its_xml() -> None:
    body = f"<w:p ><w:r  ><w:t xml:space='preserve'>See  {URL}</w:t ></w:r><!-- <w:r> --><w:r><w:t> &#x26;&amp; x</w:t></w:r></w:p>"
    before = docx(body)
    after = member(repaired(before, "a.docx").data, "word/document.xml")
    assert re.sub(r"<w:ins .*?</w:ins>", "", after) == member(before, "word/document.xml")


def test_the_words_look_like_those_around_and_the_link_like_the_link() -> None:
    blue = '<w:rStyle w:val="Hyperlink"/>'
    italic = "<w:i/>"
    body = paragraph(run("A ", italic) + f'<w:hyperlink r:id="rIdX">{run("link", blue)}</w:hyperlink>')
    after = member(repaired(docx(body, {"rIdX": URL}), "a.docx").data, "word/document.xml")
    assert '<w:r><w:rPr><w:i/></w:rPr><w:t xml:space="preserve"> (archived' in after
    assert f'<w:r><w:rPr>{blue}</w:rPr><w:t xml:space="preserve">{COPY}' in after


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (paragraph(f'<w:ins w:id="7" w:author="B">{run(f"See {URL}, there")}</w:ins>'), "it stands in a tracked change"),
        (
            paragraph(f'<w:sdt><w:sdtPr><w:dataBinding w:xpath="x"/></w:sdtPr><w:sdtContent>{run(URL)}</w:sdtContent></w:sdt>'),
            "it stands in a field that is filled from elsewhere",
        ),
        (paragraph(f"<w:r><w:t><![CDATA[See {URL}]]></w:t></w:r>"), "its place in the file was not found"),
        (
            '<w:p><w:r><w:drawing><wp:docPr xmlns:wp="w" id="1" name="p"><a:hlinkClick r:id="rIdX"/></wp:docPr></w:drawing></w:r></w:p>',
            "its place in the file was not found",
        ),
    ],
)
def test_a_place_of_a_word_file_that_can_hold_no_insertion_is_named(body: str, why: str) -> None:
    before = docx(body, {"rIdX": URL})
    done = repaired(before, "a.docx")
    assert (done.data, done.edits) == (before, ())
    assert [left.why[: len(why)] for left in done.left] == [why]


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"_xmlsignatures/sig1.xml": "<x/>"}, "the file is signed, and a change would break the signature"),
        ({"word/document.xml": "\ufeff<!DOCTYPE x [<!ENTITY e 'x'>]>"}, "its XML is written in an uncommon way"),
    ],
)
def test_a_file_that_must_not_be_changed_is_left_alone(parts: dict[str, str], why: str) -> None:
    with zipfile.ZipFile(io.BytesIO(docx(paragraph(run(URL))))) as file:
        members = {name: file.read(name).decode() for name in file.namelist()}
    for name, text in parts.items():
        members[name] = text + members.get(name, "")
    before = zipped(members)
    done = repaired(before, "a.docx")
    assert done.data == before
    assert [left.why for left in done.left] == [why]


# ── OpenDocument ──────────────────────────────────────────────────────────────────────────────

LISTED = '<text:tracked-changes text:track-changes="false">'
NOTE = (
    '<text:note text:id="f1" text:note-class="footnote"><text:note-citation>1</text:note-citation>'
    f"<text:note-body><text:p>A. Writer,\n  {URL}. More</text:p></text:note-body></text:note>"
)


@pytest.mark.parametrize(
    ("body", "after"),
    [
        (f"<text:p>See {URL}, there.</text:p>", f"See {URL}{SAID}, there."),
        (f'<text:p>A <text:a xlink:href="{URL}">link <text:span>two</text:span></text:a> end.</text:p>', f"A link two{SAID} end."),
        (f"<text:p>A<text:span>b</text:span> {URL} there.</text:p>", f"Ab {URL}{SAID} there."),
        (f"<text:p>A claim.{NOTE}</text:p>", f"A claim.[1]\n\n[1] A. Writer, {URL}{SAID}. More"),
        (f"<text:tracked-changes/><text:p>{URL}</text:p>", f"{URL}{SAID}"),
        (f"<office:forms/><text:p>{URL}</text:p>", f"{URL}{SAID}"),
        (f'<text:tracked-changes><text:changed-region text:id="ck1"/></text:tracked-changes><text:p>{URL}</text:p>', f"{URL}{SAID}"),
    ],
)
def test_an_opendocument_text_gets_tracked_insertions(body: str, after: str) -> None:
    before = odt(body)
    done = repaired(before, "a.odt")
    assert read(done.data, "a.odt").text == after
    again = repaired(done.data, "a.odt")
    assert (again.data, again.edits) == (done.data, ())
    root = etree.fromstring(member(done.data, "content.xml").encode())
    [change] = [each for each in root.iter("{*}changed-region") if len(each)]
    [text] = root.iter("{*}text")
    assert [etree.QName(each).localname for each in text if not each.tag.endswith("forms")][:2] == ["tracked-changes", "p"]
    named = {value for each in root.iter("{*}change-start", "{*}change-end") for value in each.attrib.values()}
    assert named == {change.get("{http://www.w3.org/XML/1998/namespace}id")}
    assert len(named & {"ck1"}) == ("ck1" not in body)


# ── EPUB ──────────────────────────────────────────────────────────────────────────────────────


def test_a_book_gets_links_that_its_readers_see_in_the_chapters_own_encoding() -> None:
    head = '<?xml version="1.0" encoding="utf-8"?>\r\n<html xmlns="http://www.w3.org/1999/xhtml"><body>'
    one, two = f'{head}<p>A <a class="x" href="{URL}"><i>link</i></a>.</p></body></html>', f"{head}<p>é {URL} there</p></body></html>"
    done = repaired(epub({"one.xhtml": one, "two.xhtml": two}), "a.epub")
    beside = f' (<a href="{COPY}{URL}">archived 2020-11-10</a>)'
    assert member(done.data, "OEBPS/one.xhtml") == one.replace("</a>.", f"</a>{beside}.")
    assert member(done.data, "OEBPS/two.xhtml") == two.replace(URL, URL + beside)
    again = repaired(done.data, "a.epub")
    assert (again.data, again.edits) == (done.data, ())


# ── zip files ─────────────────────────────────────────────────────────────────────────────────


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.binary(max_size=80), st.booleans(), st.booleans()), min_size=1, max_size=5),
    st.sets(st.integers(0, 4)),
    st.binary(max_size=200),
    st.binary(max_size=20).filter(lambda comment: b"PK" not in comment),
)
def test_members_are_replaced_and_nothing_else_is(
    told: list[tuple[bytes, bool, bool]], chosen: set[int], new: bytes, comment: bytes
) -> None:
    before = io.BytesIO()
    with zipfile.ZipFile(before, "w") as file:
        file.comment = comment
        for index, (content, is_packed, is_described) in enumerate(told):
            info = zipfile.ZipInfo(f"m{index}", (1999, 1, 2, 3, 4, 6))
            info.compress_type = zipfile.ZIP_DEFLATED if is_packed else zipfile.ZIP_STORED
            info.extra = b"\xfe\xca\x02\x00ab" if is_described else b""
            info.comment = b"c" * index
            with file.open(info, "w") as out:
                out.write(content)
    data = before.getvalue()
    contents = {f"m{index}": new for index in chosen if index < len(told)}
    after = replaced(data, contents)
    if not contents:
        assert after == data
    with zipfile.ZipFile(io.BytesIO(data)) as one, zipfile.ZipFile(io.BytesIO(after)) as other:
        assert other.testzip() is None
        assert other.comment == comment
        for index, (mine, theirs) in enumerate(zip(one.infolist(), other.infolist(), strict=True)):
            assert other.read(theirs) == contents.get(f"m{index}", told[index][0])
            assert (mine.extra, mine.comment, mine.date_time, mine.external_attr) == (
                theirs.extra,
                theirs.comment,
                theirs.date_time,
                theirs.external_attr,
            )


def test_a_stream_written_zip_whose_sizes_stand_behind_is_replaced_too() -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.data += bytes(data)  # type: ignore[call-overload]
            return len(bytes(data))  # type: ignore[call-overload]

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as file:
        for name in ("a", "b", "c"):
            file.writestr(name, name * 100)
    after = replaced(bytes(pipe.data), {"b": b"new"})
    with zipfile.ZipFile(io.BytesIO(after)) as file:
        assert file.testzip() is None
        assert [file.read(name) for name in ("a", "b", "c")] == [b"a" * 100, b"new", b"c" * 100]


def test_a_member_that_is_there_twice_or_not_at_all_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("a", "1")
        with pytest.warns(UserWarning, match="Duplicate"):
            file.writestr("a", "2")
    for name, why in (("a", "two parts"), ("b", "no parts")):
        with pytest.raises(NotReplaced, match=why):
            replaced(out.getvalue(), {name: b""})


# ── properties ────────────────────────────────────────────────────────────────────────────────

PIECES = st.sampled_from(
    [
        *(run(f"See {URL}, "), run("http://gone.example/b?c=1&amp;d=2"), run("."), run(" "), run("hxxp://gone[.]example/e ")),
        *(run("https://gone.exa"), run("mple/f/"), run("x"), "<w:r><w:tab/></w:r>", "<w:r><w:br/></w:r>", run("²", "<w:vertAlign/>")),
        f'<w:hyperlink r:id="rIdX">{run("a link")}</w:hyperlink>',
        f'<w:hyperlink r:id="rIdX">{run(URL)}{run("2")}</w:hyperlink>',
        *('<w:r><w:fldChar w:fldCharType="begin"/></w:r>', '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'),
        *('<w:r><w:fldChar w:fldCharType="end"/></w:r>', '<w:r><w:instrText> HYPERLINK "http://gone.example/g" </w:instrText></w:r>'),
        f'<w:ins w:id="3" w:author="B">{run(" http://gone.example/h ")}</w:ins>',
        f'<w:del w:id="4" w:author="B"><w:r><w:delText>{URL}</w:delText></w:r></w:del>',
        *(f"<w:smartTag>{run(URL)}</w:smartTag>", f"<w:r><w:t>{URL}</w:t><w:t> and </w:t></w:r>", '<w:bookmarkStart w:id="9"/>'),
        *("</w:p><w:p>", '<w:r><w:footnoteReference w:id="2"/></w:r>', f"<w:r><w:t>\n{URL}&#8230;</w:t></w:r>"),
    ]
)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.lists(PIECES, max_size=10).map("".join))
def test_insertions_only_add_are_all_rejectable_and_come_once(content: str) -> None:
    before = docx(f"{paragraph(run('A text.'))}<w:p>{content}</w:p>", {"rIdX": "http://gone.example/x"}, {"footnotes": NOTES})
    done = repaired(before, "a.docx")
    again = repaired(done.data, "a.docx")
    assert (again.data, again.edits) == (done.data, ())
    for name in ("word/document.xml", "word/footnotes.xml"):
        assert rejected(member(done.data, name)) == rejected(member(before, name))
        identities = re.findall(r'<w:ins w:id="(\d+)" w:author="citekeeper"', member(done.data, name))
        assert len(set(identities)) == len(identities)
    original, extracted = references.extract(read(before, "a.docx")), references.extract(read(done.data, "a.docx"))
    assert {each.address.url for each in original} <= {each.address.url for each in extracted if not each.archived}
    assert sum(each.archived for each in extracted) == len(done.edits)
