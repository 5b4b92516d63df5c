"""Author, title, outlet and dates in the forms of many style guides and languages; notes that count on, and what refers back to them."""

from __future__ import annotations

from datetime import date

import pytest
from growth import grows_no_faster_than_its_text

from citekeeper.model import Citation, Document, Reference
from citekeeper.references import extract
from citekeeper.references.citation import citation_of
from citekeeper.references.dates import dates_in
from citekeeper.references.lists import table


def read(text: str) -> tuple[Reference, ...]:
    return extract(Document("-", "text", text, text))


@pytest.mark.parametrize(
    ("style", "before", "author", "title", "outlet"),
    [
        ("Harvard", "Smith, J. (2020) 'The title', The Times, 3 May. Available at: ", "Smith, J.", "The title", "The Times"),
        ("MLA", "Smith, John. “The Title.” The Times, 3 May 2020, ", "Smith, John", "The Title", "The Times"),
        ("Chicago", "Doe, Jane. 2019. “Other Title.” Journal 12 (3): 1–9. ", "Doe, Jane", "Other Title", "Journal"),
        ("ABNT", "1. SILVA, Ana. O título. Folha, 3 maio 2020. Disponível em: ", "SILVA, Ana", "O título", "Folha"),
        ("ISO 690", "NOVÁK, Jan. Název článku [online]. Deník, 2020. Dostupné z: ", "NOVÁK, Jan", "Název článku", "Deník"),
        ("Vancouver", "Smith J, Doe AB, et al. A title here. Lancet. 2020;1:2. ", "Smith J, Doe AB, et al.", "A title here", "Lancet"),
    ],
)
def test_an_entry_of_a_bibliography_is_read_outside_of_notes(style: str, before: str, author: str, title: str, outlet: str) -> None:
    citation = citation_of(before, "", is_note=False)
    assert citation is not None, style
    assert (citation.author, citation.title, citation.outlet) == (author, title, outlet)


@pytest.mark.parametrize(
    ("style", "before", "author", "title", "outlet"),
    [
        ("Bluebook", "Anna Smith, Some Title, N.Y. Times (May 3, 2020), ", "Anna Smith", "Some Title", "N.Y. Times"),
        ("Bluebook", "Id. at 5; see also Jane Doe, Other Title, 12 Law Rev. 1 (2019), ", "Jane Doe", "Other Title", "Law Rev."),
        ("IEEE", 'J. Smith and A. Doe, "The title of it," Trans. Things, May 2020. ', "J. Smith and A. Doe", "The title of it", "Trans"),
        ("Polish", "J. Nowak, Tytuł artykułu, „Gazeta”, 3 maja 2020, ", "J. Nowak", "Tytuł artykułu", "Gazeta"),
        ("Chinese", "王伟：《题名》，《日报》，2020年5月3日，", "王伟", "题名", "日报"),
        ("Arabic", '. أحمد علي، "العنوان"، الصحيفة، 3 مايو 2020، ', "أحمد علي", "العنوان", "الصحيفة"),
    ],
)
def test_a_note_of_another_practice_is_read(style: str, before: str, author: str, title: str, outlet: str) -> None:
    citation = citation_of(before, "", is_note=True)
    assert citation is not None, style
    assert (citation.author, citation.title, citation.outlet) == (author, title, outlet)
    assert citation.published is not None


def test_the_day_of_the_look_in_brackets_is_read() -> None:
    citation = citation_of("李明. 题名[EB/OL]. (2020-05-03)[2021-06-04]. ", "", is_note=True)
    assert citation == Citation("李明", "题名", None, date(2020, 5, 3), date(2021, 6, 4))


def test_a_full_width_colon_leads_to_the_day_of_the_look() -> None:
    citation = citation_of("王伟：《题名》，2020年5月3日，", "，访问日期：2021年6月4日。", is_note=True)
    assert citation is not None
    assert citation.accessed == date(2021, 6, 4)


@pytest.mark.parametrize(
    "words",
    ["3 مايو 2020", "3 במאי 2020", "3 Μαΐου 2020", "2020. május 3", "3 toukokuuta 2020", "3 май 2020", "3 maig 2020"],
)
def test_dates_are_read_in_many_languages(words: str) -> None:
    assert [dated.day for dated in dates_in(words)] == [date(2020, 5, 3)]


def test_no_name_of_a_month_means_two_months() -> None:
    meant: dict[str, int] = {}
    for names in table("months").values():
        for month, forms in enumerate(names, 1):
            assert all(meant.setdefault(form, month) == month for form in forms.split("|")), forms


@pytest.mark.parametrize("piece", ["AB ", "Ab. ", "A B ", "Ab, Cd ", "A, ", "SI'-", "题名[", "“", "J. K, ", "»«"])
def test_capitals_and_initials_without_end_are_read_in_linear_time(piece: str) -> None:
    assert grows_no_faster_than_its_text(lambda words: citation_of(words, words + " 2020", is_note=True), piece * 3_000)
    assert grows_no_faster_than_its_text(lambda words: citation_of(words + " 2020", "", is_note=False), piece * 3_000)


def test_id_behind_a_work_and_its_copy_means_the_work() -> None:
    text = "1. A. Smith, “T,” https://a.example/1 [https://perma.cc/AB12-CD34].\n2. Id.\n3. https://a.example/3\n"
    assert [(one.marker, one.address.url) for one in read(text)][2] == ("2", "https://a.example/1")


def test_a_note_is_meant_by_its_number_behind_a_name() -> None:
    text = "1 Anna Smith: Title one, in: Outlet, 2020, https://a.example/1\n2 Smith (n 1) 12.\n3 Smith (wie Anm. 1).\n4 Siehe Anm. 1.\n"
    assert [(one.marker, one.same_as) for one in read(text)] == [("1", None), ("2", "1"), ("3", "1"), ("4", "1")]


def test_notes_that_go_on_in_one_line_keep_their_numbers() -> None:
    text = "[1] https://a.example/1\n[2] https://a.example/2 [3] https://a.example/3 [4] Ibid.\n[5] See [1]. https://a.example/5\n"
    assert [one.marker for one in read(text)] == ["1", "2", "3", "4", "5"]


def test_a_copy_whose_address_tells_the_minute_is_one() -> None:
    (reference,) = read("https://copies.example/2020-0503-1200-00/https://news.example/a")
    assert (reference.archived, reference.address.url) == (True, "https://news.example/a")
