"""Certificates: whom we trust, what is wrong with a host's TLS, and which certificates it showed."""

from __future__ import annotations

import asyncio
import base64
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from citekeeper.errors import ConfigError
from citekeeper.model import Failure, FailureKind, Tls, TlsFault
from citekeeper.network.resolver import Endpoint

LONGEST_CHAIN = 10
"""Certificates kept of what a host shows."""

_BY_CODE: dict[int, TlsFault] = {
    9: TlsFault.NOT_YET_VALID,
    10: TlsFault.EXPIRED,
    18: TlsFault.SELF_SIGNED,
    19: TlsFault.UNTRUSTED,
    20: TlsFault.UNTRUSTED,
    21: TlsFault.UNTRUSTED,
    62: TlsFault.WRONG_HOST,
    64: TlsFault.WRONG_HOST,
}
"""X509_V_ERR codes of OpenSSL (openssl/x509_vfy.h). A self-signed certificate further up (19) is an authority not trusted."""

_BY_WORDS: tuple[tuple[str, TlsFault], ...] = (
    ("has expired", TlsFault.EXPIRED),
    ("not yet valid", TlsFault.NOT_YET_VALID),
    ("self-signed certificate in certificate chain", TlsFault.UNTRUSTED),
    ("self signed certificate in certificate chain", TlsFault.UNTRUSTED),
    ("self-signed certificate", TlsFault.SELF_SIGNED),
    ("self signed certificate", TlsFault.SELF_SIGNED),
    ("no alternative certificate subject name", TlsFault.WRONG_HOST),
    ("does not match", TlsFault.WRONG_HOST),
    ("hostname mismatch", TlsFault.WRONG_HOST),
    ("ip address mismatch", TlsFault.WRONG_HOST),
    ("unable to get local issuer", TlsFault.UNTRUSTED),
    ("unable to verify the first", TlsFault.UNTRUSTED),
)


def fault_of(code: int, message: str) -> TlsFault:
    """What is wrong, by OpenSSL's verification code or else by the words of the message."""
    if code in _BY_CODE:
        return _BY_CODE[code]
    lowered = message.lower()
    by_words = next((fault for words, fault in _BY_WORDS if words in lowered), None)
    if by_words is not None:
        return by_words
    return TlsFault.OTHER if "certificate" in lowered and "verif" in lowered else TlsFault.HANDSHAKE


def tls_failure(code: int, message: str) -> Failure:
    """The Failure for a TLS error."""
    return Failure(FailureKind.TLS, message, fault_of(code, message))


@dataclass(frozen=True, slots=True)
class Trust:
    """Where the trusted authorities are; None where there is none of that sort."""

    file: str | None
    folder: str | None = None


def find_trust(configured: str, environ: Mapping[str, str] | None = None) -> Trust:
    """The setting `network.ca_file`, else what the ordinary variables name, else the system's authorities, else certifi's.

    ConfigError when the file that is named does not exist.
    """
    env = os.environ if environ is None else environ
    named = [("network.ca_file", configured)]
    named += [(name, env.get(name, "")) for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_DIR")]
    for where, value in named:
        if value and Path(value).is_dir():
            return Trust(None, value)
        if value and Path(value).is_file():
            return Trust(value)
        if value:
            raise ConfigError(f"{value} does not exist", where=where, hint="name a PEM file with certificates")
    system = ssl.get_default_verify_paths()
    if system.cafile is not None:
        return Trust(system.cafile)
    import certifi

    return Trust(certifi.where())


def make_context(trust: Trust) -> ssl.SSLContext:
    """The one TLS configuration of a run: loading the authorities costs 20 ms and 2 MB each time."""
    try:
        context = ssl.create_default_context(cafile=trust.file, capath=trust.folder)
    except (ssl.SSLError, OSError) as error:
        raise ConfigError(f"no certificates can be read from it ({error})", where=trust.file or trust.folder or "") from error
    # As libcurl does, so that both engines judge alike: an intermediate in the bundle is trusted, RFC 5280 is not enforced to the letter.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.set_alpn_protocols(["http/1.1"])
    return context


def tls_of(connection: Any) -> Tls:
    """How an SSLSocket or SSLObject is secured, and the certificates that were shown."""
    cipher = connection.cipher()
    return Tls(version_token(connection.version() or ""), cipher[0] if cipher else "", _chain_of(connection))


def version_token(version: str) -> str:
    """ "TLSv1.3" as WARC-Protocol writes it, "tls/1.3"."""
    number = version.upper().removeprefix("TLSV").removeprefix("SSLV")
    return f"tls/{number if '.' in number else number + '.0'}" if version.upper().startswith("TLS") else f"ssl/{number}"


async def shown_by(endpoint: Endpoint, host: str, seconds: float) -> Tls | None:
    """Shake hands once more without checking anything, send nothing, and keep the certificates; None when even that fails.

    Certificates that were refused are evidence, and engines do not hand them out. `endpoint` has passed the guard.
    """
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        async with asyncio.timeout(seconds):
            _, writer = await asyncio.open_connection(str(endpoint.ip), endpoint.port, ssl=context, server_hostname=host)
    except (OSError, TimeoutError, ssl.SSLError, ValueError):
        return None
    try:
        return tls_of(writer.get_extra_info("ssl_object"))
    finally:
        writer.transport.abort()


def _chain_of(connection: Any) -> tuple[str, ...]:
    # Public since Python 3.13; before, the same method of the inner object gives certificate objects instead of bytes.
    ask = getattr(connection, "get_unverified_chain", None) or getattr(getattr(connection, "_sslobj", None), "get_unverified_chain", None)
    shown = ask() if ask is not None else None
    ders = [each if isinstance(each, bytes) else each.public_bytes(_DER) for each in shown or ()]
    leaf = connection.getpeercert(binary_form=True)
    return tuple(_pem(der) for der in (ders or ([leaf] if leaf else []))[:LONGEST_CHAIN])


_DER = 2
"""_ssl.ENCODING_DER."""


def _pem(der: bytes) -> str:
    text = base64.b64encode(der).decode("ascii")
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])
