from __future__ import annotations

import re

import pytest
from growth import grows_no_faster_than_its_text
from hypothesis import given
from hypothesis import strategies as st

from citekeeper.warc.secrets import redact
from citekeeper.warc.targets import named_target, target_uri, without_userinfo

RFC_3986 = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*")


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://example.org", "http://example.org/"),
        ("HTTPS://example.org/A#part", "https://example.org/A"),
        ("https://user:secret@example.org/", "https://example.org/"),
        ("https://a@b@example.org/x@y", "https://example.org/x@y"),
        ("http://пример.example/путь?q=ü", "http://xn--e1afmkfd.example/%D0%BF%D1%83%D1%82%D1%8C?q=%C3%BC"),
        ("http://[2001:db8::1]:8080/a", "http://[2001:db8::1]:8080/a"),
        ('http://example.org/a b<c>"d"{e}|f^`\\', "http://example.org/a%20b%3Cc%3E%22d%22%7Be%7D%7Cf%5E%60%5C"),
        ("http://example.org/100%/%zz/%41", "http://example.org/100%25/%25zz/%41"),
        ("http:///nowhere", None),
        ("http://[::1/", None),
        ("no address", None),
        ("", None),
    ],
)
def test_an_address_is_named_as_the_standard_wants_it(url: str, target: str | None) -> None:
    assert target_uri(url) == target


@given(st.text(max_size=200))
def test_any_text_gives_a_target_that_the_standard_allows(text: str) -> None:
    for candidate in (target_uri("http://" + text), named_target(text), named_target("https://" + text)):
        assert candidate is None or RFC_3986.fullmatch(candidate)


@given(st.text(max_size=100))
def test_naming_a_target_twice_changes_nothing(text: str) -> None:
    once = named_target("http://" + text)
    assert named_target(once) == once


@given(st.text(alphabet=st.characters(exclude_characters="/?#"), max_size=50), st.text(alphabet="ab./@", max_size=20))
def test_no_userinfo_is_left_before_a_host(userinfo: str, path: str) -> None:
    stripped = without_userinfo(f"https://{userinfo}@example.org/{path}")
    assert stripped == f"https://example.org/{path}"


def test_credentials_in_a_request_are_left_out_with_their_folded_lines() -> None:
    request = (
        b"GET http://me:secret@example.org/ HTTP/1.1\r\nHost: example.org\r\nAUTHORIZATION: Basic\r\n  secret\r\n"
        b"Accept: a\r\n b\r\nCookie:secret=1\r\nX-Api-Key : secret\r\nproxy-authorization: secret\r\n\r\nbody with Cookie: kept"
    )
    assert redact(request) == (b"GET http://example.org/ HTTP/1.1\r\nHost: example.org\r\nAccept: a\r\n b\r\n\r\nbody with Cookie: kept")


@given(st.binary(max_size=300))
def test_redacting_twice_changes_nothing(request: bytes) -> None:
    assert redact(redact(request)) == redact(request)


@pytest.mark.parametrize("hostile", ["http://" + "@" * 1_000_000, "http://" + "%" * 500_000, "http://" + "//" * 500_000])
def test_a_long_and_hostile_address_takes_linear_time(hostile: str) -> None:
    assert grows_no_faster_than_its_text(named_target, hostile)
    assert grows_no_faster_than_its_text(
        lambda url: redact(b"GET " + url.encode() + b" HTTP/1.1\r\n" + b"Cookie\r\n" * (len(url) // 10)), hostile
    )
