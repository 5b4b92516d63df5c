from __future__ import annotations

import contextlib
import gzip
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warc_kit import NOON, TLS, exchange, finished, refused, response, visit, writer_in

from citekeeper.errors import StorageError
from citekeeper.http1 import entity_body, is_chunked, parse_head
from citekeeper.model import Capture, Cut, Exchange, Failure, FailureKind, Response, Stop, Tls, TlsFault, Visit
from citekeeper.warc import payloads, read_record, read_visits
from citekeeper.warc.digests import split_block
from citekeeper.warc.records import Record, parse, read_date, serialise, warc_date, whole_length
from citekeeper.warc.secrets import redact
from citekeeper.warc.targets import without_userinfo
from citekeeper.warc.visit_record import read_visit, visit_block


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="citekeeper-test-"))
    try:
        yield path
    finally:
        shutil.rmtree(path)


text = st.text(max_size=40)
moments = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC))
one_line = st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=30)
names = st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0: \t"), min_size=1, max_size=15)
field_lines = st.lists(st.tuples(names, one_line), max_size=5)
urls = st.one_of(
    st.sampled_from(["http://news.example/a", "https://[2001:db8::1]:8443/x?y", "http://пример.example/путь#x", "https://u:p@a.example/"]),
    st.builds("http://a.example/{}".format, text),
)
ends = st.sampled_from(["\r\n", "\n"])


@st.composite
def heads(draw: st.DrawFn, extra: tuple[str, ...] = ()) -> bytes:
    end = draw(ends)
    reason = draw(st.one_of(st.just(" OK"), st.just(""), st.just(" "), one_line.map(lambda line: " " + line), st.just(" " + "x" * 70_000)))
    status = f"HTTP/1.{draw(st.sampled_from('01'))} {draw(st.integers(100, 999))}{reason}"
    lines = [f"{name}:{value}" for name, value in draw(field_lines) if name.lower() not in ("transfer-encoding", "content-length")]
    return end.join([status, *lines, *extra, "", ""]).encode("latin-1")


def of(head: bytes, body: bytes, cut: Cut | None, problem: str | None) -> Response:
    parsed = parse_head(head)
    assert parsed is not None
    return Response(parsed.status, parsed.reason, parsed.headers, head, body, b"", cut, problem)


def chunked(pieces: list[bytes], last: bytes) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces if piece) + last


bodies = st.one_of(
    st.just(b""), st.binary(max_size=200), st.just(b"\r\n\r\n\n\nWARC/1.1\r\n"), st.binary(min_size=1, max_size=1).map(lambda b: b * 90_000)
)
cuts = st.one_of(st.none(), st.sampled_from(list(Cut)))
problems = st.one_of(st.none(), st.sampled_from(["bad-gzip", "unknown-encoding:x"]))
plain = st.builds(of, heads(), bodies, cuts, problems)
in_chunks = st.builds(
    of,
    heads(("Transfer-Encoding: chunked",)),
    st.builds(chunked, st.lists(st.binary(max_size=50), max_size=3), st.sampled_from([b"0\r\n\r\n", b"", b"5\r\nab"])),
    cuts,
    problems,
)
failures = st.builds(Failure, st.sampled_from(list(FailureKind)), text, st.one_of(st.none(), st.sampled_from(list(TlsFault))))
addresses = st.one_of(st.none(), st.ip_addresses().map(str), st.just("fe80::1%eth0"))
connections = st.one_of(st.none(), st.just(TLS), st.builds(Tls, st.sampled_from(["tls/1.2", "", "weird\n"]), text))
exchanges = st.builds(
    Exchange,
    url=urls,
    started=moments,
    elapsed=st.floats(0, 1e6),
    request=st.one_of(st.just(b""), st.just(b"GET / HTTP/1.1\r\nHost: a.example\r\nCookie: x\r\n\r\n"), st.binary(max_size=60)),
    outcome=st.one_of(plain, in_chunks, failures),
    ip=addresses,
    tls=connections,
    method=st.sampled_from(["GET", "HEAD"]),
    via_proxy=st.booleans(),
)
visits = st.builds(
    Visit,
    id=st.uuids().map(str),
    target=urls,
    exchanges=st.lists(exchanges, min_size=0, max_size=3).map(tuple),
    stop=st.sampled_from(list(Stop)),
    attempts=st.integers(1, 5),
)


def as_stored(each: Exchange) -> Exchange:
    """What of an exchange is meant to be kept."""
    return replace(each, url=without_userinfo(each.url), request=redact(each.request))


def as_meant(each: Exchange) -> Exchange:
    """How a body was cut into chunks is not kept of a payload that was stored before."""
    answer = each.response
    if answer and is_chunked(answer.headers):
        return replace(each, outcome=replace(answer, body=entity_body(answer.headers, answer.body)))
    return each


