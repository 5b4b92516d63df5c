"""The loopback archive fails on order: once, always, or because it was asked too often."""

from __future__ import annotations

import json

import pytest

from citekeeper.demo import Archived, Close, Hold, Pause, Quota, Quotas, Request, Reset, Step, Wayback, archive_of, faults
from citekeeper.http1 import entity_body, parse_head

CDX = "/cdx/search/cdx?url=ferry.example/a&output=json"


@pytest.fixture
def archive() -> Wayback:
    return archive_of([Archived("https://ferry.example/a", "20200101000000", b"<html>")])


def ask(archive: Wayback, target: str = CDX, at: float = 0.0) -> list[Step]:
    fields = (("Accept-Encoding", "gzip"),)
    return list(archive(Request("web.archive.example", "GET", target, fields, b"", at, False, None, 1, 0, 1, b"")))


def status(steps: list[Step]) -> int:
    (raw,) = steps
    assert isinstance(raw, bytes)
    return int(raw.split(b" ")[1])


def body(steps: list[Step]) -> bytes:
    raw = steps[0]
    assert isinstance(raw, bytes)
    head, blank, rest = raw.partition(b"\r\n\r\n")
    parsed = parse_head(head + blank)
    assert parsed is not None
    return entity_body(parsed.headers, rest)


def test_a_fault_hits_only_its_path_and_only_so_often(archive: Wayback) -> None:
    archive.faults.add("/cdx/", faults.unavailable, times=2)
    assert status(ask(archive, "/web/2020/https://ferry.example/a")) == 302
    assert [status(ask(archive)) for _ in range(3)] == [503, 503, 200]


def test_a_fault_may_last(archive: Wayback) -> None:
    archive.faults.add("/cdx/", faults.gateway_timeout, times=None)
    assert [status(ask(archive)) for _ in range(3)] == [504, 504, 504]
    archive.faults.clear()
    assert status(ask(archive)) == 200


def test_the_front_server_sends_its_page_and_no_retry_after(archive: Wayback) -> None:
    archive.faults.add("/cdx/", faults.too_many_requests)
    steps = ask(archive)
    assert status(steps) == 429
    assert b"<center><h1>429 Too Many Requests</h1></center>\r\n<hr><center>nginx</center>" in body(steps)
    assert b"retry-after" not in bytes(steps[0]).lower()  # type: ignore[arg-type]  # bytes, as `status` has seen
    archive.faults.add("/cdx/", faults.too_many_requests_until("30"))
    assert b"Retry-After: 30\r\n" in ask(archive)[0]  # type: ignore[operator]  # bytes


def test_data_can_be_empty_cut_or_something_else(archive: Wayback) -> None:
    for fault in (faults.empty, faults.cut_json, faults.html_instead, faults.java_exception):
        archive.faults.add("/cdx/", fault)
    assert body(ask(archive)) == b""
    cut = body(ask(archive))
    assert cut.startswith(b'[["urlkey","timestamp"')
    with pytest.raises(json.JSONDecodeError):
        json.loads(cut)
    assert body(ask(archive)).startswith(b"<!DOCTYPE html>")
    assert body(ask(archive)) == b"java.lang.IllegalArgumentException: fromKey > toKey\n"


def test_playback_can_fail_inside_the_archive(archive: Wayback) -> None:
    archive.faults.add("/web/", faults.runtime_error(502, "Bad Gateway", "LiveDocumentNotAvailableException: https://ferry.example/a"))
    steps = ask(archive, "/web/20200101000000id_/https://ferry.example/a")
    assert status(steps) == 502
    assert b"x-archive-wayback-runtime-error: LiveDocumentNotAvailableException" in steps[0]  # type: ignore[operator]  # bytes


def test_the_wire_can_break_in_the_body(archive: Wayback) -> None:
    archive.faults.add("/cdx/", faults.truncated)
    raw, end = ask(archive)
    assert end == Close()
    assert isinstance(raw, bytes)
    assert b"\r\n\r\n" in raw
    assert not raw.endswith(b"0\r\n\r\n")


def test_gzip_can_be_hidden_behind_an_empty_encoding(archive: Wayback) -> None:
    archive.faults.add("/cdx/", faults.doubled_encoding)
    (raw,) = ask(archive)
    assert isinstance(raw, bytes)
    assert b"content-encoding: \r\nContent-Encoding: gzip\r\n" in raw
    assert body([raw]).startswith(b"\x1f\x8b")


def test_the_firewall_resets_or_says_nothing(archive: Wayback) -> None:
    for fault in (faults.refused, faults.silent, faults.slow(0.5)):
        archive.faults.add("/cdx/", fault)
    assert ask(archive) == [Reset()]
    assert ask(archive) == [Hold()]
    assert ask(archive)[0] == Pause(0.5)


def test_a_quota_allows_so_many_in_any_minute(archive: Wayback) -> None:
    archive.quotas = Quotas(index=Quota(2))
    assert [status(ask(archive, at=at)) for at in (0.0, 10.0, 20.0, 61.0)] == [200, 200, 429, 200]
    assert status(ask(archive, "/web/2020/https://ferry.example/a", at=20.0)) == 302


def test_cdx_and_timemap_share_one_quota(archive: Wayback) -> None:
    archive.quotas = Quotas(index=Quota(2))
    targets = (CDX, "/web/timemap/link/https://ferry.example/a", "/web/timemap/cdx?url=ferry.example/a")
    assert [status(ask(archive, target)) for target in targets] == [200, 200, 429]
    assert archive.index_requests() == 3


def test_who_ignores_429_meets_the_firewall_for_an_hour(archive: Wayback) -> None:
    archive.quotas = Quotas(index=Quota(1, patience=2))
    assert [status(ask(archive, at=float(at))) for at in range(3)] == [200, 429, 429]
    assert ask(archive, at=4.0) == [Reset()]
    assert ask(archive, at=3000.0) == [Reset()]
    assert status(ask(archive, at=4000.0)) == 200
