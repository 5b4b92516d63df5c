"""The servers that the network benchmark asks: nginx with many hosts and TLS from its own authority, and one that delays."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HTTP, HTTPS, SLOW = 48080, 48443, 48090
SECURE_HOSTS = 500
PAGES = 100
BIG_PAGES = 2_000
BIG_PAGE_BYTES = 512 * 1024
SERVER_CORE, CLIENT_CORE = 1, 0


class Unavailable(Exception):
    """The benchmark cannot be run here; the message says what to install."""


@dataclass(frozen=True)
class Stage:
    folder: Path

    @property
    def ca_file(self) -> Path:
        return self.folder / "ca.pem"


def host(number: int) -> str:
    """A host that is its own address: every address of 127/8 is this machine."""
    return f"127.0.{number // 250 + 1}.{number % 250 + 1}"


@contextmanager
def stage(folder: Path, *, with_big: bool) -> Iterator[Stage]:
    """Both servers, running; Unavailable when nginx is not installed."""
    nginx = shutil.which("nginx", path=os.environ.get("PATH", "") + os.pathsep + "/usr/sbin")
    if nginx is None:
        raise Unavailable("nginx is not installed: apt-get install nginx-light")
    _make_pages(folder / "pages", with_big=with_big)
    _make_certificates(folder)
    (folder / "nginx.conf").write_text(_configuration(folder))
    serving = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    slow = [sys.executable, __file__]
    running = [subprocess.Popen(on_core(SERVER_CORE, command), stderr=subprocess.DEVNULL) for command in (serving, slow)]
    try:
        time.sleep(0.5)
        if any(each.poll() is not None for each in running):
            raise Unavailable(f"a server does not start: is one of the ports {HTTP}, {HTTPS}, {SLOW} in use?")
        for port in (HTTP, HTTPS, SLOW):
            _wait_for(port)
        yield Stage(folder)
    finally:
        for each in running:
            each.terminate()
        for each in running:
            each.wait()


def on_core(core: int | None, command: list[str]) -> list[str]:
    """`command` pinned to one core, where there are several and taskset."""
    pinned = core is not None and (os.cpu_count() or 1) > core and shutil.which("taskset")
    return ["taskset", "-c", str(core), *command] if pinned else command


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection((host(0), port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise Unavailable(f"nothing answers on port {port}")


# ── pages ─────────────────────────────────────────────────────────────────────────────────────


def _make_pages(folder: Path, *, with_big: bool) -> None:
    folder.mkdir()
    generator = random.Random(20201113)
    for number in range(PAGES):
        (folder / f"{number}.html").write_bytes(page(generator, generator.randrange(20_000, 80_000)))
    if with_big:
        block = page(generator, BIG_PAGE_BYTES)
        for number in range(BIG_PAGES):
            # Words moved about: no two alike, and as compressible as pages are.
            at = generator.randrange(1000, len(block) - 1000)
            (folder / f"big{number}.html").write_bytes(b"<!-- %d -->" % number + block[at:] + block[:at])


def page(generator: random.Random, size: int) -> bytes:
    """A page that compresses as articles do: words in paragraphs, links and classes between them."""
    words = ["".join(generator.choices("etaoinshrdlucmfwypvbgkjqxz", k=generator.randrange(2, 11))) for _ in range(3000)]
    parts = ["<!DOCTYPE html><html><head><title>An article</title></head><body><nav>", "<a href='/x'>home</a> " * 20, "</nav><article>"]
    length = 0
    while length < size:
        text = " ".join(generator.choices(words, k=60))
        parts.append(
            f'<div class="c{generator.randrange(40)}"><p id="p{length}">{text}. <a href="/{generator.choice(words)}">more</a></p></div>\n'
        )
        length += len(parts[-1])
    return "".join([*parts, "</article></body></html>"]).encode()[:size]


# ── nginx ─────────────────────────────────────────────────────────────────────────────────────


def _configuration(folder: Path) -> str:
    secure = "".join(
        f"server {{ listen {host(n)}:{HTTPS} ssl; ssl_certificate tls/{n}.pem; ssl_certificate_key key.pem; root pages; }}\n"
        for n in range(SECURE_HOSTS)
    )
    user = "user root;" if os.name == "posix" and os.geteuid() == 0 else ""
    return f"""{user}
worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
worker_rlimit_nofile 65536;
events {{ worker_connections 16384; }}
http {{
  access_log off; keepalive_requests 10000000; sendfile on; tcp_nopush on; server_tokens off;
  open_file_cache max=4096 inactive=600s; open_file_cache_valid 600s;
  types {{ text/html html; }}
  ssl_protocols TLSv1.3; ssl_session_cache off; ssl_session_tickets off;
  server {{ listen 0.0.0.0:{HTTP} backlog=4096; root pages; }}
  {secure}
}}
"""


def _make_certificates(folder: Path) -> None:
    """An authority, and a certificate for each host."""
    (folder / "tls").mkdir()
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate("benchmark authority", authority, authority, None)
    (folder / "ca.pem").write_bytes(root)
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    for number in range(SECURE_HOSTS):
        (folder / "tls" / f"{number}.pem").write_bytes(_certificate(host(number), key, authority, host(number)))


def _certificate(name: str, key: ec.EllipticCurvePrivateKey, signer: ec.EllipticCurvePrivateKey, address: str | None) -> bytes:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "benchmark authority")])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number(), now - timedelta(1), now + timedelta(30))
        .add_extension(x509.BasicConstraints(ca=address is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if address is not None:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
    return builder.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


# ── the server that delays ────────────────────────────────────────────────────────────────────


class Slow(asyncio.Protocol):
    """GET /MILLISECONDS/STATUS/…: answers so late and so; status 0 never."""

    bodies = tuple(page(random.Random(number), 20_000 + 600 * number) for number in range(100))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        _, milliseconds, status, number, *_ = data.split(b" ", 2)[1].split(b"/")
        if status != b"0":
            asyncio.get_running_loop().call_later(int(milliseconds) / 1000, self.answer, int(status), milliseconds, number)

    def answer(self, status: int, milliseconds: bytes, number: bytes) -> None:
        # No two addresses have the very same page, so that nothing is stored or judged twice for free.
        body = self.bodies[hash(number) % len(self.bodies)] + b"<!-- %b -->" % number if status == 200 else b""
        location = b"Location: /%s/200/%s\r\n" % (milliseconds, number) if status in (301, 302) else b""
        head = b"HTTP/1.1 %d Status\r\n%bContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % (status, location, len(body))
        self.transport.write(head + body)


async def _serve_slowly() -> None:
    server = await asyncio.get_running_loop().create_server(Slow, "0.0.0.0", SLOW, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve_slowly())
