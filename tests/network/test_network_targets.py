from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import pytest
from growth import grows_no_faster_than_its_text
from hypothesis import given
from hypothesis import strategies as st

from citekeeper.model import Failure, FailureKind
from citekeeper.network.guard import Guard, make_guard, why_not_global
from citekeeper.network.targets import Target, parse, resolve, without_secrets
from citekeeper.settings import NetworkSettings


def parsed(url: str) -> Target:
    target = parse(url)
    assert isinstance(target, Target), target
    return target


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("http://a.example", "http://a.example/"),
        ("HTTP://A.Example:80/", "http://a.example/"),
        ("https://a.example:443", "https://a.example/"),
        ("https://a.example:80/", "https://a.example:80/"),
        ("https://a.example:/x", "https://a.example/x"),
        ("https://a.example?q", "https://a.example/?q"),
        ("  https://a.example/x\n", "https://a.example/x"),
        ("https://a.exam\tple/x", "https://a.example/x"),
        ("https:a.example/x", "https://a.example/x"),
        ("https:////a.example/x", "https://a.example/x"),
        ("https:\\\\a.example\\x?a\\b", "https://a.example/x?a\\b"),
        ("https://u:p@a.example/@x", "https://a.example/@x"),
        ("https://u@v@a.example/", "https://a.example/"),
        ('https://a.example/a b/ä?ö="<>"', "https://a.example/a%20b/%C3%A4?%C3%B6=%22%3C%3E%22"),
        ("https://a.example/%zz/%e9/../.", "https://a.example/%zz/%e9/../."),
        ("https://a.example/a|b[c]{d}^`", "https://a.example/a|b[c]%7Bd%7D%5E%60"),
        ("https://пример.example/", "https://xn--e1afmkfd.example/"),
        ("https://a。example/", "https://a.example/"),
        ("https://a_b.example/", "https://a_b.example/"),
        ("https://a.example./", "https://a.example./"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://4294967295/", "http://255.255.255.255/"),
        ("http://[2001:DB8:0::1]:8080/", "http://[2001:db8::1]:8080/"),
    ],
)
def test_an_address_is_read_as_browsers_read_it(url: str, meant: str) -> None:
    assert parsed(url).url == meant
    assert parsed(meant).url == meant


@pytest.mark.parametrize(
    "url",
    [
        *("", "a.example", "//a.example/", "http://", "http:///?", "http://a..example/", "http://.example/", "http://a example/"),
        *("http://a.example:99999/", "http://a.example:0/", "http://a.example:x/", "http://[::1/", "http://[zz]/", "http://::1/"),
        *("http://1.2.3.4.5/", "http://256.1.1.1/", "http://0x100000000/", "http://08.1.1.1/", "http://a.1/", "http://a<b/"),
        *(
            "http://" + "a" * 300 + ".example/",
            "http://a%00b/",
            "http://a.example/" + "x" * 70_000,
            "http://­/",
            "http://xn--\udcff.example/",
        ),
    ],
)
def test_what_is_no_address_is_said_to_be_none(url: str) -> None:
    failure = parse(url)
    assert isinstance(failure, Failure), failure
    assert failure.kind is FailureKind.INVALID_URL


@pytest.mark.parametrize("url", ["ftp://a.example/", "file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "mailto:a@b.example"])
def test_only_http_and_https_are_asked_for(url: str) -> None:
    failure = parse(url)
    assert isinstance(failure, Failure)
    assert failure.kind is FailureKind.UNSUPPORTED_SCHEME


@given(st.text() | st.from_regex(r"https?:[/\\]{0,3}[a-z@:\[\]%.0-9]{0,20}[/?#]?.*", fullmatch=True))
def test_nothing_that_is_parsed_leaves_the_line(url: str) -> None:
    target = parse(url)
    if isinstance(target, Target):
        assert target.url.isascii()
        assert not set(target.url_with_fragment) & set(' \t\r\n\0"<>')
        again = parse(target.url)
        assert isinstance(again, Target)
        assert again.url == target.url
    assert "\n" not in without_secrets(url) or not isinstance(target, Target)


@given(st.integers(0, 2**32 - 1), st.sampled_from(["{0}", "0x{0:x}", "0{0:o}", "{1}", "0x{2:x}.{3}"]))
def test_an_ipv4_address_is_the_same_in_every_notation(number: int, notation: str) -> None:
    address = IPv4Address(number)
    host = notation.format(number, address, number >> 24, number & 0xFFFFFF)
    assert parsed(f"http://{host}/").literal == address


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        ("/b", "https://a.example/b#frag"),
        ("b?c", "https://a.example/x/b?c#frag"),
        ("?c", "https://a.example/x/y?c#frag"),
        ("//b.example", "https://b.example#frag"),
        ("http://b.example/#own", "http://b.example/#own"),
        ("caf\xe9", "https://a.example/x/caf%E9#frag"),
        ("caf\xc3\xa9", "https://a.example/x/caf%C3%A9#frag"),
        ("http://b\xc3\xbccher.example/", "http://b%C3%BCcher.example/#frag"),
        ("a b", "https://a.example/x/a b#frag"),
        (" /b ", "https://a.example/b#frag"),
        ("\\\\b.example\\c", "https://b.example/c#frag"),
        ("/../../b", "https://a.example/b#frag"),
    ],
)
def test_a_location_is_resolved_and_carries_the_fragment(location: str, leads_to: str) -> None:
    assert resolve("https://a.example/x/y#frag", location) == leads_to


