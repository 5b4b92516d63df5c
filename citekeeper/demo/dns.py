"""The name server of the loopback web: UDP on 127.0.0.1, real packets, names that resolve anywhere, nowhere or not at all."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self, assert_never

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

_TTL = 60


class DnsFault(StrEnum):
    """How a name fails."""

    NXDOMAIN = "nxdomain"
    SERVFAIL = "servfail"
    REFUSED = "refused"
    SILENT = "silent"
    """No answer at all."""
    EMPTY = "empty"
    """The name exists, but has no address."""


@dataclass(frozen=True, slots=True)
class Turns:
    """Another answer each time a client asks for IPv4 addresses, the last one from then on: how rebinding is done."""

    answers: tuple[tuple[str, ...] | DnsFault, ...]


DnsAnswer = tuple[str, ...] | DnsFault | Turns
"""The addresses of a name, IPv4 and IPv6 mixed, or how it fails."""

Zone = Mapping[str, DnsAnswer]
"""Names in lower case; "*.parked.example" answers for every name below."""


class LoopbackDns:
    """Answers A and AAAA questions from `zone`; a name that is not in it does not exist.

    `queries` counts the questions for each name; `address` is "127.0.0.1:PORT".
    """

    def __init__(self, zone: Zone) -> None:
        self.zone = dict(zone)
        self.queries: Counter[str] = Counter()
        self.address = ""
        self._turn: Counter[str] = Counter()
        self._thread = threading.Thread(target=self._serve, name="loopback-dns", daemon=True)

    def __enter__(self) -> Self:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        # An empty datagram is no DNS message: it means "stop" (closing a socket does not wake its reader).
        self._socket.sendto(b"", self._socket.getsockname())
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while True:
            data, client = self._socket.recvfrom(4096)
            if not data:
                return
            reply = self.reply(data)
            if reply is not None:
                self._socket.sendto(reply, client)

    def reply(self, packet: bytes) -> bytes | None:
        """The packet that answers `packet`; None for silence, also when it cannot be read."""
        try:
            query = dns.message.from_wire(packet)
        except dns.exception.DNSException:
            return None
        if len(query.question) != 1:
            return None
        name = query.question[0].name.to_text(omit_final_dot=True).lower()
        self.queries[name] += 1
        answer = self._lookup(name, query.question[0].rdtype)
        response = dns.message.make_response(query)
        response.flags |= dns.flags.AA | dns.flags.RA
        return _filled(response, answer)

    def _lookup(self, name: str, kind: dns.rdatatype.RdataType) -> tuple[str, ...] | DnsFault:
        _, _, parent = name.partition(".")
        answer = self.zone.get(name) or self.zone.get(f"*.{parent}") or DnsFault.NXDOMAIN
        if not isinstance(answer, Turns):
            return answer
        turn = min(self._turn[name], len(answer.answers) - 1)
        self._turn[name] += kind == dns.rdatatype.A
        return answer.answers[turn]


def _filled(response: dns.message.Message, answer: tuple[str, ...] | DnsFault) -> bytes | None:
    match answer:
        case tuple():
            _add_addresses(response, answer)
        case DnsFault.SILENT:
            return None
        case DnsFault.NXDOMAIN:
            response.set_rcode(dns.rcode.NXDOMAIN)
        case DnsFault.SERVFAIL:
            response.set_rcode(dns.rcode.SERVFAIL)
        case DnsFault.REFUSED:
            response.set_rcode(dns.rcode.REFUSED)
        case DnsFault.EMPTY:
            pass
        case _:
            assert_never(answer)
    return response.to_wire()


def _add_addresses(response: dns.message.Message, addresses: tuple[str, ...]) -> None:
    question = response.question[0]
    wanted = [each for each in addresses if (":" in each) == (question.rdtype == dns.rdatatype.AAAA)]
    if question.rdtype in (dns.rdatatype.A, dns.rdatatype.AAAA):
        kind = dns.rdatatype.to_text(question.rdtype)
        # One set each: the records of one set go out in random order.
        response.answer += [dns.rrset.from_text(question.name, _TTL, "IN", kind, each) for each in wanted]
