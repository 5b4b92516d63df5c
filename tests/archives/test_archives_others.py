"""Common Crawl, TimeGates, TimeMaps and pywb's dialect, behind the same protocol."""

from __future__ import annotations

import asyncio
import gzip
import json
from datetime import UTC, datetime

import pytest
from archive_fakes import BASE, FakeClock, FakeFetch, FakeLimiter, Script, answer, failure, http_date, memento
from hypothesis import given, settings
from hypothesis import strategies as st

from citekeeper.archives import Archive, DatedIndex, open_archives
from citekeeper.archives.cdx import Page, parse_index
from citekeeper.archives.common_crawl import CommonCrawl
from citekeeper.archives.timegates import TimeGate
from citekeeper.archives.warc_bytes import read_response
from citekeeper.errors import ConfigError
from citekeeper.model import Copy, FailureKind, Found, Memento, Missing, Rows, Unavailable
from citekeeper.settings import ArchivesSettings

PAGE = "http://news.example/2020/11/story"
WHEN = datetime(2020, 11, 13, 12, tzinfo=UTC)


def opened(script: Script, make: type[CommonCrawl] | None = None, *, timemap: bool = False) -> tuple[Archive, FakeFetch]:
    clock, fetch = FakeClock(), FakeFetch(script)
    limiter = FakeLimiter(clock)
    if make is not None:
        return CommonCrawl(fetch, limiter=limiter, clock=clock, index=BASE, data=BASE, crawls=2), fetch
    url = f"{BASE}/timemap/link/" if timemap else f"{BASE}/timegate/"
    return TimeGate("others", fetch, limiter=limiter, clock=clock, url=url, is_timemap=timemap), fetch


# ── Common Crawl ──────────────────────────────────────────────────────────────────────────────

CRAWLS = json.dumps(
    [
        {"id": "CC-MAIN-2025-33", "cdx-api": "https://elsewhere.example/CC-MAIN-2025-33-index"},
        {"id": "CC-MAIN-2020-45", "cdx-api": "https://elsewhere.example/x"},
        {"id": "CC-MAIN-2019-35", "cdx-api": "https://elsewhere.example/y", "from": "2019-08-17T00:00:00"},
        {"id": "something else"},
    ]
)
NONE = answer(404, body='{"message": "No Captures found for: news.example/2020/11/story"}')


def record(body: bytes = b"<p>The story.</p>", *, kind: str = "response") -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    fields = {"WARC-Type": kind, "WARC-Target-URI": PAGE, "WARC-Date": "2020-10-30T10:00:00Z", "Content-Length": str(len(http))}
    head = "WARC/1.0\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items()) + "\r\n"
    return gzip.compress(head.encode() + http + b"\r\n\r\n")


def row(**more: str) -> str:
    known = {"urlkey": "example,news)/2020/11/story", "timestamp": "20201030100000", "url": PAGE, "mime": "text/html", "status": "200"}
    place = {"digest": "D", "length": "400", "offset": "1000", "filename": "crawl-data/CC-MAIN-2020-45/segments/1/warc/a.warc.gz"}
    return json.dumps(known | place | more)


def crawl(answers: Script) -> Script:
    return {"/collinfo.json": answer(200, body=CRAWLS), **answers}


def test_a_copy_is_read_from_the_crawl_nearest_to_the_date() -> None:
    archive, fetch = opened(crawl({"/CC-MAIN-2020-45": answer(200, body=row()), "/crawl-data": answer(206, body=record())}), CommonCrawl)
    seen: list[bytes] = []

    async def judge(copy: Memento, copies: tuple[Copy, ...]) -> str:
        seen.append(copies[-1].archived.response.content if copies[-1].archived.response else b"")
        return ""

    found = asyncio.run(archive.nearest(PAGE, WHEN, judge))
    assert isinstance(found, Found)
    assert (found.memento.original, found.memento.datetime.year, found.memento.archive) == (PAGE, 2020, "commoncrawl")
    assert seen == [b"<p>The story.</p>"]
    assert fetch.asked[-1].headers == (("Range", "bytes=1000-1399"),)
    again = asyncio.run(archive.content(found.memento))
    assert again.response is not None
    assert again.response.content == b"<p>The story.</p>"


def test_the_next_crawl_is_asked_when_the_nearest_has_nothing_and_no_more_than_two() -> None:
    archive, fetch = opened(crawl({"/CC-MAIN": NONE}), CommonCrawl)
    assert asyncio.run(archive.nearest(PAGE, WHEN)) == Missing()
    assert [path.split("?")[0] for path in fetch.paths] == ["/collinfo.json", "/CC-MAIN-2020-45-index", "/CC-MAIN-2019-35-index"]


STORIES = answer(200, body=row() + "\n" + row(url=PAGE + "-two"))


def asked_crawls(fetch: FakeFetch) -> list[str]:
    return [path.split("?")[0] for path in fetch.paths[1:]]


