"""The door against names, addresses, certificates and proxies that are not what they should be."""

from __future__ import annotations

import asyncio
import base64
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import pytest
from cryptography import x509

from citekeeper.demo import DnsAnswer, DnsFault, LoopbackWeb, Request, Step, Turns, World, answer
from citekeeper.errors import ConfigError
from citekeeper.model import Ask, Cut, Exchange, FailureKind, Purpose, Stop, TlsFault, Visit
from citekeeper.network import ENGINES, Door, visit
from citekeeper.settings import NetworkSettings

FAULTS = {f"{fault.value}.example": fault for fault in TlsFault if fault is not TlsFault.OTHER}
INSIDE = ("10.0.0.1", "169.254.169.254", "192.168.1.1", "100.64.0.1", "0.0.0.0", "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1")


def hello(_request: Request) -> list[Step]:
    return [answer(body="hello")]


def leading(_request: Request) -> list[Step]:
    """A redirect to what the query names."""
    return [answer(302, "Found", {"Location": _request.target.partition("?")[2]})]


HOSTS = ("good.example", "münchen.example".encode("idna").decode(), "10.0.0.1.good.example", "many.example", *FAULTS)
SITES = {**dict.fromkeys(HOSTS, hello), "leading.example": leading}
DNS: Mapping[str, DnsAnswer] = {
    **{f"inside{number}.example": (ip,) for number, ip in enumerate(INSIDE)},
    "half-inside.example": ("127.0.0.1", "10.0.0.1"),
    "many.example": ("127.0.0.2", "127.0.0.3", "127.0.0.1"),
    "servfail.example": DnsFault.SERVFAIL,
    "silent.example": DnsFault.SILENT,
    "empty.example": DnsFault.EMPTY,
    "rebinding.example": Turns((("127.0.0.1",), ("10.0.0.1",))),
}


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World(sites=SITES, dns=DNS, tls=FAULTS, scenes=()) as made:
        yield made


def settings(world: World, engine: str, **changes: object) -> NetworkSettings:
    prefix = "network."
    values = {key.removeprefix(prefix): value for key, value in world.settings_overrides().items() if key.startswith(prefix)}
    values |= {"engine": engine, "host_request_interval": 0.0, "allow_addresses": ("127.0.0.0/8",), "timeout": 5.0}
    return NetworkSettings(**{**values, **changes})  # type: ignore[arg-type]  # names are checked by the dataclass


def fetched(world: World, engine: str, *urls: str, **changes: object) -> list[Exchange]:
    async def run() -> list[Exchange]:
        async with Door(settings(world, engine, **changes)) as door:
            return [await door.fetch(Ask(url)) for url in urls]

    return asyncio.run(run())


def visited(world: World, engine: str, url: str, **changes: object) -> Visit:
    async def run() -> Visit:
        async with Door(settings(world, engine, **changes)) as door:
            return await visit(url, door.fetch)

    return asyncio.run(run())


def kinds(exchanges: list[Exchange]) -> list[FailureKind | None]:
    return [exchange.failure.kind if exchange.failure is not None else None for exchange in exchanges]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_secure_connection_says_how_it_is_secured(world: World, engine: str) -> None:
    first, again = fetched(world, engine, "https://good.example/a", "https://good.example/b")
    for exchange in (first, again):
        assert exchange.response is not None, exchange.failure
        assert exchange.response.body == b"hello"
        assert exchange.tls is not None
        assert exchange.tls.version == "tls/1.3"
        assert exchange.tls.cipher.startswith("TLS_")
        shown = [x509.load_pem_x509_certificate(pem.encode()) for pem in exchange.tls.chain]
        assert "good.example" in shown[0].subject.rfc4514_string()
    assert world.web.log.of("good.example")[-1].sni == "good.example"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("host", FAULTS)
def test_a_refused_certificate_is_named_and_kept(world: World, engine: str, host: str) -> None:
    before = world.web.log.count(host)
    (exchange,) = fetched(world, engine, f"https://{host}/")
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.TLS
    assert exchange.failure.tls_fault is FAULTS[host]
    assert world.web.log.count(host) == before, "nothing may be asked of a host that is not who it says"
    if FAULTS[host] is not TlsFault.HANDSHAKE:
        assert exchange.tls is not None
        shown = [x509.load_pem_x509_certificate(pem.encode()) for pem in exchange.tls.chain]
        named = "another-name.example" if FAULTS[host] is TlsFault.WRONG_HOST else host
        assert named in shown[0].subject.rfc4514_string()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_kept_connection_is_never_lent_to_another_host(world: World, engine: str) -> None:
    """Both names lead to one address and port; a connection that was verified for one proves nothing for the other."""
    found = fetched(world, engine, "https://good.example/", "https://wrong-host.example/", "https://good.example/")
    assert kinds(found) == [None, FailureKind.TLS, None]


