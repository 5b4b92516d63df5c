"""The loopback index answers in the bytes of the Wayback Machine's."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekeeper.demo import Archived, Exclusions, IndexQuirks, Request, Wayback, archive_of
from citekeeper.http1 import Head, entity_body, parse_head

PAGE = b"<html><title>Ferry</title></html>"
SHA1 = "QMCMTF77UOBVFR6IM4BBJ2BLTSUBS323"

CAPTURES = (
    Archived("https://www.ferry.example/news/ferry-returns", "20200102030405", PAGE),
    Archived("http://ferry.example:80/news/ferry-returns", "20200301000000", PAGE, revisit=True),
    Archived("https://ferry.example/news/ferry-returns?utm_source=x", "20200302000000", PAGE),
    Archived("https://ferry.example/news/ferry-rests", "20191231235959", PAGE, status=301, mime="unk"),
    Archived("https://ferry.example/newsletter/7", "20210101000000", PAGE, status=404),
    Archived("https://ferry.example/", "20180101000000", PAGE),
    Archived("https://sub.ferry.example/deep", "20180101000000", PAGE),
    Archived("https://ferryman.example/", "20180101000000", PAGE),
    Archived("https://ferry.example/news/late", "20240101000000", PAGE, indexed=False),
)


def request(target: str, headers: Sequence[tuple[str, str]] = (), at: float = 0.0) -> Request:
    return Request("web.archive.example", "GET", target, tuple(headers), b"", at, False, None, 1, 0, 1, b"")


def ask(archive: Wayback, pairs: Sequence[tuple[str, str]], path: str = "/cdx/search/cdx", **headers: str) -> tuple[Head, bytes]:
    (raw,) = archive(request(f"{path}?{urlencode(pairs)}", tuple(headers.items())))
    assert isinstance(raw, bytes)
    head, blank, body = raw.partition(b"\r\n\r\n")
    parsed = parse_head(head + blank)
    assert parsed is not None
    return parsed, entity_body(parsed.headers, body)


def rows(archive: Wayback, *pairs: tuple[str, str]) -> list[list[str]]:
    return [line.split(" ") for line in ask(archive, pairs)[1].decode().splitlines()]


def originals(archive: Wayback, *pairs: tuple[str, str]) -> list[str]:
    return [row[0] for row in rows(archive, *pairs, ("fl", "original"))]


@pytest.fixture
def archive() -> Wayback:
    return archive_of(CAPTURES)


def test_text_is_seven_columns_with_single_spaces_and_no_header(archive: Wayback) -> None:
    head, body = ask(archive, [("url", "https://www.ferry.example/news/ferry-returns")])
    assert (head.status, head.reason) == (200, "OK")
    assert ("Content-Type", "text/plain") in head.headers
    assert ("Transfer-Encoding", "chunked") in head.headers
    assert (
        body
        == (
            f"example,ferry)/news/ferry-returns 20200102030405 https://www.ferry.example/news/ferry-returns text/html 200 {SHA1} 311\n"
            f"example,ferry)/news/ferry-returns 20200301000000 http://ferry.example:80/news/ferry-returns warc/revisit - {SHA1} 311\n"
        ).encode()
    )


def test_json_is_one_row_a_line_without_spaces(archive: Wayback) -> None:
    head, body = ask(archive, [("url", "ferry.example/news/ferry-returns"), ("output", "json"), ("limit", "1")])
    assert ("Content-Type", "application/json") in head.headers
    assert body == (
        b'[["urlkey","timestamp","original","mimetype","statuscode","digest","length"],\n'
        b'["example,ferry)/news/ferry-returns","20200102030405","https://www.ferry.example/news/ferry-returns","text/html","200",'
        b'"' + SHA1.encode() + b'","311"]]\n'
    )


def test_nothing_found_is_an_empty_answer(archive: Wayback) -> None:
    assert ask(archive, [("url", "nowhere.example/x")])[1] == b""
    assert ask(archive, [("url", "nowhere.example/x"), ("output", "json")])[1] == b"[]\n"


def test_without_url_the_query_is_refused(archive: Wayback) -> None:
    head, body = ask(archive, [("output", "json")])
    assert (head.status, body) == (400, b"url parameter is required")


def test_a_prefix_finds_every_key_that_begins_with_it(archive: Wayback) -> None:
    expected = [
        "https://ferry.example/news/ferry-rests",
        "https://www.ferry.example/news/ferry-returns",
        "http://ferry.example:80/news/ferry-returns",
        "https://ferry.example/news/ferry-returns?utm_source=x",
    ]
    assert originals(archive, ("url", "https://ferry.example/news/ferry-re"), ("matchType", "prefix")) == expected
    assert originals(archive, ("url", "ferry.example/news/ferry-re*")) == expected


def test_a_wildcard_counts_only_without_a_match_type(archive: Wayback) -> None:
    assert originals(archive, ("url", "ferry.example/news/ferry-re*"), ("matchType", "exact")) == []
    assert originals(archive, ("url", "ferry.example/newsletter/7"), ("matchType", "nonsense")) == ["https://ferry.example/newsletter/7"]


def test_the_trailing_slash_of_a_prefix_is_dropped_as_on_the_live_server(archive: Wayback) -> None:
    question = (("url", "ferry.example/news/"), ("matchType", "prefix"))
    assert "https://ferry.example/newsletter/7" in originals(archive, *question)
    archive.index_quirks = IndexQuirks(drops_trailing_slash=False)
    assert "https://ferry.example/newsletter/7" not in originals(archive, *question)
    assert len(originals(archive, *question)) == 4


def test_a_prefix_of_the_root_is_the_whole_host_and_no_other(archive: Wayback) -> None:
    found = originals(archive, ("url", "https://ferry.example/*"))
    assert len(found) == 6
    assert originals(archive, ("url", "ferry.example"), ("matchType", "host")) == found


def test_a_domain_query_includes_the_hosts_below(archive: Wayback) -> None:
    found = originals(archive, ("url", "*.ferry.example"))
    assert "https://sub.ferry.example/deep" in found
    assert "https://ferryman.example/" not in found
    assert found == originals(archive, ("url", "ferry.example"), ("matchType", "domain"))


def test_filters_match_whole_values_unless_told_otherwise(archive: Wayback) -> None:
    question = (("url", "ferry.example/news*"),)
    assert originals(archive, *question, ("filter", "statuscode:2")) == []
    assert len(originals(archive, *question, ("filter", "statuscode:2.."))) == 2
    assert len(originals(archive, *question, ("filter", "~statuscode:2"))) == 2
    kept = rows(archive, *question, ("filter", "!statuscode:[345].."), ("fl", "statuscode"))
    assert kept == [["200"], ["-"], ["200"]]
    assert len(originals(archive, *question, ("filter", "~!original:utm_"), ("filter", "mimetype:text/html"))) == 2
    assert originals(archive, *question, ("filter", ".* unk 301 .*")) == ["https://ferry.example/news/ferry-rests"]


def test_collapse_keeps_the_first_of_equal_neighbours(archive: Wayback) -> None:
    collapsed = rows(archive, ("url", "ferry.example/news/ferry-returns*"), ("collapse", "urlkey"), ("fl", "timestamp"))
    assert collapsed == [["20200102030405"], ["20200302000000"]]
    by_year = rows(archive, ("url", "ferry.example/news/ferry-returns"), ("collapse", "timestamp:4"), ("fl", "timestamp"))
    assert by_year == [["20200102030405"]]


def test_dates_limits_and_orders_choose_rows(archive: Wayback) -> None:
    question = (("url", "ferry.example/news/ferry-returns"), ("fl", "timestamp"))
    assert rows(archive, *question, ("from", "202002")) == [["20200301000000"]]
    assert rows(archive, *question, ("to", "202001")) == [["20200102030405"]]
    assert rows(archive, *question, ("limit", "-1")) == [["20200301000000"]]
    assert rows(archive, *question, ("sort", "reverse"), ("limit", "1")) == [["20200301000000"]]
    assert rows(archive, *question, ("sort", "closest"), ("closest", "20200225"), ("limit", "1")) == [["20200301000000"]]
    assert rows(archive, *question, ("offset", "1")) == [["20200301000000"]]


@pytest.mark.parametrize("kind", ["old", "new"])
def test_a_resume_key_goes_on_where_the_page_ended(archive: Wayback, kind: str) -> None:
    archive.index_quirks = IndexQuirks(resume_key="old" if kind == "old" else "new")
    question = [("url", "ferry.example/news*"), ("limit", "2"), ("showResumeKey", "true")]
    text = ask(archive, question)[1].decode()
    *first, blank, key = text.splitlines()
    assert (len(first), blank) == (2, "")
    if kind == "old":
        assert key == "example%2Cferry%29%2Fnews%2Fferry-returns+20200102030406"
    rest = ask(archive, [("url", "ferry.example/news*"), ("resumeKey", key)])[1].decode().splitlines()
    everything = ask(archive, [("url", "ferry.example/news*")])[1].decode().splitlines()
    assert list(dict.fromkeys([*first, *rest])) == everything
    # The new key names the last row printed, which therefore comes again; the old one names the second after it.
    assert rest[0] == (first[-1] if kind == "new" else everything[2])


def test_a_resume_key_in_json_follows_an_empty_row(archive: Wayback) -> None:
    question = [("url", "ferry.example/news*"), ("limit", "1"), ("showResumeKey", "true"), ("output", "json"), ("fl", "urlkey")]
    body = ask(archive, question)[1].decode()
    assert body.splitlines()[2] == "[],"
    assert len(json.loads(body)) == 4
    whole = json.loads(ask(archive, [*question[:1], *question[2:]])[1])
    assert [] not in whole


def test_a_resume_key_that_is_none_is_refused(archive: Wayback) -> None:
    assert ask(archive, [("url", "ferry.example*"), ("resumeKey", "nonsense")])[0].status == 400


def test_everything_is_on_page_zero(archive: Wayback) -> None:
    question = [("url", "ferry.example/news*")]
    assert ask(archive, [*question, ("page", "0")]) == ask(archive, question)
    assert ask(archive, [*question, ("page", "1")])[1] == b""


def test_rows_may_be_doubled_and_dirty(archive: Wayback) -> None:
    dirty = "example,ferry)/news/ferry-returns 20000012170449 http://mailto:someone text/html 200 AAAA 12 extra column"
    archive.index_quirks = IndexQuirks(duplicates=3, dirty_rows=(dirty,))
    lines = ask(archive, [("url", "ferry.example/news/ferry-returns")])[1].decode().splitlines()
    assert len(lines) == 9
    assert lines[:3] == [dirty] * 3


def test_the_timemap_paths_choose_the_format_and_print_eleven_columns(archive: Wayback) -> None:
    question = [("url", "ferry.example/newsletter/7")]
    assert len(ask(archive, question, "/web/timemap/cdx")[1].split(b" ")) == 11
    (header, row) = json.loads(ask(archive, question, "/web/timemap/json")[1])
    assert header[5:] == ["digest", "redirect", "robotflags", "length", "offset", "filename"]
    assert row[6:8] == ["-", "-"]


def test_gzip_is_used_when_accepted_and_not_turned_off(archive: Wayback) -> None:
    question = [("url", "ferry.example/newsletter/7")]
    plain = ask(archive, question)[1]
    head, body = ask(archive, question, **{"Accept-Encoding": "gzip, deflate"})
    assert ("Content-Encoding", "gzip") in head.headers
    assert gzip.decompress(body) == plain
    assert ask(archive, [*question, ("gzip", "false")], **{"Accept-Encoding": "gzip"})[1] == plain


def test_a_blocked_site_is_said_in_the_header_or_in_the_body(archive: Wayback) -> None:
    question = [("url", "www.ferry.example/news*")]
    archive.exclusions = Exclusions(blocked=frozenset({"ferry.example"}))
    head, body = ask(archive, question)
    assert (head.status, body) == (403, b"")
    assert ("x-archive-wayback-runtime-error", "AdministrativeAccessControlException: Blocked Site Error") in head.headers
    archive.exclusions = replace(archive.exclusions, style="old")
    head, body = ask(archive, question)
    assert head.status == 403
    assert body.startswith(b"org.archive.util.io.RuntimeIOException: org.archive.wayback.exception.AdministrativeAccess")
    assert ask(archive, [*question, ("showNumPages", "true")])[1] == b"1\n"
    assert ask(archive, [("url", "ferryman.example")])[0].status == 200


def test_robots_are_another_reason(archive: Wayback) -> None:
    archive.exclusions = Exclusions(robots=frozenset({"ferry.example"}))
    head, _ = ask(archive, [("url", "sub.ferry.example/deep")])
    assert ("x-archive-wayback-runtime-error", "RobotAccessControlException: Blocked By Robots") in head.headers


def test_a_bad_regular_expression_is_the_askers_fault(archive: Wayback) -> None:
    assert ask(archive, [("url", "ferry.example"), ("filter", "statuscode:[")])[0].status == 400


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["url", "matchType", "limit", "offset", "from", "to", "fl", "collapse", "sort", "closest", "page"]),
            st.text(max_size=12),
        )
    )
)
def test_no_query_makes_it_fail(pairs: list[tuple[str, str]]) -> None:
    head, _ = ask(archive_of(CAPTURES), pairs)
    assert head.status in (200, 400)
