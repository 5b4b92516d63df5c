"""Every form in which people write an address, and what comes out of it."""

from __future__ import annotations

import pytest

from citekeeper.model import Document
from citekeeper.references import extract


def read(text: str) -> list[str]:
    return [reference.address.url or "" for reference in extract(Document("-", "text", text, text))]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("hxxp://news.example/a", "http://news.example/a"),
        ("hXXps://news.example/a", "https://news.example/a"),
        ("h[tt]p://news.example/a", "http://news.example/a"),
        ("h**p://news.example/a", "http://news.example/a"),
        ("http[:]//news.example/a", "http://news.example/a"),
        ("hxxps[://]news[.]example/a", "https://news.example/a"),
        ("http[colon]//news.example/a", "http://news.example/a"),
        ("http:slashslashwww.news.example/a", "http://www.news.example/a"),
        ("hxxp:\\\\news.example\\a\\b.php", "http://news.example/a/b.php"),
        ("https//www.news.example/a", "https://www.news.example/a"),
        ("ttps://news.example/a", "https://news.example/a"),
        ("http:// www.news.example/a", "http://www.news.example/a"),
        ("https :// news.example/a", "https://news.example/a"),
        ("http：//news.example/a", "http://news.example/a"),
        (r"https:\/\/news.example\/a", "https://news.example/a"),
        ("hxxp[:]//news[.]example[:]8080/", "http://news.example:8080/"),
        ("http[s]://news.example/a", "https://news.example/a"),
    ],
)
def test_a_masked_scheme_is_read_as_meant(text: str, url: str) -> None:
    assert read(f"See {text} for more") == [url]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://ministry.gov dot ua/a", "https://ministry.gov.ua/a"),
        ("https://news dot com.ua/a", "https://news.com.ua/a"),
        ("https://a.news dot co dot uk/a", "https://a.news.co.uk/a"),
        ("https://www.news\u00a0dot org/a", "https://www.news.org/a"),
        ("https://news\ndot org/a", "https://news.org/a"),
        ("https://en.news. Dot media/a", "https://en.news.media/a"),
        ("https://news dot ru/page/more dot htm?id=1@x", "https://news.ru/page/more.htm?id=1@x"),
        ("https://n [dot] me/a", "https://n.me/a"),
        ("https://raw [.] news [.] com/a", "https://raw.news.com/a"),
        ("https://news[.]com/a[.]php", "https://news.com/a.php"),
        ("https://news(dot)com/a", "https://news.com/a"),
        ("https://news{.}com/a{.}php", "https://news.com/a.php"),
        ("hxxps://news.]com/a", "https://news.com/a"),
        ("hxxps://news[.com/a", "https://news.com/a"),
        ("wwwDOTnewsDOTorg/a", "http://www.news.org/a"),
        ("www DOT news DOT com/a", "http://www.news.com/a"),
        ("https://store．news．com/a", "https://store.news.com/a"),
        (r"https://news\.com/a", "https://news.com/a"),
        ("hxxp://news точка ru", "http://news.ru"),
        ("n . me/channel_help", "http://n.me/channel_help"),
        ("203[.]0[.]113[.]7/bins/x[.]sh", "http://203.0.113.7/bins/x.sh"),
    ],
)
def test_a_written_out_dot_is_read_as_a_dot(text: str, url: str) -> None:
    assert read(f"See {text} for more") == [url]


