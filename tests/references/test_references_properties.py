"""What holds for every text: nothing raises, spans are exact, and defanging is undone whatever stands around it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from growth import grows_no_faster_than_its_text
from hypothesis import given
from hypothesis import strategies as st

from citekeeper.model import Document, Reference
from citekeeper.references import REPAIRS, extract

FRAGMENTS = st.sampled_from(
    [
        *(
            "http://",
            "https://",
            "hxxp[:]//",
            "www.",
            "news.example",
            "news[.]example",
            " dot ",
            "[dot]",
            "ru",
            "com/",
            "/a/b.html",
            "?q=1&r=2",
            "#top",
        ),
        *(
            "...",
            "…",
            " ... ",
            "\n",
            "\n\n",
            "\\\n",
            " ",
            "\u00a0",
            "(",
            ")",
            "[1]",
            "[",
            "]",
            "<",
            ">",
            '"',
            "'",
            ".",
            ",",
            ";",
            ":",
            "-",
            "_",
            "=",
            "%20",
        ),
        *("¹", "即可", "\u200b", "．", "：", "&amp;", "\\_", "://", "//", "/", "@", "DOT", "1. ", " › ", "word", "x", "\u3000", "[2, 3-9]"),
    ]
)
TEXTS = st.lists(FRAGMENTS, max_size=40).map("".join) | st.text(max_size=200)

LABEL = st.from_regex(r"[a-z][a-z0-9]{1,8}", fullmatch=True).filter(lambda label: label not in {"dot", "www"})
SUFFIX = st.sampled_from(["com", "org", "ru", "example", "co.uk", "com.ua"])
PATH = st.lists(st.from_regex(r"[a-z0-9][a-z0-9_-]{0,9}[a-z0-9]", fullmatch=True), max_size=4).map(
    lambda parts: "".join(f"/{part}" for part in parts)
)
QUERY = st.sampled_from(["", "?id=12@x", "?a=1&b=two", "#part-2"])
HOSTS = st.builds(lambda labels, suffix: ".".join([*labels, suffix]), st.lists(LABEL, min_size=1, max_size=3), SUFFIX)
SCHEMES = st.sampled_from(["http", "https"])

STYLES: dict[str, Callable[[str, str, str], str]] = {
    "plain": lambda scheme, host, rest: f"{scheme}://{host}{rest}",
    "hxxp": lambda scheme, host, rest: f"{scheme.replace('tt', 'xx')}://{host}{rest}",
    "brackets": lambda scheme, host, rest: f"{scheme}[:]//{host.replace('.', '[.]')}{rest}",
    "separator": lambda scheme, host, rest: f"{scheme.replace('tt', 'XX')}[://]{host.replace('.', '[dot]')}{rest}",
    "words": lambda scheme, host, rest: f"{scheme}://{host.replace('.', ' dot ')}{rest}",
    "no-break words": lambda scheme, host, rest: f"{scheme}://{host.replace('.', chr(160) + 'dot ')}{rest}",
    "parentheses": lambda scheme, host, rest: f"{scheme}://{host.replace('.', '(dot)')}{rest}",
    "braces": lambda scheme, host, rest: f"{scheme}://{host.replace('.', '{.}')}{rest}",
    "spaced brackets": lambda scheme, host, rest: f"{scheme} :// {host.replace('.', ' [.] ')}{rest}",
    "half brackets": lambda scheme, host, rest: f"{scheme}://{host.replace('.', '.]')}{rest}",
    "full width": lambda scheme, host, rest: f"{scheme}：//{host.replace('.', '．')}{rest}",
    "stars": lambda scheme, host, rest: f"{scheme.replace('tt', '**')}://{host}{rest}",
}


def read(text: str) -> tuple[Reference, ...]:
    return extract(Document("-", "text", text, text))


@given(TEXTS)
def test_no_text_raises_and_spans_are_ordered_disjoint_and_exact(text: str) -> None:
    behind = 0
    known = {meaning.code for meaning in REPAIRS}
    for one in read(text):
        start, end = one.location.offset, one.location.offset + one.location.length
        assert behind <= start < end
        assert text[start:end] == one.raw
        assert one.address.url is not None
        assert one.address.url.startswith(("http://", "https://"))
        assert not re.search(r"\s", one.address.url)
        assert set(one.address.repairs) <= known
        behind = end


@pytest.mark.parametrize("style", STYLES)
@given(scheme=SCHEMES, host=HOSTS, path=PATH, query=QUERY)
def test_what_defanging_did_is_undone(style: str, scheme: str, host: str, path: str, query: str) -> None:
    rest = f"{path or '/'}{query}"
    (one,) = read(STYLES[style](scheme, host, rest))
    assert one.address.url == f"{scheme}://{host}{rest}"
    assert not one.address.truncated


@given(
    scheme=SCHEMES,
    host=HOSTS,
    path=PATH,
    around=st.sampled_from(
        [
            ("", ""),
            ("See ", " there."),
            ("(", ")"),
            ("“", "”"),
            ('"', '"'),
            ("<", ">"),
            ("[", "]"),
            ("\n", "\n\nNext"),
            ("at ", ", and"),
            ("", ";\r\n"),
            ("'", "'"),
        ]
    ),
)
def test_what_stands_around_an_address_changes_nothing(scheme: str, host: str, path: str, around: tuple[str, str]) -> None:
    url = f"{scheme}://{host}{path or '/'}"
    (one,) = read(around[0] + url + around[1])
    assert (one.raw, one.address.url, one.address.repairs) == (url, url, ())


@given(host=HOSTS, path=PATH.filter(bool))
def test_a_cut_is_always_flagged(host: str, path: str) -> None:
    (one,) = read(f"see https://{host}{path}... and [2] more")
    assert one.address.truncated
    assert one.address.url == f"https://{host}{path}"


CHEAP = (
    ".",
    "[",
    "(",
    "\\",
    "dot dot dot ",
    "[.]",
    "…",
    "\n",
    "-\n",
    "h",
    "<b>",
    "</p>",
    "%",
    ":",
    "W",
    "P",
    "10.",
    "1",
    "{",
    "&amp;",
    "\u200b",
)
DEAR = (
    "/",
    "//",
    "a dot ",
    "a/",
    "www.",
    "http://",
    "https://a.",
    "[1]",
    "x.y/",
    "\n1. ",
    "%2F",
    "2019 ",
    "ibid. ",
    "<a href=http://a.b/c>",
)


@pytest.mark.parametrize(("unit", "size"), [*((unit, 1_000_000) for unit in CHEAP), *((unit, 80_000) for unit in DEAR)])
def test_a_text_of_one_thing_is_read_in_linear_time(unit: str, size: int) -> None:
    text = (unit * (size // len(unit) + 1))[:size]
    assert grows_no_faster_than_its_text(read, text)
    assert grows_no_faster_than_its_text(lambda part: read("https://news.example/a" + part), text[: size // 8])
