"""Texts of other outlets, scripts and tools than those the rules were first made for."""

from __future__ import annotations

import pytest

from citekeeper.model import Document, Reference
from citekeeper.references import extract


def references(text: str) -> tuple[Reference, ...]:
    return extract(Document("-", "text", text, text))


def read(text: str) -> list[str]:
    return [reference.address.url or "" for reference in references(text)]


@pytest.mark.parametrize("mark", ["،", "؛", "؟", "۔", "׃", "।", "॥", "։", "՝", "·", ";", "።", "។", "။", "、", "。", "；", "†"])
def test_what_closes_a_clause_in_any_script_is_no_part_of_an_address(mark: str) -> None:
    assert read(f"x https://news.example/a{mark} y") == ["https://news.example/a"]
    assert read(f"x https://news.example/новости/١{mark} y") == ["https://news.example/новости/١"]


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("~~https://news.example/a~~ gone", ["https://news.example/a"]),
        ("https://news.example/~someone/ here", ["https://news.example/~someone/"]),
        ("hxxp://news[.]example/a.php(no longer up) and", ["http://news.example/a.php"]),
        ("hxxp://news[.]example/a.php%20(no longer up) and", ["http://news.example/a.php"]),
        ("https://news.example/a(b)c and", ["https://news.example/a(b)c"]),
        ("http://news.example./a and http://news.example.:80/b", ["http://news.example./a", "http://news.example.:80/b"]),
        ("the end of the line.Next/then they, so.It/She too", []),
    ],
)
def test_an_address_ends_where_a_remark_or_a_mark_begins(text: str, urls: list[str]) -> None:
    assert read(text) == urls


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https[:]//news[.]example/?to=https[:]//other[.]example/x", "https://news.example/?to=https://other.example/x"),
        ("hxxp://news[.]example/a[?]b[=]c[@]d", "http://news.example/a?b=c@d"),
        ("hxxp://my[-]news[.]example/a", "http://my-news.example/a"),
        ("my[-]news[.]com/a", "http://my-news.com/a"),
        ("hxxp:__news.example/a", "http://news.example/a"),
        ("https__news[.]example/a", "https://news.example/a"),
        ("https:/// news.example/a", "https://news.example/a"),
        ("https:\u200b//news.example/a", "https://news.example/a"),
        ("http://user:p%40ss@news.example/a", "http://user:p%40ss@news.example/a"),
        ("https://news.example/some\u2010thing", "https://news.example/some-thing"),
        ("https://\u200bnews.example/a", "https://news.example/a"),
    ],
)
def test_other_ways_to_mask_an_address_are_undone(text: str, url: str) -> None:
    assert read(f"See {text} for more") == [url]


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("https://news.example/2020/the-long-sto&hellip; more", "https://news.example/2020/the-long-sto"),
        ("https://news.example/2020/the-long-sto&#8230;", "https://news.example/2020/the-long-sto"),
        ("https://news.example/docs › guide", "https://news.example/docs"),
        ("https://news.example/2020/the-l[truncated] more", "https://news.example/2020/the-l"),
        ("https://news.example/2020/the-l<snip>", "https://news.example/2020/the-l"),
        ("https://news.example/2020/the-l⋯story/12", "https://news.example/2020/the-l"),
        ("https://news.example/2020/the-l ... y/618290/ more", "https://news.example/2020/the-l"),
    ],
)
def test_a_cut_that_another_system_marks_is_flagged(text: str, prefix: str) -> None:
    (reference,) = references(text)
    assert (reference.address.url, reference.address.truncated) == (prefix, True)


def test_a_trail_of_addresses_is_no_trail_of_breadcrumbs() -> None:
    assert read("https://news.example/a › https://news.example/b") == ["https://news.example/a", "https://news.example/b"]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://doi.org/10.1000/\n3292500.3330701.", "https://doi.org/10.1000/3292500.3330701"),
        ("https://doi.org/10.1000/3292500.\n3330701.", "https://doi.org/10.1000/3292500.3330701"),
        ("https://papers.example/abs/\n1706.03762.", "https://papers.example/abs/1706.03762"),
        ("https://news.example/a%2\n0b.pdf", "https://news.example/a%20b.pdf"),
        ("https://news.example/a?x\n=1&y=2", "https://news.example/a?x=1&y=2"),
        ("https://news.example/a.pdf\n#page=12", "https://news.example/a.pdf#page=12"),
        ("https://news.example/?uri=CELEX:\n32016R0679", "https://news.example/?uri=CELEX:32016R0679"),
        ("https:/\n/news.example/a", "https://news.example/a"),
        ("https://news.example/a%20\nb%20c.pdf", "https://news.example/a%20b%20c.pdf"),
        ("https://news.example/group/\nAbCdEf", "https://news.example/group/AbCdEf"),
        ("(https://news.example/a\n-b/c)", "https://news.example/a-b/c"),
        ("http\n://news.example/a", "http://news.example/a"),
        ("https://news.example/assignments/\n   http-status-codes/x", "https://news.example/assignments/http-status-codes/x"),
    ],
)
def test_numbers_and_escapes_go_on_over_a_line_end(text: str, url: str) -> None:
    assert read(text) == [url]


