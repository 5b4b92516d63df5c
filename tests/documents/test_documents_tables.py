"""Tables and data: CSV, Excel and JSON; the columns of addresses are found by looking."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from documents_office import RELATIONS, relations, zipped
from growth import grows_no_faster_than_its_text
from hypothesis import given, settings
from hypothesis import strategies as st

from citekeeper import references
from citekeeper.documents import delimited, json_values, read
from citekeeper.documents.columns import address_in, columns_of, meaning_of
from citekeeper.model import Document, Reference, SourceProblem


def document(data: str | bytes, source: str) -> Document:
    found = read(data if isinstance(data, bytes) else data.encode(), source=source)
    assert isinstance(found, Document), found
    return found


def cited(found: Document) -> list[Reference]:
    every = list(references.extract(found))
    assert all(each.raw == found.text[each.location.offset : each.location.offset + each.location.length] for each in every)
    return every


def urls(found: Document) -> list[str | None]:
    return [each.address.url for each in cited(found)]


# ── columns ──


@pytest.mark.parametrize(
    ("rows", "addresses"),
    [
        ([["https://a.example.org/x", "words"], ["https://b.example.org", "more"]], {0}),
        ([["Name", "Link"], ["One", "example.org"], ["Two", "example.net/x"]], {1}),
        ([["Name", "Homepage"], ["One", "hxxps://a[.]example[.]org"], ["Two", ""]], {1}),
        ([["Name", "File"], ["One", "report.pdf"], ["Two", "table.xlsx"]], set()),
        ([["Notes"], ["See https://a.example.org for it"], ["Nothing"]], set()),
        ([], set()),
    ],
)
def test_columns_of_addresses_are_found_by_looking(rows: list[list[str]], addresses: set[int]) -> None:
    assert columns_of(rows).addresses == addresses


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        (" https://a.example.org/x ", "https://a.example.org/x"),
        ("example.org", "http://example.org"),
        ("https://a.example.org/x https://b.example.org", ""),
        ("12 Main Street", ""),
        ("hxxps://a[.]example[.]org", ""),
        ("", ""),
    ],
)
def test_a_cell_is_an_address_or_is_left_to_be_read(cell: str, address: str) -> None:
    assert address_in(cell) == address


def test_headings_are_compared_without_their_spaces() -> None:
    assert [meaning_of(each) for each in ("Source URL", "archive_url", "Publication-Date", "Notes")] == [
        "address",
        "archived_url",
        "published",
        "",
    ]


# ── CSV ──

TABLE = """Title,URL,Date,Note
"A ""big"" title",https://a.example.org/x?b=1,2020-11-13,"see www.other.example.org/p, too"
Other,example.org,2019,
Third,hxxps://c[.]example[.]org/x,,
"""


def test_a_table_gives_its_addresses_and_the_works_they_belong_to() -> None:
    every = cited(document(TABLE, "links.csv"))
    assert [each.address.url for each in every] == [
        "https://a.example.org/x?b=1",
        "http://www.other.example.org/p",
        "http://example.org",
        "https://c.example.org/x",
    ]
    work = every[0].citation
    assert work is not None
    assert (work.title, str(work.published)) == ('A "big" title', "2020-11-13")
    assert every[2].citation is not None
    assert str(every[2].citation.published) == "2019-01-01"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_delimiter_and_line_end_is_understood(delimiter: str, end: str) -> None:
    rows = [["https://a.example.org/x", "One"], ["https://b.example.org/y", "Two"], ["https://c.example.org/z", "Three"]]
    text = end.join(delimiter.join(row) for row in rows)
    assert urls(document(text, "links.csv")) == [row[0] for row in rows]


def test_an_address_never_goes_on_in_the_next_cell_or_row() -> None:
    assert urls(document("https://a.example.org/x-,y\nhttps://b.example.org/dir/\npage.html,z\n", "a.csv")) == [
        "https://a.example.org/x-",
        "https://b.example.org/dir/",
    ]


def test_a_quote_that_is_never_closed_is_a_character() -> None:
    assert urls(document('"https://a.example.org/x,One\nhttps://b.example.org/y,Two\n', "a.csv")) == [
        "https://a.example.org/x",
        "https://b.example.org/y",
    ]


def test_a_page_sent_as_a_table_is_a_page() -> None:
    assert document("<!doctype html><html><body><p>Not found", "a.csv").format == "html"


@settings(max_examples=50)
@given(st.lists(st.lists(st.text(st.sampled_from('a"\n,;\r\t é'), max_size=8), min_size=1, max_size=4), min_size=1, max_size=5))
def test_cells_that_were_quoted_are_read_back(rows: list[list[str]]) -> None:
    text = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    found = delimited.read("sep=,\n" + text, source="a.csv")
    shown = ["\t".join(row) for row in rows if any(row)]
    assert found.reading == "\n\n".join(shown) or not any(map(str.strip, shown))


@settings(max_examples=50)
@given(st.text(st.sampled_from('ab"\n,;\r\t|.:/ é'), max_size=200))
def test_any_table_keeps_its_places(text: str) -> None:
    found = delimited.read(text, source="a.csv")
    for segment in found.segments:
        shown = found.reading[segment.reading.start : segment.reading.end]
        written = found.text[segment.source.start : segment.source.end]
        assert len(shown) != len(written) or all(one == other or one in "\t\n" for one, other in zip(shown, written, strict=True))


# ── JSON ──

DATA = r"""[{"title": "One \"a\"", "url": "https:\/\/a.example.org\/x", "tags": ["x", "see https://t.example.org/y"], "date": "2020-11-13"},
{"name": "Two", "link": "example.org", "size": 5, "file": "report.pdf", "nested": {"homepage": "https://n.example.org/"}}]"""


def test_json_gives_its_addresses_whatever_their_keys() -> None:
    every = cited(document(DATA, "links.json"))
    assert [each.address.url for each in every] == [
        "https://a.example.org/x",
        "https://t.example.org/y",
        "http://example.org",
        "https://n.example.org/",
    ]
    assert every[0].raw == r"https:\/\/a.example.org\/x"
    assert every[0].citation is not None
    assert every[0].citation.title == 'One "a"'


def test_json_lines_and_unnamed_json_are_known() -> None:
    lines = "\n".join(json.dumps({"url": f"https://a.example.org/{number}"}) for number in range(3))
    assert urls(document(lines, "a.jsonl")) == [f"https://a.example.org/{number}" for number in range(3)]
    assert document(DATA, "-").format == "json"
    assert document("[1] A note, https://a.example.org/", "-").format == "text"
    assert document("Words in a file of another kind", "a.json").format == "text"


def test_json_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    assert urls(document(DATA[:180], "a.json"))[0] == "https://a.example.org/x"


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
)
def test_every_text_of_json_is_read(value: object) -> None:
    def texts(each: object) -> list[str]:
        if isinstance(each, Mapping):
            return [text for inner in each.values() for text in texts(inner)]
        if isinstance(each, list):
            return [text for inner in each for text in texts(inner)]
        return [each] if isinstance(each, str) and each else []

    found = json_values.read(json.dumps(value), source="a.json")
    assert "".join(found.reading.split()) == "".join("".join(texts(value)).split())


# ── Excel ──

_SHEET = f"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{RELATIONS}"><sheetData>
<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>Address</t></is></c></row>
<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2" t="str"><v>https://a.example.org/x</v></c></row>
<row r="3"><c r="A3" t="inlineStr"><is><r><t>Li</t></r><r><t>nked</t></r></is></c><c r="B3" t="str"><v>example.org</v></c>
<c r="D3"><f>HYPERLINK("https://formula.example.org/","words")</f><v>words</v></c></row></sheetData>
<hyperlinks><hyperlink ref="A3" r:id="rId1"/></hyperlinks></worksheet>"""


