"""Feeds and sitemaps: lists of articles, the newest first, whatever they are called."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from datetime import date

import pytest
from growth import grows_no_faster_than_its_text
from hypothesis import given
from hypothesis import strategies as st

from citekeeper.documents import Listed, Listing, listing, read
from citekeeper.documents.listings import MOST_UNPACKED
from citekeeper.model import SourceProblem

RSS = b"""<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet href="/feed.xsl"?>
<!-- made by hand -->
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<atom:link href="https://h.example/feed" rel="self"/><link>https://h.example/</link>
<item><link>https://h.example/old?a=1&amp;b=2</link><pubDate>Fri, 13 Nov 2020 10:00:00 GMT</pubDate></item>
<item><title>None</title><guid isPermaLink="false">https://h.example/not-this</guid></item>
<item><guid>https://h.example/new</guid><pubDate>Sat, 14 Nov 2020 10:00:00 GMT</pubDate></item>
<item><link>/relative</link><dc:date>2019-01-02</dc:date></item>
</channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://h.example/blog/">
<link rel="self" href="feed.atom"/>
<entry><link rel="enclosure" href="a.mp3"/><link rel="alternate" href="one"/><updated>2020-01-01T00:00:00Z</updated></entry>
<entry><link href="two"/><published>2021-05-05T00:00:00Z</published></entry>
<entry><id>urn:uuid:1</id></entry></feed>"""
SITEMAP = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc> https://h.example/b </loc></url><url><loc>https://h.example/a</loc><lastmod>2022-03-01</lastmod></url>
<url><loc>ftp://h.example/c</loc></url><url><loc>https://h.example/b</loc></url></urlset>"""
INDEX = b"<sitemapindex><sitemap><loc>https://h.example/s1.xml</loc></sitemap></sitemapindex>"
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel/>
<item><link>https://h.example/x</link></item></rdf:RDF>"""


def found(data: bytes, source: str = "feed.xml") -> Listing:
    listed = listing(data, source=source)
    assert listed is not None
    return listed


def addresses(data: bytes, source: str = "feed.xml") -> list[str]:
    return [each.url for each in found(data, source).items]


def test_a_feed_lists_its_articles_newest_first() -> None:
    assert found(RSS).kind == "a feed"
    assert addresses(RSS) == ["https://h.example/new", "https://h.example/old?a=1&b=2"]


def test_relative_addresses_are_completed_with_the_feeds_own() -> None:
    assert addresses(RSS, "https://h.example/feed")[-1] == "https://h.example/relative"
    assert addresses(ATOM) == ["https://h.example/blog/two", "https://h.example/blog/one"]


def test_a_sitemap_lists_each_page_once() -> None:
    assert found(SITEMAP) == Listing("a sitemap", (Listed("https://h.example/a", date(2022, 3, 1)), Listed("https://h.example/b", None)))
    assert found(gzip.compress(SITEMAP), "sitemap.xml.gz") == found(SITEMAP)


def test_an_index_of_sitemaps_is_told_apart() -> None:
    assert found(INDEX).is_index
    assert not found(SITEMAP).is_index


def test_an_rss_1_feed_is_a_feed_and_other_rdf_is_none() -> None:
    assert addresses(RDF) == ["https://h.example/x"]
    assert listing(RDF.replace(b"<channel/>", b""), source="a.rdf") is None


def test_a_damaged_feed_is_read_as_far_as_it_goes() -> None:
    assert "https://h.example/old?a=1&b=2" in addresses(RSS[: RSS.index(b"<item><guid>")])


def test_the_day_of_publication_counts_before_that_of_a_change() -> None:
    entry = b"<entry><link href='https://h.example/a'/><updated>2026-01-01</updated><published>2020-01-01</published></entry>"
    (item,) = found(b"<feed>" + entry + b"</feed>").items
    assert item.day == date(2020, 1, 1)


def test_the_sitemaps_of_news_tell_the_day_one_level_deeper() -> None:
    news = b"<news:news><news:publication_date>2026-11-20T08:00:00Z</news:publication_date></news:news><lastmod>2026-11-27</lastmod>"
    data = (
        b"<urlset xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>https://h.example/a</loc>"
        + news
        + b"</url></urlset>"
    )
    (item,) = found(data).items
    assert item.day == date(2026, 11, 20)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><body><rss>",
        b"Words about <rss> feeds",
        b"<feedback>words</feedback>",
        b"\x1f\x8bnothing",
        gzip.compress(b"words", mtime=0),
        b"{}",
    ],
)
def test_what_is_no_list_is_none(data: bytes) -> None:
    assert listing(data, source="a.xml") is None


def test_a_feed_is_no_article() -> None:
    problem = read(RSS, source="feed.xml")
    assert isinstance(problem, SourceProblem)
    assert "is a feed" in problem.message


@pytest.mark.parametrize(
    "piece", [b"<!---->", b"<!--", b"<?x?>", b"<!DOCTYPE ", b" ", b"<rss ", b"<item>", b"<url><loc>", b"</item>", b"<feed><entry>", b"&a;"]
)
def test_a_repeated_piece_is_read_in_linear_time(piece: bytes) -> None:
    for start in (b"", b"<rss>", b"<?xml version='1.0'?>"):
        data = start + piece * (1_000_000 // len(piece))
        assert grows_no_faster_than_its_text(lambda part: listing(part, source="a.xml"), data), start


def test_a_bomb_of_gzip_is_unpacked_no_further_than_a_sitemap_may_be() -> None:
    def bomb(start: bytes) -> bytes:
        packer = zlib.compressobj(1, zlib.DEFLATED, 31)
        head = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
        # After a full flush the same input is the same output, wherever it stands.
        return head + (packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)) * (4 * MOST_UNPACKED >> 20)

    bombs = [bomb(start) for start in (b"", b"<rss></rss>")]
    tracemalloc.start()
    try:
        assert [listing(each, source="a.xml.gz") for each in bombs] == [None, Listing("a feed", ())]
        assert tracemalloc.get_traced_memory()[1] < 2.5 * MOST_UNPACKED
    finally:
        tracemalloc.stop()


@given(st.binary(max_size=200), st.sampled_from([b"", b"<rss>", b"<feed>", b"<urlset><url><loc>"]), st.text(max_size=20))
def test_any_bytes_are_a_list_or_none(data: bytes, start: bytes, source: str) -> None:
    listed = listing(start + data, source=source)
    assert listed is None or all(each.url.lower().startswith(("http://", "https://")) for each in listed.items)
