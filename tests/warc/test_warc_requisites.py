"""The record that says what a page needs: read back as written, true to its set, and harmless whatever stands in it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_warc_verification import codes, split_members, verified
from warc_kit import NOON, exchange, finished, judge, response, visit, writer_in

from citekeeper.model import Completeness, Lack, Need, NeedKind, PageRequisites, Requisite
from citekeeper.warc import REQUISITE_HOPS, REQUISITE_OF, REQUISITE_VIA, Severity, index, read_page_requisites, read_visits
from citekeeper.warc.records import Record
from citekeeper.warc.requisite_record import read_requisites, requisites_block

PAGE = "http://a.example/"


def an_archive(folder: Path) -> PageRequisites:
    with writer_in(folder) as writer:
        (page,) = writer.store(visit(exchange(PAGE, response(b"<img src=a.png>"))))
        note = {REQUISITE_OF: "1", REQUISITE_VIA: PAGE, REQUISITE_HOPS: "E"}
        (picture,) = writer.store(visit(exchange(PAGE + "a.png", response(b"png")), number=2), note=note)
        got = Requisite(Need(PAGE + "a.png", NeedKind.IMAGE, "img/@src"), "E", "2", picture.record_id)
        lost = Requisite(Need(PAGE + "b.css", NeedKind.STYLE, "link/@href"), "E", missing="http 404")
        guess = Requisite(Need(PAGE + "c.png", NeedKind.IMAGE, "img/@data-src", is_guess=True), "X", missing="too many")
        told = PageRequisites("1", PAGE, NOON, page.record_id, (got, lost, guess), 7)
        writer.store_requisites(told)
    return told


def test_what_a_page_needs_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    told = an_archive(tmp_path)
    assert list(read_page_requisites(finished(tmp_path))) == [told]
    assert judge(finished(tmp_path)) == ""
    assert verified(tmp_path).problems == ()
    assert told.summary == Completeness(
        1, 9, (("too many", 8), ("http 404", 1)),
        (Lack(PAGE + "b.css", NeedKind.STYLE, "http 404"), Lack(PAGE + "c.png", NeedKind.IMAGE, "too many")),
    )  # fmt: skip


def test_the_visit_of_a_requisite_says_in_standard_fields_how_it_came_about(tmp_path: Path) -> None:
    import gzip

    an_archive(tmp_path)
    data = gzip.decompress(finished(tmp_path).read_bytes())
    assert b"\r\nvia: http://a.example/\r\nhopsFromSeed: E\r\n" in data
    assert b"\r\noutlink: http://a.example/a.png E img/@src\r\noutlink: http://a.example/b.css E link/@href\r\n" in data
    assert b"\r\noutlink: http://a.example/c.png X img/@data-src\r\n" in data
    assert [read.visit.target for read in read_visits(finished(tmp_path))] == [PAGE, PAGE + "a.png"]
    assert len(list(index(tmp_path))) == 2


def test_a_stored_requisite_that_is_not_there_is_told(tmp_path: Path) -> None:
    an_archive(tmp_path / "whole")
    members = split_members(finished(tmp_path / "whole").read_bytes())
    path = tmp_path / "without.warc.gz"
    # All but the three records of the picture's visit.
    path.write_bytes(b"".join([*members[:4], *members[7:]]))
    found = verified(path)
    assert found.is_sound
    assert codes(found, Severity.WARNING) == {"reference-dangling"}
    assert "what the page needs" in found.problems[0].message


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=20))
def test_nothing_in_an_address_makes_a_line_of_its_own(url: str, context: str) -> None:
    requisite = Requisite(Need(f"http://a.example/{url}", NeedKind.OTHER, context), "E", missing="media")
    block = requisites_block(PageRequisites("1", PAGE, NOON, "urn:a:b", (requisite,)))
    lines = block.split(b"\r\n")
    assert [line.partition(b":")[0] for line in lines] == [
        *(b"format", b"visit-of-page", b"stored", b"missing", b"outlink", b"unlisted", b"requisites", b"")
    ]
    assert read_requisites(record_of(block)) is not None


def record_of(block: bytes, kind: str = "metadata") -> Record:
    return Record(kind, "urn:x:y", (("WARC-Date", "2026-01-02T03:04:05Z"), ("WARC-Concurrent-To", "<urn:a:b>")), block)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_damaged_record_is_nothing(data: st.DataObject) -> None:
    requisite = Requisite(Need(PAGE, NeedKind.ICON, "link/@href"), "E", "2", "urn:c:d")
    block = requisites_block(PageRequisites("1", PAGE, datetime(2026, 1, 2, tzinfo=UTC), "urn:a:b", (requisite,)))
    begin = block.index(b"requisites: ")
    at = data.draw(st.integers(0, len(block) - 1))
    damaged = block[:at] + data.draw(st.binary(max_size=3)) + block[at + data.draw(st.integers(0, 5)) :]
    read_requisites(record_of(damaged))
    assert read_requisites(record_of(block[:begin])) is None
    assert read_requisites(record_of(block[:begin] + b"requisites: " + b"[" * 100_000)) is None


@pytest.mark.parametrize("kind", ["response", "resource", "warcinfo"])
def test_only_metadata_is_read_as_such_a_record(kind: str) -> None:
    block = requisites_block(PageRequisites("1", PAGE, NOON, "urn:a:b", ()))
    assert read_requisites(record_of(block)) is not None
    assert read_requisites(record_of(block, kind)) is None
