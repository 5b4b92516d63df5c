"""What a site sent when it was captured, out of what an archive sends now."""

from __future__ import annotations

from datetime import UTC, datetime

from archive_fakes import BASE, answer, exchange
from hypothesis import given, settings
from hypothesis import strategies as st

from citekeeper.archives.rebuilding import as_captured
from citekeeper.http1 import parse_head
from citekeeper.model import Exchange, Response

PAGE = "http://news.example/2020/11/story"
THEN = datetime(2020, 11, 13, 18, 25, tzinfo=UTC)


def rebuilt(*headers: tuple[str, str], status: int = 200, body: str = "<p>page</p>") -> tuple[Exchange, Response]:
    response = answer(status, *headers, body=body)
    found = as_captured(exchange(f"{BASE}/web/20201113182500id_/{PAGE}", response), response, THEN, PAGE)
    assert found.response is not None
    return found, found.response


def test_the_sites_own_fields_come_back_and_the_archives_stay_away() -> None:
    found, response = rebuilt(
        ("Server", "nginx"),
        ("Content-Type", "text/html; charset=utf-8"),
        ("x-archive-orig-server", "oldserver/1.0"),
        ("x-archive-orig-set-cookie", "a=1"),
        ("x-archive-orig-set-cookie", "b=2"),
        ("x-archive-orig-content-length", "-1"),
        ("x-archive-orig-transfer-encoding", "chunked"),
        ("memento-datetime", "Fri, 13 Nov 2020 18:25:00 GMT"),
        ("link", '<http://x/>; rel="original"'),
        ("x-archive-src", "ITEM/FILE.warc.gz"),
    )
    assert (found.url, found.started, found.ip, found.request) == (PAGE, THEN, None, b"")
    assert response.headers == (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Server", "oldserver/1.0"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
    )
    assert response.head == (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nServer: oldserver/1.0\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n"
    )


def test_an_archived_redirect_leads_where_it_led_then() -> None:
    new = "https://news.example/new"
    for location in (f"{BASE}/web/20201113182500id_/{new}", f"/web/20201113182500id_/{new}", new):
        _, response = rebuilt(("Location", location), status=301, body="")
        assert response.header("location") == new


def test_the_body_is_what_the_archive_sent_without_its_framing() -> None:
    chunked = Response(200, "OK", (("Transfer-Encoding", "chunked"),), b"", b"4\r\npage\r\n0\r\n\r\n", b"page")
    found = as_captured(exchange(PAGE, chunked), chunked, THEN, PAGE).response
    assert found is not None
    assert (found.body, found.content) == (b"page", b"page")


VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f\x85\xa0"), max_size=40).map(str.strip)
NAMES = st.from_regex(r"[A-Za-z0-9-]{1,20}", fullmatch=True)


@given(st.lists(st.tuples(NAMES, VALUES), max_size=6))
@settings(max_examples=60, deadline=None)
def test_the_rebuilt_head_reads_back_as_the_fields_it_was_made_of(fields: list[tuple[str, str]]) -> None:
    _, response = rebuilt(*((f"X-Archive-Orig-{name}", value) for name, value in fields))
    head = parse_head(response.head)
    assert head is not None
    assert head.headers == response.headers
    assert head.status == 200
