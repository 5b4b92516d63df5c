"""HTML: the reading text and where it comes from, links, notes, title and date."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from citekeeper.documents.html import read
from citekeeper.documents.html.entities import address_value
from citekeeper.model import Document, NoteMark, Span


def page(text: str) -> Document:
    return read(text, source="a.html")


def reading(text: str) -> str:
    return page(text).reading


def shown(document: Document, at: Span) -> str:
    return document.reading[at.start : at.end]


def written(document: Document, at: Span) -> str:
    return document.text[at.start : at.end]


def links(document: Document) -> list[tuple[str, str, str]]:
    """Of each link: what it means, how it is written, what the reader sees."""
    return [(link.href, written(document, link.href_span), shown(document, link.anchor)) for link in document.links]


def marks(document: Document, role: str) -> list[tuple[str, str]]:
    return [(mark.marker, shown(document, mark.at)) for mark in document.marks if mark.role == role]


def test_white_space_reads_as_a_browser_shows_it() -> None:
    assert reading("<p>\n  Two\n  words \n</p>\n<p>next</p>") == "Two words\n\nnext"


def test_blocks_lines_and_cells_are_set_apart() -> None:
    assert reading("<div>a</div>b<br>c<ul><li>d<li>e</ul><table><tr><td>f<td>g<tr><td>h</table>") == "a\nb\nc\n\nd\ne\n\nf\tg\nh"


def test_preformatted_text_keeps_its_lines() -> None:
    assert reading("<pre>a\n  b</pre>") == "a\n  b"


def test_inline_elements_and_break_opportunities_do_not_break_words() -> None:
    assert reading("https://ho<wbr>st.ex<b>ample</b>/<span>path</span>") == "https://host.example/path"


def test_scripts_styles_templates_comments_and_hidden_parts_are_not_read() -> None:
    source = (
        "<title>t</title><style>s{}</style><script>if (a < b) '</p>'</script><template>x</template><!-- c > d --><noscript>n</noscript>"
        "<div hidden>h<div>i</div>j</div><span style='display: none'>k</span><svg><title>l</title></svg>seen"
    )
    assert reading(source) == "seen"


def test_a_drawing_left_open_hides_no_article() -> None:
    assert reading("<svg><path d=x>drawn<p>Words</p>") == "Words"


def test_entities_are_undone_and_each_maps_to_its_whole_source() -> None:
    document = page("<p>a &amp; b&hellip;&#8230;&nbsp;&lt;c&gt; &unknown; &copy2 &#0;")
    assert document.reading == "a & b……\xa0<c> &unknown; ©2 \ufffd"
    at = document.reading.index("…")
    assert written(document, document.to_source(Span(at, at + 1))) == "&hellip;"


def test_a_span_of_the_reading_text_leads_back_over_tags() -> None:
    document = page("<p>See https://h.example/<b>a</b>&amp;b.</p>")
    at = document.reading.index("https")
    assert written(document, document.to_source(Span(at, at + 21))) == "https://h.example/<b>a</b>&amp;b"


def test_a_link_keeps_its_address_its_place_and_its_words() -> None:
    document = page("<p>See <a class=x href = ' https://h.example/?a=1&amp;b=2&copy=3 '>h.example/?a=1...</a>.")
    assert links(document) == [("https://h.example/?a=1&b=2&copy=3", "https://h.example/?a=1&amp;b=2&copy=3", "h.example/?a=1...")]


def test_links_without_quotes_in_capitals_twice_or_empty_are_read_as_browsers_do() -> None:
    document = page("<A HREF=https://h.example/a>x</A><a href='b' href='c'>y</a><a href=''>z</a><a name=n>no link</a><a href=d/e/>w</a>")
    assert [link.href for link in document.links] == ["https://h.example/a", "b", "", "d/e/"]


def test_an_address_broken_over_lines_is_put_together() -> None:
    document = page('<a href="https://h.example/long\n/path">x</a>')
    assert links(document) == [("https://h.example/long/path", "https://h.example/long\n/path", "x")]


def test_relative_links_stay_relative() -> None:
    assert [link.href for link in page("<base href=https://h.example/><a href=/a>a</a>").links] == ["/a"]


def test_a_link_of_a_picture_has_no_words() -> None:
    assert links(page("a <a href=https://h.example/><img src=i.png alt=i></a> b")) == [("https://h.example/", "https://h.example/", "")]


def test_a_link_that_is_never_closed_ends_with_its_line() -> None:
    assert links(page("<p><a href=x>one<p>two")) == [("x", "x", "one")]


def test_the_source_of_a_quotation_is_a_link() -> None:
    assert links(page("<blockquote cite='https://h.example/q'>Words</blockquote>")) == [("https://h.example/q", "https://h.example/q", "")]


def test_a_raised_note_mark_does_not_grow_onto_an_address() -> None:
    document = page("<p>https://h.example/a<sup><a href='#n1'>1</a></sup> x<sup>2</sup> <p id=n1>Note")
    assert document.reading.startswith("https://h.example/a 1 x2")


def test_words_behind_a_link_do_not_grow_onto_its_address() -> None:
    assert reading("<a href=https://h.example>https://h.example</a>Next") == "https://h.example Next"
    assert reading("<a href=https://h.example/long>https://h.example/lo...</a>.") == "https://h.example/lo... ."
    assert reading("https://<a href=http://t.example>t.example</a>/path") == "https://t.example/path"


def test_pandoc_footnotes_are_notes() -> None:
    document = page(
        '<p>Words<a href="#fn1" class="footnote-ref" id="fnref1" role="doc-noteref"><sup>1</sup></a>.</p>'
        '<section class="footnotes" role="doc-endnotes"><hr /><ol><li id="fn1">'
        '<p>Ana, T.<a href="#fnref1" role="doc-backlink">↩︎</a></p></li>'
        "<li><p>Never cited</p></li></ol></section>"
    )
    assert marks(document, "cite") == [("1", "1")]
    assert marks(document, "note") == [("1", "Ana, T.↩︎"), ("2", "Never cited")]


def test_word_footnotes_are_notes() -> None:
    document = page(
        "<p>Words<a href='#_ftn1' name='_ftnref1'>[1]</a> and<a href='#_ftn2' name='_ftnref2'>[2]</a></p><hr>"
        "<div id=ftn1><p><a href='#_ftnref1' name='_ftn1'>[1]</a> First.</p></div>"
        "<div><p><a href='#_ftnref2' name='_ftn2'>[2]</a> Second.</p></div>"
    )
    assert marks(document, "cite") == [("1", "[1]"), ("2", "[2]")]
    assert marks(document, "note") == [("1", "[1] First."), ("2", "[2] Second.")]


def test_wiki_references_are_notes() -> None:
    document = page(
        '<p>Words<sup id="cite_ref-x_3-0" class="reference"><a href="#cite_note-x-3">[3]</a></sup></p><ol class="references" start="3">'
        '<li id="cite_note-x-3"><a href="#cite_ref-x_3-0">^</a> Ana, T.</li></ol>'
    )
    assert marks(document, "cite") == [("3", "[3]")]
    assert marks(document, "note") == [("3", "^ Ana, T.")]


@pytest.mark.parametrize("heading", ["Notes", "References:", "Anmerkungen", "Примечания", "参考文献", "5. Bibliography"])
def test_a_numbered_list_under_a_heading_of_notes_holds_notes(heading: str) -> None:
    document = page(f"<h2>{heading}</h2><ol><li>One<li value=7>Seven<li>Eight</ol><h2>More</h2><ol><li>none</ol>")
    assert marks(document, "note") == [("1", "One"), ("7", "Seven"), ("8", "Eight")]


def test_notes_that_share_a_block_are_told_apart_by_line() -> None:
    document = page("<div>a<a href=#n1>1</a> b<a href=#n2>2</a><br><br><a id=n1></a>1. One<br><a id=n2></a>2. Two<br>The end</div>")
    assert marks(document, "note") == [("1", "1. One"), ("2", "2. Two")]


def test_a_page_that_links_to_its_own_address_marks_its_notes() -> None:
    document = page(
        "<link rel=canonical href=https://h.example/a/b>Words<sup><a href='./b#n1'>[1]</a></sup><p id=n1>One<p><a href=c#n1>1</a>"
    )
    assert marks(document, "cite") == [("1", "[1]")]
    assert marks(document, "note") == [("1", "One")]


def test_a_number_of_comments_cites_no_note() -> None:
    assert page("<a href=#comments>12</a> <a href=#respond>(3)</a><p>Words<h2 id=comments>Comments</h2><p id=respond>x").marks == ()


def test_a_table_of_contents_is_no_list_of_notes() -> None:
    document = page("<ol><li><a href=#a>Start</a><li><a href=#b>End</a></ol><h2 id=a>Start</h2>x<h2 id=b>End</h2>y")
    assert document.marks == ()


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2020-11-13T23:30:00+04:00">',
        '<meta name="DC.date.issued" content="2020-11-13">',
        '<meta name="citation_publication_date" content="2020/11/13">',
        '<meta itemprop="datePublished" content="20201113">',
        '<meta name="date" content="Fri, 13 Nov 2020 10:00:00 GMT">',
        '<script type="application/ld+json">{"@graph":[{"@type":"WebPage","datePublished":"2019-01-01"},'
        '{"@type":"NewsArticle","datePublished":"2020-11-13"}]}</script>',
        "<body><time pubdate datetime=2020-11-13>today</time><time datetime=2021-01-01>later</time>",
        "<body><p>Posted <time datetime='2020-11-13T10:00'>a while ago</time>",
        "<body><h1>Title</h1><p>By Ana Example</p><p>13 November 2020</p><p>Words",
    ],
)
def test_the_date_of_publication_is_read(head: str) -> None:
    assert page(f"<html><head>{head}").published == date(2020, 11, 13)


@pytest.mark.parametrize(
    "head",
    [
        '<script type="application/ld+json">{"datePublished": 5}</script>',
        '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
        '<script type="application/ld+json">{broken</script>',
        '<meta name="date" content="0000-99-99">',
        "<body>The treaty of 13 November 2020 ended it.",
    ],
)
def test_what_is_no_date_of_publication_is_not_taken_for_one(head: str) -> None:
    assert page(head).published is None


def test_title_and_own_address_are_read() -> None:
    document = page(
        '<title>Words &amp; more | Site</title><meta property="og:title" content="Words &amp; more"><link rel="canonical" href="https://h.example/a">'
    )
    assert (document.title, document.url) == ("Words & more", "https://h.example/a")
    assert page("<title>\n A  b </title><h1>C</h1>").title == "A b"
    assert page("<h1>Only <i>here</i></h1><link rel=canonical href='/relative'>").title == "Only here"
    assert page("<link rel=canonical href='javascript:x'>").url is None


PIECES = r"""
    <p> </p> <a◦href='https://h.example/?a=1&amp;b'> <a◦href=x > </a> <!-- --> <script> </script> &amp; &#x41; &nbsp & < ◦ ◦◦ words
    <pre> </pre> <br> <td> <sup> </sup> <a◦href=#n>1</a> <li◦id=n> <ol> <div◦hidden> </div> " ' = / é <![CDATA[ <? </ <textarea>
    https://h.example/a <h2>Notes</h2> <table> <title> <blockquote◦cite=x>
