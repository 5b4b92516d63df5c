from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from growth import grows_no_faster_than_its_text
from hypothesis import given
from hypothesis import strategies as st

from citekeeper.archives.cdx import FIELDS, Barred, Garbled, Page, parse_index
from citekeeper.archives.timestamps import format_timestamp, parse_timestamp

DIGEST = "B2RKOLH7OEPRC5ZLUE7T3TGB7DRLGZ7J"
ROW = f"example,news)/a 20200418003811 https://news.example/a text/html 200 {DIGEST} 12929"


def page(content: str | bytes) -> Page:
    found = parse_index(content.encode() if isinstance(content, str) else content)
    assert isinstance(found, Page), found
    return found


def table(*rows: Sequence[object]) -> str:
    return "[" + ",\n".join(json.dumps(list(row), separators=(",", ":")) for row in rows) + "]\n"


def test_a_text_row_is_read_by_position() -> None:
    (row,) = page(ROW + "\n").rows
    assert row.urlkey == "example,news)/a"
    assert row.timestamp == datetime(2020, 4, 18, 0, 38, 11, tzinfo=UTC)
    assert (row.original, row.mimetype, row.status, row.digest) == ("https://news.example/a", "text/html", 200, DIGEST)


def test_json_rows_are_read_by_the_names_in_their_first_row() -> None:
    names = ["original", "timestamp", "urlkey", "statuscode", "mimetype", "digest", "length"]
    found = page(table([*names], ["http://news.example/a", "20200101000000", "example,news)/a", "200", "text/html", DIGEST, "1"]))
    assert found.rows[0].original == "http://news.example/a"
    assert found.rows[0].status == 200


def test_json_rows_without_a_header_and_with_numbers_are_read_in_the_common_order() -> None:
    found = page(table(["example,news)/a", 20200101000000, "http://news.example/a", "text/html", 200, DIGEST, 5]))
    assert found.rows[0].timestamp.year == 2020
    assert found.rows[0].status == 200


@pytest.mark.parametrize("empty", ["", "\n", "[]", "[]\n", "[ ]", table([*FIELDS])])
def test_no_match_is_an_empty_page_in_every_form(empty: str) -> None:
    assert page(empty) == Page((), 0)


def test_identical_rows_are_one_row_and_both_count_as_printed() -> None:
    found = page(f"{ROW}\n{ROW}\n")
    assert (len(found.rows), found.printed) == (1, 2)


def test_the_status_of_a_revisit_is_not_known() -> None:
    found = page(f"example,news)/a 20200418003811 https://news.example/a warc/revisit - {DIGEST} -\n")
    assert found.rows[0].status is None


@pytest.mark.parametrize(
    "original",
    ["http://mailto:someone@news.example/", "data:image/png;base64,xx", "some/not/even/url", "http://[::1", "http://news.example:x/"],
)
def test_rows_of_garbage_are_left_out(original: str) -> None:
    assert page(f"{ROW}\nexample,news)/x 20200418003811 {original} text/html 200 {DIGEST} 1\n").rows == page(ROW).rows


def test_counters_behind_the_seventh_column_are_ignored() -> None:
    assert page(f"{ROW} 7 20201231235959\n").rows == page(ROW).rows


@pytest.mark.parametrize("key", ["example%2Cnews%29%2F+19980109140106%21", "eJxLzy_TyUssTtTUVzAyMDAxsDQwNTA3NTe0BABfMwZl"])
def test_resume_keys_old_and_new_are_kept_as_they_are(key: str) -> None:
    assert page(f"{ROW}\n\n{key}\n").resume_key == key
    assert page(table([*FIELDS], ROW.split(" "), [], [key])).resume_key == key
    assert len(page(table([*FIELDS], ROW.split(" "), [], [key])).rows) == 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>", Garbled),
        ('[["urlkey","timestamp"', Garbled),
        ('{"message": "Page 1 invalid"}', Garbled),
        ('["a", "b"]', Garbled),
        ("java.lang.IllegalArgumentException: fromKey > toKey\n\tat x", Garbled),
        ("Requested Line is too large", Garbled),
        (
            "org.archive.util.io.RuntimeIOException: "
            "org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error\n",
            Barred,
        ),
        (f"{ROW}\norg.archive.wayback.exception.RobotAccessControlException: Blocked By Robots\n", Barred),
    ],
)
def test_what_is_not_an_index_is_told_apart(text: str, kind: type) -> None:
    assert isinstance(parse_index(text.encode()), kind)


def test_an_exception_is_quoted_on_one_line() -> None:
    found = parse_index(b"java.lang.IllegalArgumentException: fromKey > toKey\n\tat somewhere")
    assert isinstance(found, Garbled)
    assert found.message == "the index failed: java.lang.IllegalArgumentException: fromKey > toKey"


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("20000012170449", "20001217044900"),
        ("20000800241623", "20000824162300"),
        ("20201113", "20201113000000"),
        ("2020", "20200101000000"),
    ],
)
def test_broken_and_short_timestamps_are_repaired(printed: str, meant: str) -> None:
    moment = parse_timestamp(printed)
    assert moment is not None
    assert format_timestamp(moment) == meant


@pytest.mark.parametrize(
    "text", ["", "20", "20201399000000", "2020111311111x", "２０２０１１１３００００００", "0" * 14, "20201113000000000"]
)
def test_what_is_no_timestamp_is_none(text: str) -> None:
    assert parse_timestamp(text) is None


@given(st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(9999, 1, 1)))
def test_a_timestamp_comes_back_as_it_went(moment: datetime) -> None:
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    assert parse_timestamp(format_timestamp(moment)) == moment


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "replace")))
def test_no_answer_raises(content: bytes) -> None:
    parse_index(content)


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=20), lambda inner: st.lists(inner, max_size=8), max_leaves=30)
)
def test_no_json_raises(value: object) -> None:
    parse_index(json.dumps([value]).encode())


@pytest.mark.parametrize("unit", ["[", "\n", " ", "a ", "Exception\n", "A.", "[[],", '[""],', f"{ROW}\n"])
def test_a_megabyte_of_anything_is_read_in_linear_time(unit: str) -> None:
    assert grows_no_faster_than_its_text(parse_index, (unit * (1_000_000 // len(unit))).encode())
