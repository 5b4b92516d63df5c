"""Repairs as edits: each format's idiom, nothing lost, nothing else changed, never twice."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citekeeper import documents, references
from citekeeper.model import Confidence, Document, Evidence, Finding, Level, Memento, Reference, Resolution, State, Verdict
from citekeeper.repairs import FORMATS, UNWRITABLE, Plan, apply, plan, rewriting_of, with_copies

COPY = "https://web.archive.org/web/20201110120000/"


def read(text: str, name: str) -> Document:
    document = documents.read(text.encode("utf-8", "surrogatepass"), source=name)
    assert isinstance(document, Document)
    return document


def finding_of(reference: Reference, **more: object) -> Finding:
    url = reference.address.url
    memento = Memento(f"{COPY}{url}", datetime(2020, 11, 10, 12, tzinfo=UTC), "wayback", url or "")
    verdict = Verdict(State.GONE, Confidence.HIGH, True, Level.ERROR, (Evidence("status-gone"),), "")
    finding = Finding(reference, Resolution(url, "as-written", 1.0), verdict, memento=memento)
    return replace(finding, **more)  # type: ignore[arg-type]


def planned(text: str, name: str, *, refang: bool = False, unsafe: bool = False, **more: Any) -> Plan:
    """The plan for a text of which every page is gone, as far as its own words do not name a copy."""
    document = read(text, name)
    found = with_copies(document, references.extract(document))
    return plan(document, [finding_of(each, **more) for each in found], refang=refang, unsafe=unsafe)


def fixed(text: str, name: str, *, refang: bool = False) -> str:
    return apply(read(text, name).text, planned(text, name, refang=refang).edits)


URL = "http://gone.example/a"
BESIDE = f"([archived 2020-11-10]({COPY}{URL}))"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"See [one]({URL}).", f"See [one]({URL}) {BESIDE}."),
        (f'See [one]({URL} "A title (odd)").', f'See [one]({URL} "A title (odd)") {BESIDE}.'),
        (f"See [one](<{URL}> 'T').", f"See [one](<{URL}> 'T') {BESIDE}."),
        (f"See <{URL}>.", f"See <{URL}> {BESIDE}."),
        (f"See {URL}.", f"See {URL} {BESIDE}."),
        (f"See [{URL}]({URL}).", f"See [{URL}]({URL}) {BESIDE}."),
        (f"See [at {URL}, there](<{URL}> 'T').", f"See [at {URL}, there](<{URL}> 'T') {BESIDE}."),
        (f"See ({URL}).", f"See ({URL} {BESIDE})."),
        (f"A claim.[^1]\n\n[^1]: A. Writer, {URL}\n", f"A claim.[^1]\n\n[^1]: A. Writer, {URL} {BESIDE}\n"),
        (f"| a | b |\n| - | - |\n| [x]({URL}) | y |\n", f"| a | b |\n| - | - |\n| [x]({URL}) {BESIDE} | y |\n"),
    ],
)
def test_in_markdown_the_copy_stands_behind_the_whole_link(before: str, after: str) -> None:
    assert fixed(before, "a.md") == after
    assert fixed(after, "a.md") == after


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"See [![{URL}]({URL})](http://other.example/).", "it is part of a link's own text"),
        (f"See **{URL}** there.", "something else stands right behind it"),
        (f'See "{URL}".', "something else stands right behind it"),
    ],
)
def test_a_markdown_address_that_other_signs_close_is_left_alone_and_named(text: str, why: str) -> None:
    found = planned(text, "a.md")
    assert why in [left.why for left in found.left]
    assert not [edit for edit in found.edits if edit.finding.reference.address.url == URL]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"See [one][1] and [two][1].\n\n[1]: {URL}\n", f"See [one][1] {BESIDE} and [two][1].\n\n[1]: {URL}\n"),
        (f"See [one][] or [one].\n\n[one]: <{URL}> 'T'\n", f"See [one][] {BESIDE} or [one].\n\n[one]: <{URL}> 'T'\n"),
        (f"A [one]s and [one].\n\n[one]: {URL}\n", f"A [one]s and [one] {BESIDE}.\n\n[one]: {URL}\n"),
    ],
)
def test_in_markdown_the_copy_of_a_definition_stands_behind_the_first_link_that_has_room(before: str, after: str) -> None:
    assert fixed(before, "a.md") == after
    assert fixed(after, "a.md") == after
    document = read(after, "a.md")
    [original] = [each for each in with_copies(document, references.extract(document)) if not each.archived]
    assert original.citation is not None
    assert original.citation.archived_url is not None


@pytest.mark.parametrize("text", [f"None.\n\n[a]: {URL}\n", f"A [![x](i.png)][a].\n\n[a]: {URL}\n", f"A ![one][a].\n\n[a]: {URL}\n"])
def test_a_markdown_definition_that_no_words_lead_to_is_left_alone_and_named(text: str) -> None:
    found = planned(text, "a.md")
    assert [edit for edit in found.edits if edit.finding.reference.address.url == URL] == []
    assert [left.why for left in found.left] == ["nothing that can hold it leads to this definition"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"[1] {URL}\n", f"[1] {URL} (archived 2020-11-10: {COPY}{URL})\n"),
        (f"[1] <{URL}>.\r\n", f"[1] <{URL}> (archived 2020-11-10: {COPY}{URL}).\r\n"),
        (f"A. Writer ({URL}), 2020.", f"A. Writer ({URL} (archived 2020-11-10: {COPY}{URL})), 2020."),
    ],
)
def test_in_text_the_copy_is_named_in_words(before: str, after: str) -> None:
    assert fixed(before, "a.txt") == after
    assert fixed(after, "a.txt") == after


def test_in_html_the_link_gets_the_attributes_of_robust_links() -> None:
    before = '<!doctype html>\n<p><a class="x>y" href="http://gone.example/a?b=1&amp;c=2">one</a>, <A HREF=http://gone.example/c>two</A>.'
    after = fixed(before, "a.html")
    assert 'href="http://gone.example/a?b=1&amp;c=2">one</a>' in after
    assert ' data-originalurl="http://gone.example/a?b=1&amp;c=2"' in after
    assert f' data-versionurl="{COPY}http://gone.example/a?b=1&amp;c=2" data-versiondate="2020-11-10"' in after
    assert f'<A data-originalurl="http://gone.example/c" data-versionurl="{COPY}http://gone.example/c"' in after
    assert after.replace(after[after.index(" data-") : after.index(" class=")], "", 1).startswith(before[:40])
    assert fixed(after, "a.html") == after


def test_in_html_an_address_that_is_no_link_gets_one_to_its_copy() -> None:
    after = fixed(f"<!doctype html>\n<p>See {URL}, please, or {URL}?b</p>", "a.html")
    copies = [f'(<a href="{COPY}{URL}{query}">archived 2020-11-10</a>)' for query in ("", "?b")]
    assert after == f"<!doctype html>\n<p>See {URL} {copies[0]}, please, or {URL}?b {copies[1]}</p>"
    assert fixed(after, "a.html") == after


ROBUST = f' data-originalurl="{URL}" data-versionurl="{COPY}{URL}" data-versiondate="2020-11-10"'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f'<p><a href="{URL}">{URL}</a></p>', f'<p><a{ROBUST} href="{URL}">{URL}</a></p>'),
        (f"<p><A class=x HREF={URL}>See <b>{URL}</b>!</A></p>", f"<p><A{ROBUST} class=x HREF={URL}>See <b>{URL}</b>!</A></p>"),
        (f'<p><a href="{URL}">{URL}, {URL}</a></p>', f'<p><a{ROBUST} href="{URL}">{URL}, {URL}</a></p>'),
    ],
)
def test_in_html_a_link_whose_text_is_its_address_gets_the_attributes_and_no_link_inside(before: str, after: str) -> None:
    head = "<!doctype html>\n"
    assert fixed(head + before, "a.html") == head + after
    assert fixed(head + after, "a.html") == head + after


@pytest.mark.parametrize(
    ("before", "why"),
    [
        (f"<p><button>{URL}</button></p>", "it stands in an element that can hold no link (button)"),
        (f"<p><a name=x>{URL}</a></p>", "it stands in a link that leads elsewhere"),
    ],
)
def test_in_html_no_link_is_put_where_none_may_stand(before: str, why: str) -> None:
    found = planned(f"<!doctype html>\n{before}", "a.html")
    assert found.edits == ()
    assert [left.why for left in found.left] == [why]


def test_a_copy_whose_address_is_hostile_ends_nothing_early() -> None:
    for name, text in (("a.md", f"[x]({URL})"), ("a.txt", URL), ("a.html", f"<!doctype html><p><a href='{URL}'>x</a>")):
        document = read(text, name)
        [reference] = references.extract(document)
        odd = Memento('https://archive.example/)"><script>\n[x] ', datetime(2020, 1, 2, tzinfo=UTC), "wayback", URL)
        after = apply(document.text, plan(document, [finding_of(reference, memento=odd)]).edits)
        assert "<script" not in after
        assert "\n" not in after
        assert "https://archive.example/%29%22%3E%3Cscript%3E%0A%5Bx%5D%20" in after


LINK = f"([{COPY}{URL} archived 2020-11-10])"
PARAMETERS = f" |archive-url={COPY}{URL} |archive-date=2020-11-10 |url-status=dead"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"<ref>{{{{cite web |url={URL} |title=T}}}}</ref>", f"<ref>{{{{cite web |url={URL}{PARAMETERS} |title=T}}}}</ref>"),
        (
            f"{{{{cite web |url={URL} |title={{{{lang|fr|T}}}} |quote={{{{!}}}}}}}}",
            f"{{{{cite web |url={URL}{PARAMETERS} |title={{{{lang|fr|T}}}} |quote={{{{!}}}}}}}}",
        ),
        (f"{{{{x|{{{{cite web|url={URL}}}}}}}}}", f"{{{{x|{{{{cite web|url={URL}{PARAMETERS}}}}}}}}}"),
        (
            f"{{{{Internetquelle |url={URL} |titel=T}}}}",
            f"{{{{Internetquelle |url={URL} |archiv-url={COPY}{URL} |archiv-datum=2020-11-10 |offline=1 |titel=T}}}}",
        ),
        (f"{{{{Lien web|titre=T|url={URL}}}}}", f"{{{{Lien web|titre=T|url={URL} |archive-url={COPY}{URL} |archive-date=2020-11-10}}}}"),
        (
            f"{{{{Cita web|título=T|url={URL}}}}}",
            f"{{{{Cita web|título=T|url={URL} |urlarchivo={COPY}{URL} |fechaarchivo=2020-11-10}}}}",
        ),
        (
            f"{{{{Cita web|titolo=T|url={URL}}}}}",
            f"{{{{Cita web|titolo=T|url={URL} |urlarchivio={COPY}{URL} |dataarchivio=2020-11-10 |urlmorto=sì}}}}",
        ),
        (f"{{{{Citation|title=T|url={URL}}}}}", f"{{{{Citation|title=T|url={URL}{PARAMETERS}}}}}"),
        (f"<ref>[{URL} The title]</ref> more", f"<ref>[{URL} The title] {LINK}</ref> more"),
        (f"== H ==\nSee {URL} there.", f"== H ==\nSee {URL} {LINK} there."),
    ],
)
def test_in_wikitext_the_template_gets_its_parameters(before: str, after: str) -> None:
    assert fixed(before, "a.wiki") == after
    assert fixed(after, "a.wiki") == after


@pytest.mark.parametrize(("state", "status"), [(State.PARKED, "usurped"), (State.DRIFTED, "deviated"), (State.GONE, "dead")])
def test_in_wikitext_the_status_says_what_became_of_the_original(state: State, status: str) -> None:
    verdict = Verdict(state, Confidence.HIGH, True, Level.ERROR, (), "")
    [edit] = planned(f"{{{{cite web|url={URL}|title=T}}}}", "a.wiki", verdict=verdict).edits
    assert edit.text.endswith(f"|url-status={status}")


HYPERREF = "\\usepackage{hyperref}\n"
HREF = f"(\\href{{{COPY}{URL}}}{{archived 2020-11-10}})"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{HYPERREF}See \\url{{{URL}}}.", f"{HYPERREF}See \\url{{{URL}}} {HREF}."),
        (f"See \\url{{{URL}}}.", f"See \\url{{{URL}}} (archived 2020-11-10: \\url{{{COPY}{URL}}})."),
        (f"\\href{{{URL}}}{{the {{\\em page}}}}\\footnote{{x}}", f"\\href{{{URL}}}{{the {{\\em page}}}} {HREF}\\footnote{{x}}"),
        (f"{HYPERREF}A.\\footnote{{\\url{{{URL}}}}}", f"{HYPERREF}A.\\footnote{{\\url{{{URL}}} {HREF}}}"),
    ],
)
def test_in_latex_the_copy_stands_behind_the_command(before: str, after: str) -> None:
    assert fixed(before, "a.tex") == after
    assert fixed(after, "a.tex") == after


def test_in_latex_an_address_outside_of_a_command_is_left_alone() -> None:
    assert [left.why for left in planned(f"\\section{{A}} See {URL} there.", "a.tex").left] == ["it is not in \\url or \\href"]


ARCHIVED = f"{{Archived 2020-11-10: \\url{{{COPY}{URL}}}}}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            f"@misc{{k,\n  url = {{{URL}}},\n  title = {{T}}\n}}\n",
            f"@misc{{k,\n  url = {{{URL}}},\n  note = {ARCHIVED},\n  title = {{T}}\n}}\n",
        ),
        (f'@misc{{k, title="T", url="{URL}"}}\n', f'@misc{{k, title="T", url="{URL}", note = {ARCHIVED}}}\n'),
        (
            f"@misc{{k,\r\n  note = {{N}},\r\n  url = {{{URL}}}\r\n}}",
            f"@misc{{k,\r\n  note = {{N. {ARCHIVED[1:-1]}}},\r\n  url = {{{URL}}}\r\n}}",
        ),
        (
            f'@misc{{k, note = "See {{there}}.", url = "{URL}"}}',
            f'@misc{{k, note = "See {{there}}. {ARCHIVED[1:-1]}", url = "{URL}"}}',
        ),
        (f"@misc{{k, note = seen # {{x}}, url = {{{URL}}}}}", f"@misc{{k, note = seen # {{x}}, url = {{{URL}}}, addendum = {ARCHIVED}}}"),
        (
            f"@misc{{k, abstract = {{note = {{x}}}}, url = {{{URL}}}}}",
            f"@misc{{k, abstract = {{note = {{x}}}}, url = {{{URL}}}, note = {ARCHIVED}}}",
        ),
        (
            f"@misc{{k, howpublished = {{\\url{{{URL}}}}}, title={{T}}}}",
            f"@misc{{k, howpublished = {{\\url{{{URL}}}}}, note = {ARCHIVED}, title={{T}}}}",
        ),
    ],
)
def test_in_bibtex_the_copy_is_a_field(before: str, after: str) -> None:
    assert fixed(before, "a.bib") == after
    assert fixed(after, "a.bib") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"See `one <{URL}>`_ there.", f"See `one <{URL}>`_ (`archived 2020-11-10 <{COPY}{URL}>`__) there."),
        (f"See `one <{URL}>`__.", f"See `one <{URL}>`__ (`archived 2020-11-10 <{COPY}{URL}>`__)."),
        (
            f"T\n=\n\nSee `one x`_ or one_.\n\n.. _one x: {URL}\n",
            f"T\n=\n\nSee `one x`_ (`archived 2020-11-10 <{COPY}{URL}>`__) or one_.\n\n.. _one x: {URL}\n",
        ),
        (f"Title\n=====\n\nSee {URL}.", f"Title\n=====\n\nSee {URL} (`archived 2020-11-10 <{COPY}{URL}>`__)."),
    ],
)
def test_in_rst_the_copy_is_an_anonymous_link(before: str, after: str) -> None:
    assert fixed(before, "a.rst") == after
    assert fixed(after, "a.rst") == after


def test_in_wikitext_no_link_is_put_into_anothers_words() -> None:
    found = planned(f"== H ==\n[http://other.example/ see {URL} there]", "a.wiki")
    assert found.edits == ()
    assert {left.why for left in found.left} == {"it is part of a link's own text"}


def test_in_bibtex_two_addresses_of_one_entry_get_one_note() -> None:
    found = planned(f"@misc{{k, url = {{{URL}}}, howpublished = {{\\url{{{URL}?2}}}}}}", "a.bib")
    assert len(found.edits) == 1
    assert [left.why for left in found.left] == ["the copy of the field url has its place"]


HARD = "http://gone.example/a_b%20c?d=1&e--f#g~h"


@pytest.mark.parametrize(
    ("before", "copy"),
    [
        (f"@misc{{k, url = {{{HARD}}}}}", f"\\url{{{COPY}http://gone.example/a_b\\%20c?d=1&e--f\\#g~h}}"),
        (f"\\section{{A}} See \\url{{{HARD}}}.", f"\\url{{{COPY}{HARD}}}"),
        (f"\\section{{A}} B\\footnote{{\\url{{{HARD}}}}}", f"2020-11-10: {COPY}http://gone.example/a\\_b\\%20c?d=1\\&e\\%2D-f\\#g\\%7Eh)"),
        (f"{HYPERREF}B\\footnote{{\\url{{{HARD}}}}}", f"\\href{{{COPY}http://gone.example/a_b\\%20c?d=1&e--f\\#g~h}}"),
    ],
)
def test_in_tex_a_percent_sign_comments_nothing_out(before: str, copy: str) -> None:
    name = "a.bib" if before.startswith("@") else "a.tex"
    after = fixed(before, name)
    assert copy in after
    assert fixed(after, name) == after
    document = read(after, name)
    [archived] = [each for each in references.extract(document) if each.archived]
    assert archived.address.url is not None
    assert archived.address.url.replace("%2D", "-").replace("%7E", "~") == HARD


WORDS = "[archived 2020-11-10]"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"See {URL}[one].", f"See {URL}[one] ({COPY}{URL}{WORDS})."),
        (f"See link:{URL}[one^], there", f"See link:{URL}[one^] ({COPY}{URL}{WORDS}), there"),
        (f"See link:++{URL}_b_++[one].", f"See link:++{URL}_b_++[one] (link:++{COPY}{URL}_b_++{WORDS})."),
        (f"See {URL}.", f"See {URL} ({COPY}{URL}{WORDS})."),
        (f"See <{URL}>.", f"See <{URL}> ({COPY}{URL}{WORDS})."),
        (f"A.footnote:[W, {URL}[T], 2020.]", f"A.footnote:[W, {URL}[T] ({COPY}{URL}{WORDS}), 2020.]"),
        (f"|===\n|a |{URL}[x] | y\n|===", f"|===\n|a |{URL}[x] ({COPY}{URL}{WORDS}) | y\n|==="),
        (f"++x++ and {URL}_b_[y]", f"++x++ and {URL}_b_[y] ({COPY}{URL}%5Fb%5F{WORDS})"),
        (f"See {URL}[a \\[b\\] c].", f"See {URL}[a \\[b\\] c] ({COPY}{URL}{WORDS})."),
    ],
)
def test_in_asciidoc_the_copy_is_a_link_with_words(before: str, after: str) -> None:
    assert fixed(f"= T\n\n{before}\n", "a.adoc") == f"= T\n\n{after}\n"
    assert fixed(f"= T\n\n{after}\n", "a.adoc") == f"= T\n\n{after}\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"{URL}[see {URL}/x there]", "it is part of a link's own text"),
        (f"{URL}[a [b] c]", "the link's end was not found"),
        (f"image::a.png[x,link={URL}]", "an image has no place for it"),
        (f"{URL}[see image:b.png[] there]", "the link's end was not found"),
    ],
)
def test_in_asciidoc_what_cannot_be_written_is_named(text: str, why: str) -> None:
    assert why in [left.why for left in planned(f"= T\n\n{text}\n", "a.adoc").left]


def test_in_ris_the_copy_is_a_note_on_a_line_of_its_own() -> None:
    before = f"TY  - ELEC\r\nTI  - T\r\nUR  - {URL}\r\nER  - \r\n"
    after = f"TY  - ELEC\r\nTI  - T\r\nUR  - {URL}\r\nN1  - Archived 2020-11-10: {COPY}{URL}\r\nER  - \r\n"
    assert fixed(before, "a.ris") == after
    assert fixed(after, "a.ris") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            f'[\r\n  {{\r\n    "title": "T", "type": "webpage",\r\n    "URL": "{URL}"\r\n  }}\r\n]',
            f'[\r\n  {{\r\n    "title": "T", "type": "webpage",\r\n    "URL": "{URL}",'
            f'\r\n    "archive_location": "{COPY}{URL}"\r\n  }}\r\n]',
        ),
        (
            f'[{{"title":"T","type":"webpage","author":[{{"family":"W"}}],"URL":"{URL}","note":"N"}}]',
            f'[{{"title":"T","type":"webpage","author":[{{"family":"W"}}],"URL":"{URL}", "archive_location":"{COPY}{URL}","note":"N"}}]',
        ),
    ],
)
def test_in_csl_json_the_copy_is_where_the_work_is_kept(before: str, after: str) -> None:
    assert fixed(before, "a.csl.json") == after
    assert fixed(after, "a.csl.json") == after
    assert json.loads(after)[0]["archive_location"] == f"{COPY}{URL}"


def test_in_csl_json_a_place_that_is_told_is_not_taken_away() -> None:
    text = f'[{{"title": "T", "type": "webpage", "archive": "The archive", "URL": "{URL}"}}]'
    assert [left.why for left in planned(text, "a.csl.json").left] == ["the item tells already where the work is kept"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"See <{URL}|f>.", "a.md"),
        (f"See {URL},^k there.", "a.md"),
        (f"T\n=\n\nSee {URL}}}}}@_b there.", "a.rst"),
        (f"See {URL}|f there.", "a.wiki"),
    ],
)
def test_an_address_that_others_may_read_further_is_left_alone(text: str, name: str) -> None:
    assert planned(text, name).edits == ()
    assert fixed(text.replace("|f", "").replace(",^k", ",").replace("}}@_b", ").[1]_"), name) != text


@pytest.mark.parametrize(
    ("url", "name", "written"),
    [
        (f"{URL}?a&amp;b", "a.md", "?a&amp%3Bb)"),
        (f"{URL}''b'~~~~__TOC", "a.wiki", "%27%27b'%7E%7E%7E%7E%5F%5FTOC "),
        (f"{URL}/b...c", "a.md", "/b..%2Ec)"),
    ],
)
def test_signs_that_would_mean_something_in_a_copy_are_encoded(url: str, name: str, written: str) -> None:
    [edit] = planned(URL, name, memento=Memento(f"{COPY}{url}", datetime(2020, 1, 2, tzinfo=UTC), "wayback", URL)).edits
    assert written in edit.text


# ── what is not done ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"verdict": Verdict(State.GONE, Confidence.HIGH, False, Level.WARNING, (), "")}, "gone is not confirmed yet"),
        ({"resolution": Resolution(URL, "completed", 0.9)}, "the address was completed, which is a guess"),
    ],
)
def test_guesses_are_made_only_when_asked_for(more: dict[str, Any], why: str) -> None:
    careful = planned(URL, "a.txt", **more)
    assert (careful.edits, [left.why for left in careful.unsafe]) == ((), [why])
    assert len(planned(URL, "a.txt", unsafe=True, **more).edits) == 1


@pytest.mark.parametrize("state", [State.OK, State.BLOCKED, State.MOVED, State.LOGIN, State.TRANSIENT, State.UNKNOWN])
def test_a_page_that_is_not_lost_gets_no_copy(state: State) -> None:
    verdict = Verdict(state, Confidence.HIGH, True, Level.NOTE, (), "")
    assert planned(URL, "a.txt", verdict=verdict) == Plan(())


def test_a_verdict_that_does_not_count_is_no_reason_to_edit() -> None:
    waived = Verdict(State.GONE, Confidence.HIGH, True, Level.NONE, (), "")
    assert planned(URL, "a.txt", verdict=waived) == Plan(())


def test_a_format_that_cannot_be_written_is_named() -> None:
    document = replace(read(f"[1] {URL}", "a.txt"), format="papyrus")
    found = plan(document, [finding_of(each) for each in references.extract(document)])
    assert [left.why for left in found.left] == ["papyrus documents cannot be written"]


# ── addresses written out ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "written"),
    [("a.txt", "http://gone.example/a_b"), ("a.md", "<http://gone.example/a_b>"), ("a.html", "http://gone.example/a_b")],
)
def test_defanged_addresses_are_written_out_when_asked(name: str, written: str) -> None:
    head = "<!doctype html><p>" if name == "a.html" else ""
    text = f"{head}See hxxp://gone[.]example/a_b now"
    assert "See hxxp://gone[.]example/a_b (" in fixed(text, name)
    after = fixed(text, name, refang=True)
    assert f"See {written} (" in after
    assert fixed(after, name, refang=True) == after


# ── properties ────────────────────────────────────────────────────────────────────────────────

PIECES = st.sampled_from(
    [
        *("http://gone.example/a", "hxxp://gone[.]example/b", "https://gone.example/c_(d)", "www.gone.example/e"),
        *("[x](http://gone.example/f)", "<http://gone.example/g>", "[y](<http://gone.example/h> 'T')", "[z]: http://gone.example/i"),
        *("<a href='http://gone.example/j'>j</a>", '<a href="http://gone.example/k"', "<!--", "-->", "<p>", "> ", "\n", "\r\n"),
        *(" ", "(", ")", "**", "`", "é", "😀", "[", "]", "'", '"'),
        *("{{cite web|url=http://gone.example/l|title=T}}", "[http://gone.example/m M]", "|", "{{", "}}", "=", "{", "}", "%"),
        *("\\url{http://gone.example/n%20}", "\\href{http://gone.example/o}{o}", "@misc{k,\n url = {http://gone.example/p}\n}\n"),
        *("http://gone.example/s[s]", "link:++http://gone.example/t++[", "footnote:[", "= T\n\n", "++", "\nUR  - http://gone.example/u\n"),
        *(
            '{"title": "T", "type": "book", ',
            '"URL": "http://gone.example/v"',
            "}",
            "note = {N}, ",
            "\nTY  - ELEC",
            "\nER  - \n",
            ",",
            "...",
        ),
        *("`q <http://gone.example/q>`_", "\n.. _r: http://gone.example/r\n"),
    ]
)


@settings(deadline=None, max_examples=150, derandomize=True)
@given(
    st.lists(PIECES, max_size=14).map("".join),
    st.sampled_from(["a.txt", "a.md", "a.html", "a.wiki", "a.tex", "a.bib", "a.rst", "a.adoc", "a.ris", "a.csl.json"]),
)
def test_edits_only_add_and_a_second_run_adds_nothing(text: str, name: str) -> None:
    text = ("<!doctype html>" if name == "a.html" else "x ") + text
    document = read(text, name)
    edits = planned(text, name).edits
    assert all(edit.at.start == edit.at.end for edit in edits)
    after = apply(document.text, edits)
    assert apply(after, planned(after, name).edits) == after


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(codec="utf-8"), min_size=1), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"]))
def test_an_encoding_that_is_found_gives_every_byte_back(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    document = documents.read(data, source="a.txt")
    if isinstance(document, Document):
        found = rewriting_of(data, document.text)
        assert found is None or found.write(document.text) == data


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "cp1251", "shift_jis"])
def test_legacy_files_are_written_in_their_own_encoding(encoding: str) -> None:
    words = {"cp1251": "Статья о мосте", "shift_jis": "橋についての記事"}.get(encoding, "Über die Brücke — “der Bericht”")
    data = f"{words}\r\n[1] {URL}\r\n".encode(encoding)
    document = documents.read(data, source="a.txt")
    assert isinstance(document, Document)
    found = rewriting_of(data, document.text)
    assert found is not None
    after = found.write(document.text.replace(URL, URL + " (archived)"))
    assert after == f"{words}\r\n[1] {URL} (archived)\r\n".encode(encoding)


def test_bytes_that_no_encoding_gives_back_are_refused() -> None:
    assert rewriting_of(b"a \xff\xfe b", "a ?? b") is None


def test_every_format_that_can_be_read_is_written_or_says_why_not() -> None:
    assert set(FORMATS) | set(UNWRITABLE) == {each.name for each in documents.FORMATS} | {each.name for each in documents.CONTAINERS}


def test_a_megabyte_of_brackets_is_planned_in_time() -> None:
    for name, text in (("a.md", "[" * 500_000 + f"]({URL} " + " " * 500_000), ("a.html", "<a " * 300_000 + f"href='{URL}'")):
        document = Document(name, "markdown" if name == "a.md" else "html", text, text)
        [reference] = references.extract(read(URL, "b.txt"))
        place = replace(reference.location, offset=text.index(URL))
        plan(document, [finding_of(replace(reference, location=place))])
