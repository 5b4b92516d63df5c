"""Well-formed answers are well-formed, and only after those does a connection go on."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekeeper.demo import answer
from citekeeper.demo.wire import Sent
from citekeeper.http1 import dechunk, entity_body, parse_head


def sent(data: bytes, method: str = "GET", pieces: int = 1) -> Sent:
    note = Sent(method)
    size = max(1, -(-len(data) // pieces))
    for at in range(0, len(data), size):
        note.add(data[at : at + size])
    return note


@given(
    body=st.binary(max_size=3000),
    chunked=st.one_of(st.booleans(), st.integers(1, 700)),
    gzipped=st.booleans(),
    pieces=st.integers(1, 9),
)
def test_every_answer_can_be_read_back_and_is_whole(body: bytes, chunked: bool | int, gzipped: bool, pieces: int) -> None:
    raw = answer(200, "Fine", {"Content-Type": "text/plain", "X-A": "1"}, body, chunked=chunked, gzipped=gzipped)
    head, blank, rest = raw.partition(b"\r\n\r\n")
    parsed = parse_head(head + blank)
    assert parsed is not None
    assert (parsed.status, parsed.reason, parsed.headers[:2]) == (200, "Fine", (("Content-Type", "text/plain"), ("X-A", "1")))
    assert not chunked or dechunk(rest).complete
    content = entity_body(parsed.headers, rest)
    assert (gzip.decompress(content) if gzipped else content) == body
    assert sent(raw, pieces=pieces).is_whole()


@given(body=st.binary(min_size=1, max_size=300), chunked=st.booleans(), data=st.data())
def test_no_cut_answer_is_whole(body: bytes, chunked: bool, data: st.DataObject) -> None:
    raw = answer(body=body, chunked=chunked)
    assert not sent(raw[: data.draw(st.integers(0, len(raw) - 1))]).is_whole()


@pytest.mark.parametrize(
    ("raw", "method", "whole"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", "GET", True),
        (b"HTTP/1.1 304 Not Modified\r\n\r\n", "GET", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", "HEAD", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", "GET", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n22", "GET", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n2", "GET", False),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", "GET", False),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n", "GET", False),
        (b"nonsense", "GET", False),
        (b"", "GET", False),
    ],
)
def test_only_framed_answers_let_a_connection_go_on(raw: bytes, method: str, whole: bool) -> None:
    assert sent(raw, method).is_whole() is whole


def test_given_framing_is_left_alone() -> None:
    assert answer(headers={"Content-Length": "99"}, body="abc") == b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nabc"
    assert answer(204, "No Content") == b"HTTP/1.1 204 No Content\r\n\r\n"
