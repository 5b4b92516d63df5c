from __future__ import annotations

import pytest
from archive_fakes import BASE, answer, archived_redirect, exchange, failure, found_at, memento
from hypothesis import given
from hypothesis import strategies as st

from citekeeper.archives.memento import (
    ArchivedRedirect,
    Barred,
    Captured,
    Elsewhere,
    NoAnswer,
    NotArchived,
    Playback,
    TooFast,
    Trouble,
    playback_parts,
    read_playback,
)
from citekeeper.model import Failure, FailureKind, Response

PAGE = "http://news.example/a"
HERE = f"{BASE}/web/20201113000000id_/{PAGE}"
EXCLUDED = "<html><p>This URL has been excluded from the Wayback Machine.</p></html>"
VIEW_REDIRECT = (
    "<h1>Loading...</h1><p>Got an HTTP 301 response at crawl time</p><p>Redirecting to…</p>"
    '<p class="impatient"><a href="/web/20201113000000/http://news.example/b?x=1&amp;y=2">Impatient?</a></p>'
)


def read(outcome: Response | Failure, url: str = HERE) -> Playback:
    return read_playback(exchange(url, outcome))


@pytest.mark.parametrize("status", [200, 203, 403, 404, 429, 503])
def test_with_memento_datetime_every_status_belongs_to_the_archived_page(status: int) -> None:
    found = read(memento("20201113000000", PAGE, status=status))
    assert isinstance(found, Captured)
    assert (found.status, found.original) == (status, PAGE)


def test_an_archived_rate_limit_is_not_ours() -> None:
    assert isinstance(read(memento("20201113000000", PAGE, status=429)), Captured)
    assert read(answer(429, body="<h1>429 Too Many Requests</h1>")) == TooFast(None)


@pytest.mark.parametrize(
    "location",
    [
        f"{BASE}/web/20201113000000id_/http://news.example/b",
        "/web/20201113000000id_/http://news.example/b",
        "//archive.example/web/20201113000000id_/http://news.example/b",
    ],
)
def test_an_archived_redirect_is_read_in_three_location_styles(location: str) -> None:
    found = read(archived_redirect("20201113000000", location))
    assert isinstance(found, ArchivedRedirect)
    assert found.target == f"{BASE}/web/20201113000000id_/http://news.example/b"


def test_a_redirect_to_another_time_proves_nothing() -> None:
    assert read(found_at("20201112000000", PAGE)) == Elsewhere(f"{BASE}/web/20201112000000/{PAGE}")


def test_a_200_that_says_excluded_is_no_capture() -> None:
    assert isinstance(read(answer(200, body=EXCLUDED)), Barred)
    assert isinstance(read(answer(403, body=EXCLUDED)), Barred)


@pytest.mark.parametrize(
    "words", ["AdministrativeAccessControlException: Blocked Site Error", "RobotAccessControlException: Blocked By Robots"]
)
def test_a_runtime_error_header_tells_who_is_barred(words: str) -> None:
    assert read(answer(403, ("x-archive-wayback-runtime-error", words))) == Barred(words)


def test_a_page_that_quotes_the_archives_words_is_still_a_capture() -> None:
    assert isinstance(read(memento("20201113000000", PAGE, body=EXCLUDED)), Captured)


def test_never_archived_is_told_from_trouble() -> None:
    assert read(answer(404, body="Hrm. The Wayback Machine has not archived that URL.")) == NotArchived()
    assert isinstance(read(answer(503, body="<h1>503</h1>", reason="Service Unavailable")), Trouble)
    assert isinstance(read(answer(200, body="<h1>Welcome</h1>")), Trouble)
    assert read(failure(FailureKind.TIMEOUT, "too slow")) == NoAnswer(FailureKind.TIMEOUT, "too slow")


def test_the_page_that_view_mode_shows_for_a_redirect_is_a_redirect() -> None:
    found = read(answer(200, ("x-archive-src", "item/file.warc.gz"), body=VIEW_REDIRECT), f"{BASE}/web/20201113000000/{PAGE}")
    assert isinstance(found, ArchivedRedirect)
    assert found.target == f"{BASE}/web/20201113000000/http://news.example/b?x=1&y=2"
    assert found.moment is not None


def test_a_page_without_archive_source_cannot_pretend_to_be_a_redirect() -> None:
    assert isinstance(read(answer(200, body=VIEW_REDIRECT)), Trouble)


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        (f"{BASE}/web/20201113000000id_/http://news.example/2020/11/x", ("20201113000000", "http://news.example/2020/11/x")),
        (f"{BASE}/web/20201113000000/http://news.example/", ("20201113000000", "http://news.example/")),
        (f"{BASE}/web/2020im_/news.example/a.png", ("2020", "news.example/a.png")),
        (f"{BASE}/web/http://news.example/", None),
        ("http://news.example/", None),
    ],
)
def test_playback_addresses_are_taken_apart(url: str, parts: tuple[str, str] | None) -> None:
    assert playback_parts(url) == parts


@given(
    st.sampled_from([200, 301, 302, 403, 404, 429, 500, 503]),
    st.lists(
        st.tuples(
            st.sampled_from(["Location", "Link", "Memento-Datetime", "x-archive-src", "x-archive-wayback-runtime-error"]),
            st.text(max_size=40),
        ),
        max_size=4,
    ),
    st.binary(max_size=80),
)
def test_no_answer_raises(status: int, headers: list[tuple[str, str]], body: bytes) -> None:
    read(answer(status, *headers, body=body))
