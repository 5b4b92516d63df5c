"""Pages that are only a step to the next address."""

from __future__ import annotations

import pytest
from health_visits import article, exchange, response
from hypothesis import given
from hypothesis import strategies as st

from citekeeper.health import may_be_stub, onward
from citekeeper.health.parsing import read_refresh
from citekeeper.model import Failure, FailureKind

HERE = "https://paper.example/a/b"


def led(body: str, status: int = 200) -> str | None:
    return onward(exchange(HERE, response(body, status)))


@pytest.mark.parametrize(
    ("body", "target"),
    [
        ('<meta http-equiv="refresh" content="0; url=c.html"><p>This page has moved.</p>', "https://paper.example/a/c.html"),
        ("<META HTTP-EQUIV=Refresh CONTENT=\"3;URL='https://journal.example/x'\">", "https://journal.example/x"),
        ('<script>window.location.href = "/new/place";</script>', "https://paper.example/new/place"),
        ("<script>location.replace('https://journal.example/')</script>", "https://journal.example/"),
    ],
)
def test_a_stub_leads_onward(body: str, target: str) -> None:
    assert led(f"<html><head>{body}</head></html>") == target


@pytest.mark.parametrize(
    "body",
    [
        '<meta http-equiv="refresh" content="300; url=/a/b?again">',
        '<meta http-equiv="refresh" content="0">',
        '<meta http-equiv="refresh" content="0; url=/a/b#top">',
        '<meta http-equiv="refresh" content="0; url=javascript:alert(1)">',
        '<meta http-equiv="refresh" content="0; url=mailto:a@paper.example">',
        '<noscript><meta http-equiv="refresh" content="0; url=/plain"></noscript>',
        "<p>No script here</p>",
    ],
)
def test_a_page_to_be_read_leads_nowhere(body: str) -> None:
    assert led(f"<html><head>{body}</head></html>") is None


def test_a_full_article_with_a_refresh_or_a_script_is_to_be_read() -> None:
    assert led(article().replace("<head>", "<head><meta http-equiv=refresh content='0; url=/x'>")) is None
    assert led(article() + "<script>window.location.href='/x'</script>") is None


def test_an_error_or_a_failure_leads_nowhere() -> None:
    assert led("<meta http-equiv=refresh content='0; url=/x'>", 404) is None
    assert onward(exchange(HERE, Failure(FailureKind.RESET, "closed"))) is None


@given(st.text(max_size=200))
def test_any_refresh_is_read_or_refused(content: str) -> None:
    found = read_refresh(content)
    assert found is None or (found.target and found.delay >= 0)


@pytest.mark.parametrize(
    ("page", "may_be"),
    [
        (b"<p>An article on the harbour.</p>", False),
        (b'<META HTTP-EQUIV=Refresh CONTENT="0; url=/b">', True),
        (b"<script>location = '/b'</script>", True),
        (b"<script>location = '/b'</script>" + b"<p>x</p>" * 20_000, False),
        ('<meta http-equiv="refresh" content="0; url=/b">'.encode("utf-16"), True),
        (b"", False),
    ],
)
def test_only_pages_that_hold_what_a_stub_must_hold_are_read_as_one(page: bytes, may_be: bool) -> None:
    assert may_be_stub(exchange(HERE, response(page))) is may_be
