"""Feeds and sitemaps as sources: the articles that they list are fetched and read."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from citekeeper.model import Ask, Exchange, Failure, FailureKind, Purpose, Response, SourceProblem
from citekeeper.pipeline.fetching import load
from citekeeper.pipeline.listed import Fetched, first_day, list_in, read_fetched
from citekeeper.pipeline.loading import Loaded
from citekeeper.settings import Settings


class Web:
    """Pages by address, and what was asked for."""

    def __init__(self, pages: dict[str, bytes]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    async def fetch(self, ask: Ask) -> Exchange:
        assert ask.purpose is Purpose.SOURCE
        self.asked.append(ask.url)
        content = self.pages.get(ask.url)
        outcome: Response | Failure = Failure(FailureKind.NXDOMAIN, "no such host")
        if content is not None:
            outcome = Response(200, "OK", (("Content-Type", "text/plain"),), b"", content, content)
        return Exchange(ask.url, datetime(2024, 1, 1, tzinfo=UTC), 0.1, b"", outcome)


def loaded(web: Web, *names: str, max_articles: int = 20, first: date | None = None) -> Loaded:
    return asyncio.run(load(names, replace(Settings(), max_articles=max_articles), web.fetch, first=first))


def articles(*numbers: int) -> dict[str, bytes]:
    return {f"https://h.example/{number}": f"Article {number} and https://r.example/{number}".encode() for number in numbers}


def feed(*numbers: int) -> bytes:
    items = "".join(f"<item><link>https://h.example/{number}</link><pubDate>2024-01-{number:02}</pubDate></item>" for number in numbers)
    return f"<rss><channel>{items}</channel></rss>".encode()


def test_the_articles_of_a_feed_are_fetched_newest_first_up_to_the_cap(caplog: pytest.LogCaptureFixture) -> None:
    web = Web(articles(1, 2, 3) | {"https://h.example/feed": feed(1, 3, 2)})
    with caplog.at_level(logging.WARNING):
        found = loaded(web, "https://h.example/feed", max_articles=2)
    assert [each.source for each in found.documents] == ["https://h.example/3", "https://h.example/2"]
    assert [each.url for each in found.documents] == ["https://h.example/3", "https://h.example/2"]
    assert "lists 3 articles" in caplog.text


def test_a_feed_in_a_file_is_a_list_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(feed(1))
    assert [each.source for each in loaded(Web(articles(1)), str(path)).documents] == ["https://h.example/1"]


def test_an_article_that_cannot_be_fetched_is_a_problem_and_the_others_are_read() -> None:
    found = loaded(Web(articles(1) | {"https://h.example/feed": feed(1, 2)}), "https://h.example/feed")
    assert [each.source for each in found.documents] == ["https://h.example/1"]
    assert [each.source for each in found.problems] == ["https://h.example/2"]


def test_a_file_that_is_too_large_to_be_fetched_whole_is_told_from_a_damaged_one() -> None:
    got = read_fetched(Fetched("https://h.example/a.docx", b"PK\3\4 and so on", is_cut=True))
    assert isinstance(got, SourceProblem)
    assert "max_body_bytes" in got.message


def test_a_feed_without_articles_is_a_problem() -> None:
    (problem,) = loaded(Web({"https://h.example/feed": feed()}), "https://h.example/feed").problems
    assert "names no article" in problem.message


def test_an_index_leads_to_sitemaps_and_they_to_articles_but_never_in_a_circle() -> None:
    index = b"".join(b"<sitemap><loc>https://h.example/%s</loc></sitemap>" % name for name in (b"index", b"gone", b"map"))
    pages = articles(1, 2) | {
        "https://h.example/index": b"<sitemapindex>" + index + b"</sitemapindex>",
        "https://h.example/map": b"<urlset><url><loc>https://h.example/2</loc></url><url><loc>https://h.example/1</loc></url></urlset>",
    }
    web = Web(pages)
    assert [each.source for each in loaded(web, "https://h.example/index").documents] == ["https://h.example/2", "https://h.example/1"]
    assert len(web.asked) == 6


def test_a_feed_that_lists_a_feed_does_not_lead_on() -> None:
    web = Web({"https://h.example/1": feed(2), "https://h.example/feed": feed(1)})
    (problem,) = loaded(web, "https://h.example/feed").problems
    assert "is a feed" in problem.message
    assert web.asked == ["https://h.example/feed", "https://h.example/1"]


# ── since ─────────────────────────────────────────────────────────────────────────────────────


def test_only_articles_since_the_day_are_fetched_and_the_cap_counts_those() -> None:
    web = Web(articles(1, 2, 3) | {"https://h.example/feed": feed(1, 3, 2)})
    found = loaded(web, "https://h.example/feed", max_articles=2, first=date(2024, 1, 2))
    assert [each.source for each in found.documents] == ["https://h.example/3", "https://h.example/2"]
    assert found.older == 1
    assert "https://h.example/1" not in web.asked


def test_an_article_without_a_day_in_the_list_is_asked_for_its_own_and_read_when_it_has_none() -> None:
    pages = {
        "https://h.example/old": b"---\ndate: 2019-05-01\n---\nAn old one: https://r.example/a",
        "https://h.example/new": b"---\ndate: 2024-05-01\n---\nA new one: https://r.example/b",
        "https://h.example/undated": b"One: https://r.example/c",
        "https://h.example/map": b"".join(
            [b"<urlset>", *(b"<url><loc>https://h.example/%s</loc></url>" % name for name in (b"old", b"new", b"undated")), b"</urlset>"]
        ),
    }
    found = loaded(MarkdownWeb(pages), "https://h.example/map", first=date(2024, 1, 1))
    assert [each.source for each in found.documents] == ["https://h.example/new", "https://h.example/undated"]
    assert found.older == 1


class MarkdownWeb(Web):
    async def fetch(self, ask: Ask) -> Exchange:
        exchange = await super().fetch(ask)
        response = exchange.response
        assert response is not None
        kind = "application/xml" if ask.url.endswith("/map") else "text/markdown"
        return replace(exchange, outcome=replace(response, headers=(("Content-Type", kind),)))


def test_an_article_of_the_future_is_new_and_one_changed_lately_is_read_whatever_it_says_itself() -> None:
    pages = {
        "https://h.example/future": b"https://r.example/a",
        "https://h.example/changed": b"---\ndate: 2019-05-01\n---\nhttps://r.example/b",
        "https://h.example/map": b"<urlset><url><loc>https://h.example/future</loc><lastmod>2099-01-01</lastmod></url>"
        b"<url><loc>https://h.example/changed</loc><lastmod>2024-03-01</lastmod></url></urlset>",
    }
    assert len(loaded(MarkdownWeb(pages), "https://h.example/map", first=date(2024, 1, 1)).documents) == 2


def test_sitemaps_that_are_older_are_not_fetched_and_all_undated_ones_are_looked_through() -> None:
    def entry(name: bytes, day: bytes = b"") -> bytes:
        return b"<sitemap><loc>https://h.example/%s</loc>%s</sitemap>" % (name, b"<lastmod>%s</lastmod>" % day if day else b"")

    def sitemap(number: int) -> bytes:
        return b"<urlset><url><loc>https://h.example/%d</loc><lastmod>2024-01-0%d</lastmod></url></urlset>" % (number, number)

    pages = articles(1, 2, 3) | {
        "https://h.example/index": b"<sitemapindex>" + entry(b"a") + entry(b"b") + entry(b"old", b"2023-01-01") + b"</sitemapindex>",
        "https://h.example/a": sitemap(1),
        "https://h.example/b": sitemap(3),
    }
    web = Web(pages)
    found = loaded(web, "https://h.example/index", max_articles=1, first=date(2024, 1, 1))
    assert [each.source for each in found.documents] == ["https://h.example/3"]
    assert "https://h.example/old" not in web.asked


def test_a_list_that_is_cut_says_that_only_its_beginning_is_read(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        listing = list_in(Fetched("https://h.example/\x9b31mfeed", feed(1, 2)[:-60], is_cut=True))
    assert listing is not None
    assert "only its beginning is read" in caplog.text
    assert "\x9b" not in caplog.text


@pytest.mark.parametrize(
    ("since", "first"),
    [
        (None, None),
        (date(2026, 1, 31), date(2026, 1, 31)),
        (timedelta(days=7), date(2026, 11, 21)),
        (timedelta(hours=36), date(2026, 11, 26)),
        (timedelta(days=999_999), date.min),
    ],
)
def test_an_age_begins_on_a_day(since: timedelta | date | None, first: date | None) -> None:
    assert first_day(since, datetime(2026, 11, 28, 3, tzinfo=UTC)) == first
