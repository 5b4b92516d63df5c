from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from citekeeper.model import Cut, Response
from citekeeper.network import decode, with_content

CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "x-gzip": lambda data: gzip.compress(data, mtime=0),
    "deflate": zlib.compress,
    "br": lambda data: brotli.compress(data, quality=3),
    "zstd": zstandard.ZstdCompressor().compress,
}


def raw_deflate(data: bytes) -> bytes:
    made = zlib.compressobj(wbits=-15)
    return made.compress(data) + made.flush()


def encoded(*codings: str) -> tuple[tuple[str, str], ...]:
    return (("Content-Encoding", ", ".join(codings)),)


@pytest.mark.parametrize("coding", CODINGS)
@given(piece=st.binary(), times=st.integers(1, 3000))
def test_what_was_encoded_comes_back(coding: str, piece: bytes, times: int) -> None:
    data = piece * times
    assert decode(encoded(coding), CODINGS[coding](data), max_bytes=10_000_000) == (data, None)


@pytest.mark.parametrize("coding", CODINGS)
@given(data=st.binary(min_size=1), cap=st.integers(0, 50))
def test_no_more_than_the_cap_comes_back(coding: str, data: bytes, cap: int) -> None:
    content, problem = decode(encoded(coding), CODINGS[coding](data), max_bytes=cap)
    assert content == data[:cap]
    assert problem == ("decoded-too-large" if len(data) > cap else None)


@pytest.mark.parametrize("coding", CODINGS)
@given(data=st.binary(max_size=3000))
def test_any_bytes_can_be_called_encoded(coding: str, data: bytes) -> None:
    content, problem = decode(encoded(coding), data, max_bytes=100_000)
    assert len(content) <= 100_000
    assert problem in (None, f"bad-{coding.removeprefix('x-')}", "decoded-too-large")


@pytest.mark.parametrize("coding", CODINGS)
def test_a_bomb_is_never_allocated(coding: str) -> None:
    bomb = CODINGS[coding](bytes(50_000_000))
    tracemalloc.start()
    content, problem = decode(encoded(coding), bomb, max_bytes=1_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(content), problem) == (1_000_000, "decoded-too-large")
    assert peak < 8_000_000


def test_a_bomb_in_a_bomb_is_never_allocated() -> None:
    bomb = gzip.compress(gzip.compress(bytes(50_000_000), mtime=0), mtime=0)
    assert len(bomb) < 10_000
    content, problem = decode(encoded("gzip", "gzip"), bomb, max_bytes=1_000_000)
    assert (content, problem) == (bytes(1_000_000), "decoded-too-large")


def test_nested_codings_are_undone_in_reverse_and_not_for_ever() -> None:
    data = b"a page " * 100
    body = brotli.compress(zlib.compress(gzip.compress(data)))
    assert decode(encoded("gzip", "deflate", "br"), body, max_bytes=10_000) == (data, None)
    four = encoded("gzip", "gzip", "gzip", "gzip")
    assert decode(four, b"x", max_bytes=10)[1] == "unknown-encoding:gzip,gzip,gzip,gzip"


def test_deflate_is_read_with_and_without_its_wrapping() -> None:
    data = b"a page " * 100
    assert decode(encoded("deflate"), zlib.compress(data), max_bytes=10_000) == (data, None)
    assert decode(encoded("deflate"), raw_deflate(data), max_bytes=10_000) == (data, None)


def test_a_gzip_body_may_have_many_members_and_padding() -> None:
    body = b"".join(gzip.compress(b"%d " % number, mtime=0) for number in range(5000)) + bytes(100)
    content, problem = decode(encoded("gzip"), body, max_bytes=100_000)
    assert (content.split(b" ")[4999], problem) == (b"4999", None)


def test_a_broken_stream_keeps_what_came_before_its_fault() -> None:
    body = bytearray(raw := gzip.compress(bytes(range(256)) * 2000, mtime=0))
    body[len(raw) - 6] ^= 0xFF
    content, problem = decode(encoded("gzip"), bytes(body), max_bytes=1_000_000)
    assert content.startswith(bytes(range(256)) * 100)
    assert problem == "bad-gzip"


def test_a_stream_that_breaks_off_is_bad_unless_we_cut_it_ourselves() -> None:
    body = gzip.compress(bytes(range(256)) * 100, mtime=0)[:-20]
    assert decode(encoded("gzip"), body, max_bytes=100_000)[1] == "bad-gzip"
    content, problem = decode(encoded("gzip"), body, max_bytes=100_000, is_whole=False)
    assert (content[:256], problem) == (bytes(range(256)), None)


def test_a_body_that_is_not_encoded_at_all_is_its_own_content() -> None:
    assert decode(encoded("gzip"), b"<p>plain</p>", max_bytes=100) == (b"<p>plain</p>", "bad-gzip")
    assert decode(encoded("none"), b"x", max_bytes=100) == (b"x", None)
    assert decode(encoded("identity", ""), b"x", max_bytes=100) == (b"x", None)
    assert decode(encoded("gzip"), b"", max_bytes=100) == (b"", None)
    assert decode((("Content-Encoding", "sdch"),), b"x", max_bytes=100) == (b"x", "unknown-encoding:sdch")


def test_chunked_framing_is_undone_before_the_codings() -> None:
    zipped = gzip.compress(b"a page", mtime=0)
    body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(zipped), zipped)
    headers = (*encoded("gzip"), ("Transfer-Encoding", "chunked"))
    assert decode(headers, body, max_bytes=100) == (b"a page", None)
    twice = (*encoded("gzip"), ("Transfer-Encoding", "gzip, chunked"))
    again = gzip.compress(zipped, mtime=0)
    assert decode(twice, b"%x\r\n%b\r\n0\r\n\r\n" % (len(again), again), max_bytes=100) == (b"a page", None)


@given(st.binary(max_size=500))
def test_any_bytes_can_be_called_chunked(body: bytes) -> None:
    content, _ = decode((("Transfer-Encoding", "chunked"),), body, max_bytes=1000)
    assert len(content) <= len(body)


def test_content_can_be_drawn_again_from_a_stored_body() -> None:
    body = gzip.compress(b"a page", mtime=0)
    stored = Response(200, "OK", encoded("gzip"), b"", body, b"")
    assert with_content(stored, 100).content == b"a page"
    cut = Response(200, "OK", encoded("gzip"), b"", body[:-8], b"", Cut.LENGTH)
    assert (with_content(cut, 100).content, with_content(cut, 100).problem) == (b"a page", None)
