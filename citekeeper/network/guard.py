"""The guard: which addresses may be connected to; pure.

Refuses everything that is not globally reachable unicast, also where an IPv4 address hides inside an IPv6 one, unless the
settings allow it. Asked three times: for a literal host, for each answer of DNS, and for the socket about to be connected.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from citekeeper.errors import ConfigError
from citekeeper.model import Failure, FailureKind
from citekeeper.settings import NetworkSettings

IpAddress = IPv4Address | IPv6Address
IpNetwork = IPv4Network | IPv6Network

# Our own table, because `is_global` changed between patch releases of Python 3.11 (python/cpython#113171).
# Sources: IANA IPv4 and IPv6 special-purpose address registries, as of 2026-01; refused even where "globally reachable" when no
# website can live there (multicast, deprecated relays).
_NOT_GLOBAL_V4: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", "this network"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "carrier-grade NAT"),
    ("127.0.0.0/8", "loopback"),
    ("168.63.129.16/32", "cloud platform"),
    ("169.254.0.0/16", "link-local"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "protocol assignments"),
    ("192.0.2.0/24", "documentation"),
    ("192.88.99.0/24", "6to4 relay"),
    ("192.168.0.0/16", "private"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
)
_NOT_GLOBAL_V6: tuple[tuple[str, str], ...] = (
    ("2001::/23", "protocol assignments, Teredo"),
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "6to4"),
    ("3fff::/20", "documentation"),
)
_V4 = tuple((IPv4Network(network), name) for network, name in _NOT_GLOBAL_V4)
_V6 = tuple((IPv6Network(network), name) for network, name in _NOT_GLOBAL_V6)
_UNICAST_V6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")


def hidden_ipv4(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a mapped, compatible, NAT64, 6to4 or ISATAP address leads to."""
    number = int(address)
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    is_isatap = (number >> 32) & 0xFDFF_FFFF == 0x0000_5EFE
    if address in _NAT64 or is_isatap or (address in _COMPATIBLE and number > 1):
        return IPv4Address(number & 0xFFFF_FFFF)
    return None


@lru_cache(maxsize=4096)
def why_not_global(address: IpAddress) -> str | None:
    """Which non-global kind `address` is; None for an ordinary public one."""
    if isinstance(address, IPv4Address):
        return next((name for network, name in _V4 if address in network), None)
    hidden = hidden_ipv4(address)
    if hidden is not None and (inside := why_not_global(hidden)) is not None:
        return inside
    if address in _NAT64:
        return None
    if address not in _UNICAST_V6 or address.scope_id is not None:
        return "not global unicast"
    return next((name for network, name in _V6 if address in network), None)


@dataclass(frozen=True, slots=True)
class Guard:
    """The policy of one run."""

    allow_private: bool = False
    allowed: tuple[IpNetwork, ...] = ()

    def refusal(self, address: IpAddress) -> str | None:
        """Why `address` may not be connected to; None when it may."""
        if self.allow_private:
            return None
        candidates: list[IpAddress] = [address]
        if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
            candidates.append(address.ipv4_mapped)
        if any(each in network for each in candidates for network in self.allowed):
            return None
        return why_not_global(address)

    def check(self, addresses: Iterable[IpAddress]) -> Failure | None:
        """A refusal when any of `addresses` is refused: a name with one inner address is a trap, not a website."""
        for address in addresses:
            reason = self.refusal(address)
            if reason is not None:
                return Failure(FailureKind.FORBIDDEN_ADDRESS, f"{address} is not a public address ({reason})")
        return None

    def permits(self, ip: str) -> bool:
        """The last word, on the address of the socket about to be connected."""
        try:
            return self.refusal(ip_address(ip)) is None
        except ValueError:
            return False


def make_guard(settings: NetworkSettings) -> Guard:
    """The guard that the settings ask for; ConfigError when `allow_addresses` holds what is no network."""
    networks: list[IpNetwork] = []
    for text in settings.allow_addresses:
        try:
            networks.append(ip_network(text, strict=False))
        except ValueError as error:
            raise ConfigError(f"{text!r} is not a network", where="network.allow_addresses", hint="write it as 192.168.1.0/24") from error
    return Guard(settings.allow_private, tuple(networks))
