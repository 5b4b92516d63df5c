"""Labelled digests as records and indexes write them (`sha1:…`, `sha256:…`), in every form seen in the wild."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from citekeeper.warc.verification.problems import Say

_ALGORITHMS = {"md5": 16, "sha1": 20, "sha224": 28, "sha256": 32, "sha384": 48, "sha512": 64, "sha3-256": 32, "sha3-512": 64}
_HEX = re.compile(r"[0-9A-Fa-f]+")


@dataclass(frozen=True, slots=True)
class Label:
    """A digest: of which kind, and its bytes."""

    algorithm: str
    value: bytes

    def matches(self, digest: Hasher) -> bool:
        """Whether it is the digest of what was hashed."""
        return digest.digest() == self.value


class Hasher:
    """Hashes in the way of a label."""

    def __init__(self, algorithm: str) -> None:
        name = algorithm.replace("-", "_") if algorithm.startswith("sha3") else algorithm
        self._hash = hashlib.new(name, usedforsecurity=False)
        self.update = self._hash.update
        self.digest = self._hash.digest


def read_label(text: str, what: str, say: Say) -> Label | None:
    """Read a labelled digest; what is unusual or wrong about it is told."""
    name, colon, value = text.partition(":")
    algorithm = re.sub(r"^sha-(\d{1,3})$", r"sha\1", name.lower())
    if not colon:
        say("digest-unreadable", f"{what} has no label")
        return None
    if algorithm not in _ALGORITHMS:
        say("digest-unknown", f"{what} is of the kind {name[:20]!r}")
        return None
    core = value.rstrip("=")
    raw = _decode(core, _ALGORITHMS[algorithm])
    if raw is None:
        say("digest-unreadable", f"{what} is not a {algorithm} digest")
        return None
    if unusual := _unusual(name, algorithm, core, value):
        say("digest-form", f"{what}: {unusual}")
    return Label(algorithm, raw)


def _decode(text: str, length: int) -> bytes | None:
    try:
        if len(text) == 2 * length and _HEX.fullmatch(text):
            return bytes.fromhex(text)
        if len(text) == -(-length * 8 // 5):
            return base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError):
        return None
    return None


def _unusual(label: str, algorithm: str, core: str, value: str) -> str:
    is_hex = len(core) == 2 * _ALGORITHMS[algorithm]
    if label != algorithm:
        return f"the label {label} instead of {algorithm}"
    if value != core:
        return "padded"
    if is_hex == (algorithm == "sha1"):
        return "sha1 in hex instead of base32" if is_hex else f"{algorithm} in base32 instead of hex"
    return "" if core == (core.lower() if is_hex else core.upper()) else "letters of the other case"
