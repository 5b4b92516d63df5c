"""Which addresses may be told to others by their name alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekeeper.network import is_public_name


@pytest.mark.parametrize(
    "host",
    ["news.example", "NEWS.example.", "localhost.example", "8.8.8.8", "[2606:4700::1111]", "me:pw@news.example:8080", "müller.example"],
)
def test_a_name_of_the_public_web_may_be_told(host: str) -> None:
    assert is_public_name(f"https://{host}/page")


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "localhost:8000", "app.localhost", "LOCALHOST.", "printer.local", "db.internal", "nas.home.arpa", "home.arpa"),
        *("intranet", "wiki", "wiki.corp", "router.lan", "%6cocalhost", "me:pw@intranet", "news.example@wiki"),
        *("10.0.0.5", "192.168.1.1", "127.1", "2130706433", "0x7f.1", "0300.0250.1.1", "169.254.169.254", "100.64.0.1"),
        *("[::1]", "[fe80::1]", "[fd00::1]", "[::ffff:10.0.0.5]", "[64:ff9b::a00:5]", "１０.0.0.5"),
    ],
)
def test_an_inner_name_or_address_in_any_notation_may_not(host: str) -> None:
    assert not is_public_name(f"http://{host}/page")


def test_the_scheme_does_not_change_whose_host_it_is() -> None:
    assert is_public_name("ftp://ftp.news.example/file")
    assert not is_public_name("ftp://10.0.0.5/file")
    assert not is_public_name("mailto:me@news.example")
    assert not is_public_name("https:\\\\intranet\\page")


@given(st.text())
def test_no_text_is_too_strange_to_be_judged(text: str) -> None:
    assert is_public_name(text) in (True, False)
    assert not is_public_name(f"http://127.0.0.1/{text}")
