"""BibTeX, RIS, CSL-JSON and citation templates: works with their fields, each address once."""

from __future__ import annotations

from datetime import date

import pytest

from citekeeper import references
from citekeeper.documents import bibtex, csl_json, ris, wikitext, works
from citekeeper.documents.dates import start_of
from citekeeper.model import Citation, Document

ANA = r"""
@string{jex = "Journal of Examples"}
@article{ana2020,
  author = {Example, Ana and Bo Sample and {NATO and Friends} and M{\"u}ller, J{\"o}rg and others},
  title = "The {W}alk of caf\'e", journal = jex, year = 2020, month = may,
  doi = {10.1000/182},
  url = {https://h.example/a\_b?x=1\&y=%20},
  urldate = {2021-05-03}, file = {:home/ana.pdf:PDF},
}
"""


def of(document: Document) -> list[tuple[str, str | None]]:
    """What is cited: as written, and as meant; every place must be exact."""
    found = references.extract(document)
    for one in found:
        assert document.text[one.location.offset : one.location.offset + one.location.length] == one.raw
    return [(one.raw, one.address.url) for one in found]


def bib(text: str) -> Document:
    return bibtex.read(text, source="a.bib")


def citation(document: Document) -> Citation:
    (entry,) = document.entries
    return entry.citation


def test_an_entry_of_bibtex_is_a_work_with_its_fields() -> None:
    document = bib(ANA)
    assert citation(document) == Citation(
        author="Ana Example, Bo Sample, NATO and Friends, Jörg Müller, et al.",
        title="The Walk of café",
        outlet="Journal of Examples",
        published=date(2020, 5, 1),
        accessed=date(2021, 5, 3),
    )
    assert document.entries[0].key == "ana2020"
    assert of(document) == [
        ("10.1000/182", "https://doi.org/10.1000/182"),
        (r"https://h.example/a\_b?x=1\&y=%20", "https://h.example/a_b?x=1&y=%20"),
    ]


def test_an_entry_reads_as_its_values() -> None:
    document = bib("@book{k, title = {A {B}}, year = 2020, url = {https://h.example/}, file={x}}\n")
    assert document.reading == "A B, 2020\n\n"
    (entry,) = document.entries
    (link,) = document.links
    assert entry.at.start <= link.anchor.start < entry.at.end


@pytest.mark.parametrize(
    ("fields", "cited"),
    [
        (r"url={https://h.example/a}", ["https://h.example/a"]),
        (r'url="https://h.example/a"', ["https://h.example/a"]),
        ("url={https://h.example/\n     a}", ["https://h.example/a"]),
        (r"howpublished={\url{https://h.example/a}}", ["https://h.example/a"]),
        (r"note={See \href{https://h.example/a}{words}, and https://h.example/b.}", ["https://h.example/a", "https://h.example/b"]),
        (r"url={https://h.example/a, https://h.example/b}", ["https://h.example/a", "https://h.example/b"]),
        (r"doi={10.1000/1}, url={https://doi.org/10.1000/1}", ["https://doi.org/10.1000/1"]),
        (r"doi={https://doi.org/10.1000/1}", ["https://doi.org/10.1000/1"]),
        (r"eprint={2101.00001}, archiveprefix={arXiv}", ["https://arxiv.org/abs/2101.00001"]),
        (r"biburl={https://h.example/rec.bib}, file={https://h.example/f}", []),
        (r"url={https://h.example/a}, archiveurl={https://w.example/https://h.example/a}", ["https://h.example/a"]),
    ],
)
def test_each_address_of_an_entry_is_cited_once(fields: str, cited: list[str]) -> None:
    assert [url for _, url in of(bib(f"@misc{{k, title={{T}}, {fields}}}\n"))] == cited


def test_a_cut_address_in_a_field_stays_cut() -> None:
    (one,) = references.extract(bib("@misc{k, title={T}, url={https://h.example/lo...}}"))
    assert one.address.truncated
    assert one.address.url == "https://h.example/lo"


def test_an_entry_that_breaks_off_does_not_take_the_next_one_with_it() -> None:
    document = bib("@book{a, title = {No end, url = {https://h.example/a},\n@book{b, title={B}, url={https://h.example/b}}\n")
    assert [entry.key for entry in document.entries] == ["b"]
    assert [url for _, url in of(document)] == ["https://h.example/a", "https://h.example/b"]