@pytest.mark.parametrize("engine", ENGINES)
def test_plain_http_on_the_secure_port_is_a_failed_handshake(world: World, engine: str) -> None:
    with plain_server("127.0.0.1", socket.AF_INET) as port:
        (exchange,) = fetched(world, engine, "https://good.example/", connect_to=(f":443::{port}",))
    assert exchange.failure is not None
    assert (exchange.failure.kind, exchange.failure.tls_fault) == (FailureKind.TLS, TlsFault.HANDSHAKE)


@pytest.mark.parametrize("engine", ENGINES)
def test_names_that_do_not_exist_are_told_from_names_that_cannot_be_asked_for(world: World, engine: str) -> None:
    urls = [f"http://{name}.example/" for name in ("nobody", "servfail", "empty")]
    assert kinds(fetched(world, engine, *urls)) == [FailureKind.NXDOMAIN, FailureKind.DNS, FailureKind.DNS]


def test_a_name_server_that_says_nothing_does_not_outlast_the_deadline(world: World) -> None:
    (exchange,) = fetched(world, "curl", "http://silent.example/", timeout=0.3)
    assert kinds([exchange]) == [FailureKind.DNS]
    assert exchange.failure is not None
    assert "in time" in exchange.failure.message


@pytest.mark.parametrize("engine", ENGINES)
def test_names_that_lead_inside_are_refused(world: World, engine: str) -> None:
    urls = [f"http://inside{number}.example/" for number in range(len(INSIDE))]
    assert set(kinds(fetched(world, engine, *urls, "http://half-inside.example/"))) == {FailureKind.FORBIDDEN_ADDRESS}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "127.0.0.1.",
        "①②⑦.0.0.1",
        "%31%32%37.0.0.1",
        "localhost",
        "user@127.0.0.1",
        "good.example\\@127.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[fe80::1%25lo]",
        "[2002:7f00:1::]",
    ],
)
def test_addresses_inside_are_refused_in_every_notation(world: World, engine: str, host: str) -> None:
    connections = world.web.connections
    (exchange,) = fetched(world, engine, f"http://{host}/", allow_addresses=())
    if host.startswith("good.example"):
        # A backslash ends the host, as in browsers; the name is what is asked, and here it leads inside, too.
        assert exchange.url == "http://good.example/@127.0.0.1/"
    assert kinds([exchange]) == [FailureKind.FORBIDDEN_ADDRESS]
    assert world.web.connections == connections


@pytest.mark.parametrize("engine", ENGINES)
def test_a_redirect_into_the_inside_is_refused_at_its_hop(world: World, engine: str) -> None:
    for location in ("http://10.0.0.1/", "http://inside0.example/", "//[::ffff:10.0.0.1]/"):
        seen = visited(world, engine, f"http://leading.example/?{location}")
        assert seen.stop is Stop.FAILURE
        assert kinds([seen.last]) == [FailureKind.FORBIDDEN_ADDRESS]
        assert seen.exchanges[0].response is not None


@pytest.mark.parametrize("engine", ENGINES)
def test_a_redirect_out_of_the_web_is_not_followed(world: World, engine: str) -> None:
    for location in ("file:///etc/passwd", "javascript:alert(1)", "gopher://good.example/", "http://", ""):
        seen = visited(world, engine, f"http://leading.example/?{location}")
        assert (seen.stop, len(seen.exchanges)) == (Stop.BAD_LOCATION, 1)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_name_is_connected_to_where_it_was_checked(world: World, engine: str) -> None:
    """DNS says something else the second time; nobody asks it a second time between the check and the connection."""
    found = fetched(world, engine, "http://rebinding.example/")
    assert kinds(found) == [None]
    assert found[0].ip == "127.0.0.1"
    world.dns._turn.clear()


@pytest.mark.parametrize("engine", ENGINES)
def test_the_next_address_is_tried_when_one_cannot_be_reached(world: World, engine: str) -> None:
    (exchange,) = fetched(world, engine, "http://many.example/")
    assert exchange.response is not None, exchange.failure
    assert exchange.ip == "127.0.0.1"


@pytest.mark.parametrize("engine", ENGINES)
def test_international_names_are_asked_in_punycode(world: World, engine: str) -> None:
    (exchange,) = fetched(world, engine, "http://MÜNCHEN.example/straße")
    assert exchange.response is not None, exchange.failure
    assert exchange.url == "http://xn--mnchen-3ya.example/stra%C3%9Fe"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_host_that_only_looks_like_an_address_is_a_name(world: World, engine: str) -> None:
    assert kinds(fetched(world, engine, "http://10.0.0.1.good.example/")) == [None]