@pytest.mark.parametrize(
    "location", ["", "  ", "http://", "//", "https:", "file:///etc/passwd", "javascript:1", "http://[", "http://a b/", "x" * 99_999]
)
def test_a_location_that_leads_nowhere_is_none(location: str) -> None:
    assert resolve("https://a.example/x", location) is None


@given(st.text(st.characters(max_codepoint=255)))
def test_resolving_survives_any_bytes(location: str) -> None:
    leads_to = resolve("https://a.example/x#f", location)
    assert leads_to is None or isinstance(parse(leads_to), Target)


@pytest.mark.parametrize(
    "worst", ["http://" + "@" * 10**6, "http://" + "[" * 60_000, "http://" + "1." * 30_000, "http://" + "%" * 60_000, "a" * 10**6]
)
def test_a_megabyte_of_the_worst_is_read_in_linear_time(worst: str) -> None:
    for read in (parse, lambda url: resolve("http://a.example/", url), without_secrets):
        assert grows_no_faster_than_its_text(read, worst)


def test_user_and_password_are_never_kept() -> None:
    assert without_secrets("https://u:p@a.example/x#y") == "https://a.example/x"
    assert "secret" not in without_secrets("ftp://me:secret@a.example/x")
    assert "secret" not in without_secrets("http://me:secret@a b/x")


PUBLIC = ["1.1.1.1", "93.184.216.34", "192.0.1.1", "2606:4700::1", "2a00:1450::5", "64:ff9b::101:101"]
INSIDE = """
    0.0.0.0 0.1.2.3 10.9.8.7 100.64.0.1 127.0.0.1 127.255.255.255 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1
    192.88.99.1 192.168.0.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 168.63.129.16
    :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1 100::1 2001::1 2001:db8::1 2002:7f00:1::
    2002:101:101:: 3fff::1 ::ffff:1.1.1.1 5f00::1 fc00::1 fd12::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 2606:4700::5efe:10.0.0.1
"""


@pytest.mark.parametrize("ip", PUBLIC)
def test_public_addresses_may_be_visited(ip: str) -> None:
    assert why_not_global(ip_address(ip)) is None
    assert Guard().permits(ip)


@pytest.mark.parametrize("ip", INSIDE.split())
def test_addresses_that_are_not_public_are_refused(ip: str) -> None:
    assert why_not_global(ip_address(ip))
    assert not Guard().permits(ip)
    assert Guard(allow_private=True).permits(ip)


@given(st.ip_addresses())
def test_the_guard_is_never_laxer_than_python(address: IPv4Address | IPv6Address) -> None:
    if why_not_global(address) is None:
        # Python calls the NAT64 prefix reserved, though it leads to public IPv4 hosts.
        assert address.is_global or address in IPv6Network("64:ff9b::/96")
        assert not address.is_multicast


@given(st.ip_addresses(v=4))
def test_an_address_inside_stays_inside_when_wrapped_in_ipv6(address: IPv4Address) -> None:
    number = int(address)
    wrapped = [
        IPv6Address(0xFFFF << 32 | number),
        IPv6Address(int(IPv6Address("64:ff9b::")) | number),
        IPv6Address(0x2002 << 112 | number << 80),
    ]
    if why_not_global(address) is not None:
        assert all(why_not_global(each) for each in wrapped)


def test_allowed_networks_are_let_through_and_nothing_beside_them() -> None:
    guard = make_guard(NetworkSettings(allow_addresses=("127.0.0.1/32", "10.1.0.0/16", "fd00::/8")))
    assert [guard.permits(ip) for ip in ("127.0.0.1", "::ffff:127.0.0.1", "10.1.2.3", "fd00::1")] == [True] * 4
    assert [guard.permits(ip) for ip in ("127.0.0.2", "10.2.0.1", "fe80::1", "nonsense", "")] == [False] * 5
