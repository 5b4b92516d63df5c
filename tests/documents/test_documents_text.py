"""Plain text: titles and dates of publication from the first lines."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekeeper.documents import read
from citekeeper.documents.bylines import published_in, title_in
from citekeeper.documents.dates import dates_in, day_of
from citekeeper.model import Document

EXAMPLES = Path(__file__).parents[2] / "examples"

PROSE = " The first words of an article that says nothing of its own date, and goes on for a while."


@pytest.mark.parametrize(
    "text",
    [
        "By Ana Example November 13, 2020 Key Takeaway: words.",
        "A Title of Some Words\n\nBy Ana Example and Bo van der Sample, Staff Writers | Nov. 13, 2020\n\nWords.",
        "A Title\nAna Example\n13 November 2020\nWords",
        "A Title\nPublished: 13th November, 2020, updated 15 November 2020\nWords",
        "A Title\nFirst published on 2020-11-13\nWords",
        "Assessment of Words, November 13, 2020\nAna Example\n\nWords go on.",
        "2020-11-13 (FRIDAY): A TITLE OF WORDS\n\nWords go on.",
        "Ein Titel\nVon Ana Beispiel\nVeröffentlicht am 13. November 2020\nWörter",
        "Un titre\nPublié le 13 novembre 2020\nMots",
        "Um título\nPor Ana Exemplo 13 de novembro de 2020\nPalavras",
        "Заголовок\n13 ноября 2020\nСлова",
        "题目\n2020年11月13日\n文字",
        "A Title\n11/13/2020\nWords",
        "A Title\n13.11.2020, 14:30 Uhr\nWords",
        "A Title\nLast updated 13 November 2020\nWords",
        "---\ntitle: T\ndate: 2020-11-13\n---\nWords",
        "Friday, November 13, 2020\n\nA Title\nWords",
    ],
)
def test_a_date_that_stands_out_at_the_top_is_the_publication(text: str) -> None:
    found = read((text + PROSE).encode(), source="a.txt")
    assert isinstance(found, Document)
    assert found.published == date(2020, 11, 13)


@pytest.mark.parametrize(
    "text",
    [
        "A Title\n\nThe agreement of November 13, 2020 ended the war." + PROSE,
        "A Title\n\nWords [1].\n\n[1] Ana Example, November 13, 2020" + PROSE,
        "A Title\n\n[1] Published November 13, 2020" + PROSE,
        "A Title\n\nhttps://h.example/2020-11-13\nhttps://h.example/2020/11/13/words" + PROSE,
        "A Title\n\nRetrieved 13 November 2020." + PROSE,
        "A Title\n04/05/2021\nWords" + PROSE,
        "A Title\n2020-02-31\nWords" + PROSE,
        "It was taken by force on November 13, 2020, and kept." + PROSE,
        "| address | 2020-11-13 |\n|---|---|\nhxxp://h.example/a | online | 2020-11-13 |\nmore" + PROSE,
        "x" * 2000 + "\nPublished 13 November 2020\n",
    ],
)
def test_a_date_that_may_be_of_something_else_is_not_taken(text: str) -> None:
    assert published_in(text) is None


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2020-11-13T10:00:00Z", date(2020, 11, 13)),
        ("2020/11/13", date(2020, 11, 13)),
        ("20201113", date(2020, 11, 13)),
        ("Fri, 13 Nov 2020 10:00:00 GMT", date(2020, 11, 13)),
        ("2020", None),
        ("1605261600", None),
        ("9999-99-99", None),
        ("", None),
    ],
)
def test_machine_readable_dates(written: str, day: date | None) -> None:
    assert day_of(written) == day


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("A Title of Words\n\nBy Ana", "A Title of Words"),
        ("Previous\nNext\nA Title of Words\nMore", "A Title of Words"),
        ("## A Title of Words ##\n\nMore", "A Title of Words"),
        ("By Ana Example\n\nMore words", None),
        ("November 13, 2020\n\nMore words", None),
        ("A whole sentence stands here.\n\nMore", None),
        ("One line only", None),
        ("https://h.example/ and words\nmore", None),
        ("[1] A note\n[2] Another note", None),
        ("", None),
    ],
)
def test_the_first_line_that_reads_as_a_title_is_the_title(text: str, title: str | None) -> None:
    assert title_in(text) == title


@pytest.mark.parametrize(
    ("name", "title", "published"),
    [
        ("nagorno-karabakh.txt", "What the November Agreement Changed in Nagorno-Karabakh", date(2020, 11, 13)),
        ("river-gauges.md", "Old river gauges and what their websites became", date(2021, 5, 3)),
        ("lighthouse.html", "The keeper who wrote everything down", date(2019, 9, 21)),
    ],
)
def test_the_example_articles_tell_title_and_date(name: str, title: str, published: date) -> None:
    found = read((EXAMPLES / name).read_bytes(), source=name)
    assert isinstance(found, Document)
    assert (found.title, found.published) == (title, published)


@given(
    st.dates(min_value=date(1800, 1, 1), max_value=date(2199, 12, 31)),
    st.sampled_from(["%B %d, %Y", "%d %B %Y", "%Y-%m-%d", "%d %b. %Y", "%Y/%m/%d", "%d.%m.%Y"]),
)
def test_a_written_date_is_read_back(day: date, form: str) -> None:
    assert [found.day for found in dates_in(f"on {day.strftime(form)}, words")] == [day]


@given(st.text(max_size=300))
def test_any_text_may_stand_at_the_top(text: str) -> None:
    assert published_in(text) is None or dates_in(text)
    title_in(text)


@pytest.mark.skipif(not os.environ.get("CITEKEEPER_DATA"), reason="CITEKEEPER_DATA names no folder of samples")
def test_the_samples_that_print_their_date_are_dated() -> None:
    folder = Path(os.environ["CITEKEEPER_DATA"]) / "references"
    dated = sorted(folder.glob("*_20??-??-??.txt"))
    right = 0
    for path in dated:
        found = read(path.read_bytes(), source=str(path))
        right += isinstance(found, Document) and found.published == date.fromisoformat(path.stem[-10:])
    assert right >= 0.8 * len(dated)