@contextmanager
def plain_server(ip: str, family: int) -> Iterator[int]:
    """Greets whoever comes, whatever he says, until the test is over."""
    try:
        listener = socket.create_server((ip, 0), family=family)
    except OSError:
        pytest.skip(f"this machine has no {ip}")

    def serve() -> None:
        while True:
            client, _ = listener.accept()
            with client:
                if not client.recv(65536):
                    return
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")

    thread = threading.Thread(target=serve)
    thread.start()
    with listener:
        port = listener.getsockname()[1]
        yield port
        socket.create_connection((ip, port)).close()
        thread.join()


@pytest.mark.parametrize("engine", ENGINES)
def test_ipv6_addresses_can_be_visited(world: World, engine: str) -> None:
    with plain_server("::1", socket.AF_INET6) as port:
        (exchange,) = fetched(world, engine, f"http://[::1]:{port}/", allow_addresses=("::1/128",), connect_to=())
    assert exchange.response is not None, exchange.failure
    assert (exchange.ip, exchange.url) == ("::1", f"http://[::1]:{port}/")
    assert f"Host: [::1]:{port}\r\n".encode() in exchange.request


def forwarding(request: Request) -> list[Step]:
    return [answer(body=f"for {request.target}, {request.header('Proxy-Authorization')}")]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_plain_page_is_asked_of_the_proxy_by_its_whole_address(world: World, engine: str) -> None:
    with LoopbackWeb({"*": forwarding}) as proxy:
        address = f"http://user:secret@localhost:{proxy.http_port}"
        found = fetched(
            world,
            engine,
            "http://nobody.example/a?b",
            "http://inside0.example/",
            "http://10.0.0.1/",
            proxy=address,
            dns=(world.dns.address,),
        )
    assert kinds(found)[1:] == [FailureKind.FORBIDDEN_ADDRESS] * 2, "not even through a proxy"
    if kinds(found)[0] is FailureKind.PROXY:
        pytest.fail(str(found[0].failure))
    assert found[0].response is not None
    token = base64.b64encode(b"user:secret").decode()
    assert found[0].response.body == f"for http://nobody.example/a?b, Basic {token}".encode()
    assert found[0].via_proxy
    assert token.encode() not in found[0].request


@pytest.mark.parametrize("engine", ENGINES)
def test_a_secure_page_is_reached_through_a_tunnel(world: World, engine: str) -> None:
    with tunnel_to(world.web.https_port) as (port, asked):
        (exchange,) = fetched(world, engine, "https://good.example/", proxy=f"http://127.0.0.1:{port}")
    assert exchange.response is not None, exchange.failure
    assert exchange.response.head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert exchange.request.startswith(b"GET / HTTP/1.1\r\nHost: good.example\r\n")
    assert exchange.tls is not None
    assert asked[0].startswith(b"CONNECT good.example:443 HTTP/1.1\r\nHost: good.example:443\r\n")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_proxy_that_refuses_is_the_proxys_failure(world: World, engine: str) -> None:
    with LoopbackWeb({"*": lambda _: [answer(403, "Forbidden")]}) as proxy:
        found = fetched(world, engine, "https://good.example/", proxy=f"http://127.0.0.1:{proxy.http_port}")
    found += fetched(world, engine, "https://good.example/", "http://good.example/", proxy="http://127.0.0.1:1")
    assert kinds(found) == [FailureKind.PROXY] * 3


