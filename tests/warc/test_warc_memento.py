"""Archived copies as records: what the archive sent now, and what the site sent then, found under its own address and date."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from warc_kit import NOON, exchange, finished, judge, response, writer_in

from citekeeper.model import Copy, Exchange, Memento, Response
from citekeeper.warc import index, read_visits
from citekeeper.warc.members import Member, scan
from citekeeper.warc.records import Record, parse

THEN = datetime(2020, 11, 13, 18, 25, tzinfo=UTC)
PAGE = "http://news.example/2020/story"
RAW = f"https://web.archive.example/web/20201113182500id_/{PAGE}"
COPY = Memento(f"https://web.archive.example/web/20201113182500/{PAGE}", THEN, "wayback", PAGE, 200)


def copy_of(body: bytes = b"<p>The story.</p>", *, url: str = PAGE, status: int = 200, location: str = "") -> Copy:
    raw = RAW.replace(PAGE, url)
    moved_raw = (f"Location: {RAW.replace(PAGE, location)}",) if location else ()
    fetched = exchange(raw, response(body, *moved_raw, status=f"{status} OK"))
    moved = f"Location: {location}\r\n" if location else ""
    head = f"HTTP/1.1 {status} OK\r\nServer: nginx\r\n{moved}\r\n".encode()
    rebuilt = Response(status, "OK", (("Server", "nginx"),), head, body, body)
    return Copy(fetched, Exchange(url, THEN, 0.0, b"", rebuilt))


def records(path: Path) -> list[Record]:
    with path.open("rb") as handle:
        found = [parse(part.data) for part in scan(handle, keep=1 << 26) if isinstance(part, Member)]
    return [record for record in found if record is not None]


def stored(folder: Path, *copies: Copy) -> Path:
    with writer_in(folder) as writer:
        captures = writer.store_memento(COPY, copies)
        assert len(captures) == len(copies)
    return finished(folder)


def test_a_copy_is_stored_as_it_came_and_under_its_own_address_and_date(tmp_path: Path) -> None:
    path = stored(tmp_path, copy_of())
    found = records(path)
    assert [record.type for record in found] == ["warcinfo", "response", "request", "revisit", "metadata"]
    came, then, told = found[1], found[3], found[4]
    assert came.field("WARC-Target-URI") == RAW
    assert then.field("WARC-Target-URI") == PAGE
    assert (then.field("WARC-Date") or "").startswith("2020-11-13T18:25:00")
    assert then.field("WARC-Refers-To") == f"<{came.id}>"
    assert then.field("WARC-Source-URI") == RAW
    assert (then.field("WARC-Creation-Date") or "") == came.field("WARC-Date")
    assert then.field("WARC-Payload-Digest") == came.field("WARC-Payload-Digest")
    assert then.field("WARC-IP-Address") is None
    assert then.block.endswith(b"\r\n\r\n")
    assert b"memento: " + COPY.url.encode() in told.block
    assert not judge(path)


def test_the_index_finds_the_copy_at_its_date(tmp_path: Path) -> None:
    stored(tmp_path, copy_of())
    lines = {line.url: line.timestamp for line in index(tmp_path)}
    assert lines[PAGE] == "20201113182500"


def test_redirects_to_the_copy_are_stored_with_it(tmp_path: Path) -> None:
    old = "http://news.example/old"
    path = stored(tmp_path, copy_of(b"", url=old, status=301, location=PAGE), copy_of())
    targets = [record.field("WARC-Target-URI") for record in records(path) if record.type == "revisit"]
    assert targets == [old, PAGE]
    assert not judge(path)


def test_the_same_page_is_stored_once_however_often_it_was_archived(tmp_path: Path) -> None:
    path = stored(tmp_path, copy_of(), copy_of(url=f"{PAGE}?print"))
    found = records(path)
    assert sum(record.type == "response" for record in found) == 1
    answers = [record for record in found if record.type == "response"]
    revisits = [record for record in found if record.type == "revisit"]
    assert {record.field("WARC-Refers-To") for record in revisits} == {f"<{answers[0].id}>"}
    assert not judge(path)


def test_a_copy_whose_framing_is_broken_makes_no_claim_about_its_payload(tmp_path: Path) -> None:
    whole = copy_of()
    answer = whole.fetched.response
    assert answer is not None
    broken = Response(
        200, "OK", (("Transfer-Encoding", "chunked"),), b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"zz\r\n", b""
    )
    path = stored(tmp_path, Copy(Exchange(RAW, NOON, 0.1, whole.fetched.request, broken), whole.archived))
    assert "revisit" not in [record.type for record in records(path)]


def test_visits_are_read_past_copies(tmp_path: Path) -> None:
    path = stored(tmp_path, copy_of())
    assert list(read_visits(path)) == []


def test_a_record_handed_out_by_an_archive_is_stored_as_the_answer_that_it_holds(tmp_path: Path) -> None:
    """Common Crawl sends a packed WARC record, whose bytes are not the page's."""
    page = b"<p>The story.</p>"
    place = "https://data.archive.example/crawl-data/a.warc.gz"
    fetched = exchange(place, response(b"\x1f\x8bpacked", "Content-Range: bytes 0-8/100", status="206 Partial Content"))
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\n\r\n".encode()
    archived = Exchange(PAGE, THEN, 0.0, b"", Response(200, "OK", (("Content-Type", "text/html"),), head, page, page))
    path = stored(tmp_path, Copy(fetched, archived))
    found = records(path)
    assert [record.type for record in found] == ["warcinfo", "response", "request", "response", "metadata"]
    assert found[3].block == head + page
    assert found[3].field("WARC-Source-URI") == place
    assert found[3].field("WARC-Payload-Digest") != found[1].field("WARC-Payload-Digest")
    assert not judge(path)
