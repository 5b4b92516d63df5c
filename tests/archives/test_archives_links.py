from __future__ import annotations

from datetime import UTC, datetime

import pytest
from growth import grows_no_faster_than_its_text
from hypothesis import given
from hypothesis import strategies as st

from citekeeper.archives.links import parse_links
from citekeeper.archives.timestamps import format_http_date, parse_http_date

TIMEMAP = """<http://www.news.example:80/>; rel="original",
<http://archive.example/web/timemap/link/https://news.example>; rel="self"; from="Sat, 31 Mar 2001 11:48:39 GMT",
<http://archive.example>; rel="timegate",
<http://archive.example/web/20010331114839/http://www.news.example/>; rel="first memento"; datetime="Sat, 31 Mar 2001 11:48:39 GMT",
<http://archive.example/web/20180519054157/https://news.example/>; rel="memento"; datetime="Sat, 19 May 2018 05:41:57 GMT",
"""


def test_a_time_map_is_read_in_spite_of_its_last_comma() -> None:
    links = list(parse_links(TIMEMAP))
    assert [link.rels for link in links] == [("original",), ("self",), ("timegate",), ("first", "memento"), ("memento",)]
    assert [link.is_memento for link in links] == [False, False, False, True, True]
    assert links[3].moment == datetime(2001, 3, 31, 11, 48, 39, tzinfo=UTC)


def test_commas_and_semicolons_belong_to_the_address() -> None:
    (link,) = parse_links('<http://news.example/a,b;c?d=1,2>; rel="original"')
    assert link.target == "http://news.example/a,b;c?d=1,2"


def test_an_escaped_ampersand_is_undone() -> None:
    (link,) = parse_links('<http://news.example/?a=1&amp;b=2>; rel="memento"; datetime="Thu, 16 Apr 2026 01:57:29 GMT"')
    assert link.target == "http://news.example/?a=1&b=2"


def test_a_relation_without_quotes_is_read() -> None:
    (link,) = parse_links("<http://news.example/>;rel=original")
    assert link.rels == ("original",)


def test_a_broken_link_does_not_hide_the_next() -> None:
    links = list(parse_links('<http://news.example/a" ; rel="x", <http://news.example/b>; rel="original"'))
    assert links[-1].rels == ("original",)


def test_a_memento_without_a_date_is_none() -> None:
    (link,) = parse_links('<http://news.example/>; rel="memento"; datetime="yesterday"')
    assert not link.is_memento


@given(st.text(alphabet='<>;,="\\ \nrelab:/', max_size=200))
def test_no_text_raises(text: str) -> None:
    assert len(list(parse_links(text))) <= len(text)


@pytest.mark.parametrize("unit", ["<", ",", "<a>;", '<a>;b="', '<a>;b="\\"', "<a>;b ", ";", '"', "<a", "<a>; ; ", "\\", '<a>;b="c";'])
def test_a_megabyte_of_anything_is_read_in_linear_time(unit: str) -> None:
    assert grows_no_faster_than_its_text(lambda text: list(parse_links(text)), unit * (1_000_000 // len(unit)))


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9990, 1, 1)))
def test_an_http_date_comes_back_as_it_went(moment: datetime) -> None:
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    assert parse_http_date(format_http_date(moment)) == moment


@given(st.text(max_size=80))
def test_no_date_raises(text: str) -> None:
    parse_http_date(text)
