"""HTTP/1 bytes read as values."""

from __future__ import annotations

import pytest
from growth import grows_no_faster_than_its_size
from hypothesis import given
from hypothesis import strategies as st

from citekeeper.http1 import dechunk, entity_body, is_chunked, parse_fields, parse_head

CHUNKED = (("Transfer-Encoding", "chunked"),)
blanks = st.text(" \t", max_size=3).map(str.encode)


@pytest.mark.parametrize(
    ("line", "status", "reason"),
    [
        (b"HTTP/1.1 200 OK\r\n", 200, "OK"),
        (b"HTTP/1.1 404\r\n", 404, ""),
        (b"HTTP/1.0 302 \r\n", 302, ""),
        (b"HTTP/1.1 200 Tr\xe8s bien\n", 200, "Très bien"),
    ],
)
def test_a_status_line_is_read_as_servers_write_it(line: bytes, status: int, reason: str) -> None:
    head = parse_head(line + b"A: b\r\n\r\n")
    assert head is not None
    assert (head.status, head.reason, head.headers) == (status, reason, (("A", "b"),))


@pytest.mark.parametrize("line", [b"", b"HTTP", b"HTTP/1.1 20 OK\r\n", b"SSH-2.0\r\n", b"<html>"])
def test_what_is_no_status_line_is_no_head(line: bytes) -> None:
    assert parse_head(line) is None


def test_fields_are_kept_in_order_with_their_case_and_repetitions() -> None:
    fields = parse_fields(b"B: 1\r\na:2\r\nB:\r\nno colon\r\n: no name\r\n\r\n")
    assert fields == (("B", "1"), ("a", "2"), ("B", ""))


def test_folded_lines_are_joined() -> None:
    assert parse_fields(b"A: 1\r\n  2\r\n\t3\r\n \r\nB:\r\n x\r\n") == (("A", "1 2 3"), ("B", "x"))


def test_a_blank_before_the_colon_is_dropped_but_frames_nothing() -> None:
    fields = parse_fields(b"Content-Type : text/html\r\nContent-Length : 3\r\nTransfer-Encoding\t: chunked\r\n")
    assert fields == (("Content-Type", "text/html"), ("Content-Length ", "3"), ("Transfer-Encoding\t", "chunked"))
    assert not is_chunked(fields)


@given(st.binary(max_size=2000))
def test_any_bytes_can_be_read_as_a_head(data: bytes) -> None:
    parse_fields(data)
    head = parse_head(b"HTTP/1.1 200 OK\r\n" + data)
    assert head is not None
    assert head.status == 200


@given(
    chunks=st.lists(st.binary(min_size=1, max_size=40), max_size=6),
    before=blanks,
    after=blanks,
    extension=st.sampled_from([b"", b";a=b", b'; q="x"']),
    end=st.sampled_from([b"\r\n", b"\n"]),
)
def test_what_was_chunked_comes_back(chunks: list[bytes], before: bytes, after: bytes, extension: bytes, end: bytes) -> None:
    framed = [before + b"%x" % len(chunk) + after + extension + end + chunk + end for chunk in chunks]
    body = b"".join(framed) + b"0" + end + end
    found = dechunk(body)
    assert (found.payload, found.complete, found.valid) == (b"".join(chunks), True, True)
    assert entity_body(CHUNKED, body) == b"".join(chunks)


@given(chunks=st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=6), at=st.integers(0, 400))
def test_what_was_cut_anywhere_is_sound_as_far_as_it_goes(chunks: list[bytes], at: int) -> None:
    body = b"".join(b"%X\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    found = dechunk(body[:at])
    assert (found.complete, found.valid) == (False, True)
    assert b"".join(chunks).startswith(found.payload)


@pytest.mark.parametrize("body", [b"<p>hi</p>", b"plain", b"<", b"xyz\r\n", b"5\r\nhelloworld\r\n0\r\n\r\n", b"-1\r\n", b"0x5\r\nhello"])
def test_what_is_not_chunked_is_not_called_sound(body: bytes) -> None:
    assert not dechunk(body).valid


@given(st.binary(max_size=300))
def test_any_bytes_can_be_called_chunked(body: bytes) -> None:
    found = dechunk(body)
    assert len(found.payload) <= len(body)
    assert found.valid or not found.complete


@pytest.mark.parametrize(
    ("head", "piece", "tail"),
    [(b"", b" ", b"!"), (b"5;", b"x", b""), (b"5", b" ", b"!"), (b"", b"1\r\nx\r\n", b""), (b"", b"f", b"")],
    ids=["blanks", "extension", "blanks_behind", "many", "digits"],
)
def test_a_megabyte_of_the_worst_is_dechunked_in_linear_time(head: bytes, piece: bytes, tail: bytes) -> None:
    assert grows_no_faster_than_its_size(dechunk, lambda number: head + piece * number + tail, 1_000_000 // len(piece))


@pytest.mark.parametrize(("head", "piece", "tail"), [(b"A: b\r\n", b" c\r\n", b""), (b"", b"a", b""), (b"", b":", b""), (b"", b"\r", b"x")])
def test_a_megabyte_of_the_worst_is_read_as_fields_in_linear_time(head: bytes, piece: bytes, tail: bytes) -> None:
    assert grows_no_faster_than_its_size(parse_fields, lambda number: head + piece * number + tail, 1_000_000 // len(piece))
