"""Names, detours, proxies, authorities and our own header fields, as far as no network is needed."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citekeeper.errors import ConfigError
from citekeeper.model import Ask, Failure, FailureKind, Purpose, TlsFault
from citekeeper.network import is_online, user_agent
from citekeeper.network.certificates import Trust, fault_of, find_trust, version_token
from citekeeper.network.proxies import make_proxies, parse_proxy
from citekeeper.network.request_heads import SECRET, compose, parse_headers, redacted
from citekeeper.network.resolver import Endpoint, SystemResolver, detoured, parse_detour, parse_server
from citekeeper.network.targets import Target, parse
from citekeeper.network.waiters import Waiters
from citekeeper.settings import NetworkSettings


def target(url: str) -> Target:
    found = parse(url)
    assert isinstance(found, Target)
    return found


@pytest.mark.parametrize(
    ("rule", "host", "port", "leads_to"),
    [
        (":80::41080", "a.example", 80, ("a.example", 41080)),
        (":80::41080", "a.example", 443, ("a.example", 443)),
        ("a.example:443:b.example:", "a.example", 443, ("b.example", 443)),
        ("a.example::127.0.0.1:8080", "a.example", 99, ("127.0.0.1", 8080)),
        ("a.example:443:b.example:1", "c.example", 443, ("c.example", 443)),
        ("[::1]:80:[::2]:81", "::1", 80, ("::2", 81)),
        (":::", "a.example", 80, ("a.example", 80)),
    ],
)
def test_a_detour_replaces_what_it_names(rule: str, host: str, port: int, leads_to: tuple[str, int]) -> None:
    assert detoured([parse_detour(rule)], host, port) == leads_to


def test_the_first_detour_that_matches_is_taken() -> None:
    rules = [parse_detour("a.example:80:b.example:1"), parse_detour(":80::2")]
    assert detoured(rules, "a.example", 80) == ("b.example", 1)
    assert detoured(rules, "c.example", 80) == ("c.example", 2)


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("192.0.2.1", ("192.0.2.1", 53)),
        ("192.0.2.1:5353", ("192.0.2.1", 5353)),
        ("2001:db8::1", ("2001:db8::1", 53)),
        ("[2001:db8::1]:5353", ("2001:db8::1", 5353)),
        ("[2001:db8::1]", ("2001:db8::1", 53)),
    ],
)
def test_a_dns_server_is_an_address_and_perhaps_a_port(text: str, server: tuple[str, int]) -> None:
    assert parse_server(text) == server


@given(st.text())
def test_any_text_is_a_setting_or_a_clear_refusal(text: str) -> None:
    refusals: list[ConfigError] = []
    for read in (parse_server, parse_detour, lambda value: parse_proxy(value, "network.proxy"), lambda value: parse_headers((value,))):
        try:
            read(text)
        except ConfigError as error:
            refusals.append(error)
    assert all(each.where.startswith("network.") for each in refusals)


def resolved(host: str, monkeypatch: pytest.MonkeyPatch, answer: object) -> tuple[Endpoint, ...] | Failure:
    """What the system resolver makes of what getaddrinfo says."""

    def getaddrinfo(*_: object, **__: object) -> object:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    async def run() -> tuple[Endpoint, ...] | Failure:
        resolver = SystemResolver()
        try:
            return await resolver.resolve(host, 80)
        finally:
            await resolver.close()

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), FailureKind.NXDOMAIN),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure"), FailureKind.DNS),
        (socket.gaierror(socket.EAI_FAIL, "Non-recoverable failure"), FailureKind.DNS),
        (OSError(24, "Too many open files"), FailureKind.DNS),
        (UnicodeError("label too long"), FailureKind.DNS),
    ],
)
def test_the_systems_words_for_no_such_name_are_told_from_its_troubles(
    error: Exception, kind: FailureKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    failure = resolved("a.example", monkeypatch, error)
    assert isinstance(failure, Failure)
    assert failure.kind is kind
    assert "a.example" in failure.message


def test_the_systems_addresses_are_taken_once_each_and_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(0, 0, 0, "", ("2001:db8::1", 80, 0, 0)), (0, 0, 0, "", ("192.0.2.1", 80)), (0, 0, 0, "", ("192.0.2.1", 80))]
    found = resolved("a.example", monkeypatch, rows)
    assert found == tuple(Endpoint(ipaddress.ip_address(ip), 80) for ip in ("2001:db8::1", "192.0.2.1"))


def test_a_machine_where_no_name_resolves_is_offline() -> None:
    class Deaf:
        async def resolve(self, host: str, port: int) -> tuple[Endpoint, ...] | Failure:
            return Failure(FailureKind.NXDOMAIN, host)

        async def close(self) -> None: ...

    class Hearing(Deaf):
        async def resolve(self, host: str, port: int) -> tuple[Endpoint, ...] | Failure:
            if host != "b.example":
                await asyncio.Event().wait()
            return (Endpoint(ipaddress.ip_address("192.0.2.1"), port),)

    assert not asyncio.run(is_online(Deaf(), ("a.example", "b.example")))
    assert asyncio.run(is_online(Hearing(), ("a.example", "b.example"))), "one answer suffices, whatever the others do"
    assert asyncio.run(is_online(Deaf(), ())), "nobody to ask: taken for granted"


def test_a_name_server_that_hangs_keeps_nobody_from_leaving() -> None:
    stuck, let_go = threading.Event(), threading.Event()

    def hang() -> int:
        stuck.set()
        let_go.wait()
        return 1

    async def run() -> list[int]:
        waiters: Waiters[int] = Waiters(2, "test")
        hanging = asyncio.create_task(waiters.run(hang))
        others = await asyncio.gather(*(waiters.run(lambda number=number: number) for number in range(20)))  # type: ignore[misc]  # bound now
        hanging.cancel()
        waiters.close()
        return others

    assert asyncio.run(run()) == list(range(20))
    assert stuck.is_set()
    assert all(thread.daemon for thread in threading.enumerate() if thread.name.startswith("test-"))
    let_go.set()


ENVIRONMENT = {"http_proxy": "http://p.example:3128", "HTTPS_PROXY": "q.example:8080", "NO_PROXY": "direct.example, .inner.example,1.2.3.4"}


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("http://a.example/", "http://p.example:3128"),
        ("https://a.example/", "http://q.example:8080"),
        ("http://direct.example/", None),
        ("https://www.direct.example/", None),
        ("http://indirect.example/", "http://p.example:3128"),
        ("http://x.inner.example/", None),
        ("http://1.2.3.4/", None),
    ],
)
def test_the_ordinary_variables_choose_the_proxy(url: str, proxy: str | None) -> None:
    chosen = make_proxies("", ENVIRONMENT).choose(target(url))
    assert (chosen.url if chosen is not None else None) == proxy


def test_a_proxy_that_is_set_goes_before_the_variables() -> None:
    chosen = make_proxies("socks5h://u:p%40ss@[::1]", ENVIRONMENT).choose(target("http://direct.example/"))
    assert chosen is not None
    assert (chosen.url, chosen.user, chosen.password) == ("socks5h://[::1]:1080", "u", "p@ss")


def test_a_star_means_no_proxy_at_all() -> None:
    assert make_proxies("", {"ALL_PROXY": "p.example", "no_proxy": "*"}).choose(target("http://a.example/")) is None
    assert make_proxies("", {"ALL_PROXY": "p.example"}).choose(target("http://a.example/")) is not None
    assert not make_proxies("", {}).are_set


def test_a_web_server_cannot_be_given_a_proxy_by_its_visitors() -> None:
    assert not make_proxies("", {"HTTP_PROXY": "http://evil.example", "REQUEST_METHOD": "GET"}).are_set


def test_a_wrong_proxy_is_named_without_its_password() -> None:
    with pytest.raises(ConfigError) as caught:
        make_proxies("", {"HTTPS_PROXY": "https://me:secret@p.example:port"})
    assert "secret" not in str(caught.value)
    assert caught.value.where == "HTTPS_PROXY"


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_ordinary_variables_name_the_authorities(name: str, tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_text("")
    assert find_trust("", {name: str(bundle)}) == Trust(str(bundle))
    assert find_trust("", {name: str(tmp_path)}) == Trust(None, str(tmp_path))
    assert find_trust(str(bundle), {name: "/elsewhere"}) == Trust(str(bundle))
    with pytest.raises(ConfigError):
        find_trust("", {name: str(tmp_path / "missing.pem")})


def test_without_any_word_the_systems_authorities_are_trusted() -> None:
    trust = find_trust("", {})
    assert trust.file is not None
    assert ssl.create_default_context(cafile=trust.file).cert_store_stats()["x509_ca"] > 10


@pytest.mark.parametrize(
    ("code", "message", "fault"),
    [
        (10, "", TlsFault.EXPIRED),
        (62, "", TlsFault.WRONG_HOST),
        (0, "SSL certificate problem: certificate is not yet valid", TlsFault.NOT_YET_VALID),
        (0, "SSL certificate problem: self-signed certificate", TlsFault.SELF_SIGNED),
        (0, "SSL certificate problem: self-signed certificate in certificate chain", TlsFault.UNTRUSTED),
        (0, "SSL: no alternative certificate subject name matches target host name 'a'", TlsFault.WRONG_HOST),
        (0, "TLS connect error: error:0A000410:SSL routines::ssl/tls alert handshake failure", TlsFault.HANDSHAKE),
        (26, "SSL certificate verification failed: unsupported purpose", TlsFault.OTHER),
    ],
)
def test_what_is_wrong_with_tls_is_named(code: int, message: str, fault: TlsFault) -> None:
    assert fault_of(code, message) is fault


@pytest.mark.parametrize(("version", "token"), [("TLSv1.3", "tls/1.3"), ("TLSv1", "tls/1.0"), ("SSLv3", "ssl/3")])
def test_a_tls_version_is_written_as_warc_wants_it(version: str, token: str) -> None:
    assert version_token(version) == token


def test_we_say_who_we_are() -> None:
    assert user_agent(NetworkSettings()).startswith("citekeeper/")
    assert "+https://" in user_agent(NetworkSettings())
    assert user_agent(NetworkSettings(user_agent="me/1")) == "me/1"


def test_an_askers_fields_replace_ours_and_cannot_smuggle_any() -> None:
    smuggled = (("accept", "text/x"), ("X-A", "1\r\nX-B: 2"), ("X C", "3"), ("Host", "other.example"), ("Transfer-Encoding", "chunked"))
    fields = compose(Ask("http://a.example/", headers=smuggled), "me/1", (("X-Own", "yes"),))
    assert fields[0] == ("User-Agent", "me/1")
    assert {name.lower() for name, _ in fields} == {"user-agent", "accept", "accept-language", "accept-encoding", "x-own"}
    assert dict(fields)["accept"] == "text/x"
    none = compose(Ask("http://a.example/", Purpose.ARCHIVE), "me/1", (("X-Own", "yes"),))
    assert "X-Own" not in dict(none)


def test_only_secret_lines_are_left_out_of_what_is_kept() -> None:
    sent = b"GET / HTTP/1.1\r\nHost: a\r\ncookie: x\r\nAUTHORIZATION: y\r\nX-Cookie: z\r\n\r\nCookie: body"
    assert redacted(sent, SECRET) == b"GET / HTTP/1.1\r\nHost: a\r\nX-Cookie: z\r\n\r\nCookie: body"
    assert redacted(b"", SECRET) == b""


def test_importing_the_room_loads_nothing_heavy() -> None:
    code = (
        "import sys, citekeeper.network; print([n for n in ('pycurl', 'requests', 'urllib3', 'dns', 'brotli', 'idna') if n in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
