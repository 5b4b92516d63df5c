"""Certificates of the loopback web: an authority of its own and, for each host, a good leaf or one with a chosen fault."""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from weakref import WeakKeyDictionary

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from citekeeper.model import TlsFault

_DAY = timedelta(days=1)


class Certificates:
    """Chooses a certificate by SNI, makes it when first asked for, and keeps it.

    `faults` says which hosts have which fault; "*.example.org" covers the names below. Every other host gets a leaf that
    the authority in `ca_file` signed. Validity is counted from `now`.
    """

    def __init__(self, now: datetime, faults: Mapping[str, TlsFault] | None = None) -> None:
        self._now = now
        self._faults = dict(faults or {})
        self._folder = tempfile.TemporaryDirectory(prefix="citekeeper-demo-")
        self._authority = _Authority("citekeeper demo authority", now)
        self._stranger = _Authority("an authority that nobody trusts", now)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._names: WeakKeyDictionary[ssl.SSLObject, str] = WeakKeyDictionary()
        self.ca_file = Path(self._folder.name) / "ca.pem"
        self.ca_file.write_bytes(_pem(self._authority.certificate))
        self.context = self._context_for("localhost")
        self.context.sni_callback = self._choose

    def close(self) -> None:
        """Remove the files."""
        self._folder.cleanup()

    def name_of(self, connection: ssl.SSLObject) -> str | None:
        """The name that the client asked for (SNI)."""
        return self._names.get(connection)

    def _choose(self, connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> int | None:
        host = (name or "localhost").lower()
        if name:
            self._names[connection] = host
        if self._fault(host) is TlsFault.HANDSHAKE:
            return ssl.ALERT_DESCRIPTION_HANDSHAKE_FAILURE
        connection.context = self._context_for(host)
        return None

    def _fault(self, host: str) -> TlsFault | None:
        _, _, parent = host.partition(".")
        return self._faults.get(host) or self._faults.get(f"*.{parent}")

    def _context_for(self, host: str) -> ssl.SSLContext:
        if host not in self._contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.set_alpn_protocols(["http/1.1"])
            path = Path(self._folder.name) / f"{len(self._contexts)}.pem"
            path.write_bytes(_pem(self._leaf(host)) + _pem_key(self._key))
            context.load_cert_chain(path)
            self._contexts[host] = context
        return self._contexts[host]

    def _leaf(self, host: str) -> x509.Certificate:
        fault = self._fault(host)
        start, end = self._now - 30 * _DAY, self._now + 60 * _DAY
        if fault is TlsFault.EXPIRED:
            start, end = self._now - 120 * _DAY, self._now - 30 * _DAY
        elif fault is TlsFault.NOT_YET_VALID:
            start, end = self._now + 30 * _DAY, self._now + 120 * _DAY
        name = "another-name.example" if fault is TlsFault.WRONG_HOST else host
        if fault is TlsFault.SELF_SIGNED:
            return _sign(name, self._key, name, self._key, start, end)
        authority = self._stranger if fault is TlsFault.UNTRUSTED else self._authority
        return authority.leaf(name, self._key, start, end)


class _Authority:
    def __init__(self, name: str, now: datetime) -> None:
        self._name = name
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = _sign(name, self._key, name, self._key, now - 365 * _DAY, now + 365 * _DAY, authority=True)

    def leaf(self, host: str, key: ec.EllipticCurvePrivateKey, start: datetime, end: datetime) -> x509.Certificate:
        return _sign(host, key, self._name, self._key, start, end)


def _sign(
    subject: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    start: datetime,
    end: datetime,
    *,
    authority: bool = False,
) -> x509.Certificate:
    """A certificate that strict verification (the default since Python 3.13) accepts when nothing is wrong on purpose."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
        .add_extension(_usage(authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if not authority:
        builder = builder.add_extension(x509.SubjectAlternativeName(_alternative_names(subject)), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _usage(authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _alternative_names(host: str) -> list[x509.GeneralName]:
    names: list[x509.GeneralName] = [x509.DNSName(host)]
    if host == "localhost":
        names.append(x509.IPAddress(ip_address("127.0.0.1")))
    return names


def _name(text: str) -> x509.Name:
    # A common name holds at most 64 characters (RFC 5280, ub-common-name); the whole host is in the alternative names.
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _pem_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