def test_a_prefix_is_looked_for_in_the_crawls_nearest_to_the_date_and_the_newest_until_one_knows_it() -> None:
    archive, fetch = opened(crawl({"/CC-MAIN-2020-45": STORIES}), CommonCrawl)
    assert isinstance(archive, DatedIndex)
    found = asyncio.run(archive.rows_around("http://news.example/2020/11/st", WHEN))
    assert isinstance(found, Rows)
    assert [each.original for each in found.rows] == [PAGE, PAGE + "-two"]
    assert asked_crawls(fetch) == ["/CC-MAIN-2020-45-index"]


def test_the_newest_crawl_is_the_last_that_is_asked_for_a_prefix() -> None:
    archive, fetch = opened(crawl({"/CC-MAIN": NONE}), CommonCrawl)
    assert isinstance(archive, DatedIndex)
    assert asyncio.run(archive.rows_around("http://news.example/2020/11/st", WHEN)) == Rows(())
    assert asked_crawls(fetch) == ["/CC-MAIN-2020-45-index", "/CC-MAIN-2025-33-index"]


def test_without_a_date_the_newest_crawl_comes_first() -> None:
    archive, fetch = opened(crawl({"/CC-MAIN-2025-33": NONE, "/CC-MAIN-2020-45": STORIES}), CommonCrawl)
    found = asyncio.run(archive.rows("http://news.example/2020/11/st"))
    assert isinstance(found, Rows)
    assert asked_crawls(fetch)[0] == "/CC-MAIN-2025-33-index"


@pytest.mark.parametrize(
    ("day", "nearest"),
    [
        ("2025-09-05", "2025-33"),
        ("2025-07-30", "2025-33"),
        ("2025-08-20", "2025-33"),
        ("2025-07-10", "2025-26"),
        ("2008-01-01", "2008-2009"),
    ],
)
def test_a_crawl_is_near_by_its_first_and_last_day(day: str, nearest: str) -> None:
    told = [
        {"id": "CC-MAIN-2025-33", "from": "2025-08-02T23:00:00", "to": "2025-08-16T06:00:00"},
        {"id": "CC-MAIN-2025-26", "from": "2025-06-12T00:00:00", "to": "2025-07-03T06:00:00"},
        {"id": "CC-MAIN-2008-2009", "from": "2008-05-09T00:00:00", "to": "2009-01-19T00:00:00"},
    ]
    archive, fetch = opened({"/collinfo.json": answer(200, body=json.dumps(told)), "/CC-MAIN": NONE}, CommonCrawl)
    assert isinstance(archive, DatedIndex)
    asyncio.run(archive.rows_around("http://news.example/st", datetime.fromisoformat(f"{day}T12:00:00+00:00")))
    assert asked_crawls(fetch)[0] == f"/CC-MAIN-{nearest}-index"
    assert len(asked_crawls(fetch)) <= 2


@pytest.mark.parametrize(
    "place",
    [
        {"filename": "../../etc/passwd"},
        {"filename": "crawl-data/../x.warc.gz"},
        {"length": "99999999999"},
        {"offset": "-1"},
        {"offset": "x"},
    ],
)
def test_a_row_that_leads_elsewhere_is_not_followed(place: dict[str, str]) -> None:
    archive, fetch = opened(crawl({"/CC-MAIN": answer(200, body=row(**place))}), CommonCrawl)
    assert asyncio.run(archive.nearest(PAGE, WHEN)) == Missing()
    assert all("Range" not in dict(ask.headers) for ask in fetch.asked)


@pytest.mark.parametrize(
    "listing", [answer(200, body="<html>"), answer(200, body="{}"), answer(200, body="[[1]]"), answer(503), failure(FailureKind.TIMEOUT)]
)
def test_without_a_list_of_crawls_nothing_is_known(listing: object) -> None:
    archive, _ = opened({"/collinfo.json": listing}, CommonCrawl)  # type: ignore[dict-item]
    assert isinstance(asyncio.run(archive.nearest(PAGE, WHEN)), Unavailable)
    assert isinstance(asyncio.run(archive.rows(PAGE)), Unavailable)


@given(st.binary(max_size=300))
@settings(max_examples=50, deadline=None)
def test_any_bytes_are_read_as_a_record_or_as_none(data: bytes) -> None:
    assert read_response(data) is None
    assert read_response(gzip.compress(data)) is None or b"WARC" in data


def test_a_record_that_is_no_answer_is_none() -> None:
    assert read_response(record(kind="request")) is None
    assert read_response(gzip.compress(b"WARC/1.0\r\n" + b"a" * 20_000_000)) is None


# ── Memento ───────────────────────────────────────────────────────────────────────────────────


def copy_at(digits: str, host: str = "http://old.example") -> str:
    return f"{host}/coll/{digits}/{PAGE}"


def raw(digits: str) -> str:
    return copy_at(digits).replace(f"{digits}/", f"{digits}id_/")


def test_a_timegate_leads_to_a_copy_on_another_host_which_is_read_unrewritten() -> None:
    gate = answer(302, ("Location", copy_at("20201112100000")), ("Vary", "accept-datetime"))
    archive, fetch = opened({"/timegate/": gate, raw("20201112100000"): memento("20201112100000", PAGE)})
    found = asyncio.run(archive.nearest(PAGE, WHEN))
    assert found == Found(Memento(copy_at("20201112100000"), datetime(2020, 11, 12, 10, tzinfo=UTC), "others", PAGE, 200))
    assert fetch.asked[1].url == raw("20201112100000")


