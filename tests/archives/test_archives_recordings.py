"""Answers recorded from the live service, read by the same parsers: proof against real bytes."""

from __future__ import annotations

import base64
import gzip
import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from archive_fakes import answer, exchange

from citekeeper.archives.cdx import Barred as IndexBarred
from citekeeper.archives.cdx import Page, parse_index
from citekeeper.archives.common_crawl import _crawls as crawls_of
from citekeeper.archives.index_answers import read_index
from citekeeper.archives.links import parse_links
from citekeeper.archives.memento import ArchivedRedirect, Barred, Captured, Elsewhere, NotArchived, playback_parts, read_playback
from citekeeper.archives.warc_bytes import read_response
from citekeeper.model import Rows
from citekeeper.surt import surt

DATA = Path(os.environ.get("CITEKEEPER_DATA") or "/nonexistent") / "archives"
pytestmark = pytest.mark.skipif(not os.environ.get("CITEKEEPER_DATA"), reason="needs the recorded archive answers in CITEKEEPER_DATA")


@dataclass(frozen=True)
class Recorded:
    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name), None)


def cassette(name: str) -> list[Recorded]:
    pytest.importorskip("yaml")
    yaml: Any = import_module("yaml")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded = yaml.load((DATA / "edgi-wayback/cassettes" / name).read_text("utf-8"), Loader=loader)
    return [_recorded(each) for each in loaded["interactions"]]


def _recorded(interaction: Any) -> Recorded:
    response = interaction["response"]
    body = response["body"].get("string", b"")
    raw = body.encode() if isinstance(body, str) else body
    headers = tuple((name, value) for name, values in response["headers"].items() for value in values)
    content = gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw
    return Recorded(interaction["request"]["uri"], response["status"]["code"], headers, content)


def cassettes(pattern: str) -> Iterator[tuple[str, Recorded]]:
    for path in sorted((DATA / "edgi-wayback/cassettes").glob(pattern)):
        for recorded in cassette(path.name):
            yield path.name, recorded


def page(recorded: Recorded) -> Page:
    found = parse_index(recorded.body)
    assert isinstance(found, Page), found
    return found


def read(recorded: Recorded) -> object:
    return read_playback(exchange(recorded.url, answer(recorded.status, *recorded.headers, body=recorded.body)))


def test_the_newest_index_answer_holds_many_duplicates_and_an_opaque_key() -> None:
    recorded = cassette("docs_tutorial.yaml")[0]
    index = page(recorded)
    # 490 distinct lines: 488 rows, the empty one and the key.
    assert len(set(recorded.body.decode().rstrip().split("\n"))) == 490
    assert (index.printed, len(index.rows)) == (1000, 488)
    assert index.resume_key is not None
    assert index.resume_key.startswith("eJx")


def test_every_recorded_index_answer_is_read_to_the_last_row() -> None:
    pages = 0
    for name, recorded in cassettes("*.yaml"):
        if "/cdx/search/" not in recorded.url or recorded.status != 200:
            continue
        index = page(recorded)
        lines = [line for line in recorded.body.decode().split("\n") if line.count(" ") >= 6]
        distinct = {tuple(line.split(" ")[:6]) for line in lines if "@" not in line.split(" ")[2]}
        assert index.printed == len(lines), name
        assert len(index.rows) == len(distinct), name
        assert (index.resume_key is None) == (len(lines) < 2 or " " in recorded.body.decode().rstrip().rsplit("\n", 1)[-1]), name
        pages += 1
    assert pages > 30


def test_the_pages_of_a_recorded_search_end_with_an_empty_one() -> None:
    pages = [page(recorded) for recorded in cassette("test_search_multipage.yaml")]
    assert len(pages) == 15
    assert [bool(each.resume_key) for each in pages] == [True] * 14 + [False]
    assert pages[-1].rows == ()


def test_the_recorded_blocked_site_is_barred() -> None:
    (blocked, *_) = (recorded for recorded in cassette("test_search_raises_for_blocked_urls.yaml") if "/cdx/" in recorded.url)
    assert blocked.status == 403
    assert isinstance(parse_index(blocked.body), IndexBarred)


def test_every_recorded_key_is_our_own_or_nearly() -> None:
    differing: Counter[bool] = Counter()
    for _, recorded in cassettes("test_search*.yaml"):
        if recorded.status == 200 and "/cdx/" in recorded.url:
            differing.update(surt(row.original) == row.urlkey for row in page(recorded).rows)
    assert differing[False] <= differing[True] * 0.001


