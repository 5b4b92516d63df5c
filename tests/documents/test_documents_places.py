"""Where a reference in a container stands, as people and machines are told."""

from __future__ import annotations

import json

from citekeeper import reports
from citekeeper.model import Address, ExtractedDocument, Location, PlaceMark, Reference, Span
from citekeeper.model import Document as Container

PRINTED = Location(22, 16, 22, 40, 752, 24, page=3, box=(31.0, 40.0, 99.5, 52.0))
WRITTEN = Location(5, 11, 5, 21, 77, 10, part="word/document.xml#rId5")


def _extraction(location: Location, format: str) -> str:
    reference = Reference("https://a.example.org/x", location, Address("https://a.example.org/x"))
    return reports.render_extraction([ExtractedDocument("a.pdf", None, None, (reference,))], format)


def test_json_tells_page_box_and_part_and_leaves_out_what_there_is_none_of() -> None:
    places = [json.loads(_extraction(each, "json"))["documents"][0]["references"][0]["location"] for each in (PRINTED, WRITTEN)]
    assert (places[0]["page"], places[0]["box"], "part" in places[0]) == (3, [31.0, 40.0, 99.5, 52.0], False)
    assert (places[1]["part"], "page" in places[1]) == ("word/document.xml#rId5", False)


def test_people_are_told_the_page() -> None:
    assert "p. 3  https://a.example.org/x" in _extraction(PRINTED, "terminal")


def _marks(*marks: PlaceMark) -> Container:
    return Container("a", "pdf", "x" * 100, "x" * 100, places=marks)


def test_a_place_begins_where_its_text_does_and_its_box_holds_all_of_it_in_that_column() -> None:
    container = _marks(
        PlaceMark(Span(0, 10), 1, (10, 700, 50, 710)),
        PlaceMark(Span(11, 20), 1, (10, 688, 80, 698)),
        PlaceMark(Span(21, 30), 1, (300, 780, 350, 790)),
        PlaceMark(Span(31, 40), 2, (10, 780, 50, 790)),
    )
    whole = container.place_of(Span(5, 35))
    assert whole is not None
    assert (whole.page, whole.box) == (1, (10, 688, 80, 710))
    last = container.place_of(Span(35, 36))
    assert last is not None
    assert (last.page, last.box) == (2, (10, 780, 50, 790))
    assert container.place_of(Span(20, 21)) is None
    assert _marks().place_of(Span(0, 1)) is None


def test_the_item_that_a_link_is_written_in_is_told_before_the_part_around_it() -> None:
    container = _marks(PlaceMark(Span(0, 5), part="word/document.xml"), PlaceMark(Span(5, 9), part="word/document.xml#rId5"))
    place = container.place_of(Span(4, 9))
    assert place is not None
    assert place.part == "word/document.xml#rId5"