def test_comments_of_a_bibliography_are_not_read() -> None:
    assert of(bib("@comment{x @misc{k, url={https://h.example/}}}\n@book(p, title={T}, year={2020})")) == []


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ("year=2020, month=may, day=3", date(2020, 5, 3)),
        ("year={2020}, month={05}", date(2020, 5, 1)),
        ('year=2020, month=may # "~3"', date(2020, 5, 3)),
        ("date={2020-05-03/2020-06-01}", date(2020, 5, 3)),
        ("year={in press}", None),
    ],
)
def test_years_months_and_days_of_an_entry_make_a_date(fields: str, day: date | None) -> None:
    assert citation(bib(f"@misc{{k, title={{T}}, {fields}}}")).published == day


def test_a_note_tells_when_the_page_was_visited() -> None:
    assert citation(bib("@misc{k, title={T}, note={Accessed: 3 May 2021}}")).accessed == date(2021, 5, 3)


RIS = """TY  - JOUR
ID  - ana
AU  - Example, Ana
A1  - Other, One
AU  - Sample, Bo
TI  - The walk
  goes on
JO  - Journal of Examples
PY  - 2020/05//
DO  - 10.1000/182
UR  - https://h.example/a;b
L1  - https://h.example/a;b
Y2  - 2021/05/04/10:00
N1  - See https://h.example/n.
ER  -

TY  - ELEC
UR  - https://h.example/x; https://h.example/y
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_record_of_ris_is_a_work(line_end: str) -> None:
    document = ris.read(RIS.replace("\n", line_end), source="a.ris")
    first, second = document.entries
    assert first.key == "ana"
    assert first.citation == Citation(
        author="Ana Example, Bo Sample",
        title="The walk goes on",
        outlet="Journal of Examples",
        published=date(2020, 5, 1),
        accessed=date(2021, 5, 4),
    )
    assert second.citation == Citation()
    assert [url for _, url in of(document)] == [
        "https://doi.org/10.1000/182",
        "https://h.example/a;b",
        "https://h.example/n",
        "https://h.example/x",
        "https://h.example/y",
    ]


CSL = r"""[{"id": "ana", "type": "webpage", "title": "The \u201cwalk\u201d \ud83d\ude00", "URL": "https:\/\/h.example\/a?x=1\u0026y=2",
 "author": [{"family": "Example", "given": "Ana"}, {"literal": "NATO"}, {"family": "Sample"}],
 "issued": {"date-parts": [[2020, 5, 3], [2020, 6, 1]]}, "accessed": {"date-parts": [["2021", 5]]},
 "container-title": "The Outlet", "DOI": "10.1000/182", "abstract": "See https://h.example/b."}]"""


def test_an_item_of_csl_json_is_a_work() -> None:
    document = csl_json.read(CSL, source="a.csl.json")
    assert document.entries[0].key == "ana"
    assert citation(document) == Citation(
        author="Ana Example, NATO, Sample",
        title="The “walk” \U0001f600",
        outlet="The Outlet",
        published=date(2020, 5, 3),
        accessed=date(2021, 5, 1),
    )
    assert of(document) == [
        (r"https:\/\/h.example\/a?x=1\u0026y=2", "https://h.example/a?x=1&y=2"),
        ("10.1000/182", "https://doi.org/10.1000/182"),
        ("https://h.example/b", "https://h.example/b"),
    ]


@pytest.mark.parametrize("end", range(5, 100, 9))
def test_a_list_of_items_that_breaks_off_is_read_as_far_as_it_goes(end: int) -> None:
    whole = '[{"id": 1, "type": "book", "title": "T", "URL": "https://h.example/a"}, {"id": 2, "type": "book", "title": "U"}]'
    document = csl_json.read(whole[:end], source="a")
    assert document.text == whole[:end]
    assert end < 72 or document.entries[0].citation.title == "T"


def test_items_below_other_keys_are_found_and_what_an_item_holds_stays_in_it() -> None:
    document = csl_json.read('{"items": [{"type": "book", "title": "T", "reference": [{"DOI": "10.1000/1", "author": "A"}]}]}', source="a")
    assert [entry.citation.title for entry in document.entries] == ["T"]
    assert [url for _, url in of(document)] == ["https://doi.org/10.1000/1"]


def test_a_citation_template_is_a_work_and_its_archived_copy_no_reference_of_its_own() -> None:
    document = wikitext.read(
        "A<ref>{{cite web |url=https://h.example/a |title=Page ''one'' |last1=Example |first1=Ana |author2=Bo Sample |work=[[The Outlet]]"
        " |date=3 May 2020 |access-date=2021-05-04 |archive-url=https://w.example/2020/https://h.example/a |archive-date=1 June 2020"
        " |url-status=dead |doi=10.1000/182}}</ref>",
        source="a.wiki",
    )
    assert citation(document) == Citation(
        author="Ana Example, Bo Sample",
        title="Page one",
        outlet="The Outlet",
        published=date(2020, 5, 3),
        accessed=date(2021, 5, 4),
        archived_url="https://w.example/2020/https://h.example/a",
        archived_on=date(2020, 6, 1),
        url_status="dead",
    )
    assert [url for _, url in of(document)] == ["https://h.example/a", "https://doi.org/10.1000/182"]
    assert {one.marker for one in references.extract(document)} == {"1"}


@pytest.mark.parametrize(
    "template",
    [
        "{{Internetquelle |url=https://h.example/a |titel=T |autor=Ana |werk=W |datum=2020-05-03 |abruf=2021-05-04}}",
        "{{Lien web|url=https://h.example/a|titre=T|auteur=Ana|site=W|date=3 mai 2020|consulté le=4 mai 2021}}",
        "{{cita web|url=https://h.example/a|título=T|autor=Ana|obra=W|fecha=3 de mayo de 2020|fechaacceso=4 de mayo de 2021}}",
        "{{Cytuj |url=https://h.example/a |tytuł=T |autor=Ana |opublikowany=W |data=2020-05-03 |data dostępu=2021-05-04}}",
    ],
)
def test_citation_templates_of_other_languages_are_understood(template: str) -> None:
    document = wikitext.read(template, source="a.wiki")
    assert citation(document) == Citation("Ana", "T", "W", date(2020, 5, 3), date(2021, 5, 4))
    assert [url for _, url in of(document)] == ["https://h.example/a"]


def test_a_template_without_address_is_cited_by_its_archived_copy() -> None:
    document = wikitext.read("{{cite web |url= |title=T |archive-url=https://w.example/x}}", source="a")
    assert [url for _, url in of(document)] == ["https://w.example/x"]


def test_other_templates_are_read_as_written() -> None:
    document = wikitext.read("{{Infobox |website={{URL|https://h.example/a}} |x=[https://h.example/b B]}} {{doi|10.1000/5}}", source="a")
    assert document.entries == ()
    assert [url for _, url in of(document)] == ["https://h.example/a", "https://h.example/b", "https://doi.org/10.1000/5"]


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2020", date(2020, 1, 1)),
        ("2020-05", date(2020, 5, 1)),
        ("2020-21", date(2020, 1, 1)),
        ("May 2020", date(2020, 5, 1)),
        ("c. 2020", date(2020, 1, 1)),
        ("3 May 2020", date(2020, 5, 3)),
        ("2020/05/03/", date(2020, 5, 3)),
        ("04/05/2021", None),
        ("in press", None),
        ("12345", None),
        ("", None),
    ],
)
def test_dates_without_a_day_begin_their_month_or_year(value: str, day: date | None) -> None:
    assert start_of(value) == day


@pytest.mark.parametrize(
    ("kind", "value", "address"),
    [
        ("doi", "doi:10.1000/a<b>(1).", "https://doi.org/10.1000/a%3Cb%3E(1)"),
        ("doi", "none", None),
        ("arxiv", "arXiv:hep-th/9901001v2", "https://arxiv.org/abs/hep-th/9901001v2"),
        ("hdl", "2027/x.1", "https://hdl.handle.net/2027/x.1"),
        ("pmid", "12345", "https://pubmed.ncbi.nlm.nih.gov/12345/"),
        ("pmc", "PMC12345", "https://pmc.ncbi.nlm.nih.gov/articles/PMC12345"),
    ],
)
def test_identifiers_have_addresses(kind: str, value: str, address: str | None) -> None:
    assert works.resolver_address(kind, value) == address
