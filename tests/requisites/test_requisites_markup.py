"""What a page needs, read from its markup: every place where a browser finds something to load, and nothing else."""

from __future__ import annotations

import pytest
from growth import grows_no_faster_than_its_size
from hypothesis import given, settings
from hypothesis import strategies as st

from citekeeper import network
from citekeeper.model import NeedKind
from citekeeper.requisites import Needs, needs_of_page
from citekeeper.requisites.found import MAX_FOUND
from citekeeper.requisites.lazy import rows

PAGE = "http://a.example/news/story.html"


def resolve(base: str, text: str) -> str | None:
    return network.resolve(base, text.encode("utf-8", "replace").decode("latin-1"))


def needs(markup: str, url: str = PAGE) -> Needs:
    return needs_of_page(markup, url, resolve)


def found(markup: str) -> dict[str, NeedKind]:
    """By the path below the page's folder."""
    return {need.url.removeprefix("http://a.example/news/"): need.kind for need in needs(markup).needs}


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<link rel=stylesheet href=a.css>", {"a.css": NeedKind.STYLE}),
        ("<LINK REL='Alternate Stylesheet' HREF=a.css>", {"a.css": NeedKind.STYLE}),
        ("<link rel=preload as=style href=a.css>", {"a.css": NeedKind.STYLE}),
        ("<link rel=preload as=font href=a.woff2 crossorigin>", {"a.woff2": NeedKind.FONT}),
        ("<link rel=preload as=image imagesrcset='a.png 1x, b.png 2x'>", {"a.png": NeedKind.IMAGE, "b.png": NeedKind.IMAGE}),
        ("<link rel=preload as=fetch href=a.json>", {}),
        ("<link rel=modulepreload href=a.mjs>", {"a.mjs": NeedKind.SCRIPT}),
        ("<link rel='shortcut icon' href=a.ico>", {"a.ico": NeedKind.ICON}),
        ("<link rel=apple-touch-icon href=a.png>", {"a.png": NeedKind.ICON}),
        ("<link rel=canonical href=other.html><link rel=next href=2.html>", {}),
        ("<script src=a.js></script>", {"a.js": NeedKind.SCRIPT}),
        ("<script>document.write('<img src=no.png>')</script>", {}),
        ("<img src=a.png>", {"a.png": NeedKind.IMAGE}),
        ("<img srcset='a,b.png 1x, c.png 2x,d.png'>", {"a,b.png": NeedKind.IMAGE, "c.png": NeedKind.IMAGE, "d.png": NeedKind.IMAGE}),
        ("<img sizes='(max-width: 9em) 1px' srcset='a.png 10w, b.png 20w'>", {"a.png": NeedKind.IMAGE, "b.png": NeedKind.IMAGE}),
        ("<picture><source srcset=a.webp type=image/webp><img src=a.png></picture>", {"a.webp": NeedKind.IMAGE, "a.png": NeedKind.IMAGE}),
        ("<video src=a.mp4 poster=a.jpg><track src=a.vtt></video>",
         {"a.mp4": NeedKind.MEDIA, "a.jpg": NeedKind.IMAGE, "a.vtt": NeedKind.OTHER}),
        ("<audio><source src=a.ogg></audio>", {"a.ogg": NeedKind.MEDIA}),
        ("<iframe src=a.html></iframe>", {"a.html": NeedKind.FRAME}),
        ("<frameset><frame src=a.html></frameset>", {"a.html": NeedKind.FRAME}),
        ('<iframe srcdoc="&lt;img src=a.png&gt;"></iframe>', {"a.png": NeedKind.IMAGE}),
        ("<object data=a.svg></object><embed src=b.svg>", {"a.svg": NeedKind.OTHER, "b.svg": NeedKind.OTHER}),
        ("<input type=IMAGE src=a.png><input type=text src=b.png>", {"a.png": NeedKind.IMAGE}),
        ("<body background=a.png><table background=b.png><td background=c.png>",
         {"a.png": NeedKind.IMAGE, "b.png": NeedKind.IMAGE, "c.png": NeedKind.IMAGE}),
        ("<svg><image xlink:href=a.png /><use href='b.svg#star'/><feImage href=c.png /><use href='#own'/></svg>",
         {"a.png": NeedKind.IMAGE, "b.svg": NeedKind.IMAGE, "c.png": NeedKind.IMAGE}),
        ("<p style=\"background: url('a.png')\">", {"a.png": NeedKind.IMAGE}),
        ("<style>@import 'a.css'; p { background: url(b.png) }</style>", {"a.css": NeedKind.STYLE, "b.png": NeedKind.IMAGE}),
        ("<style>p { background: url(b.png)", {"b.png": NeedKind.IMAGE}),
        ("<noscript><img src=a.png></noscript>", {"a.png": NeedKind.IMAGE}),
        ("<img src='data:image/png;base64,AAAA'><img src='javascript:x'><img src='about:blank'><img src=''><img src='#x'>", {}),
        ("<a href=a.html><img></a><form action=b></form><meta property=og:image content=c.png>", {}),
        ("<base href=/other/><base href=/third/><img src=a.png>", {"http://a.example/other/a.png": NeedKind.IMAGE}),
        ("<img src=//cdn.example/a.png>", {"http://cdn.example/a.png": NeedKind.IMAGE}),
        ("<img src='a.png#x'><img src='a.png'>", {"a.png": NeedKind.IMAGE}),
        ("<img src='  a.png\n'>", {"a.png": NeedKind.IMAGE}),
        ("\0<img\0 src=no><img src=a.png>", {"a.png": NeedKind.IMAGE}),
    ],
)  # fmt: skip
def test_a_page_needs_what_a_browser_would_load(markup: str, expected: dict[str, NeedKind]) -> None:
    assert found(markup) == expected


