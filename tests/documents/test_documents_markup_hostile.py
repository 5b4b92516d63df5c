"""Markup made to break a reader: time must grow with the size of the source, whatever it holds."""

from __future__ import annotations

from functools import partial

import pytest
from growth import grows_no_faster_than_its_size, grows_no_faster_than_its_text

from citekeeper.documents import asciidoc, bibtex, csl_json, latex, ris, rst, wikitext
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

# What one repetition may do to a reader: never close, nest, look back, look ahead. "◦" is a space, "¶" a line end.
REPEATED = {
    "latex": r"""{ } \ \url{ \url| \href{ \href{a}{ \footnote{ \begin{verbatim} \begin{verbatim}\end{verbatim} \verb| \cite{ \cite{a}
        \bibitem{a} \newcommand{\a}{https://a.example} % ~ \' \'{ \title{ [ \\[ \href[ \url{https://a.example/\_ \a[ \url{a}
        \footnote{\url{a}} \url{\a}\def\a{https://a.example}""",
    "rst": r"""` `` `a `a◦<b>`_◦ a_◦ a__◦ __◦a¶ ..◦_a:◦b¶ ..◦_a:◦a_¶ a_◦..◦_a:◦b_¶¶ ..◦[1]◦a¶¶ [1]_◦ \ ..
        ..◦a¶ ..¶ ◦..¶ a::¶¶◦b¶ a::¶ ::¶¶ < ..◦image::◦a¶ ..◦a::¶ | ¶ ◦ ..◦_`a `a◦< a¶=¶""",
    "asciidoc": r"""[ ] http://a[ http://a[b] link:a link:a+ link:++ footnote:[ footnote:a[] {a} ¶----¶ ----¶ ////¶ image:
        image::a[ [[[a]]]◦
        [[[ <<a>>◦ << :a:◦http://b¶ :a:◦http://b¶{a}◦ {a}[ // =◦a¶ \ footnoteref:[a, http://{a}""",
    "wikitext": r"""{ } [ ] {{ }} [[ ]] <ref> </ref> <ref [http://a◦ {{a| | {{a|b= <ref◦name=a/> <ref>a</ref> <!-- <nowiki> '' '''a''' &amp;
        [[a|b]] {{a|b}} {{cite◦web|url=https://h.example/|title=a}} {{a|{{a| [[a]]] [//a◦[[ [//a◦[[b]]◦ {{DISPLAYTITLE: {{date| < <a◦
        {{cite|url=<!-- {{reflist|<ref> [[{{ {{[[ <references>""",
    "bibtex": r"""@ { } @a{ @a{b, ¶@a{b, @a{b,c={ @a{b,c={d}, @a{b,c={d}} @a{b,c=" @a{b,c="d"◦# @string{a=b} @comment{ @a{b,author={A◦and◦
        @a{b,c=\url{ @a{b,note={\url{x}}} a= @a(""",
    "ris": r"""TY◦◦-◦A¶ TY◦◦-◦A¶ER◦◦-◦¶ TY UR◦◦-◦x¶ TY◦◦-◦A¶UR◦◦-◦https://a.example/b; AU◦◦-◦a,b¶ DO◦◦-◦10.1000/1¶""",
    "csl-json": r"""{ [ } " \ "\ {" {"a": [{"a":1}, : , [[" "a", {"type":"a","title":[ {"type":1,"title":2} {"author":[{"a":"b"},""",
}
CASES = [(name, piece.replace("◦", " ").replace("¶", "\n")) for name, pieces in REPEATED.items() for piece in pieces.split()]


def nested(opening: str, depth: int) -> str:
    return opening * depth + "x" + "}}" * depth


def read(name: str, source: str) -> None:
    assert isinstance(READERS[name](source, source="a"), Document)


@pytest.mark.parametrize(("name", "piece"), CASES)
def test_a_repeated_piece_takes_time_in_step_with_its_number(name: str, piece: str) -> None:
    assert grows_no_faster_than_its_text(lambda source: read(name, source), piece * (20_000 // len(piece)))


@pytest.mark.parametrize(
    ("name", "head", "piece"),
    [
        ("latex", "", "{"),
        ("latex", "", "\\"),
        ("rst", "", "`"),
        ("asciidoc", "", "["),
        ("wikitext", "", "<ref>"),
        ("wikitext", "", "{{"),
        ("bibtex", "", "{"),
        ("bibtex", "@a{b,", "url={https://h.example/},"),
        ("ris", "TY  - A\n", "UR  - https://a.example/b\nDO  - 10.1000/1\n"),
        ("csl-json", "", "["),
        ("csl-json", '{"type":1,"title":2,"author":[', '{"family":"x"},'),
    ],
)
def test_hundreds_of_kilobytes_of_one_sign_are_read_in_linear_time(name: str, head: str, piece: str) -> None:
    assert grows_no_faster_than_its_text(lambda source: read(name, head + source), piece * (100_000 // len(piece)))


def test_an_attribute_used_many_times_does_not_fill_the_memory() -> None:
    source = ":a: https://h.example/" + "x" * 400 + "\n" + "{a} " * 100_000
    assert len(asciidoc.read(source, source="a").reading) < 10_000_000


def test_deep_nesting_ends_no_reader() -> None:
    depth = 20_000
    assert csl_json.read("[" * depth + "]" * depth, source="a").entries == ()
    assert latex.read("{" * depth + "x" + "}" * depth, source="a").reading == "x"
    for opening in ("{{a|", "{{cite|url="):
        assert grows_no_faster_than_its_size(partial(read, "wikitext"), partial(nested, opening), depth), opening
