"""Each host of the loopback web shows the certificate that was chosen for it."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from citekeeper.demo import Certificates, LoopbackWeb, answer
from citekeeper.model import TlsFault

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def certificates() -> Iterator[Certificates]:
    made = Certificates(NOW, {f"{fault}.example": fault for fault in TlsFault} | {"*.old.example": TlsFault.EXPIRED})
    yield made
    made.close()


@pytest.fixture(scope="module")
def web(certificates: Certificates) -> Iterator[LoopbackWeb]:
    with LoopbackWeb({"*": lambda request: [answer(body=request.sni or "")]}, certificates=certificates) as web:
        yield web


def handshake(web: LoopbackWeb, certificates: Certificates, host: str) -> bytes:
    context = ssl.create_default_context(cafile=str(certificates.ca_file))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    with (
        socket.create_connection(("127.0.0.1", web.https_port), timeout=5) as raw,
        context.wrap_socket(raw, server_hostname=host) as secured,
    ):
        secured.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: secured.recv(4096), b""))


def test_a_good_host_passes_strict_verification(web: LoopbackWeb, certificates: Certificates) -> None:
    assert handshake(web, certificates, "www.good.example").endswith(b"\r\n\r\nwww.good.example")


def test_a_host_without_a_name_is_known_by_its_address(web: LoopbackWeb, certificates: Certificates) -> None:
    assert handshake(web, certificates, "127.0.0.1").startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize(
    ("host", "code"),
    [
        # The codes of X509_verify_cert (OpenSSL, x509_vfy.h).
        ("expired.example", 10),
        ("any.old.example", 10),
        ("not-yet-valid.example", 9),
        ("wrong-host.example", 62),
        ("self-signed.example", 18),
        ("untrusted.example", 20),
    ],
)
def test_a_faulty_host_fails_for_its_own_reason(web: LoopbackWeb, certificates: Certificates, host: str, code: int) -> None:
    with pytest.raises(ssl.SSLCertVerificationError) as failure:
        handshake(web, certificates, host)
    assert failure.value.verify_code == code


def test_a_handshake_can_be_refused(web: LoopbackWeb, certificates: Certificates) -> None:
    with pytest.raises(ssl.SSLError, match=r"(?i)handshake.failure"):
        handshake(web, certificates, "handshake.example")


def test_the_web_goes_on_after_clients_that_refuse_a_certificate(web: LoopbackWeb, certificates: Certificates) -> None:
    for _ in range(3):
        with pytest.raises(ssl.SSLCertVerificationError):
            handshake(web, certificates, "expired.example")
    assert handshake(web, certificates, "www.good.example").startswith(b"HTTP/1.1 200 OK")


def test_the_files_go_when_the_certificates_are_closed() -> None:
    made = Certificates(NOW)
    assert made.ca_file.read_text().startswith("-----BEGIN CERTIFICATE-----")
    made.close()
    assert not made.ca_file.exists()
