"""Signing keys: ECDSA on P-384, made on first use, named by a fingerprint that two people can read to each other."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from citekeeper.errors import ConfigError, StorageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec

KEY_FILE = "signing-key.pem"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An elliptic-curve key to verify with."""

    value: ec.EllipticCurvePublicKey


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An elliptic-curve key to sign with."""

    value: ec.EllipticCurvePrivateKey

    @property
    def public(self) -> PublicKey:
        """The half that others may have."""
        return PublicKey(self.value.public_key())

    def sign(self, data: bytes) -> bytes:
        """A DER signature over the SHA-256 of `data`; the same for the same data (RFC 6979), so that exports stay reproducible."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec

        return self.value.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))

    def sign_flat(self, data: bytes) -> bytes:
        """The same as r and s one after the other, as WACZ viewers read it."""
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

        r, s = decode_dss_signature(self.sign(data))
        half = (self.value.curve.key_size + 7) // 8
        return r.to_bytes(half, "big") + s.to_bytes(half, "big")


def key_folder(environ: Mapping[str, str]) -> Path:
    """The user's configuration folder for citekeeper (freedesktop.org, XDG Base Directory)."""
    base = environ.get("XDG_CONFIG_HOME", "")
    return (Path(base) if Path(base).is_absolute() else Path.home() / ".config") / "citekeeper"


def own_key(folder: Path) -> SigningKey:
    """The user's key in `folder`, made when there is none. Raises StorageError or ConfigError when that cannot be."""
    path = folder / KEY_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _make(path)
    except OSError as error:
        raise StorageError(f"the signing key cannot be made: {error.strerror or error}", where=str(path)) from error
    return read_key(path)


def own_key_fingerprint(folder: Path) -> str | None:
    """The fingerprint of the user's own key; None when none was made yet."""
    path = folder / KEY_FILE
    return fingerprint(read_key(path).public) if path.exists() else None


def read_key(path: Path) -> SigningKey:
    """The private key in a PEM file without a passphrase. Raises ConfigError when it is none, or not on an elliptic curve."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ConfigError(f"holds no key to sign with ({error})", where=str(path), hint="a PEM file, without a passphrase") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ConfigError("holds a key of another kind", where=str(path), hint="openssl ecparam -name secp384r1 -genkey -noout")
    return SigningKey(key)


def _make(path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = ec.generate_private_key(ec.SECP384R1())
    data = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    try:
        # Of two first runs at once, one makes the key and both use it.
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()


def unreadable() -> tuple[type[Exception], ...]:
    """What cryptography raises on keys and certificates that are malformed; not all of it is a ValueError."""
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.utils import CryptographyDeprecationWarning

    of_certificates = (x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)
    # The warning is one where warnings are errors: of a serial number below zero, for example.
    return (ValueError, TypeError, UnsupportedAlgorithm, CryptographyDeprecationWarning, *of_certificates)


def read_public_key(data: bytes) -> PublicKey | None:
    """A public key in DER or PEM; None when it is none, or not on an elliptic curve."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_public_key

    try:
        key = load_pem_public_key(data) if data.startswith(b"-----") else load_der_public_key(data)
    except unreadable():
        return None
    return PublicKey(key) if isinstance(key, ec.EllipticCurvePublicKey) else None


def is_certificate(pem: bytes) -> bool:
    """Whether it is a certificate in PEM, with a key of any kind."""
    from cryptography import x509

    try:
        x509.load_pem_x509_certificate(pem)
    except unreadable():
        return False
    return True


def read_certificate_key(pem: bytes) -> PublicKey | None:
    """The public key of a certificate in PEM; None when it is none, or not on an elliptic curve."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

    try:
        key = x509.load_pem_x509_certificate(pem).public_key()
    except unreadable():
        return None
    return PublicKey(key) if isinstance(key, ec.EllipticCurvePublicKey) else None


def public_der(key: PublicKey) -> bytes:
    """The key as SubjectPublicKeyInfo."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.value.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def public_pem(key: PublicKey) -> bytes:
    """The same in PEM."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.value.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def fingerprint(key: PublicKey) -> str:
    """The SHA-256 of the key, as `openssl pkey -pubin -outform DER | sha256sum` prints it."""
    return f"sha256:{hashlib.sha256(public_der(key)).hexdigest()}"


def verifies(key: PublicKey, signature: bytes, data: bytes) -> bool:
    """Whether `signature`, DER or r and s one after the other, is the key's over the SHA-256 of `data`."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    half = (key.value.curve.key_size + 7) // 8
    if len(signature) == 2 * half:
        signature = encode_dss_signature(int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))
    try:
        key.value.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
