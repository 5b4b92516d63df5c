"""The loopback archive shows captures, or where they are, or that there are none, as the Wayback Machine does."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekeeper.demo import Archived, Exclusions, PlaybackQuirks, Request, Wayback, archive_of
from citekeeper.demo.captures import moment
from citekeeper.http1 import Head, entity_body, parse_head

BASE = "http://web.archive.example"
URL = "https://ferry.example/news?a=1&b=2"
PAGE = b'<html><head><title>Ferry</title></head><body><a href="https://ferry.example/x">x</a></body></html>'
HEADERS = (("Server", "Apache"), ("Content-Type", "text/html; charset=utf-8"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))

CAPTURES = (
    Archived(URL, "20200101000000", PAGE, headers=HEADERS),
    Archived(URL, "20200601000000", b"lost", status=404, reason="Not Found"),
    Archived(URL, "20210101000000", PAGE, headers=HEADERS),
    Archived("https://ferry.example/old", "20200101000000", b"", status=301, reason="Moved Permanently", headers=(("Location", "/new"),)),
    Archived("https://ferry.example/new", "20200102000000", PAGE),
    Archived("https://ferry.example/broken", "20200102000000", PAGE, playable=False),
    Archived("https://ferry.example/broken", "20220102000000", PAGE),
    Archived(
        "https://ferry.example/loop", "20200102000000", status=302, reason="Found", headers=(("Location", "https://ferry.example/loop"),)
    ),
    Archived("https://ferry.example/limited", "20200102000000", b"slow down", status=429, reason="Too Many Requests"),
)


@pytest.fixture
def archive() -> Wayback:
    return archive_of(CAPTURES)


def ask(archive: Wayback, target: str, *, method: str = "GET", body: bytes = b"", nth: int = 0, **headers: str) -> tuple[Head, bytes]:
    fields = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    (raw,) = archive(Request("web.archive.example", method, target, fields, body, 0.0, False, None, 1, nth, 1, b""))
    assert isinstance(raw, bytes)
    head, blank, content = raw.partition(b"\r\n\r\n")
    parsed = parse_head(head + blank)
    assert parsed is not None
    return parsed, entity_body(parsed.headers, content)


def field(head: Head, name: str) -> str | None:
    return next((value for key, value in head.headers if key.lower() == name), None)


def test_an_exact_capture_is_a_memento_with_its_own_bytes_and_headers(archive: Wayback) -> None:
    head, body = ask(archive, f"/web/20200101000000id_/{URL}")
    assert (head.status, body) == (200, PAGE)
    assert field(head, "memento-datetime") == "Wed, 01 Jan 2020 00:00:00 GMT"
    assert field(head, "content-type") == "text/html; charset=utf-8"
    assert field(head, "x-archive-orig-server") == "Apache"
    assert [value for name, value in head.headers if name == "x-archive-orig-set-cookie"] == ["a=1", "b=2"]
    assert field(head, "x-archive-orig-content-type") is None
    assert field(head, "x-archive-src") == "DEMO-20200101/DEMO-20200101.warc.gz"


def test_a_memento_is_packed_when_the_client_takes_it(archive: Wayback) -> None:
    head, body = ask(archive, f"/web/20200101000000id_/{URL}", Accept_Encoding="gzip, deflate")
    assert field(head, "content-encoding") == "gzip"
    assert gzip.decompress(body) == PAGE
    packed = Archived(URL, "20230101000000", gzip.compress(PAGE), headers=(*HEADERS, ("Content-Encoding", "gzip")))
    archive.captures.add(packed)
    head, body = ask(archive, f"/web/20230101000000id_/{URL}", Accept_Encoding="gzip")
    assert [value for name, value in head.headers if name.lower() == "content-encoding"] == ["gzip"]
    assert body == packed.body


def test_the_links_of_a_memento_are_in_view_mode_and_escaped_like_html(archive: Wayback) -> None:
    link = field(ask(archive, f"/web/20200601000000id_/{URL}")[0], "link")
    escaped = URL.replace("&", "&amp;")
    assert link == (
        f'<{escaped}>; rel="original", '
        f'<{BASE}/web/timemap/link/{escaped}>; rel="timemap"; type="application/link-format", '
        f'<{BASE}/web/{escaped}>; rel="timegate", '
        f'<{BASE}/web/20200101000000/{escaped}>; rel="first memento"; datetime="Wed, 01 Jan 2020 00:00:00 GMT", '
        f'<{BASE}/web/20200101000000/{escaped}>; rel="prev memento"; datetime="Wed, 01 Jan 2020 00:00:00 GMT", '
        f'<{BASE}/web/20200601000000/{escaped}>; rel="memento"; datetime="Mon, 01 Jun 2020 00:00:00 GMT", '
        f'<{BASE}/web/20210101000000/{escaped}>; rel="next memento"; datetime="Fri, 01 Jan 2021 00:00:00 GMT", '
        f'<{BASE}/web/20210101000000/{escaped}>; rel="last memento"; datetime="Fri, 01 Jan 2021 00:00:00 GMT"'
    )


def test_the_first_memento_has_no_previous_one(archive: Wayback) -> None:
    link = field(ask(archive, f"/web/20200101000000/{URL}")[0], "link") or ""
    assert "prev memento" not in link
    assert 'rel="first memento"' in link
    assert 'rel="memento"' in link


def test_an_archived_error_is_a_memento_too(archive: Wayback) -> None:
    head, body = ask(archive, f"/web/20200601000000id_/{URL}")
    assert (head.status, head.reason, body) == (404, "Not Found", b"lost")
    assert field(head, "memento-datetime")
    limited, _ = ask(archive, "/web/20200102000000id_/https://ferry.example/limited")
    assert limited.status == 429
    assert field(limited, "memento-datetime")


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ("20200102", "20200101000000"),
        ("0", "20200101000000"),
        ("2", "20210101000000"),
        ("202003", "20200601000000"),
        ("20200318000000", "20200601000000"),
    ],
)
def test_another_time_is_sent_to_the_nearest_capture(archive: Wayback, asked: str, nearest: str) -> None:
    head, body = ask(archive, f"/web/{asked}id_/{URL}")
    assert (head.status, body) == (302, b"")
    assert field(head, "x-archive-redirect-reason") == f"found capture at {nearest}"
    assert field(head, "location") == f"{BASE}/web/{nearest}id_/{URL}"
    assert field(head, "memento-datetime") is None


def test_of_two_equally_near_the_older_is_taken() -> None:
    archive = archive_of([Archived(URL, "20200103000000"), Archived(URL, "20200101000000")])
    assert field(ask(archive, f"/web/20200102000000/{URL}")[0], "x-archive-redirect-reason") == "found capture at 20200101000000"


def test_what_cannot_be_played_leads_to_what_can(archive: Wayback) -> None:
    head, _ = ask(archive, "/web/20200102000000id_/https://ferry.example/broken")
    assert field(head, "location") == f"{BASE}/web/20220102000000id_/https://ferry.example/broken"


def test_a_page_never_archived_is_a_404_page(archive: Wayback) -> None:
    for target in ("/web/2020id_/https://ferry.example/never", "/web/https://ferry.example/never"):
        head, body = ask(archive, target)
        assert head.status == 404
        assert b"Hrm." in body
        assert b"The Wayback Machine has not archived that URL." in body


@pytest.mark.parametrize(
    ("style", "location"),
    [
        ("absolute", f"{BASE}/web/20200101000000id_/https://ferry.example/new"),
        ("path", "/web/20200101000000id_/https://ferry.example/new"),
        ("scheme-relative", "//web.archive.example/web/20200101000000id_/https://ferry.example/new"),
    ],
)
def test_an_archived_redirect_stays_in_the_archive(archive: Wayback, style: str, location: str) -> None:
    archive.playback_quirks = PlaybackQuirks(location=style)  # type: ignore[arg-type]  # parametrised
    head, _ = ask(archive, "/web/20200101000000id_/https://ferry.example/old")
    assert head.status == 301
    assert field(head, "memento-datetime")
    assert field(head, "location") == location


def test_in_view_mode_an_archived_redirect_is_a_page_that_says_so(archive: Wayback) -> None:
    head, body = ask(archive, "/web/20200101000000/https://ferry.example/old")
    assert head.status == 200
    assert field(head, "memento-datetime") is None
    assert field(head, "x-archive-src")
    assert b"Got an HTTP 301 response at crawl time" in body
    assert f'<p class="impatient"><a href="{BASE}/web/20200101000000/https://ferry.example/new">'.encode() in body


def test_a_capture_can_lead_to_itself(archive: Wayback) -> None:
    target = "/web/20200102000000id_/https://ferry.example/loop"
    assert field(ask(archive, target)[0], "location") == BASE + target


def test_view_mode_rewrites_links_and_adds_its_bar(archive: Wayback) -> None:
    head, body = ask(archive, f"/web/20200101000000/{URL}")
    assert f'href="{BASE}/web/20200101000000/https://ferry.example/x"'.encode() in body
    assert b"WAYBACK TOOLBAR" in body
    assert field(head, "x-archive-guessed-charset") == "utf-8"


def test_an_address_may_be_percent_encoded_as_a_whole_or_lack_its_scheme(archive: Wayback) -> None:
    for url in ("https%3A//ferry.example/new", "ferry.example/new", "http://www.ferry.example:80/new"):
        assert ask(archive, f"/web/20200102000000id_/{url}")[1] == PAGE


def test_the_timegate_without_a_date_gives_the_newest_and_says_little(archive: Wayback) -> None:
    head, body = ask(archive, f"/web/{URL}")
    assert (head.status, body) == (302, b"")
    assert field(head, "location") == f"{BASE}/web/20210101000000/{URL}"
    assert field(head, "vary") is None
    assert field(head, "link") is None


def test_the_timegate_with_a_date_gives_the_nearest_and_its_links(archive: Wayback) -> None:
    head, _ = ask(archive, f"/web/{URL}", Accept_Datetime="Tue, 07 Jan 2020 00:00:00 GMT")
    assert field(head, "location") == f"{BASE}/web/20200101000000/{URL}"
    assert field(head, "vary") == "accept-datetime"
    assert field(head, "link") == (
        f'<{URL}>; rel="original", <{BASE}/web/20200101000000/{URL}>; rel="memento"; datetime="Wed, 01 Jan 2020 00:00:00 GMT", '
        f'<{BASE}/web/timemap/link/{URL}>; rel="timemap"; type="application/link-format"'
    )


def test_a_date_that_is_none_means_the_newest(archive: Wayback) -> None:
    assert (field(ask(archive, f"/web/{URL}", Accept_Datetime="yesterday")[0], "location") or "").startswith(f"{BASE}/web/2021")


def test_the_calendar_is_a_page_for_people(archive: Wayback) -> None:
    head, body = ask(archive, "/web/*/https://ferry.example/new")
    assert (head.status, field(head, "memento-datetime")) == (200, None)
    assert f'<a href="{BASE}/web/20200102000000/https://ferry.example/new">20200102000000</a>'.encode() in body


def test_the_timemap_has_the_quirks_of_the_real_one(archive: Wayback) -> None:
    head, body = ask(archive, f"/web/timemap/link/{URL}")
    assert field(head, "content-type") == "application/link-format"
    assert body.decode() == (
        f'<{URL}>; rel="original",\n'
        f'<{BASE}/web/timemap/link/{URL}>; rel="self"; type="application/link-format"; from="Wed, 01 Jan 2020 00:00:00 GMT",\n'
        f'<{BASE}>; rel="timegate",\n'
        f'<{BASE}/web/20200101000000/{URL}>; rel="first memento"; datetime="Wed, 01 Jan 2020 00:00:00 GMT",\n'
        f'<{BASE}/web/20200601000000/{URL}>; rel="memento"; datetime="Mon, 01 Jun 2020 00:00:00 GMT",\n'
        f'<{BASE}/web/20210101000000/{URL}>; rel="memento"; datetime="Fri, 01 Jan 2021 00:00:00 GMT",\n'
    )
    assert ask(archive, "/web/timemap/link/https://ferry.example/never")[0].status == 404


@pytest.mark.parametrize("target", [f"/web/2020id_/{URL}", f"/web/{URL}", f"/web/timemap/link/{URL}", "/web/*/ferry.example/*"])
def test_an_excluded_site_says_so_everywhere(archive: Wayback, target: str) -> None:
    archive.exclusions = Exclusions(blocked=frozenset({"ferry.example"}), style="old")
    head, body = ask(archive, target)
    assert (head.status, field(head, "memento-datetime")) == (200, None)
    assert b"This URL has been excluded from the Wayback Machine." in body
    archive.exclusions = replace(archive.exclusions, style="new")
    head, _ = ask(archive, target)
    assert head.status == 403
    assert field(head, "x-archive-wayback-runtime-error") == "AdministrativeAccessControlException: Blocked Site Error"


def test_availability_names_the_closest_good_capture(archive: Wayback) -> None:
    _, body = ask(archive, "/wayback/available?url=ferry.example/news?a=1%26b=2&timestamp=20200605")
    assert json.loads(body) == {
        "url": "ferry.example/news?a=1&b=2",
        "archived_snapshots": {
            "closest": {"status": "200", "available": True, "url": f"{BASE}/web/20200101000000/{URL}", "timestamp": "20200101000000"}
        },
        "timestamp": "20200605",
    }
    assert ask(archive, "/wayback/available?url=nowhere.example")[1] == b'{"url": "nowhere.example", "archived_snapshots": {}}'


def test_availability_answers_many_at_once(archive: Wayback) -> None:
    lines = b"url=https%3A%2F%2Fferry.example%2Fnew&tag=1\nurl=nowhere.example&tag=2\n"
    results = json.loads(ask(archive, "/wayback/available", method="POST", body=lines)[1])["results"]
    assert [(each["tag"], bool(each["archived_snapshots"])) for each in results] == [("1", True), ("2", False)]


def test_availability_forgets_now_and_then(archive: Wayback) -> None:
    archive.playback_quirks = PlaybackQuirks(availability_empty_every=2)
    found = [b'"closest"' in ask(archive, "/wayback/available?url=ferry.example/new", nth=nth)[1] for nth in range(4)]
    assert found == [True, False, True, False]
    archive.playback_quirks = PlaybackQuirks(availability_misses_https=True)
    assert b'"closest"' not in ask(archive, "/wayback/available?url=https://ferry.example/new")[1]
    assert b'"closest"' in ask(archive, "/wayback/available?url=ferry.example/new")[1]


def test_other_paths_are_ordinary_404s(archive: Wayback) -> None:
    assert ask(archive, "/robots.txt")[0].status == 404


def test_a_capture_added_later_is_found(archive: Wayback) -> None:
    archive.captures.add(Archived(URL, "20190101000000", PAGE))
    assert (field(ask(archive, f"/web/0/{URL}")[0], "location") or "").startswith(f"{BASE}/web/2019")


@given(st.text(alphabet="0123456789", max_size=14))
def test_every_row_of_digits_is_some_moment(digits: str) -> None:
    assert 1 <= moment(digits).year <= 9999


@given(st.text(max_size=60))
def test_no_target_makes_it_fail(rest: str) -> None:
    head, _ = ask(archive_of(CAPTURES), f"/web/{rest}")
    assert head.status in (200, 301, 302, 404, 429)
