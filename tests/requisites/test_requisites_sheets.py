"""What a style sheet needs: imports, pictures and fonts, in every notation of CSS."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citekeeper.model import NeedKind
from citekeeper.requisites import needs_of_sheet
from citekeeper.requisites.sets import addresses
from citekeeper.requisites.sheets import MAX_SHEET

from test_requisites_markup import resolve  # isort: skip

SHEET = "http://a.example/css/site.css"


def found(css: str) -> dict[str, NeedKind]:
    return {need.url.removeprefix("http://a.example/css/"): need.kind for need in needs_of_sheet(css, SHEET, resolve).needs}


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("@import 'a.css';", {"a.css": NeedKind.STYLE}),
        ('@IMPORT url("a.css") layer(x) supports(display: grid) screen;', {"a.css": NeedKind.STYLE}),
        ("@import url(a.css); b { background: url(c.png) }", {"a.css": NeedKind.STYLE, "c.png": NeedKind.IMAGE}),
        ("@charset 'x'; @namespace url(http://www.w3.org/1999/xhtml); @namespace svg 'http://www.w3.org/2000/svg';", {}),
        ("p { background: url( 'a b.png' ) }", {"a b.png": NeedKind.IMAGE}),
        ("p { background: u\\72l(a.png) }", {"a.png": NeedKind.IMAGE}),
        ("p { background: url(../a.png), URL(b.png) }", {"http://a.example/a.png": NeedKind.IMAGE, "b.png": NeedKind.IMAGE}),
        ("p { background: url(a\\.png) }", {"a.png": NeedKind.IMAGE}),
        ("/* url(no.png) */ p { content: 'url(no.png)' }", {}),
        ("@media print { p { background: url(a.png) } }", {"a.png": NeedKind.IMAGE}),
        ("p { background: image-set('a.png' 1x, url(b.png) 2x type('image/png')) }", {"a.png": NeedKind.IMAGE, "b.png": NeedKind.IMAGE}),
        ("p { background: -webkit-image-set(url(a.png) 1x) }", {"a.png": NeedKind.IMAGE}),
        (":root { --mark: url(a.svg) }", {"a.svg": NeedKind.IMAGE}),
        ("p { cursor: url(a.cur), auto; filter: url(f.svg#blur); mask: url(#own) }", {"a.cur": NeedKind.IMAGE, "f.svg": NeedKind.IMAGE}),
        ("@font-face { src: url(a.woff2) format('woff2'), url(a.woff) }", {"a.woff2": NeedKind.FONT, "a.woff": NeedKind.FONT}),
        ("@font-face { src: url(a.eot); src: url('a.eot?#iefix') format('embedded-opentype'), url(a.woff) }", {"a.woff": NeedKind.FONT}),
        ("@font-face { src: url(a.eot) }", {"a.eot": NeedKind.FONT}),
        ("@font-face { src: local('Arial'), url(data:font/woff2;base64,AAAA) }", {}),
        ("p { background: url(a.png", {"a.png": NeedKind.IMAGE}),
        ("p { background: url(no(.png) } q { background: url(b.png) }", {"b.png": NeedKind.IMAGE}),
        ("@import 'a.css' } p { background: url(b.png) }", {"a.css": NeedKind.STYLE, "b.png": NeedKind.IMAGE}),
    ],
)  # fmt: skip
def test_a_sheet_needs_what_a_browser_would_load(css: str, expected: dict[str, NeedKind]) -> None:
    assert found(css) == expected


@pytest.mark.parametrize("piece", ["(", "{", "/*", "\\", '"', "@import ", "!"])
def test_hostile_sheets_are_read_to_their_end(piece: str) -> None:
    css = "a { background: url(a.png) } " + piece * (100_000 // len(piece))
    assert found(css) == {"a.png": NeedKind.IMAGE}


def test_a_sheet_beyond_the_bound_is_read_as_far_as_that_and_said_to_be_longer() -> None:
    css = "a{background:url(a.png)}" + " " * MAX_SHEET + "b{background:url(b.png)}"
    read = needs_of_sheet(css, SHEET, resolve)
    assert [need.url for need in read.needs] == ["http://a.example/css/a.png"]
    assert read.unlisted == 1


@pytest.mark.parametrize(
    ("srcset", "expected"),
    [
        ("", []),
        (" a.png ", ["a.png"]),
        ("a.png, b.png 2x,c.png 100w 50h", ["a.png", "b.png", "c.png"]),
        ("a.png,b.png", ["a.png,b.png"]),
        ("a.png 1x,b.png (1, 2)x, c.png", ["a.png", "b.png", "c.png"]),
        (",,, a.png ,,, b.png", ["a.png", "b.png"]),
        ("data:image/png;base64,AA== 1x, a.png 2x", ["data:image/png;base64,AA==", "a.png"]),
    ],
)
def test_a_srcset_is_taken_apart_as_the_standard_says(srcset: str, expected: list[str]) -> None:
    assert list(addresses(srcset)) == expected


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="url(@import'\"){};:, abc\\/*\n", max_size=300))
def test_any_sheet_is_read_without_an_error(css: str) -> None:
    needs_of_sheet(css, SHEET, resolve)
    list(addresses(css))
