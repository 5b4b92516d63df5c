"""The loopback name server speaks DNS: asked here by another implementation's client."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import dns.exception
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekeeper.demo import DnsAnswer, DnsFault, LoopbackDns, Turns

ZONE: dict[str, DnsAnswer] = {
    "www.example": ("127.0.0.1",),
    "both.example": ("127.0.0.1", "::1"),
    "inside.example": ("10.0.0.7", "169.254.169.254"),
    "*.wild.example": ("127.0.0.1",),
    "gone.wild.example": DnsFault.NXDOMAIN,
    "broken.example": DnsFault.SERVFAIL,
    "closed.example": DnsFault.REFUSED,
    "silent.example": DnsFault.SILENT,
    "empty.example": DnsFault.EMPTY,
    "rebinds.example": Turns((("127.0.0.1",), ("10.0.0.7",))),
}


@pytest.fixture(scope="module")
def server() -> Iterator[LoopbackDns]:
    with LoopbackDns(ZONE) as server:
        yield server


def ask(server: LoopbackDns, name: str, kind: str = "A", timeout: float = 5) -> dns.message.Message:
    host, _, port = server.address.partition(":")
    return dns.query.udp(dns.message.make_query(name, kind), host, port=int(port), timeout=timeout)


def addresses(response: dns.message.Message) -> list[str]:
    return [item.to_text() for rrset in response.answer for item in rrset]


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("www.example", "A", ["127.0.0.1"]),
        ("WWW.Example.", "A", ["127.0.0.1"]),
        ("www.example", "AAAA", []),
        ("both.example", "A", ["127.0.0.1"]),
        ("both.example", "AAAA", ["::1"]),
        ("inside.example", "A", ["10.0.0.7", "169.254.169.254"]),
        ("any.wild.example", "A", ["127.0.0.1"]),
        ("www.example", "MX", []),
        ("empty.example", "A", []),
    ],
)
def test_a_name_has_its_addresses_and_no_others(server: LoopbackDns, name: str, kind: str, expected: list[str]) -> None:
    response = ask(server, name, kind)
    assert response.rcode() == dns.rcode.NOERROR
    assert addresses(response) == expected


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("nobody.example", dns.rcode.NXDOMAIN),
        ("www.elsewhere.org", dns.rcode.NXDOMAIN),
        ("gone.wild.example", dns.rcode.NXDOMAIN),
        ("broken.example", dns.rcode.SERVFAIL),
        ("closed.example", dns.rcode.REFUSED),
    ],
)
def test_a_failing_name_fails_in_its_own_way(server: LoopbackDns, name: str, code: dns.rcode.Rcode) -> None:
    assert ask(server, name).rcode() == code


def test_a_silent_name_gets_no_answer(server: LoopbackDns) -> None:
    with pytest.raises(dns.exception.Timeout):
        ask(server, "silent.example", timeout=0.1)


def test_a_rebinding_name_changes_its_address_once(server: LoopbackDns) -> None:
    assert [addresses(ask(server, "rebinds.example")) for _ in range(3)] == [["127.0.0.1"], ["10.0.0.7"], ["10.0.0.7"]]


def test_questions_are_counted_by_name() -> None:
    with LoopbackDns(ZONE) as server:
        ask(server, "www.example")
        ask(server, "WWW.example", "AAAA")
        assert server.queries["www.example"] == 2


def test_noise_is_survived(server: LoopbackDns) -> None:
    host, _, port = server.address.partition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for noise in (b"\x00", b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 512):
            sock.sendto(noise, (host, int(port)))
    assert addresses(ask(server, "www.example")) == ["127.0.0.1"]


@given(st.binary(max_size=600))
def test_no_packet_makes_it_fail(packet: bytes) -> None:
    reply = LoopbackDns(ZONE).reply(packet)
    assert reply is None or dns.message.from_wire(reply).flags
