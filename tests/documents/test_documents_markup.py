"""LaTeX, reStructuredText, AsciiDoc and wikitext: links with exact places, notes, titles and dates."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citekeeper import references
from citekeeper.documents import asciidoc, bibtex, csl_json, latex, read, ris, rst, wikitext
from citekeeper.documents.formats import Reader
from citekeeper.model import Document

READERS: dict[str, Reader] = {
    "latex": latex.read,
    "rst": rst.read,
    "asciidoc": asciidoc.read,
    "wikitext": wikitext.read,
    "bibtex": bibtex.read,
    "ris": ris.read,
    "csl-json": csl_json.read,
}


def article(name: str, text: str) -> Document:
    return READERS[name](text, source="a")


def links(document: Document) -> list[tuple[str, str, str]]:
    """Of each link: what it means, how it is written, what the reader sees."""
    text, reading = document.text, document.reading
    return [
        (link.href, text[link.href_span.start : link.href_span.end], reading[link.anchor.start : link.anchor.end])
        for link in document.links
    ]


def marks(document: Document, role: str) -> list[tuple[str, str]]:
    return [(mark.marker, document.reading[mark.at.start : mark.at.end].strip()) for mark in document.marks if mark.role == role]


A = "https://h.example/a"


@pytest.mark.parametrize(
    ("name", "source", "link"),
    [
        ("latex", r"\url{https://h.example/a}", (A, A, A)),
        ("latex", r"\url{https://h.example/a_b\%20c\#d}", (A + "_b%20c#d", r"https://h.example/a_b\%20c\#d", A + "_b%20c#d")),
        ("latex", "\\url{https://h.example/a/%\n  b}", (A + "/b", "https://h.example/a/%\n  b", A + "/b")),
        ("latex", r"\url|https://h.example/a|", (A, A, A)),
        ("latex", r"\href{https://h.example/a}{the \emph{page}}", (A, A, "the page")),
        ("latex", r"\href[pdfnewwindow]{https://h.example/a\_b}{x}", (A + "_b", r"https://h.example/a\_b", "x")),
        ("latex", r"\href {\detokenize{https://h.example/a}} {x}", (A, A, "x")),
        (
            "latex",
            r"\newcommand{\home}{https://h.example/a} \url{\home/b}",
            (A + "/b", r"\home/b", A + "/b"),
        ),
        ("rst", "`words <https://h.example/a>`_", (A, A, "words")),
        ("rst", "`words <https://h.example/\na>`__", (A, "https://h.example/\na", "words")),
        ("rst", "`<https://h.example/a>`_", (A, A, A)),
        ("rst", "Word_ here\n\n.. _word: https://h.example/a\n", (A, A, "Word")),
        ("rst", "`Two words`_\n\n.. _two words: https://h.example/a\n", (A, A, "Two words")),
        ("rst", "`x`__\n\n__ https://h.example/a\n", (A, A, "x")),
        ("rst", "One_\n\n.. _one: two_\n.. _two: https://h.example/a\n", (A, A, "One")),
        ("rst", "\\`x <https://h.example/b>`_\n\n- `words <https://h.example/a>`_\n", (A, A, "words")),
        ("rst", ".. image:: p.png\n   :target: https://h.example/a\n", (A, A, A)),
        ("rst", ".. _unused: https://h.example/a\n", (A, A, A)),
        ("asciidoc", "https://h.example/a[the page^]", (A, A, "the page")),
        ("asciidoc", "link:https://h.example/a[x,window=_blank]", (A, A, "x")),
        ("asciidoc", "link:++https://h.example/a__b++[x]", (A + "__b", A + "__b", "x")),
        ("asciidoc", "https://h.example/a[]", (A, A, A)),
        ("asciidoc", ":home: https://h.example\n\n{home}/a[x]", (A, "{home}/a", "x")),
        ("asciidoc", "https://h.example/a[a b\\] c]", (A, A, "a b\\] c")),
        ("wikitext", "[https://h.example/a the ''page'']", (A, A, "the page")),
        ("wikitext", "[//h.example/a x]", (A, "//h.example/a", "x")),
        ("wikitext", "[https://h.example/a]", (A, A, A)),
        ("wikitext", "[https://h.example/a?b=1&amp;c=2 x]", (A + "?b=1&c=2", A + "?b=1&amp;c=2", "x")),
        ("wikitext", "[[File:p.png|A [https://h.example/a x]]]", (A, A, "x")),
        ("wikitext", "{{webarchive |url=https://h.example/a |date=2020}}", (A, A, "")),
        ("wikitext", "{{cite web |url=https://h.example/a{{=}}b |title=T}}", (A + "=b", A + "{{=}}b", "")),
    ],
)
def test_a_link_keeps_its_address_its_place_and_its_words(name: str, source: str, link: tuple[str, str, str]) -> None:
    assert links(article(name, source)) == [link]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("latex", r"% \url{https://h.example/a}"),
        ("latex", "\\begin{verbatim}\n\\url{https://h.example/a}\n\\end{verbatim}"),
        ("latex", r"\verb|\url{https://h.example/a}|"),
        ("latex", "\\begin{document}x\\end{document}\n\\url{https://h.example/a}"),
        ("latex", r"\url{https://h.example/a"),
        ("latex", r"\newcommand{\page}[1]{\href{https://h.example/#1}{#1}} \page{x}"),
        ("wikitext", "{{cite web|url=https://h.example/{{urlencode:x}}|title=T}}"),
        ("rst", "Code::\n\n    `x <https://h.example/a>`_\n"),
        ("rst", ".. code-block:: rst\n\n   `x <https://h.example/a>`_\n"),
        ("rst", ".. `x <https://h.example/a>`_\n"),
        ("rst", "``x <https://h.example/a>`_``"),
        ("rst", ":doc:`x <https://h.example/a>`"),
        ("rst", "unknown_ and `also unknown`_"),
        ("asciidoc", "----\nhttps://h.example/a[x]\n----\n"),
        ("asciidoc", "// https://h.example/a[x]\n"),
        ("asciidoc", "\\https://h.example/a[x]"),
        ("wikitext", "<nowiki>[https://h.example/a x]</nowiki>"),
        ("wikitext", "<!-- [https://h.example/a x] -->"),
        ("wikitext", "[https://h.example/a x\ny]"),
        ("wikitext", "[[https]]"),
    ],
)
def test_what_only_looks_like_a_link_is_none(name: str, source: str) -> None:
    assert links(article(name, source)) == []


@pytest.mark.parametrize(
    ("name", "source", "reading"),
    [
        ("latex", r"caf\'e na\"{\i}ve \c{c}a \ss{} 5\,\% \& ``x'' a~b", "café naïve ça ß 5 % & ``x'' a b"),
        ("latex", r"https://h.example/\~{}ana/x\_y \textbf{bold} {\em x}", "https://h.example/~ana/x_y bold x"),
        ("latex", r"\url{https://h.example/a}words", "https://h.example/a words"),
        ("latex", "a % b\nc", "a c"),
        ("rst", r"\*a\* https://h.example/x\_y a\ b", "*a* https://h.example/x_y ab"),
        ("rst", "`https://h.example/a <https://h.example/a>`_\\ next", "https://h.example/anext"),
        ("asciidoc", ":home: https://h.example\n{home} x", "\nhttps://h.example x"),
        ("asciidoc", "////\nhidden\n////\nx", "\nx"),
        ("wikitext", "'''T''' [[page|w]] [[p]] a&nbsp;b {{convert|5|km}}<br>x", "T w p a\xa0b  5, km \nx"),
    ],
)
def test_mark_up_is_not_read_but_its_words_are(name: str, source: str, reading: str) -> None:
    assert article(name, source).reading == reading


@pytest.mark.parametrize(
    ("name", "source", "cites", "notes"),
    [
        ("latex", r"A\footnote{One \url{x}.} B\footnote[7]{Two}", [("1", "["), ("7", "[")], [("1", "One x."), ("7", "Two")]),
        (
            "latex",
            "\\cite{b} \\begin{thebibliography}{9}\\bibitem{a} One\n\\bibitem{b} Two\n\\end{thebibliography}",
            [("2", "[b]")],
            [("1", "One"), ("2", "Two")],
        ),
        ("latex", r"A\footnotemark{} \footnotetext{One}", [("1", "[1]")], [("1", "One")]),
        ("latex", r"A\thanks{One} B\footnote{Two}", [("*", "["), ("1", "[")], [("*", "One"), ("1", "Two")]),
        ("rst", "A [1]_ [#]_ [#n]_\n\n.. [1] One\n.. [#] Two\n.. [#n] Three\n   more\n", [("1", "[1]"), ("2", "[2]"), ("3", "[3]")],
         [("1", "One"), ("2", "Two"), ("3", "Three\n   more")]),
        ("rst", "A [C20]_ [*]_\n\n.. [C20] One\n.. [*] Two\n", [("C20", "[C20]"), ("*", "[*]")], [("C20", "One"), ("*", "Two")]),
        ("asciidoc", "A footnote:[One https://x.example[x].] B footnote:n[Two] footnote:n[]", [("1", "["), ("2", "["), ("2", "[2]")],
         [("1", "One x."), ("2", "Two")]),
        ("asciidoc", "A <<b>>\n\n* [[[a]]] One\n* [[[b,9]]] Two", [("9", "<<b>>")], [("a", "One"), ("9", "Two")]),
        ("wikitext", "A<ref name=x>One</ref> B<ref name=\"x\" /> C<ref group=n>Two</ref>", [("1", "["), ("1", "[1]"), ("n 1", "[")],
         [("1", "One"), ("n 1", "Two")]),
        ("wikitext", "A<ref name=b/><ref name=a/><references>\n<ref name=a>One</ref><ref name=b>Two</ref>\n</references>",
         [("1", "[1]"), ("2", "[2]")], [("2", "One"), ("1", "Two")]),
        ("wikitext", "A<ref name=a/>{{reflist|refs=<ref name=a>One</ref>}}", [("1", "[1]")], [("1", "One")]),
    ],
)  # fmt: skip
def test_notes_and_the_marks_that_cite_them(name: str, source: str, cites: list[tuple[str, str]], notes: list[tuple[str, str]]) -> None:
    document = article(name, source)
    assert marks(document, "cite") == cites
    assert marks(document, "note") == notes


@pytest.mark.parametrize(
    ("name", "source", "title", "published"),
    [
        ("latex", "\\title{The \\emph{Walk}}\\date{3 May 2021}\\begin{document}x", "The Walk", date(2021, 5, 3)),
        ("latex", "\\title{T}\\date{\\today}", "T", None),
        ("rst", "========\nThe Walk\n========\n\n:Date: 2021-05-03\n", "The Walk", date(2021, 5, 3)),
        ("rst", ".. title: The Walk\n.. date: 2021-05-03 10:00\n\nWords\n", "The Walk", date(2021, 5, 3)),
        ("asciidoc", "= The Walk\nAna Example\nv1.0, 2021-05-03\n\nWords", "The Walk", date(2021, 5, 3)),
        ("asciidoc", "= The Walk\n:revdate: May 3, 2021\n", "The Walk", date(2021, 5, 3)),
        ("wikitext", "{{date|May 3, 2021}}\n'''The ''Walk''''' is.", "The Walk", date(2021, 5, 3)),
        ("wikitext", "{{DISPLAYTITLE:''The Walk''}}\nWords.", "The Walk", None),
    ],
)
def test_the_title_and_the_date_that_the_format_tells(name: str, source: str, title: str, published: date | None) -> None:
    document = article(name, source)
    assert (document.title, document.published) == (title, published)


@pytest.mark.parametrize(
    ("source", "content_type", "data", "name"),
    [
        ("a.rst", None, "Words", "rst"),
        ("a.tex", None, "Words", "latex"),
        ("a.adoc", None, "Words", "asciidoc"),
        ("a.wiki", None, "Words", "wikitext"),
        ("a.bib", None, "Words", "bibtex"),
        ("a.RIS", None, "Words", "ris"),
        ("a.csl.json", None, "[1]", "csl-json"),
        ("https://h.example/w?action=raw", "text/x-wiki; charset=UTF-8", "Words", "wikitext"),
        ("https://h.example/x", "application/x-bibtex", "Words", "bibtex"),
        ("-", None, "@article{a,\n title={T}}", "bibtex"),
        ("-", None, "TY  - JOUR\r\nER  - \r\n", "ris"),
        ("-", None, '[{"id":"a","type":"webpage","issued":{"raw":"2020"}}]', "csl-json"),
        ("-", None, "\\documentclass{article}\n", "latex"),
        ("-", None, "`a <https://h.example/>`_\n\n.. note:: x\n", "rst"),
        ("-", None, "= T\n\nhttps://h.example/a[the words]\n", "asciidoc"),
        ("-", None, "'''T''' is.<ref>x</ref>", "wikitext"),
        ("-", None, "See https://h[.]example/a and = x\n\n== x", "text"),
        ("a.tex", None, "<!DOCTYPE html><p>x", "html"),
        ("a.bib", None, "<!DOCTYPE html><p>x", "html"),
        ("a.ris", None, "<html><p>Not found", "html"),
        ("a.wiki", None, "<div>x</div>", "wikitext"),
    ],
)
def test_markup_is_told_by_name_type_or_look(source: str, content_type: str | None, data: str, name: str) -> None:
    found = read(data.encode(), source=source, content_type=content_type)
    assert isinstance(found, Document)
    assert found.format == name


# Pieces that meet in all the ways that pieces meet.
PIECES = {
    "latex": r"""\url{ \href{ } { \footnote{ \footnote[3]{ https://h.example/a\_b % %20 ~ \\ ' \'e \cite{k} \bibitem{k} \bibitem[l]{ [ ] $
        \begin{verbatim} \end{verbatim} \begin{document} \end{document} \begin{thebibliography}{9} \end{thebibliography} \verb| | \title{
        \newcommand{\m}{https://h.example/m} \m \x \textbf{ é""",
    "rst": r"""` `` `a◦<https://h.example/a>`_ `b`_ b_ c__ .. ◦◦ _b: .. [1] [#] [1]_ [#]_ :: \ \_ https://h.example/a_ __◦x .. image::◦y
        :target:◦https://h.example/t .. code:: ==== é < > .. _b:◦https://h.example/b .. __:◦https://h.example/c .. _d:◦b_ d_""",
    "asciidoc": r"""[ ] https://h.example/a[ https://h.example/b[x] link:x[ ++ footnote:[ footnote:n[] footnoteref:[n,x] {home}
        :home:◦https://h.example ---- //// // image::x[ [[[k]]] <<k>> \ = é ^ {home}/x[y]""",
    "wikitext": """{{ }} [[ ]] | = [https://h.example/a ◦ ] <ref> </ref> <ref◦name=a> <ref◦name=a/> '' ''' {{cite◦web|url=https://h.example/c
        |title=T |archive-url=https://h.example/d |last1=E |doi=10.1000/1 <!-- --> <nowiki> </nowiki> &amp; <references>
        {{reflist|refs= <br> é {{date|2020-05-03}} {{!}} [[x|""",
    "bibtex": r"""@article{ @misc{k, @string{ @comment{ } { , = title◦=◦{ url◦=◦{https://h.example/a\_b} author="A◦and◦B" # "
        doi={10.1000/1} year=2020 note={\url{https://h.example/n}} note={\href{ @book( ) jan é \'e""",
    "ris": """TY◦◦-◦JOUR ER◦◦-◦ UR◦◦-◦https://h.example/a UR◦◦-◦ DO◦◦-◦10.1000/1 AU◦◦-◦E,◦A PY◦◦-◦2020/05/ TI◦◦-◦T ; x é
        https://h.example/b""",
    "csl-json": r"""{ } [ ] : , " "URL" "https:\/\/h.example/a" "DOI" "10.1000/1" "title" "type" "issued" "date-parts" 2020 \ \u0041
        "\ud83d" "author" {"family":"E"} "x {"type":"a","URL":"https://h.example/b"} null é""",
}


@pytest.mark.parametrize("name", sorted(READERS))
@given(data=st.data())
@settings(max_examples=60)
def test_every_piece_of_reading_text_has_its_place_in_the_source(name: str, data: st.DataObject) -> None:
    pieces = st.sampled_from([*(piece.replace("◦", " ") for piece in PIECES[name].split()), " ", "\n", "\n", "\n\n", "  "])
    source = data.draw(st.lists(pieces, max_size=40).map("".join))
    document = article(name, source)
    assert document.text == source
    at = place = 0
    for segment in document.segments:
        assert segment.reading.start == at < segment.reading.end
        assert place <= segment.source.start <= segment.source.end <= len(source)
        at, place = segment.reading.end, segment.source.end
    assert at == len(document.reading) if document.segments else document.reading in (source, "")
    spans = [*(link.anchor for link in document.links), *(mark.at for mark in document.marks), *(entry.at for entry in document.entries)]
    assert all(0 <= span.start <= span.end <= len(document.reading) for span in spans)
    assert all(0 <= link.href_span.start <= link.href_span.end <= len(source) for link in document.links)


@pytest.mark.parametrize("name", sorted(READERS))
@given(data=st.data())
@settings(max_examples=30)
def test_every_reference_is_exactly_where_it_says_and_none_overlap(name: str, data: st.DataObject) -> None:
    pieces = st.sampled_from([*(piece.replace("◦", " ") for piece in PIECES[name].split()), " ", "\n", "\n\n"])
    source = data.draw(st.lists(pieces, max_size=30).map("".join))
    end = 0
    for one in references.extract(article(name, source)):
        start, length = one.location.offset, one.location.length
        assert source[start : start + length] == one.raw
        assert start >= end
        end = start + length


@pytest.mark.parametrize("name", sorted(READERS))
@given(text=st.text(max_size=80))
@settings(max_examples=30)
def test_text_of_any_kind_is_read(name: str, text: str) -> None:
    assert article(name, text).text == text