def test_the_neighbours_that_a_timegate_names_are_looked_at_when_the_nearest_is_no_page() -> None:
    links = ", ".join(f'<{copy_at(d)}>; rel="memento"; datetime="{http_date(d)}"' for d in ("20201112100000", "20201110100000"))
    gate = answer(302, ("Location", copy_at("20201112100000")), ("Link", links))
    script: Script = {
        "/timegate/": gate,
        raw("20201112100000"): memento("20201112100000", PAGE, status=404),
        raw("20201110100000"): memento("20201110100000", PAGE),
    }
    found = asyncio.run(opened(script)[0].nearest(PAGE, WHEN))
    assert isinstance(found, Found)
    assert found.memento.datetime.day == 10
    assert found.passed_over == ("status 404 on 2020-11-12",)


def test_a_copy_whose_address_tells_no_date_says_it_itself() -> None:
    short = "http://old.example/Ab3dE"
    gate = answer(302, ("Location", short))
    found = asyncio.run(opened({"/timegate/": gate, short: memento("20201112100000", PAGE)})[0].nearest(PAGE, WHEN))
    assert found == Found(Memento(short, datetime(2020, 11, 12, 10, tzinfo=UTC), "others", PAGE, 200))


def test_a_page_without_memento_datetime_is_no_copy() -> None:
    gate = answer(302, ("Location", "http://old.example/Ab3dE"))
    script: Script = {"/timegate/": gate, "http://old.example/": answer(200, body="<p>Are you a robot?</p>")}
    assert isinstance(asyncio.run(opened(script)[0].nearest(PAGE, WHEN)), Unavailable)


def test_a_timemap_is_enough() -> None:
    stamps = ("20190101000000", "20201112100000", "20230101000000")
    lines = [f'<{copy_at(d)}>; rel="memento"; datetime="{http_date(d)}",' for d in stamps]
    body = f'<{PAGE}>; rel="original",\n' + "\n".join(lines)
    archive, _ = opened({"/timemap/": answer(200, body=body), raw(stamps[1]): memento(stamps[1], PAGE)}, timemap=True)
    found = asyncio.run(archive.nearest(PAGE, WHEN))
    assert isinstance(found, Found)
    assert found.memento.url == copy_at(stamps[1])


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        (answer(404), Missing),
        (answer(503), Unavailable),
        (answer(429), Unavailable),
        (answer(200, body="<html>"), Unavailable),
        (answer(403), Unavailable),
        (failure(FailureKind.TIMEOUT), Unavailable),
    ],
)
@pytest.mark.parametrize("timemap", [True, False])
def test_what_is_no_answer_is_never_not_archived(outcome: object, kind: type, timemap: bool) -> None:
    archive, _ = opened({"/": outcome}, timemap=timemap)  # type: ignore[dict-item]
    assert isinstance(asyncio.run(archive.nearest(PAGE, WHEN)), kind)


# ── pywb's dialect and the list of archives ───────────────────────────────────────────────────


def test_json_lines_and_cdxj_are_read_as_rows() -> None:
    fields = {"url": PAGE, "mime": "warc/revisit", "digest": "D"}
    cdxj = f"example,news)/2020/11/story 20201112100000 {json.dumps(fields)}\n"
    page = parse_index((row() + "\n{broken\n" + cdxj).encode())
    assert isinstance(page, Page)
    assert [(each.original, each.status) for each in page.rows] == [(PAGE, 200), (PAGE, None)]
    assert not isinstance(parse_index(b'{"message": "Page 1 invalid"}'), Page)


@given(st.text(max_size=200))
@settings(max_examples=50, deadline=None)
def test_any_text_behind_a_brace_is_read_or_refused(text: str) -> None:
    parse_index(("{" + text).encode("utf-8", "replace"))
    parse_index(("a 20201112 {" + text).encode("utf-8", "replace"))


def names(*use: str, others: tuple[str, ...] = ()) -> list[str]:
    clock = FakeClock()
    options = ArchivesSettings(use=use, others=others)
    return [each.name for each in open_archives(options, FakeFetch({}), limiter=FakeLimiter(clock), clock=clock)]


def test_archives_are_opened_by_name_and_others_may_be_added() -> None:
    others = ("mine=pywb:http://127.0.0.1:8080/coll", "ukwa=timegate:https://archive.example/wayback/")
    assert names("wayback", "commoncrawl", "arquivo", "memgator", "mine", "ukwa", others=others) == [
        "wayback",
        "commoncrawl",
        "arquivo",
        "memgator",
        "mine",
        "ukwa",
    ]


@pytest.mark.parametrize(
    "entry", ["mine", "mine=http://a.example/", "mine=telnet:http://a.example/", "=pywb:http://a.example/", "x=pywb:ftp://a"]
)
def test_an_archive_that_cannot_be_understood_is_told(entry: str) -> None:
    with pytest.raises(ConfigError, match="is no archive"):
        names("wayback", others=(entry,))