def test_malformed_rows_are_left_out_and_broken_timestamps_repaired() -> None:
    files = DATA / "edgi-wayback/test_files"
    bad = parse_index((files / "bad_timestamp_cdx.txt").read_bytes())
    assert isinstance(bad, Page)
    assert len(bad.rows) == len({row.timestamp for row in bad.rows}) == bad.printed
    malformed = parse_index((files / "malformed_cdx.txt").read_bytes())
    assert isinstance(malformed, Page)
    assert 0 < len(malformed.rows) < malformed.printed
    assert all(row.original.startswith("http") and "mailto" not in row.original for row in malformed.rows)
    lengthless = parse_index((files / "zero_length_cdx.txt").read_bytes())
    assert isinstance(lengthless, Page)
    assert lengthless.rows


def test_recorded_json_rows_are_read() -> None:
    pages = 0
    for path in sorted((DATA / "cdx_toolkit/mock_responses").rglob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            recorded = json.loads(line)
            if recorded["url"] == "https://web.archive.org/cdx/search/cdx" and recorded["response_status_code"] == 200:
                index = parse_index(recorded["response_text"].encode())
                assert isinstance(index, Page)
                assert index.printed == max(0, len(json.loads(recorded["response_text"] or "[]")) - 1)
                pages += 1
    assert pages


def test_every_recorded_playback_answer_has_its_row_in_the_table() -> None:
    kinds: Counter[str] = Counter()
    for name, recorded in cassettes("*.yaml"):
        if "/web/" not in recorded.url.partition("?")[0] or "/timemap/" in recorded.url:
            continue
        found = read(recorded)
        kinds[type(found).__name__] += 1
        has_moment = recorded.header("memento-datetime") is not None
        if has_moment and recorded.header("location"):
            assert isinstance(found, ArchivedRedirect), name
            assert playback_parts(found.target) is not None, name
        elif has_moment:
            assert isinstance(found, Captured), name
            assert found.status == recorded.status
            assert found.original or not recorded.header("link"), name
        elif 300 <= recorded.status < 400:
            assert isinstance(found, Elsewhere), name
        elif recorded.status == 404:
            assert isinstance(found, NotArchived), name
        elif "blocked" in name:
            assert isinstance(found, Barred), name
        else:
            assert isinstance(found, ArchivedRedirect), name
    assert set(kinds) == {"Captured", "ArchivedRedirect", "Elsewhere", "NotArchived", "Barred"}


def test_the_recorded_time_map_is_read_whole() -> None:
    (path,) = (each for each in (DATA / "jaytaylor-archive.org").rglob("*") if each.is_file() and b'rel="timegate"' in each.read_bytes())
    text = path.read_text("utf-8")
    links = list(parse_links(text[text.index("<http") :]))
    assert sum(link.is_memento for link in links) == text.count('memento"; datetime=')
    assert all(playback_parts(link.target) for link in links if link.is_memento)


def crawl_answers() -> Iterator[dict[str, Any]]:
    for path in sorted((DATA / "cdx_toolkit").rglob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            told = json.loads(line)
            if "index.commoncrawl.org/CC-MAIN" in told["url"]:
                yield told


def test_every_recorded_index_answer_of_common_crawl_is_rows_or_nothing_found() -> None:
    counts: Counter[str] = Counter()
    for told in crawl_answers():
        if "showNumPages" in told["request_params"]:
            continue
        body, status = told["response_text"] or "", told["response_status_code"]
        found = read_index(exchange(told["url"], answer(status, body=body)), "http://commoncrawl.org/", 1000, empty_is_none=True)
        counts[type(found).__name__] += 1
        if isinstance(found, Rows) and status == 200 and "commoncrawl.org" in told["request_params"]["url"]:
            assert found.rows, told["request_params"]
    assert counts["Rows"] > 10
    assert set(counts) <= {"Rows", "Unavailable"}


def test_the_recorded_list_of_crawls_is_read_whole() -> None:
    path = next((DATA / "cdx_toolkit").rglob("test_get_cc_endpoints.jsonl"))
    told = json.loads(path.read_text("utf-8").splitlines()[0])
    found = crawls_of(exchange(told["url"], answer(200, body=told["response_text"])), "https://index.example")
    assert isinstance(found, tuple)
    assert len(found) == len(json.loads(told["response_text"]))
    assert found[0].last > found[-1].last


def test_recorded_records_of_common_crawl_are_read() -> None:
    counts: Counter[bool] = Counter()
    for path in sorted((DATA / "cdx_toolkit").rglob("*.jsonl*")):
        text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for line in text.splitlines():
            told = json.loads(line)
            if "data.commoncrawl.org" in told["url"] and told["response_status_code"] == 206:
                found = read_response(base64.b64decode(told["response_text"]))
                counts[found is not None] += 1
    assert counts[True] > 0
    assert not counts[False]


def test_recorded_rows_of_pywb_are_read() -> None:
    text = (DATA / "derived/cdx-queries.txt").read_text("utf-8")
    bodies = [part.split("\n\n")[0].split("\n", 3)[-1] for part in text.split("### ")[1:3]]
    pages = [parse_index(body.encode()) for body in bodies]
    assert all(isinstance(page, Page) and page.rows for page in pages)