"""
FRAGMENTS = st.sampled_from([piece.replace("◦", " ") for piece in PIECES.split()] + ["\n", "\r\n", "\t", "\0", "\u200b"])


@given(st.lists(FRAGMENTS | st.text(max_size=5), max_size=40).map("".join))
@example("<p>a\nb</p>")
@example("<a href='&#0;x\n'>")
def test_every_piece_of_reading_text_has_its_place_in_the_source(source: str) -> None:
    document = page(source)
    at = place = 0
    for segment in document.segments:
        assert segment.reading.start == at < segment.reading.end
        assert place <= segment.source.start <= segment.source.end <= len(source)
        at, place = segment.reading.end, segment.source.end
        text, original = shown(document, segment.reading), written(document, segment.source)
        if len(text) == len(original):
            # A line end between words shows as a space.
            assert text == original or text == "".join(" " if each in "\t\n\r\f" else each for each in original)
    assert at == len(document.reading)
    for link in document.links:
        assert address_value(source, link.href_span) == link.href
        assert 0 <= link.anchor.start <= link.anchor.end <= len(document.reading)
    assert all(isinstance(mark, NoteMark) and mark.at.start <= mark.at.end <= len(document.reading) for mark in document.marks)


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=60))
def test_escaped_text_reads_as_itself(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert reading(f"<pre>{escaped}</pre>") == text