@pytest.mark.parametrize(
    "text",
    [
        "He runs a dot com firm, and the dot com/dot net years are over.",
        "Connect the dot to the next dot. Ru is his name.",
        "We defang with hxxp:// and [.] or [dot], http:// and https:// are schemes.",
        "his/her, and/or, TCP/IP, 24/7, $2.50/kg, pp.3-4, e.g./i.e.",
        "setup.py/setup.cfg, README.md/x.md, ../lib/foo.so, /etc/passwd, 10.0.0.0/8",
        "user@example.com, mailto:user@example.org/x, @handle, @t.me/x",
        "ftp://files.example/a tcp[:]//203.0.113.7:80 urn:isbn:0451450523 data:text/html,x",
        "https:// [C2 domain]/[target]/x.php?v=[ID] and https://$HOST/path and http://%s/a",
        "http:////  https://?  http://.  https://...",
        "fonts_dot_com, idiots-dot-com/abc",
        "set user.name/user.email, fs.read/fs.write, setup.py/extensions",
        "run git log main...dev to see",
    ],
)
def test_what_only_looks_like_an_address_gives_nothing(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("(https://wiki.example/Dot_(band), accessed May)", ["https://wiki.example/Dot_(band)"]),
        ("“https://news.example/a”’s", ["https://news.example/a"]),
        ("'https://news.example/a', 'https://news.example/b'", ["https://news.example/a", "https://news.example/b"]),
        ('[text](https://news.example/a "title")', ["https://news.example/a"]),
        (r"\href{https://news.example/a\_b}{text}", ["https://news.example/a_b"]),
        ("{{cite web|url=https://news.example/a|title=x}}", ["https://news.example/a"]),
        ("**https://news.example/a**, _https://news.example/b_", ["https://news.example/a", "https://news.example/b"]),
        ("agreement.[1]https://news.example/a.[2] Next", ["https://news.example/a"]),
        ("https://news.example/a.pdfhttps://news.example/b.pdf", ["https://news.example/a.pdf", "https://news.example/b.pdf"]),
        ("https://news.example/a,https://news.example/b;https://news.example/c", [f"https://news.example/{x}" for x in "abc"]),
        ("https://memory.example/web/2016/http://news.example/a", ["https://memory.example/web/2016/http://news.example/a"]),
        ("https://news.example/?a=1&amp;b=2", ["https://news.example/?a=1&b=2"]),
        ("https://news.example/?a[0]=1&c[]=2", ["https://news.example/?a[0]=1&c[]=2"]),
        ("请访问https://news.example/a。谢谢", ["https://news.example/a"]),
        ("在http：//www.news.example即可访问,好", ["http://www.news.example"]),
        ("https://new\u200bs.example/a", ["https://news.example/a"]),
        ("https://xn–bcher-kva.example/a", ["https://xn--bcher-kva.example/a"]),
        ("http://[2001:db8::1]:80/x and http://localhost:8000/docs", ["http://[2001:db8::1]:80/x", "http://localhost:8000/docs"]),
        ("hxxps[:]//www.bank[.]com@evil[.]co/", ["https://www.bank.com@evil.co/"]),
        ("Is it https://news.example/a? Yes: https://news.example/b!", ["https://news.example/a", "https://news.example/b"]),
    ],
)
def test_an_address_ends_where_the_sentence_takes_over(text: str, urls: list[str]) -> None:
    assert read(text) == urls


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("at https://\nwww.news.example by", "https://www.news.example"),
        ("at https:\n//www.news.example/a", "https://www.news.example/a"),
        ("at http://\n\nwww.news.example/a", "http://www.news.example/a"),
        ("https://www.abc.\nnews.org/a/1.", "https://www.abc.news.org/a/1"),
        ("www.news\n.org/en/a", "http://www.news.org/en/a"),
        ("https://news.example/\nfastfacts/display.asp?id=40.", "https://news.example/fastfacts/display.asp?id=40"),
        ("https://news.example/watch?v=\nHj5lGF", "https://news.example/watch?v=Hj5lGF"),
        ("https://news.example/the-report-2\n.pdf", "https://news.example/the-report-2.pdf"),
        ("https://news.example/a\n/Using-words/b", "https://news.example/a/Using-words/b"),
        ("hxxp://news.example/?a=1&\n  b=2&\n  c=3\n\nNext", "http://news.example/?a=1&b=2&c=3"),
        ('"http://new\\\ns.example/a"', "http://news.example/a"),
        ("<https://news.example/very/\n   long path/>", "https://news.example/very/long"),
        ("> <https://news.example/very/\n> long/path>", "https://news.example/very/long/path"),
        ("> https://news.example/?u=a%2Fli\n> st%2Fb", "https://news.example/?u=a%2Flist%2Fb"),
        ("https://news.example/v2?u=ab=\ncd&d=1", "https://news.example/v2?u=abcd&d=1"),
        ("https: // news.example /watch?v=3k", "https://news.example/watch?v=3k"),
        ("www.news.example/a %20b %20c", "http://www.news.example/a%20b%20c"),
    ],
)
def test_an_address_broken_over_lines_is_joined(text: str, url: str) -> None:
    assert read(text) == [url]


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("https://news.example/a\nhttps://news.example/b", ["https://news.example/a", "https://news.example/b"]),
        ("https://news.example/a.\nNext sentence here.", ["https://news.example/a"]),
        ("https://news.example/\nPublished in 2020", ["https://news.example/"]),
        ("https://news.example/a/\nBerenson, Alex. A Book.", ["https://news.example/a/"]),
        ("• https://news.example/a/\n24 / 25\nDISCLAIMER", ["https://news.example/a/"]),
        ("https://news.example/a/\n13. Next note", ["https://news.example/a/"]),
        ("https://news.example/a\n\n- Next item", ["https://news.example/a"]),
        ("https://news.example/a\n[2] Other", ["https://news.example/a"]),
        ("https://news.example/a\n203[.]0[.]113[.]7", ["https://news.example/a"]),
        ("Home: https://news.example/issues/\nProject-URL: Funding", ["https://news.example/issues/"]),
        ("# https://news.example/a.py\n_TABLE_OF = {", ["https://news.example/a.py"]),
        ("https://news.example/LICENSE-2.0\n   /usr/share/common/x", ["https://news.example/LICENSE-2.0"]),
        ("https://news.example/#about-us-\nfrom here on", ["https://news.example/#about-us-"]),
        ("https://news.example/x.html#a.__hash__\n    def f(x):", ["https://news.example/x.html#a.__hash__"]),
    ],
)
def test_a_line_that_begins_something_else_is_not_joined(text: str, urls: list[str]) -> None:
    assert read(text) == urls


def test_a_hyphen_at_the_line_end_keeps_both_readings() -> None:
    text = "https://news.example/the-underlying-\ntechnology/"
    (reference,) = extract(Document("-", "text", text, text))
    assert reference.address.url == "https://news.example/the-underlying-technology/"
    assert reference.address.alternatives == ("https://news.example/the-underlyingtechnology/",)
    assert reference.address.repairs == ("hyphen-wrap",)


def test_an_address_without_a_scheme_keeps_https_as_its_other_reading() -> None:
    (reference,) = extract(Document("-", "text", "see www.news.example/a", "see www.news.example/a"))
    assert reference.address.url == "http://www.news.example/a"
    assert reference.address.alternatives == ("https://www.news.example/a",)
    assert reference.address.repairs == ("no-scheme",)


def test_a_host_written_with_https_elsewhere_is_read_with_https() -> None:
    assert read("https://news.example/a then news.example/b and www.other.example/c") == [
        "https://news.example/a",
        "https://news.example/b",
        "http://www.other.example/c",
    ]