def test_a_number_that_begins_the_next_note_or_heading_is_not_joined() -> None:
    assert read("https://news.example/a/\n1.2 The next part") == ["https://news.example/a/"]
    assert read("https://news.example/2019.\n2020. Another year") == ["https://news.example/2019"]
    assert read("https://news.example/a\n#tag and") == ["https://news.example/a"]


@pytest.mark.parametrize("text", ["com.example/app", "e.g.foo/bar", "Rd.No/12", "He is.So/they"])
def test_names_of_packages_and_abbreviations_are_no_hosts(text: str) -> None:
    assert not any(url.startswith("http://" + text.partition("/")[0]) for url in read(f"see {text} there"))


def test_the_sum_of_a_file_below_its_address_is_another_reading() -> None:
    digest = "d41d8cd98f00b204e9800998ecf8427e"
    first, second = references(f"hxxp://news[.]example/x/\n{digest}\nhxxp://news[.]example/y.doc\n{digest}\n")
    assert (first.address.url, first.address.alternatives) == ("http://news.example/x/", (f"http://news.example/x/{digest}",))
    assert (second.address.url, second.address.alternatives) == ("http://news.example/y.doc", ())
    assert read(f"https://code.example/a/commit/\n{digest}") == [f"https://code.example/a/commit/{digest}"]


def test_an_assignment_of_another_address_is_not_joined() -> None:
    assert read("a_proxy=http://news.example/\nb_proxy=http://news.example/b") == ["http://news.example/", "http://news.example/b"]


def test_an_arrow_ends_an_address_and_a_service_is_none() -> None:
    assert read("https://news.example/a→https://news.example/b") == ["https://news.example/a", "https://news.example/b"]
    assert read("203.0.113.7:443/tcp, 203.0.113.0/24 and 203.0.113.7/tcpdump") == ["http://203.0.113.7/tcpdump"]


@pytest.mark.parametrize("url", ["http://intranet/page", "http://wiki01:8080/x", "https://docs/"])
def test_a_name_of_an_inner_network_is_a_host_before_a_path_or_a_port(url: str) -> None:
    assert read(f"see {url} there") == [url]


@pytest.mark.parametrize(
    "text",
    ["http://host/path", "http://HOST/x", "https://intranet and", "hxxp://intranet/x", "svn+http://name@rev#egg=x", "http://server:80/"],
)
def test_a_single_word_behind_a_scheme_is_no_host_otherwise(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "url", "others"),
    [
        (
            "https://news.example/the-\nstory of it",
            "https://news.example/the-story",
            ("https://news.example/thestory", "https://news.example/the-"),
        ),
        ("https://news.example/a/\nstory.", "https://news.example/a/story", ("https://news.example/a/",)),
        ("https://news.example/a/\nstory\n\nNext", "https://news.example/a/", ("https://news.example/a/story",)),
        ("https://news.example/inter\u00ad\nnational/", "https://news.example/international/", ("https://news.example/inter-national/",)),
        ("https://news.example/sub\u2010\nject/", "https://news.example/sub-ject/", ("https://news.example/subject/",)),
        ("https://news.example/en/ report.pdf", "https://news.example/en/", ("https://news.example/en/report.pdf",)),
        ("https://news.example/technol\nogy-123456", "https://news.example/technol", ("https://news.example/technology-123456",)),
    ],
)
def test_where_an_address_may_end_sooner_or_later_both_readings_are_kept(text: str, url: str, others: tuple[str, ...]) -> None:
    (reference,) = references(text)
    assert (reference.address.url, reference.address.alternatives) == (url, others)


@pytest.mark.parametrize(
    "text",
    [
        "https://news.example/a/ and/or more",
        "# https://news.example/a/\n_NAMES = {",
        "# https://news.example/a\nuse_names(x)",
        "# https://news.example/a.py#L1-L3\nSO=x_y,",
        "https://news.example/a.git\n./a/b-1-2.sh",
        "https://news.example/a/\nmailto:me@news.example",
        "https://news.example/a/\ngit://code.example/b.git",
        "# https://news.example/a\n    _counter.value += 1",
        "https://news.example/a/ 2020 was",
        "https://news.example/a\nThe well-known story",
        "https://news.example/a\n12-13 May",
        "https://news.example/a\nother.example/b-1-2",
        "https://news.example/a\nname_of@mail.example",
    ],
)
def test_prose_behind_an_address_is_no_other_reading(text: str) -> None:
    assert references(text)[0].address.alternatives == ()