def store_all(where: Path, given_visits: list[Visit], note: dict[str, str]) -> tuple[Path, list[tuple[Capture, ...]]]:
    with writer_in(where) as writer:
        captures = [writer.store(each, note=note) for each in given_visits]
    return finished(where), captures


@settings(max_examples=40, deadline=None)
@given(st.lists(visits, min_size=1, max_size=3), st.dictionaries(text, text, max_size=2))
def test_what_was_stored_is_read_back_and_stored_again_as_the_same_bytes(stored: list[Visit], note: dict[str, str]) -> None:
    with folder() as one, folder() as two:
        path, captures = store_all(one, stored, note)
        read = list(read_visits(path, find=payloads(one)))
        assert [each.captures for each in read] == captures
        for before, after in zip(stored, read, strict=True):
            revisits = {capture.revisit for capture in after.captures}
            wanted = [as_stored(each) for each in before.exchanges]
            if True in revisits:
                assert [as_meant(each) for each in after.visit.exchanges] == [as_meant(each) for each in wanted]
            else:
                assert list(after.visit.exchanges) == wanted
            assert replace(after.visit, exchanges=()) == replace(before, exchanges=(), target=without_userinfo(before.target))
            assert dict(after.note) == note
        again, _ = store_all(two, [each.visit for each in read], note)
        assert again.read_bytes() == path.read_bytes()


@settings(max_examples=25, deadline=None)
@given(st.lists(visits, min_size=1, max_size=2))
def test_a_single_capture_reads_back_as_its_exchange(stored: list[Visit]) -> None:
    with folder() as where:
        path, captures = store_all(where, stored, {})
        find = payloads(where)
        whole = [each for read in read_visits(path, find=find) for each in read.visit.exchanges]
        single = [read_record(where, capture, find=find) for group in captures for capture in group]
        assert single == whole


def test_a_capture_can_be_read_while_its_file_is_still_open(tmp_path: Path) -> None:
    with writer_in(tmp_path) as writer:
        (capture,) = writer.store(visit())
        assert read_record(tmp_path, capture) == exchange()
    assert read_record(tmp_path, capture) == exchange()


def test_the_body_of_a_revisit_is_empty_unless_it_is_asked_for(tmp_path: Path) -> None:
    with writer_in(tmp_path) as writer:
        writer.store(visit())
        (capture,) = writer.store(visit(exchange("http://other.example/"), number=2))
    without, found = read_record(tmp_path, capture), read_record(tmp_path, capture, find=payloads(tmp_path))
    assert without is not None
    assert without.response is not None
    assert without.response.body == b""
    assert found == exchange("http://other.example/")


def test_the_body_of_a_revisit_is_found_in_another_file(tmp_path: Path) -> None:
    from citekeeper.warc import Earlier

    with writer_in(tmp_path) as writer:
        (first,) = writer.store(visit())
    earlier = {first.payload_digest: Earlier(first.record_id, "http://news.example/a", NOON)}.get
    with writer_in(tmp_path, space=1, earlier=earlier) as writer:
        (second,) = writer.store(visit())
    assert second.revisit
    assert read_record(tmp_path, second, find=payloads(tmp_path)) == exchange()


@pytest.mark.parametrize(
    "change",
    [
        {"warc": "../x.warc.gz"},
        {"warc": "missing.warc.gz"},
        {"warc": ""},
        {"warc": ".."},
        {"warc": "a\0b"},
        {"offset": 1},
        {"offset": -1},
        {"offset": 10**15},
        {"record_id": "urn:x"},
    ],
)
def test_a_capture_that_leads_nowhere_reads_as_nothing(tmp_path: Path, change: dict[str, Any]) -> None:
    with writer_in(tmp_path) as writer:
        (capture,) = writer.store(visit())
    assert read_record(tmp_path, replace(capture, **change)) is None


def test_a_damaged_file_gives_its_sound_visits_and_then_says_where_it_is_damaged(tmp_path: Path) -> None:
    with writer_in(tmp_path) as writer:
        places = [writer.store(visit(exchange(f"http://a.example/{n}", response(b"%d" % n)), number=n))[0] for n in range(3)]
    path = finished(tmp_path)
    data = bytearray(path.read_bytes())
    data[places[1].offset + 30] ^= 0xFF
    path.write_bytes(data)
    read = read_visits(path)
    assert [next(read).visit.target, next(read).visit.target] == ["http://a.example/0", "http://a.example/2"]
    with pytest.raises(StorageError, match=f"damaged at byte {places[1].offset}"):
        next(read)


