"""Containers made to break a reader, and those that broke by themselves: one clear problem each, and the run goes on."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile

import pytest
from documents_office import SPACES, docx, epub, odt, paragraph, run, zipped
from documents_pdf import by_hand, made, one_page, stream, written
from growth import grows_no_faster_than_its_size
from hypothesis import given, settings
from hypothesis import strategies as st

from citekeeper.documents import read
from citekeeper.documents.pdf.apart import read_apart
from citekeeper.documents.pdf.printed import Printed, PrintedPage, UriLink, dumped, loaded, read_here
from citekeeper.documents.prose import Prose
from citekeeper.documents.unfit import Unfit
from citekeeper.documents.xmltree import parse, text_of
from citekeeper.documents.zipped import LARGEST_MEMBER, MOST_MEMBERS, MOST_UNPACKED, Zipped, inside
from citekeeper.model import Document, SourceProblem

WORDS = paragraph(run("Words"))
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "haha">'
    + "".join(f'<!ENTITY {chr(98 + each)} "{("&" + chr(97 + each) + ";") * 10}">' for each in range(12))
    + "]>"
)


def problem(data: bytes, source: str = "a.bin") -> SourceProblem:
    found = read(data, source=source)
    assert isinstance(found, SourceProblem), found
    assert found.message
    assert found.hint
    assert "\n" not in found.message + found.hint
    return found


# ── zip ──


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = docx(WORDS, parts={"styles": "<s>" + " " * (LARGEST_MEMBER + 1) + "</s>"})
    assert len(bomb) < 100_000
    assert "unpacks to more than 64 MB" in problem(bomb).message


def test_members_count_together() -> None:
    zip_file = Zipped(zipped({"a": b"\0" * (LARGEST_MEMBER // 2)}))
    for _ in range(MOST_UNPACKED // (LARGEST_MEMBER // 2)):
        assert zip_file.read("a")
    with pytest.raises(Unfit, match="unpacks to more than"):
        zip_file.read("a")
    zip_file.close()


def test_ten_thousand_members_are_no_matter_and_a_million_are_refused_unread() -> None:
    many = {f"word/media/{each}": "" for each in range(10_000)}
    found = read(docx(WORDS, parts={}) and zipped(many | {"a": ""}), source="a.zip")
    assert isinstance(found, SourceProblem)
    entry = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    directory = entry * 1_000_000
    huge = b"PK\3\4" + directory + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, len(directory), 4, 0)
    tracemalloc.start()
    try:
        assert f"more than the {MOST_MEMBERS:,} parts" in problem(huge, "a.docx").message
        # The members are counted, not kept: a million of them would fill half a gigabyte.
        assert tracemalloc.get_traced_memory()[1] < 2 * len(huge)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("data", [docx(WORDS), odt("<text:p>Words</text:p>"), epub({"a.xhtml": "<p>Words"})], ids=["docx", "odt", "epub"])
def test_a_file_cut_off_anywhere_is_a_problem(data: bytes) -> None:
    for part in range(1, 20):
        assert "damaged" in problem(data[: len(data) * part // 20], "a.docx").message


@pytest.mark.parametrize("source", ["a.docx", "a.odt", "a.epub", "a.xlsx", "a.zip", "-"])
def test_a_zip_file_that_is_no_document_is_a_problem(source: str) -> None:
    problem(zipped({"readme.txt": "Words"}), source)
    problem(b"PK\3\4 and nothing of a zip file", source)


def test_a_locked_member_is_told() -> None:
    data = bytearray(docx(WORDS))
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = -1
        while (place := data.find(mark, place + 1)) >= 0:
            data[place + at] |= 1
    assert "password" in problem(bytes(data)).message


def test_locked_office_files_are_told() -> None:
    assert "password" in problem(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le")).message
    manifest = {"META-INF/manifest.xml": "<manifest><file-entry><encryption-data/></file-entry></manifest>"}
    assert "password" in problem(odt("<text:p>Words</text:p>", parts=manifest)).message
    rights = '<encryption><EncryptedData><CipherData><CipherReference URI="OEBPS/a.xhtml"/></CipherData></EncryptedData></encryption>'
    assert "password" in problem(epub({"a.xhtml": "<p>Words"}, parts={"META-INF/encryption.xml": rights})).message


@pytest.mark.parametrize(
    ("base", "target", "name"),
    [
        ("OEBPS/content.opf", "text/a%20b.xhtml#x", "OEBPS/text/a b.xhtml"),
        ("OEBPS/content.opf", "../../../etc/passwd", "etc/passwd"),
        ("OEBPS/content.opf", "/etc/passwd", "etc/passwd"),
        ("", "word/document.xml", "word/document.xml"),
    ],
)
def test_names_never_lead_out_of_the_container(base: str, target: str, name: str) -> None:
    assert inside(base, target) == name


# ── XML ──


def test_entities_are_not_expanded() -> None:
    for data in (f"{LAUGHS}<x>&m; words</x>", f'{LAUGHS}<x y="&m;">words</x>'):
        root = parse(data.encode())
        assert root is None or len(text_of(root)) < 100
    outside = parse(b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>')
    assert outside is None or not text_of(outside)


def test_a_document_full_of_laughs_is_refused() -> None:
    members = {"[Content_Types].xml": "<T/>", "word/document.xml": f"{LAUGHS}<w:document {SPACES}><w:body>&m;</w:body></w:document>"}
    problem(zipped(members))


@pytest.mark.parametrize(
    "name", ["w:p", "w:tbl", "w:hyperlink", "w:sdt", "w:txbxContent", 'w:fldSimple w:instr="HYPERLINK &quot;http://a.example.org&quot;"']
)
@pytest.mark.parametrize("depth", [200, 240, 100_000])
def test_deep_nesting_ends_in_a_document_or_a_problem(name: str, depth: int) -> None:
    found = read(docx(f"<{name}>" * depth + WORDS + f"</{name.split()[0]}>" * depth), source="a.docx")
    assert isinstance(found, Document | SourceProblem)


def test_tens_of_thousands_of_runs_are_read_in_linear_time() -> None:
    def text_in(data: bytes) -> None:
        found = read(data, source="a.docx")
        assert isinstance(found, Document)
        lengths.append(len(found.text))

    lengths: list[int] = []
    assert grows_no_faster_than_its_size(text_in, lambda number: docx(run("a") * number), 80_000)
    assert lengths[0] == 80_000


# ── PDF ──


def test_a_pdf_that_draws_itself_is_stopped() -> None:
    entries = "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >>"
    form = stream(b"/X Do /X Do", entries)
    data = one_page(b"/X Do", resources="/XObject << /X 5 0 R >>", more=[form])
    with pytest.raises(Unfit, match="more memory"):
        read_apart(data, most_memory=400 * 1024 * 1024)


@pytest.mark.parametrize(
    "pages",
    [
        "<< /Type /Pages /Kids [2 0 R] /Count 9 >>",
        "<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 9 >>",
        "<< /Type /Pages /Kids [] /Count 0 >>",
    ],
)
def test_pages_that_hold_themselves_are_a_problem(pages: str) -> None:
    data = by_hand(["<< /Type /Catalog /Pages 2 0 R >>", pages, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>", stream(b"")])
    with pytest.raises(Unfit):
        Prose().document("a", "pdf", str(read_here(data).pages and "a PDF"))


def test_a_pdf_cut_off_anywhere_is_a_document_or_a_problem() -> None:
    data = written("Words and https://a.example.org/x\n" * 40)
    for part in range(1, 20):
        try:
            read_here(data[: len(data) * part // 20])
        except Unfit as refused:
            assert "damaged" in refused.message  # noqa: PT017  # most of these cuts are read as far as they go


def test_a_pdf_of_more_pages_than_anyone_writes_is_refused() -> None:
    kids = " ".join(["3 0 R"] * 5_001)
    pages = f"<< /Type /Pages /Kids [{kids}] /Count 5001 >>"
    with pytest.raises(Unfit, match="5,001 pages"):
        read_here(by_hand(["<< /Type /Catalog /Pages 2 0 R >>", pages, "<< /Type /Page /Parent 2 0 R >>"]))


def test_a_crowded_page_is_read_in_linear_time() -> None:
    def crowded(number: int) -> bytes:
        shows = b"".join(b"1 0 0 1 %d %d Tm (w%d) Tj " % (each * 7 % 580, each * 13 % 780, each) for each in range(number))
        return one_page(b"BT /F1 9 Tf " + shows + b"ET")

    assert grows_no_faster_than_its_size(read_here, crowded, 6_400)


def test_what_one_process_hands_to_another_comes_back_as_it_was() -> None:
    printed = read_here(made(lambda pdf: pdf.write(5, "Words é", link="https://a.example.org/")))
    assert loaded(dumped(printed)) == printed


@given(st.text(max_size=30), st.text(max_size=30))
def test_titles_and_addresses_survive_the_way_between_processes(title: str, uri: str) -> None:
    printed = Printed(title, [PrintedPage(1, 800.0, [], [UriLink(uri, ((0.0, 1.0, 2.0, 3.5),))])])
    assert loaded(dumped(printed)) == printed


@pytest.mark.parametrize(
    "dump", [b"", b"[]", b"{}", b"[1,2]", b'["",[[1,2,[["ab","",1,2,3,4,false]],[]]]]', b'["",[[1,2,3,4]]]', b"[" * 100_000]
)
def test_what_is_no_dump_is_refused(dump: bytes) -> None:
    with pytest.raises(ValueError):
        loaded(dump)


# ── any bytes ──


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_file_with_some_bytes_changed_is_a_document_or_a_problem(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from([docx(WORDS), odt("<text:p>Words</text:p>"), epub({"a.xhtml": "<p>Words"})])))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    found = read(bytes(whole), source="a.docx")
    assert isinstance(found, Document | SourceProblem)


def test_a_stored_member_that_lies_about_its_size_is_a_problem() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("[Content_Types].xml", "<T/>")
        file.writestr("word/document.xml", "<d/>")
    data = out.getvalue().replace(struct.pack("<I", 4), struct.pack("<I", 4_000_000_000))
    problem(data, "a.docx")
