"""From a host and port to the addresses to connect to: the system's resolver, or chosen DNS servers; and `connect_to`.

A name that does not exist (NXDOMAIN) is told from a resolver that failed (DNS): the first is evidence, the second is not.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING, Protocol

from citekeeper.errors import ConfigError
from citekeeper.model import Failure, FailureKind
from citekeeper.network.waiters import Waiters

if TYPE_CHECKING:
    import dns.asyncresolver
    import dns.rdatatype

IpAddress = IPv4Address | IPv6Address

_DNS_THREADS = 64
"""At 20 ms an answer 1,000 names take 0.2 s with 128 threads and 3.6 s in asyncio's own few."""
_DNS_SECONDS = 8.0
_ABSENT = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address and port to connect to."""

    ip: IpAddress
    port: int


class Resolver(Protocol):
    """Turns names into endpoints."""

    async def resolve(self, host: str, port: int) -> tuple[Endpoint, ...] | Failure:
        """The endpoints of `host` in the order to be tried; a Failure of kind NXDOMAIN or DNS."""

    async def close(self) -> None:
        """Give back threads and sockets."""


def literal_endpoint(host: str, port: int) -> tuple[Endpoint, ...] | None:
    """The endpoint of a host that is an address itself, or this machine by name."""
    if host == "localhost" or host.endswith(".localhost"):
        # Never a matter of DNS (RFC 6761, 6.3).
        return (Endpoint(ip_address("127.0.0.1"), port),)
    try:
        return (Endpoint(ip_address(host), port),)
    except ValueError:
        return None


class SystemResolver:
    """getaddrinfo in threads of its own: hosts file, search order and address order are the machine's."""

    def __init__(self) -> None:
        self._threads: Waiters[tuple[Endpoint, ...]] = Waiters(_DNS_THREADS, "citekeeper-dns")

    async def resolve(self, host: str, port: int) -> tuple[Endpoint, ...] | Failure:
        """Ask the system."""
        if (literal := literal_endpoint(host, port)) is not None:
            return literal
        try:
            found = await self._threads.run(lambda: _ask_system(host, port))
        except socket.gaierror as error:
            kind = FailureKind.NXDOMAIN if error.errno in _ABSENT else FailureKind.DNS
            return Failure(kind, f"{host}: {error.strerror or error}")
        except (OSError, UnicodeError) as error:
            return Failure(FailureKind.DNS, f"{host}: {error}")
        return found or Failure(FailureKind.DNS, f"{host}: no address")

    async def close(self) -> None:
        """Let the threads end."""
        self._threads.close()


def _ask_system(host: str, port: int) -> tuple[Endpoint, ...]:
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = dict.fromkeys(str(address[0]) for _, _, _, _, address in rows)
    return tuple(Endpoint(ip_address(address), port) for address in addresses)


class DnsResolver:
    """The DNS servers of the setting `network.dns`, asked directly; no hosts file, no search list."""

    def __init__(self, servers: Sequence[str]) -> None:
        """ConfigError when one of `servers` is not ADDRESS or ADDRESS:PORT."""
        self._servers = tuple(parse_server(server) for server in servers)
        self._made: dns.asyncresolver.Resolver | None = None

    def _resolver(self) -> dns.asyncresolver.Resolver:
        if self._made is None:
            import dns.asyncresolver
            import dns.nameserver

            self._made = dns.asyncresolver.Resolver(configure=False)
            self._made.nameservers = [dns.nameserver.Do53Nameserver(ip, port) for ip, port in self._servers]
            self._made.lifetime, self._made.timeout = _DNS_SECONDS, _DNS_SECONDS / 4
        return self._made

    async def resolve(self, host: str, port: int) -> tuple[Endpoint, ...] | Failure:
        """Ask for IPv4 and IPv6 addresses at once; IPv4 first, as one of them suffices."""
        if (literal := literal_endpoint(host, port)) is not None:
            return literal
        self._resolver()
        import dns.rdatatype

        answers = await asyncio.gather(self._ask(host, dns.rdatatype.A), self._ask(host, dns.rdatatype.AAAA))
        found = [address for answer in answers if not isinstance(answer, Failure) for address in answer]
        if found:
            return tuple(Endpoint(ip_address(address), port) for address in found)
        failures = [answer for answer in answers if isinstance(answer, Failure)]
        return failures[0] if failures else Failure(FailureKind.DNS, f"{host}: the name exists but has no address")

    async def _ask(self, host: str, kind: dns.rdatatype.RdataType) -> list[str] | Failure:
        import dns.exception
        import dns.resolver

        try:
            answer = await self._resolver().resolve(host, kind, search=False, raise_on_no_answer=False)
        except dns.resolver.NXDOMAIN:
            return Failure(FailureKind.NXDOMAIN, f"{host}: there is no such name (NXDOMAIN)")
        except dns.resolver.NoNameservers:
            return Failure(FailureKind.DNS, f"{host}: the name servers failed (SERVFAIL)")
        except dns.exception.Timeout:
            return Failure(FailureKind.DNS, f"{host}: the name servers did not answer in time")
        except (dns.exception.DNSException, OSError, ValueError, EOFError) as error:
            return Failure(FailureKind.DNS, f"{host}: {type(error).__name__}")
        return [record.to_text() for record in answer.rrset or ()]

    async def close(self) -> None:
        """Nothing is kept open between questions."""


def parse_server(text: str) -> tuple[str, int]:
    """Read ADDRESS, ADDRESS:PORT, or [IPV6]:PORT; ConfigError otherwise."""
    host, port = text, 53
    if text.startswith("[") or text.count(":") == 1:
        host, _, digits = text.rpartition(":") if not text.endswith("]") else (text, "", "53")
        port = int(digits) if digits.isascii() and digits.isdigit() else 0
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        address = None
    if address is None or not 0 < port < 65536:
        raise ConfigError(f"{text!r} is not a DNS server", where="network.dns", hint="write it as 192.0.2.53 or 192.0.2.53:5353")
    return str(address), port


def make_resolver(servers: Sequence[str]) -> Resolver:
    """The resolver that the setting `network.dns` asks for."""
    return DnsResolver(servers) if servers else SystemResolver()


@dataclass(frozen=True, slots=True)
class Detour:
    """One rule of the setting `network.connect_to`; empty parts match everything or keep what there is."""

    host: str
    port: str
    to_host: str
    to_port: str

    def matches(self, host: str, port: int) -> bool:
        """Whether the rule speaks of this host and port."""
        return self.host in ("", host) and self.port in ("", str(port))


def parse_detour(text: str) -> Detour:
    """Read HOST:PORT:HOST2:PORT2 (IPv6 in brackets); ConfigError otherwise."""
    parts = _split_outside_brackets(text)
    if len(parts) != 4 or not all(part == "" or (part.isascii() and part.isdigit()) for part in (parts[1], parts[3])):
        raise ConfigError(f"{text!r} is not HOST:PORT:HOST2:PORT2", where="network.connect_to", hint="as in :443::8443")
    host, port, to_host, to_port = parts
    return Detour(host.strip("[]").lower(), port, to_host.strip("[]").lower(), to_port)


def _split_outside_brackets(text: str) -> list[str]:
    parts, depth = [""], 0
    for char in text:
        depth += (char == "[") - (char == "]")
        if char == ":" and depth <= 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def detoured(detours: Sequence[Detour], host: str, port: int) -> tuple[str, int]:
    """Where to connect for `host` and `port`, by the first rule that matches."""
    for rule in detours:
        if rule.matches(host, port):
            return rule.to_host or host, int(rule.to_port or port)
    return host, port
