"""Redirectors, archived copies and identifiers: what an address leads to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from growth import grows_no_faster_than_its_text
from hypothesis import given, settings
from hypothesis import strategies as st

from citekeeper.model import Document, Link, Reference, Span
from citekeeper.references import extract
from citekeeper.references.identifiers import identifier_of
from citekeeper.references.lists import table
from citekeeper.references.mementos import copy_at
from citekeeper.references.wrappers import unwrapped

WRAPPERS = table("wrappers")["wrapper"]


def one(text: str, *links: Link) -> Reference:
    (reference,) = extract(Document("-", "text", text, text, links=links))
    assert text[reference.location.offset :][: reference.location.length] == reference.raw
    return reference


@pytest.mark.parametrize("row", WRAPPERS, ids=[row["id"] for row in WRAPPERS])
def test_every_redirector_is_left_out_and_what_looks_like_it_is_not(row: dict[str, Any]) -> None:
    printed, target = row["positive"]
    assert unwrapped(printed) == target
    assert unwrapped(row["negative"]) is None


def test_a_redirector_is_kept_as_printed() -> None:
    printed = "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fnews.example%2Fa&data=02"
    found = one(f"See {printed} for it.")
    assert (found.address.url, found.wrapper, found.raw) == ("https://news.example/a", printed, printed)
    assert found.address.repairs == ("unwrapped",)


def test_two_redirectors_around_each_other_are_both_left_out() -> None:
    inner = "https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%253A%252F%252Fnews.example%252Fa"
    assert unwrapped(f"https://eur01.safelinks.protection.outlook.com/?url={inner}&data=1") == "https://news.example/a"


def test_a_sign_in_that_returns_to_another_address_is_no_redirector() -> None:
    assert unwrapped("https://sso.example/oauth?redirect_uri=https%3A%2F%2Fapp.example%2F&scope=all") is None


def test_a_cut_redirector_is_not_taken_for_whole() -> None:
    found = one("See https://www.google.com/url?q=https%3A%2F%2Fnews.example%2Fthe-lo...")
    assert found.address.truncated
    assert found.wrapper is None


def test_hosts_that_a_proxy_rewrote_are_written_back() -> None:
    assert unwrapped("https://www-jour--nal-example.ezproxy.uni.example/a") == "https://www.jour-nal.example/a"
    assert unwrapped("https://www.journal.example.proxy.uni.example/a") == "https://www.journal.example/a"
    assert unwrapped("https://news-example.translate.goog/a?_x_tr_sl=ru&b=1") == "https://news.example/a?b=1"
    assert unwrapped("https://proxy.example/a") is None


def test_a_link_through_a_redirector_completes_the_cut_text_on_it() -> None:
    text = "See http://news.example/long... now"
    href = "https://board.example/redirect-to/?redirect=http%3A%2F%2Fnews.example%2Flong%2Fway"
    found = one(text, Link(href, Span(4, 4), Span(4, 31)))
    assert (found.address.url, found.wrapper, found.address.truncated) == ("http://news.example/long/way", href, False)


@pytest.mark.parametrize(
    ("printed", "original", "taken"),
    [
        ("https://web.archive.org/web/20200102030405/https://news.example/a?b=1", "https://news.example/a?b=1", date(2020, 1, 2)),
        ("https://web.archive.org/web/20200102030405id_/http:/news.example/a", "http://news.example/a", date(2020, 1, 2)),
        ("http://web.archive.org/web/2016/news.example/a", "http://news.example/a", date(2016, 1, 1)),
        ("https://archive.ph/2020.01.02-030405/https://news.example/a", "https://news.example/a", date(2020, 1, 2)),
        ("https://memory.example/all/20200102030405/https://news.example/a", "https://news.example/a", date(2020, 1, 2)),
    ],
)
def test_an_archived_copy_stands_for_its_original(printed: str, original: str, taken: date) -> None:
    found = one(f"Smith, Title, {printed}.")
    assert found.archived
    assert found.address.url == original
    assert found.citation is not None
    assert (found.citation.archived_url, found.citation.archived_on) == (printed, taken)


def test_a_copy_that_does_not_tell_its_original_keeps_its_own_address() -> None:
    for row in table("archives")["opaque"]:
        found = one(f"See {row['positive']} there.")
        assert found.archived
        assert found.address.url == row["positive"]
        assert copy_at(row["negative"]) is None


def test_a_calendar_of_copies_and_a_dated_path_are_no_copies() -> None:
    assert not one("https://web.archive.org/web/*/https://news.example/a").archived
    assert not one("https://news.example/2020/01/www.other.example/a").archived


def test_a_cut_copy_is_the_cut_original() -> None:
    found = one("https://web.archive.org/web/20200102030405/https://news.example/a-lo...")
    assert (found.address.url, found.address.truncated) == ("https://news.example/a-lo", True)


@pytest.mark.parametrize(
    ("printed", "url", "identifier"),
    [
        ("doi:10.1000/182", "https://doi.org/10.1000/182", "doi:10.1000/182"),
        ("10.1016/S0140-6736(20)30183-5", "https://doi.org/10.1016/S0140-6736(20)30183-5", "doi:10.1016/S0140-6736(20)30183-5"),
        ("DOI: 10.1002/(SICI)1097(199806)49:8<693::AID>3.0.CO;2-O", None, "doi:10.1002/(SICI)1097(199806)49:8<693::AID>3.0.CO;2-O"),
        ("arXiv:hep-th/9901001", "https://arxiv.org/abs/hep-th/9901001", "arxiv:hep-th/9901001"),
        ("hdl:1721.1/26698", "https://hdl.handle.net/1721.1/26698", "hdl:1721.1/26698"),
        ("PMID 12345678", "https://pubmed.ncbi.nlm.nih.gov/12345678/", "pmid:12345678"),
        ("PMCID: PMC3161136", "https://pmc.ncbi.nlm.nih.gov/articles/PMC3161136/", "pmc:PMC3161136"),
    ],
)
def test_an_identifier_without_an_address_is_a_reference(printed: str, url: str | None, identifier: str) -> None:
    found = one(f"Smith, “Title,” 2020 ({printed}).")
    assert (found.raw, found.identifier) == (printed, identifier)
    assert url is None or found.address.url == url


def test_an_identifier_goes_on_behind_a_line_end() -> None:
    assert one("Services 64 (2013), doi:10.1176/appi.\nps.201200106; more").address.url == "https://doi.org/10.1176/appi.ps.201200106"


def test_an_identifier_beside_its_own_address_is_one_reference() -> None:
    assert one("doi:10.1000/182, https://doi.org/10.1000/182").raw == "https://doi.org/10.1000/182"
    assert one("arXiv:1706.03762, http://arxiv.org/abs/1706.03762v5").raw.startswith("http:")


def test_addresses_of_resolvers_tell_their_identifier() -> None:
    assert identifier_of("http://dx.doi.org/10.1000/182") == "doi:10.1000/182"
    assert identifier_of("https://arxiv.org/pdf/1706.03762v2.pdf") == "arxiv:1706.03762v2"
    assert identifier_of("https://www.ncbi.nlm.nih.gov/pubmed/28728636") == "pmid:28728636"
    assert identifier_of("https://news.example/10.1000/182") is None


@pytest.mark.parametrize("text", ["10.0.0.0/8 and 10.1.2.3/24", "version 10.2024/25", "item PMC12", "arXiv: soon", "handle: 12", "10.5/a"])
def test_numbers_that_only_look_like_identifiers_are_none(text: str) -> None:
    assert extract(Document("-", "text", text, text)) == ()


@given(st.text(st.sampled_from("10./()<>abz: \n*-_=?&%3AFhttps://web.archive.org/web/doi"), max_size=120))
@settings(max_examples=80)
def test_nothing_that_looks_like_these_raises(text: str) -> None:
    extract(Document("-", "text", text, text))
    unwrapped(text)
    copy_at(text)
    unwrapped("https://urldefense.com/v3/__" + text)


@pytest.mark.parametrize("piece", ["10.", "10.1234/(", "10.1234/a)]", "doi:10.1234/abcde\n", "PMC", "arXiv:1706.03762 "])
def test_a_text_full_of_identifiers_is_read_in_linear_time(piece: str) -> None:
    assert grows_no_faster_than_its_text(lambda text: extract(Document("-", "text", text, text)), piece * (200_000 // len(piece)))