def test_style_sheets_come_first_and_guesses_last() -> None:
    markup = "<img data-src=lazy.png><img src=a.png><script src=a.js></script><link rel=icon href=a.ico><link rel=stylesheet href=a.css>"
    assert list(found(markup)) == ["a.css", "a.js", "a.png", "a.ico", "lazy.png"]
    assert [need.is_guess for need in needs(markup).needs] == [False, False, False, False, True]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["attribute"])
def test_each_lazy_attribute_means_something_where_its_example_says_and_nowhere_else(row: dict[str, str]) -> None:
    assert any(need.is_guess for need in needs(row["positive"]).needs)
    assert needs(row["negative"]).needs == ()
    assert row["source"].startswith("https://")


def test_what_is_beyond_the_bound_is_counted() -> None:
    markup = "".join(f"<img src={n}.png>" for n in range(MAX_FOUND + 7))
    assert len(needs(markup).needs) == MAX_FOUND
    assert needs(markup).unlisted == 7


def test_style_within_a_page_is_read_up_to_a_bound_and_the_rest_is_counted() -> None:
    sheet = "<style>" + "a { color: red } " * 40_000 + "b { background: url(%d.png) }</style>"
    read = needs("".join(sheet % number for number in range(5)))
    assert 0 < len(read.needs) < 5
    assert len(read.needs) + read.unlisted == 5


@pytest.mark.parametrize("text", ["", " ", "no tag at all", "<", "<!--", "<!DOCTYPE", "</p>", "\0", "\ud800"])
def test_what_is_hardly_a_page_needs_nothing(text: str) -> None:
    assert needs(text) == Needs(())


DEEP = ("<div>", 100_000, "<img src=a.png>")
WIDE = ("<font>", 100_000, "<img src=a.png>")
NESTED_PAGES = ("&lt;iframe srcdoc=&quot;x&quot;&gt;", 20_000, "'></iframe><img src=a.png>")


@pytest.mark.parametrize(("piece", "number", "end"), [DEEP, WIDE, NESTED_PAGES], ids=["deep", "wide", "srcdoc"])
def test_what_stands_behind_hostile_markup_is_still_found_in_linear_time(piece: str, number: int, end: str) -> None:
    def read(markup: str) -> None:
        assert [need.url for need in needs(markup).needs if need.kind is NeedKind.IMAGE] == ["http://a.example/news/a.png"]

    start = "<iframe srcdoc='" if end.startswith("'") else ""
    assert grows_no_faster_than_its_size(read, lambda count: start + piece * count + end, number)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="<>/=\"' abcsrhef:url()@;{}\\\0é&#", max_size=200))
def test_any_text_is_read_without_an_error_into_web_addresses(text: str) -> None:
    for need in needs(f"<img src='{text}'><style>{text}</style><p style=\"{text}\">{text}").needs:
        assert need.url.lower().startswith(("http://", "https://"))
        assert "#" not in need.url
        assert " " not in need.context
