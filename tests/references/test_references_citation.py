"""The note's own words as fields, the format's fields over them, copies named beside an address, and words that refer back."""

from __future__ import annotations

from datetime import date

import pytest
from growth import grows_no_faster_than_its_text
from hypothesis import given, settings
from hypothesis import strategies as st

from citekeeper.model import Citation, Document, Entry, Reference, Span
from citekeeper.references import extract
from citekeeper.references.backward import backward_words
from citekeeper.references.citation import citation_of
from citekeeper.references.dates import dates_in
from citekeeper.references.lists import table
from citekeeper.references.notes import Note

WORDS = table("words")


def read(text: str) -> tuple[Reference, ...]:
    return extract(Document("-", "text", text, text))


def told(before: str, behind: str = "", *, is_note: bool = True) -> Citation:
    citation = citation_of(before, behind, is_note=is_note)
    assert citation is not None
    return citation


@pytest.mark.parametrize(
    ("before", "author", "title", "outlet", "published"),
    [
        ("A. Name, “A Title,” Outlet, May 2, 2020, ", "A. Name", "A Title", "Outlet", date(2020, 5, 2)),
        ("See also Eva van Hill, “Why, and How?” The Post, 3 June 2021, ", "Eva van Hill", "Why, and How?", "The Post", date(2021, 6, 3)),
        (
            "Smith, J., & Doe, A. (2020, May 3). A title. Journal of X, 12(3). ",
            "Smith, J., & Doe, A.",
            "A title",
            "Journal of X",
            date(2020, 5, 3),
        ),
        ("Smith J, Doe AB. A title. J Foo. 2020;12:3-9. ", "Smith J, Doe AB", "A title", "J Foo", date(2020, 1, 1)),
        ("Müller, Anna: Die Lage, in: Die Zeitung, 12.3.2020, ", "Müller, Anna", "Die Lage", "Die Zeitung", date(2020, 3, 12)),
        ("Иванов И. И. Заголовок статьи // Журнал. 2020. № 3. URL: ", "Иванов И. И.", "Заголовок статьи", "Журнал", date(2020, 1, 1)),
        ("Jean Dupont, « Le titre », Le Journal, 3 mai 2020, ", "Jean Dupont", "Le titre", "Le Journal", date(2020, 5, 3)),
        ("「記事の題名」『新聞名』2020年5月1日、", None, "記事の題名", "新聞名", date(2020, 5, 1)),
        ("World Body. “Fact sheet.” Last modified May 3, 2020. ", "World Body", "Fact sheet", None, date(2020, 5, 3)),
    ],
)
def test_author_title_outlet_and_date_are_read_where_they_stand(
    before: str, author: str | None, title: str, outlet: str | None, published: date
) -> None:
    citation = told(before)
    assert (citation.author, citation.title, citation.outlet, citation.published) == (author, title, outlet, published)


@pytest.mark.parametrize("words", WORDS["accessed"]["positive"])
def test_the_day_of_the_look_is_no_day_of_publication(words: str) -> None:
    citation = told("A. Name, “Title,” Outlet, 5 May 2020, ", f" ({words}).")
    assert (citation.published, citation.accessed) == (date(2020, 5, 5), date(2021, 6, 3))


@pytest.mark.parametrize("words", WORDS["accessed"]["negative"])
def test_other_days_are_no_days_of_the_look(words: str) -> None:
    assert told(f"A. Name, “Title,” {words}, ").accessed is None


@pytest.mark.parametrize("words", WORDS["archived"]["positive"])
def test_the_day_of_the_copy_is_told_apart(words: str) -> None:
    assert told("A. Name, “Title,” ", f" {words}").archived_on == date(2021, 6, 3)


@pytest.mark.parametrize("words", WORDS["archived"]["negative"])
def test_archives_in_a_sentence_tell_no_day_of_a_copy(words: str) -> None:
    assert told(f"A. Name, “Title,” {words}, ").archived_on is None


def test_prose_with_a_quotation_is_no_citation() -> None:
    assert citation_of("He spoke in the “Great Hall” on 3 May 2020 (", ") and left.", is_note=False) is None


def test_an_author_date_list_is_read_without_numbers() -> None:
    (first, second) = read(
        "References\n\nDoe, J. (2019). Titles matter. Journal of Titles, 3. https://a.example/1\n"
        "Roe, A. (2020). Others too. Other Journal. Retrieved May 3, 2021, from https://b.example/2\n"
    )
    assert first.citation == Citation("Doe, J.", "Titles matter", "Journal of Titles", date(2019, 1, 1))
    assert second.citation == Citation("Roe, A.", "Others too", "Other Journal", date(2020, 1, 1), date(2021, 5, 3))


def test_several_references_in_one_note_have_their_own_words() -> None:
    text = "T.[1]\n\n[1] A. Smith, “One,” Post, May 1, 2020, http://a.example/1; B. Jones, “Two,” Mail, May 2, 2020, http://b.example/2.\n"
    assert [one.citation.title if one.citation else None for one in read(text)] == ["One", "Two"]