def workbook(sheet: str = _SHEET, state: str = "visible") -> bytes:
    return zipped({
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml", False)),
        "xl/workbook.xml": f'<workbook xmlns:r="{RELATIONS}"><sheets><sheet name="One" state="{state}" r:id="rId2"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("rId2", "worksheet", "worksheets/sheet1.xml", False), ("rId3", "sharedStrings", "sharedStrings.xml", False)
        ),
        "xl/sharedStrings.xml": "<sst><si><t>Title</t></si><si><t>First</t><rPh><t>reading</t></rPh></si></sst>",
        "xl/worksheets/sheet1.xml": sheet,
        "xl/worksheets/_rels/sheet1.xml.rels": relations(("rId1", "hyperlink", "https://linked.example.org/", True)),
    })  # fmt: skip


def test_a_workbook_gives_its_addresses_with_their_cells() -> None:
    found = document(workbook(), "a.bin")
    assert found.reading == "Title\tAddress\n\nFirst\thttps://a.example.org/x\n\nLinked\texample.org\twords"
    assert [(each.raw, each.address.url, each.location.part) for each in cited(found)] == [
        ("https://a.example.org/x", "https://a.example.org/x", "xl/worksheets/sheet1.xml#B2"),
        ("Linked", "https://linked.example.org/", "xl/worksheets/sheet1.xml#A3"),
        ("example.org", "http://example.org", "xl/worksheets/sheet1.xml#B3"),
        ("words", "https://formula.example.org/", "xl/worksheets/sheet1.xml#D3"),
    ]
    assert cited(found)[0].citation is not None


@pytest.mark.parametrize(("sheet", "state"), [(_SHEET, "hidden"), ("<worksheet/>", "visible"), ("<worksheet><sheetData><row/>", "visible")])
def test_an_empty_hidden_or_damaged_workbook_is_a_problem(sheet: str, state: str) -> None:
    assert isinstance(read(workbook(sheet, state), source="a.xlsx"), SourceProblem)


# ── time ──


@pytest.mark.parametrize(
    "piece",
    ['"', ' "', '"a,', '"",', ",", "\n", '""\n', "a\n", "{", "[", '{"a":', '\\"', '"\\', '"a":"b",', "}", "https://a.example.org/,", "1."],
)
def test_a_repeated_piece_is_read_in_linear_time(piece: str) -> None:
    text = piece * (30_000 // len(piece))
    assert grows_no_faster_than_its_text(lambda part: delimited.read(part, source="a.csv"), text)
    assert grows_no_faster_than_its_text(lambda part: json_values.read(part, source="a.json"), text)