@contextmanager
def tunnel_to(port: int) -> Iterator[tuple[int, list[bytes]]]:
    """A proxy for one tunnel."""
    listener = socket.create_server(("127.0.0.1", 0))
    asked: list[bytes] = []

    def pump(source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            return

    def serve() -> None:
        client, _ = listener.accept()
        with client, socket.create_connection(("127.0.0.1", port)) as server:
            asked.append(client.recv(65536))
            client.sendall(b"HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n")
            back = threading.Thread(target=pump, args=(server, client))
            back.start()
            pump(client, server)
            back.join()

    thread = threading.Thread(target=serve)
    thread.start()
    with listener:
        yield listener.getsockname()[1], asked
        thread.join()


def test_no_network_at_all_is_noticed(world: World) -> None:
    async def run(*canaries: str, proxy: str = "") -> bool:
        async with Door(settings(world, "curl", canaries=canaries, proxy=proxy)) as door:
            return await door.is_online()

    assert asyncio.run(run("nobody.example", "good.example"))
    assert not asyncio.run(run("nobody.example", "servfail.example"))
    assert asyncio.run(run("nobody.example", proxy="http://127.0.0.1:1"))


def test_requests_are_counted_by_purpose_and_refusals_are_not_requests(world: World) -> None:
    async def run() -> dict[Purpose, int]:
        async with Door(settings(world, "curl")) as door:
            for purpose in (Purpose.VISIT, Purpose.VISIT, Purpose.ARCHIVE):
                await door.fetch(Ask("http://good.example/", purpose))
            await door.fetch(Ask("http://10.0.0.1/"))
            return dict(door.counts)

    assert asyncio.run(run()) == {Purpose.VISIT: 2, Purpose.ARCHIVE: 1}


def test_own_headers_go_out_with_visits_only(world: World) -> None:
    async def run() -> None:
        async with Door(settings(world, "curl", headers=("X-Own: yes", "Accept: text/plain"), user_agent="me/1")) as door:
            for purpose in (Purpose.VISIT, Purpose.ARCHIVE):
                await door.fetch(Ask(f"http://good.example/{purpose}", purpose))

    asyncio.run(run())
    own, none = (world.web.log.of("good.example", f"/{purpose}")[-1] for purpose in ("visit", "archive"))
    assert (own.header("X-Own"), own.header("Accept"), own.header("User-Agent")) == ("yes", "text/plain", "me/1")
    assert none.header("X-Own") is None


def test_the_date_of_an_exchange_is_the_clocks(world: World) -> None:
    class Frozen:
        def now(self) -> datetime:
            return datetime(2020, 11, 13, tzinfo=UTC)

        def monotonic(self) -> float:
            return 5.0

        async def sleep(self, seconds: float) -> None:
            raise AssertionError(seconds)

    async def run() -> Exchange:
        async with Door(settings(world, "curl"), clock=Frozen()) as door:
            return await door.fetch(Ask("http://good.example/"))

    assert asyncio.run(run()).started == datetime(2020, 11, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    "changes",
    [
        {"engine": "telepathy"},
        {"headers": ("no colon",)},
        {"headers": ("X: a\r\nY: b",)},
        {"proxy": "http://"},
        {"dns": ("not an address",)},
        {"connect_to": ("a:b",)},
        {"allow_addresses": ("10.0.0.0/99",)},
        {"ca_file": "/nowhere/ca.pem"},
    ],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_a_setting_that_cannot_be_used_ends_the_run_with_one_clear_line(engine: str, changes: dict[str, object]) -> None:
    async def run() -> None:
        async with Door(NetworkSettings(**{"engine": engine, **changes})):  # type: ignore[arg-type]  # names are checked by the dataclass
            pass

    with pytest.raises(ConfigError) as caught:
        asyncio.run(run())
    assert caught.value.where.startswith("network.")


def test_a_host_that_wants_a_long_rest_is_not_asked_again_in_this_run(world: World) -> None:
    def tired(_request: Request) -> list[Step]:
        return [answer(429, "Too Many Requests", {"Retry-After": "86400"})]

    world.web.sites["tired.example"] = tired
    world.dns.zone["tired.example"] = ("127.0.0.1",)
    first, second = fetched(world, "curl", "http://tired.example/a", "http://tired.example/b")
    assert first.response is not None
    assert kinds([second]) == [FailureKind.BREAKER]
    assert world.web.log.count("tired.example") == 1


@contextmanager
def taking(treat: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that does with each connection what `treat` says, and closes all of them at the end."""
    listener = socket.create_server(("127.0.0.1", 0))
    taken: list[socket.socket] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                taken.append(client)
                treat(client)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        # Closing alone does not wake the thread that waits in accept().
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        for each in (listener, *taken):
            each.close()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_handshake_that_never_ends_does_not_outlast_its_time(world: World, engine: str) -> None:
    with taking(lambda client: None) as port:
        found = fetched(world, engine, "https://good.example/", connect_to=(f":443::{port}",), connect_timeout=0.3)
    assert kinds(found) == [FailureKind.CONNECT_TIMEOUT]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_connection_closed_in_the_handshake_is_a_reset(world: World, engine: str) -> None:
    with taking(lambda client: client.close()) as port:
        found = fetched(world, engine, "https://good.example/", connect_to=(f":443::{port}",))
    assert kinds(found) == [FailureKind.RESET], found


@pytest.mark.parametrize("engine", ENGINES)
def test_a_secure_body_that_ends_without_goodbye_is_cut(world: World, engine: str) -> None:
    """Anyone on the way can close a connection; only the goodbye of TLS shows that the server did."""

    def break_off(client: socket.socket) -> None:
        with world.certificates.context.wrap_socket(client, server_side=True) as secured:
            secured.recv(65536)
            secured.sendall(b"HTTP/1.1 200 OK\r\n\r\nhello")

    with taking(break_off) as port:
        (exchange,) = fetched(world, engine, "https://good.example/", connect_to=(f":443::{port}",))
    assert exchange.response is not None, exchange.failure
    assert (exchange.response.body, exchange.response.cut) == (b"hello", Cut.DISCONNECT)