def test_fields_of_the_format_win_over_the_words() -> None:
    text = "[1] A. Name, “A Title,” Outlet, May 2, 2020, http://a.example/1"
    entry = Entry(Span(0, len(text)), Citation(title="The Title", accessed=date(2021, 1, 1)))
    (found,) = extract(Document("-", "text", text, text, entries=(entry,)))
    assert found.citation == Citation("A. Name", "The Title", "Outlet", date(2020, 5, 2), date(2021, 1, 1))


@pytest.mark.parametrize("copy", ["https://web.archive.org/web/20200102030405/http://a.example/1", "https://perma.cc/AB12-CD34"])
def test_a_copy_named_beside_an_address_is_told_with_it(copy: str) -> None:
    first, second = read(f"[1] A. Name, “Title,” http://a.example/1, archived at {copy}.")
    assert first.citation is not None
    assert (first.citation.title, first.citation.archived_url, first.archived) == ("Title", copy, False)
    assert second.archived


def test_a_copy_of_another_page_is_not_told_with_it() -> None:
    first, _second = read("[1] http://a.example/1, archived at https://web.archive.org/web/20200102030405/http://b.example/2.")
    assert first.citation is None or first.citation.archived_url is None


@pytest.mark.parametrize(
    "text",
    [
        "A.[1] B.[2] C.[3]\n\n[1] A. Smith, “One,” http://a.example/1\n[2] Ibid., 48.\n[3] Id. at 5.\n",
        "Text\n\n1. http://a.example/1\n2. Ebd., S. 3\n3. Siehe Anm. 1.\n",
        "Text¹ und²\n\n¹ http://a.example/1\n² Там же.\n³ 同上。\n",
        "Text\n\n[i] http://a.example/1\n[ii] Ibid.\n[iii] See note i above.\n",
        "Text\n\ni. A http://a.example/1\nii. B ibid.\niii. C http://a.example/1\n",
    ],
    ids=["bracketed", "numbered", "superscript", "roman in brackets", "roman"],
)
def test_words_that_refer_back_are_references_to_the_same_address(text: str) -> None:
    found = read(text)
    assert len(found) == 3
    assert {one.address.url for one in found} == {"http://a.example/1"}
    assert all(one.same_as in ("1", "i") for one in found if not one.raw.startswith("http"))
    assert all(text[one.location.offset :][: one.location.length] == one.raw for one in found)
    assert len({one.marker for one in found}) == 3


def test_ibid_means_the_last_reference_of_the_note_before_and_none_where_that_has_none() -> None:
    text = "1. A, http://a.example/1; B, http://b.example/2\n2. Ibid.\n3. Brown, A Book, 1999.\n4. Ibid.\n5. C, http://c.example/3\n"
    assert [(one.marker, one.same_as, one.address.url) for one in read(text) if one.same_as] == [("2", "1", "http://b.example/2")]


def test_supra_means_the_work_of_the_author_in_front_of_it() -> None:
    first = "1. A. Smith, “One,” http://a.example/1; B. Jones, “Two,” http://b.example/2\n"
    text = first + "2. C, http://c.example/3\n3. Jones, supra note 1, at 4.\n"
    assert [one.address.url for one in read(text) if one.same_as] == ["http://b.example/2"]


@pytest.mark.parametrize("words", WORDS["back"]["positive"])
def test_every_word_that_refers_back_is_seen(words: str) -> None:
    assert list(backward_words(words, [Note("2", Span(0, len(words)))]))


@pytest.mark.parametrize("words", WORDS["back"]["negative"])
def test_words_that_only_look_like_them_are_not(words: str) -> None:
    assert not list(backward_words(words, [Note("2", Span(0, len(words)))]))


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("3 de junio de 2021; 3. Juni 2021; June 3rd, 2021; 3 червня 2021 р.; 03.06.2021; 2021-06-03; 2021, June 3; 13/6/2021", 8),
        ("04/05/2021; pp. 1999-2004; page 1999/3; maybe 2021x", 0),
    ],
)
def test_dates_are_read_in_many_languages_and_none_where_two_are_meant(words: str, days: int) -> None:
    assert len([dated for dated in dates_in(words) if dated.exactness == 3]) == days


@given(st.text(st.sampled_from("“”\"' .,;:()[]20215Mayaccessed A-Zé「」//\n"), max_size=200))
@settings(max_examples=80)
def test_no_words_raise(words: str) -> None:
    citation_of(words, words, is_note=True)
    citation_of(words, words, is_note=False)
    read(f"[1] {words} http://a.example/1 {words}\n[2] {words}")


@pytest.mark.parametrize(
    "piece",
    [
        "“",
        "(2020) ",
        "A ",
        "Smith J, ",
        "A, ",
        "* ",
        "A (2020). b",
        "Ibid. ",
        "supra note ",
        "http://a.example/3 supra note 1 ",
        "May 3 ",
        "a: ",
    ],
)
def test_hostile_words_are_read_in_linear_time(piece: str) -> None:
    assert grows_no_faster_than_its_text(
        lambda words: read(f"[1] http://a.example/1 {words}\n[2] http://a.example/2 {words}"), piece * (60_000 // len(piece))
    )