def test_a_body_that_fails_its_digest_is_not_given(tmp_path: Path) -> None:
    with writer_in(tmp_path) as writer:
        (capture,) = writer.store(visit())
    assert capture.payload_digest is not None
    index = next(tmp_path.glob("*.cdxj"))
    index.write_text(index.read_text().replace(capture.payload_digest, "sha1:" + "A" * 32))
    find = payloads(tmp_path)
    assert find(capture.payload_digest) is None
    assert find("sha1:" + "A" * 32) is None


def test_records_of_other_making_are_passed_over(tmp_path: Path) -> None:
    foreign = Record(
        "response", "urn:x", (("WARC-Date", "2026-01-01T00:00:00Z"), ("WARC-Target-URI", "http://a.example/")), b"HTTP/1.1 200\r\n\r\n"
    )
    note = Record("metadata", "urn:y", (), b"format: something else")
    with writer_in(tmp_path) as writer:
        writer.store(refused())
    path = finished(tmp_path)
    path.write_bytes(gzip.compress(serialise(foreign)) + gzip.compress(serialise(note)) + path.read_bytes())
    assert [read.visit.stop for read in read_visits(path)] == [Stop.FAILURE]


def test_a_visit_whose_records_are_not_all_there_is_no_visit(tmp_path: Path) -> None:
    with writer_in(tmp_path) as writer:
        (capture,) = writer.store(visit())
    path = finished(tmp_path)
    data = path.read_bytes()
    path.write_bytes(data[: capture.offset] + data[capture.offset + capture.length :])
    assert list(read_visits(path)) == []


def test_a_missing_file_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"gone\.warc\.gz"):
        list(read_visits(tmp_path / "gone.warc.gz"))


@pytest.mark.skipif(not os.environ.get("CITEKEEPER_DATA"), reason="needs the sound and broken WARC files in CITEKEEPER_DATA")
def test_files_of_other_making_sound_or_broken_are_read_without_surprise(tmp_path: Path) -> None:
    paths = sorted((Path(os.environ["CITEKEEPER_DATA"]) / "warc").rglob("*.warc*"))
    assert len(paths) > 50
    for path in paths:
        with contextlib.suppress(StorageError):
            assert list(read_visits(path)) == []


json_values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=5,
)


@settings(max_examples=200)
@given(st.data())
def test_a_visit_record_with_anything_in_it_never_raises(data: st.DataObject) -> None:
    begin, _, facts_text = visit_block(visit(), (), {}).partition(b"visit: {")
    facts = json.loads(b"{" + facts_text)
    answer = {"status": 200, "headLength": 1, "truncated": None, "problem": None}
    facts["exchanges"] = [
        {"record": "r", "request": None, "url": "u", "started": "2026-01-01T00:00:00Z", "elapsed": 1, "method": "GET", "ip": None,
         "viaProxy": False, "tls": None, "certificates": None, "answer": answer}
    ]  # fmt: skip
    assert read_visit(begin + b"visit: " + json.dumps(facts).encode()) is not None
    target = data.draw(st.sampled_from([facts, facts["exchanges"][0], facts["exchanges"][0]["answer"]]))
    target[data.draw(st.sampled_from(sorted(target)))] = data.draw(json_values)
    read_visit(begin + b"visit: " + json.dumps(facts).encode())


@pytest.mark.parametrize("block", [b"", b"format: citekeeper-visit/1\r\n", b"format: citekeeper-visit/1\r\nvisit: " + b"[" * 200_000])
def test_a_block_that_is_no_visit_record_is_none(block: bytes) -> None:
    assert read_visit(block) is None


@given(st.binary(max_size=300), st.integers(0, 300))
def test_any_bytes_can_be_offered_as_a_record(junk: bytes, at: int) -> None:
    good = serialise(Record("metadata", "urn:a", (("WARC-Date", "2026-01-01T00:00:00Z"),), b"block"))
    for data in (junk, b"WARC/1.1\r\n" + junk + b"\r\n\r\n", good[:at] + junk + good[at:]):
        parse(data)
        whole_length(data)
        split_block(data)


@given(st.binary(max_size=100))
def test_a_record_reads_back_as_it_was_written(block: bytes) -> None:
    record = Record(
        "metadata",
        "urn:uuid:1",
        (("WARC-Date", "2026-01-01T00:00:00Z"), ("WARC-Concurrent-To", "<a:b>"), ("WARC-Concurrent-To", "<a:c>")),
        block,
    )
    data = serialise(record)
    assert parse(data) == record
    assert whole_length(data) == len(data)


@given(st.datetimes(datetime(1, 1, 2), timezones=st.just(UTC)))
def test_a_date_reads_back_to_the_microsecond(moment: datetime) -> None:
    assert read_date(warc_date(moment)) == moment


@pytest.mark.parametrize("text", ["", "2026", "2026-01-01", "2026-01-01T00:00:00", "yesterday"])
def test_a_date_without_time_or_zone_is_none(text: str) -> None:
    assert read_date(text) is None
