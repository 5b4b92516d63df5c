"""The public suffix list, offline and loaded late."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tldextract.cache import DiskCache
from tldextract.suffix_list import get_suffix_lists

from citekeeper import domains


def icann_rules_by_last_label() -> Counter[str]:
    public, _private = get_suffix_lists(DiskCache(None), urls=(), cache_fetch_timeout=None, fallback_to_snapshot=True)
    return Counter(rule.rsplit(".", 1)[-1] for rule in public)


def test_the_short_lists_agree_with_the_bundled_one() -> None:
    rules = icann_rules_by_last_label()
    assert {suffix for suffix in domains.FLAT_SUFFIXES if rules[suffix] != 1} == set()
    assert {suffix for suffix in domains.LAYERED_SUFFIXES if not rules[suffix]} == set()


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("www.example.com", "example.com"),
        ("News.Example.CO.UK.", "example.co.uk"),
        ("example.co.uk", "example.co.uk"),
        ("co.uk", None),
        ("com", None),
        ("localhost", None),
        ("192.0.2.1", None),
        ("[2001:db8::1]", None),
        ("a.b.some.example", "some.example"),
        ("x.y.nosuchsuffixatall", "y.nosuchsuffixatall"),
        ("кто.пример.рф", "пример.рф"),
        ("a..com", None),
        ("", None),
    ],
)
def test_the_registrable_name_is_what_someone_registered(host: str, expected: str | None) -> None:
    assert domains.registrable(host) == expected


@pytest.mark.parametrize("host", ["example.com", "example.ru", "a.example.ac.jp", "some.example", "xn--e1afmkfd.xn--p1ai", "a.photography"])
def test_a_name_under_a_known_suffix_can_exist(host: str) -> None:
    assert domains.has_public_suffix(host)


@pytest.mark.parametrize("host", ["index.html", "node.mjs", "com", "192.0.2.1", "a..com", "", "object.method"])
def test_a_name_under_no_known_suffix_cannot(host: str) -> None:
    assert not domains.has_public_suffix(host)


@given(st.text(max_size=300))
def test_no_input_raises(host: str) -> None:
    name = domains.registrable(host)
    assert name is None or "." in name
    domains.has_public_suffix(host)


def test_the_big_list_is_not_loaded_for_everyday_names() -> None:
    code = (
        "import sys; from citekeeper import domains; domains.registrable('www.example.com'); domains.has_public_suffix('a.co.uk');"
        "sys.exit('tldextract' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=30).returncode == 0
