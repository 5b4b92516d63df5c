"""Notes, the places that cite them, and their own words."""

from __future__ import annotations

from citekeeper.model import Document, NoteMark, Span
from citekeeper.references import extract


def document(text: str) -> Document:
    return Document("-", "text", text, text)


def markers(text: str) -> list[str | None]:
    return [reference.marker for reference in extract(document(text))]


ONE_LINE = (
    "By A. Writer May 1, 2020 The army moved.[1] The talks failed.[2] Aid arrived[4] late. [1] http://a.example/one-long-na... "
    "[2] http://b.example/2 https://c dot example/3 [3] http://d.example/4 [4] A. Name, “A Title,” Outlet, May 2, 2020, http://e.example/5 "
)


def test_notes_that_all_stand_in_one_line_are_told_from_citations() -> None:
    found = extract(document(ONE_LINE))
    assert [one.marker for one in found] == ["1", "2", "2", "3", "4"]
    assert [[ONE_LINE[at.offset : at.offset + at.length] for at in one.cited_at] for one in found] == [
        ["[1]"],
        ["[2]"],
        ["[2]"],
        [],
        ["[4]"],
    ]


def test_a_note_gives_its_own_words_as_context() -> None:
    assert extract(document(ONE_LINE))[-1].context.startswith("A. Name, “A Title,” Outlet, May 2, 2020")


def test_a_second_address_in_a_note_gets_the_words_beside_it() -> None:
    text = "Text.[1]\n\n[1] Smith, First Title, http://a.example/1; Jones, Second Title, http://b.example/2."
    assert [one.context for one in extract(document(text))] == ["Smith, First Title", "Jones, Second Title"]


def test_each_way_to_number_notes_is_read() -> None:
    assert markers("Text.[^1] More.[^2]\n\n[^1]: http://a.example/1\n[^2]: http://b.example/2\n") == ["1", "2"]
    assert markers("Text\n1. Smith, http://a.example/1\n2. Jones, http://b.example/2\n") == ["1", "2"]
    assert markers("Text\n(1) Smith, http://a.example/1\n(2) Jones, http://b.example/2\n") == ["1", "2"]
    assert markers("Text¹ and²\n\n¹ http://a.example/1\n² http://b.example/2\n") == ["1", "2"]
    assert markers("Some text\n\n1 http://a.example/1\n2 http://b.example/2\n") == ["1", "2"]
    assert markers("[i] http://a.example/1\n[ii] http://b.example/2\n[iii] http://b.example/3\n") == ["i", "ii", "iii"]


def test_a_list_of_notes_in_one_bracket_cites_each() -> None:
    text = "Known [1, 3-4] and [2].\n\n[1] http://a.example/1\n[2] http://a.example/2\n[3] http://a.example/3\n[4] http://a.example/4\n"
    cited = {one.marker: [at.offset for at in one.cited_at] for one in extract(document(text))}
    assert cited == {"1": [6], "2": [19], "3": [6], "4": [6]}


def test_an_address_outside_of_notes_has_no_marker() -> None:
    assert markers("See http://a.example/1 today.") == [None]


def test_notes_that_the_format_marks_win() -> None:
    text = "Body 7 text\nhttp://a.example/1 and words\n"
    marks = (NoteMark("7", Span(12, len(text)), "note"), NoteMark("7", Span(5, 6), "cite"))
    (reference,) = extract(Document("-", "html", text, text, marks=marks))
    assert reference.marker == "7"
    assert [at.offset for at in reference.cited_at] == [5]
