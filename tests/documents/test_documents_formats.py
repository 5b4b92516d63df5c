"""Choosing the format, decoding, and refusing what is no text."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekeeper.documents import FORMATS, read
from citekeeper.documents.decoding import codec_of
from citekeeper.model import Document, SourceProblem

PAGE = b"<!DOCTYPE html><html><body><p>Words</p></body></html>"


def document(data: bytes, source: str = "a.txt", content_type: str | None = None) -> Document:
    found = read(data, source=source, content_type=content_type)
    assert isinstance(found, Document), found
    return found


def problem(data: bytes, source: str = "a.txt", content_type: str | None = None) -> SourceProblem:
    found = read(data, source=source, content_type=content_type)
    assert isinstance(found, SourceProblem), found
    assert found.message
    assert found.hint
    assert "\n" not in found.message + found.hint
    return found


@pytest.mark.parametrize(
    ("source", "content_type", "data", "format_name"),
    [
        ("a.txt", None, b"Words", "text"),
        ("a.md", None, b"Words", "markdown"),
        ("a.HTM", None, PAGE, "html"),
        ("https://h.example/a?x=b.md", "text/html; charset=utf-8", PAGE, "html"),
        ("https://h.example/a.md?raw=1", "text/plain", b"# Words", "markdown"),
        ("https://h.example/[", None, b"Words", "text"),
        ("-", None, PAGE, "html"),
        ("-", None, b"# Head\n\n[a](https://h.example/)\n", "markdown"),
        ("-", None, b"Words [1] and\n\n[1] https://h.example/\n", "text"),
        ("page.txt", None, PAGE, "html"),
        ("words.html", None, b"No tag at all, 1 < 2.", "text"),
        ("fragment.html", None, b"<p>Words", "html"),
        ("a.xyz", None, b"Words", "text"),
        ("-", "application/octet-stream", PAGE, "html"),
    ],
)
def test_the_format_is_told_by_type_then_name_then_look(source: str, content_type: str | None, data: bytes, format_name: str) -> None:
    assert document(data, source, content_type).format == format_name


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (codecs.BOM_UTF8, "empty"),
        (codecs.BOM_UTF16_LE + "  \n".encode("utf-16-le"), "empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF"),
        (b"junk\n%PDF-1.4\n1 0 obj\n" + b"x" * 3000 + b"%%EOF", "PDF"),
        (b"PK\x03\x04\x14\x00", "zip"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"{\\rtf1\\ansi words}", "RTF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "PNG"),
        (bytes(range(256)) * 20, "binary"),
        (b"\0" * 100, "binary"),
        (b"WARC/1.1\r\nWARC-Type: warcinfo\r\n", "WARC"),
    ],
)
def test_what_is_no_text_is_refused_with_its_name(data: bytes, word: str) -> None:
    assert word in problem(data).message


def test_a_sent_image_or_pdf_is_refused_by_its_type() -> None:
    assert "image/webp" in problem(b"RIFFxxxxWEBP words", "https://h.example/x", "image/webp").message
    assert "PDF" in problem(b"words", "https://h.example/x", "application/pdf").message
    assert document(PAGE, "https://h.example/x", "application/pdf").format == "html"


def test_a_pdf_named_html_is_refused_as_what_it_is() -> None:
    assert "PDF" in problem(b"%PDF-1.7 <p>", "a.html").message


def test_a_stray_nul_does_not_make_a_text_binary() -> None:
    assert "\0" in document(b"words " * 100 + b"\0\0" + b" words" * 100).text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_marks_and_wide_encodings_are_understood(encoding: str) -> None:
    assert document("Words and https://h.example/é\r\n".encode(encoding)).text == "Words and https://h.example/é\r\n"


def test_the_sent_charset_is_used() -> None:
    assert document("Žluť".encode("iso-8859-2"), content_type="text/plain; charset=ISO-8859-2").text == "Žluť"


def test_the_charset_in_the_page_is_used() -> None:
    page = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1251"></head><p>Статья'
    assert document(page.encode("cp1251"), "a.html").reading == "Статья"


def test_the_encoding_of_an_xml_declaration_is_used() -> None:
    page = '<?xml version="1.0" encoding="Shift_JIS"?><html><body><p>記事①'
    assert document(page.encode("cp932"), "a.xhtml").reading == "記事①"


def test_latin_1_means_windows_1252_on_the_web() -> None:
    assert document(b"\x93Words\x94", content_type="text/plain; charset=iso-8859-1").text == "“Words”"


def test_utf8_wins_over_a_wrong_declaration() -> None:
    assert document("“Wörter”".encode(), content_type="text/plain; charset=iso-8859-1").text == "“Wörter”"


def test_utf8_with_a_broken_byte_stays_utf8() -> None:
    text = document("Wörter ".encode() * 20 + b"\xff und mehr".replace(b"\n", b"")).text
    assert text.count("Wörter") == 20
    assert text.count("\ufffd") == 1


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1252", "Après l’accord, la réunion a duré jusqu’à l’aube – c’est écrit."),
        ("cp1252", "A café in an otherwise plain English text."),
        ("cp1252", "¿Qué dijo el niño? Mañana será otro día."),
        ("cp1250", "Příliš žluťoučký kůň úpěl ďábelské ódy, řekl mluvčí."),
        ("iso8859-2", "Według źródeł rozmowy trwały całą noc, a ich wynik był niejasny."),
        ("cp1254", "Görüşmeler sabaha kadar sürdü, çağrı yapıldı."),
        ("cp1257", "Ziņojumā teikts, ka sanāksme ilga līdz rītam."),
        ("mac-roman", "Après l’accord déjà signé à Genève"),
        ("cp1251", "Статья о том, как читают старые тексты."),
        ("cp1251", "ПРИМЕЧАНИЯ И ИСТОЧНИКИ"),
        ("koi8-r", "Статья о том, как читают старые тексты."),
        ("cp866", "Статья о том, как читают старые тексты."),
        ("cp1253", "Η συνάντηση διήρκεσε μέχρι το πρωί."),
        ("cp1255", "לפי הדיווח, הפגישה נמשכה עד הבוקר."),
        ("cp1256", "وفقا للتقرير، استمر الاجتماع حتى الصباح."),
        ("cp874", "ตามรายงาน การประชุมดำเนินไปจนถึงเช้า"),
        ("cp932", "詳細はこちらをご覧ください。東京都の発表による。"),
        ("euc_jp", "詳細はこちらをご覧ください。東京都の発表による。"),
        ("gb18030", "根据报告，会议持续到早上，结果不明。参见第三章与附录。"),
        ("big5", "根據報告，會議持續到早上，結果不明。參見第三章與附錄。"),
        ("cp949", "서울시 발표에 따르면 자세한 내용은 다음과 같다."),
    ],
)
def test_an_undeclared_legacy_encoding_is_recognised(encoding: str, words: str) -> None:
    text = f"{words} See https://h.example/a [1]\n"
    assert document(text.encode(encoding)).text == text


def test_bytes_of_no_language_are_in_no_known_encoding() -> None:
    assert "encoding" in problem(b"words \x81\x8d\xa4\xd7 words \xd7\xf7\x90\x9d" * 20).message


def test_an_unknown_encoding_is_named() -> None:
    found = problem("Zażółć gęślą jaźń".encode("iso-8859-2"), content_type="text/plain; charset=x-klingon")
    assert "x-klingon" in found.message
    assert document(b"plain ascii", content_type="text/plain; charset=x-klingon").text == "plain ascii"


@pytest.mark.parametrize(
    "label",
    [
        "zlib",
        "hex",
        "base64",
        "punycode",
        "idna",
        "unicode_escape",
        "utf-7",
        "undefined",
        "rot13",
        "mbcs",
        "",
        "ü",
        "a\0b",
        "../x",
        "x" * 5000,
    ],
)
def test_labels_that_are_no_text_encoding_are_not_used(label: str) -> None:
    assert codec_of(label) is None


def test_each_format_can_be_told_by_an_ending_and_a_type() -> None:
    endings = [ending for each in FORMATS for ending in each.endings]
    assert len(endings) == len(set(endings))
    assert all(each.endings and each.content_types for each in FORMATS)


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.md", "a.html", "-", "https://h.example/x"]), st.none() | st.text(max_size=40))
def test_any_bytes_give_a_document_or_a_problem(data: bytes, source: str, content_type: str | None) -> None:
    found = read(data, source=source, content_type=content_type)
    assert isinstance(found, SourceProblem) or found.source == source


@given(st.text(max_size=200).filter(lambda text: text.strip().strip("\0") and not text.startswith("\ufeff")))
def test_plain_text_is_read_as_it_stands(text: str) -> None:
    found = read(text.encode("utf-8"), source="a.txt")
    if isinstance(found, Document) and found.format == "text":
        assert found.text == found.reading == text
        assert found.segments == ()
