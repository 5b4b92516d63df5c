"""Links of the format: href and text become one reference, and neither is lost."""

from __future__ import annotations

from citekeeper.model import Document, Link, NoteMark, Reference, Segment, Span
from citekeeper.references import extract


def html(href: str, shown: str) -> tuple[Reference, ...]:
    """One link, between two words, as a reader of HTML would hand it on."""
    before, tag = "Before ", f'<a href="{href}">'
    text = f"{before}{tag}{shown}</a> after"
    reading = f"{before}{shown} after"
    start = len(before) + len(tag)
    segments = (
        Segment(Span(0, len(before)), Span(0, len(before))),
        Segment(Span(len(before), len(before) + len(shown)), Span(start, start + len(shown))),
        Segment(Span(len(before) + len(shown), len(reading)), Span(start + len(shown) + 4, len(text))),
    )
    href_start = len(before) + len('<a href="')
    link = Link(href, Span(href_start, href_start + len(href)), Span(len(before), len(before) + len(shown)))
    references = extract(Document("-", "html", text, reading, segments, (link,)))
    for one in references:
        assert text[one.location.offset : one.location.offset + one.location.length] == one.raw
    return references


def test_a_cut_text_resolves_to_the_whole_href() -> None:
    (one,) = html("https://news.example/a/very/long/path", "https://news.example/a/ver...")
    assert one.address.url == "https://news.example/a/very/long/path"
    assert not one.address.truncated
    assert one.address.repairs == ("cut", "href")
    assert one.raw == "https://news.example/a/ver..."


def test_href_and_text_that_disagree_are_both_kept() -> None:
    (one,) = html("https://other.example/x", "https://news.example/a")
    assert one.address.url == "https://other.example/x"
    assert one.address.alternatives == ("https://news.example/a",)
    assert one.address.repairs == ("href-differs",)


def test_a_link_and_the_same_address_as_its_text_are_one_reference() -> None:
    (one,) = html("https://news.example/a/", "https://news.example/a")
    assert one.address.url == "https://news.example/a/"
    assert one.address.repairs == ()


def test_a_link_over_words_is_a_reference_where_its_href_stands() -> None:
    (one,) = html("https://news.example/a", "the report")
    assert (one.raw, one.href) == ("https://news.example/a", "https://news.example/a")
    assert one.address.url == "https://news.example/a"


def test_a_href_that_is_itself_cut_stays_cut() -> None:
    (one,) = html("http://news.example/a/long/na...", "http://news.example/a/long/na...")
    assert one.address.truncated
    assert one.address.url == "http://news.example/a/long/na"


def test_a_defanged_text_over_its_own_href_is_repaired_by_it() -> None:
    (one,) = html("https://news.example/a", "https://news dot example/a")
    assert one.address.url == "https://news.example/a"
    assert one.address.repairs == ("dot-word", "href")


def test_a_link_over_the_beginning_of_an_address_does_not_shorten_it() -> None:
    text = "see https://news.com dot ua/a now"
    link = Link("https://news.com", Span(4, 20), Span(4, 20))
    (one,) = extract(Document("-", "text", text, text, links=(link,)))
    assert one.address.url == "https://news.com.ua/a"


def test_what_is_no_web_address_is_no_reference() -> None:
    for href in (
        "mailto:a@b.example",
        "javascript:void(0)",
        "/relative/path",
        "page.html",
        "#note",
        "ftp://a.example/x",
        "data:text/html,x",
        "http://",
        "",
    ):
        assert html(href, "words") == ()


def test_a_protocol_relative_href_is_read_as_https() -> None:
    (one,) = html("//news.example/a", "words")
    assert one.address.url == "https://news.example/a"


def test_a_footnote_mark_behind_a_link_is_no_part_of_its_address() -> None:
    text = "see https://news.example/page1 now"
    cite = NoteMark("1", Span(29, 30), "cite")
    (one,) = extract(Document("-", "html", text, text, marks=(cite,)))
    assert one.raw == "https://news.example/page"


def test_an_address_ends_where_its_link_ends() -> None:
    text = "see www.news.example/page.2 now"
    link = Link("https://www.news.example/page", Span(4, 25), Span(4, 25))
    (one,) = extract(Document("-", "html", text, text, links=(link,)))
    assert one.raw == "www.news.example/page"
    assert one.address.url == "https://www.news.example/page"


def test_the_words_of_a_link_are_its_context() -> None:
    (one,) = html("https://news.example/a", "the report of May")
    assert "the report of May" in one.context


def test_two_links_over_one_text_are_both_kept() -> None:
    text = "A https://news.example/a B C"
    links = (Link("https://news.example/a", Span(2, 24), Span(2, 24)), Link("https://other.example/x", Span(25, 26), Span(2, 24)))
    assert [one.address.url for one in extract(Document("-", "html", text, text, links=links))] == [
        "https://news.example/a",
        "https://other.example/x",
    ]
