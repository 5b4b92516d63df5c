"""Time stamps (RFC 3161): asked for, kept with their request and certificates, and verified offline."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from citekeeper.warc.custody import openssl
from citekeeper.warc.custody.keys import unreadable

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampRequest, TimeStampResponse

REQUEST_TYPE, RESPONSE_TYPE = "application/timestamp-query", "application/timestamp-reply"
REQUEST_SUFFIX, RESPONSE_SUFFIX, CHAIN_SUFFIX = ".tsq", ".tsr", ".tsr.pem"
MOST_STAMPS = 9
MAX_BYTES = 1 << 20
_NAMELESS = "an authority that it does not name"


@dataclass(frozen=True, slots=True)
class Stamp:
    """The files of one time stamp."""

    request: Path
    response: Path
    chain: Path
    """The certificates that came with it, PEM."""


@dataclass(frozen=True, slots=True)
class JudgedStamp:
    """What a time stamp is worth."""

    problem: str = ""
    """Why it does not hold; empty when it does."""
    is_readable: bool = True
    at: datetime | None = None
    authority: str = _NAMELESS
    is_trusted: bool = False
    """It was made by one of the authorities given."""
    is_checked: bool = True
    """False when nothing on this machine can check it."""


@dataclass(frozen=True, slots=True)
class Question:
    """A request for a time stamp."""

    value: TimeStampRequest
    data: bytes

    def body(self) -> bytes:
        """What is sent to the authority."""
        return self.value.as_bytes()


def ask_for(data: bytes) -> Question:
    """A request to stamp `data`, of which the authority sees only the SHA-256."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    return Question(TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build(), data)


def is_answer(question: Question, answer: bytes) -> str:
    """Why `answer` is no time stamp for the question; empty when it is one."""
    found = _decode(answer)
    if found is None:
        # rfc3161-client insists on sorted certificates, which some authorities do not send.
        return "" if openssl.describe(answer) else "it is no time stamp"
    if found.status != 0:
        return f"the authority refused (status {found.status})"
    if found.tst_info.nonce != question.value.nonce:
        return "it answers another question"
    return "" if _is_of(found, question.data) else "it stamps something else"


def stamps_of(path: Path, number: int) -> Stamp:
    """The files of the `number`th stamp of `path`."""
    names = (f"{path.name}.{number}{suffix}" for suffix in (REQUEST_SUFFIX, RESPONSE_SUFFIX, CHAIN_SUFFIX))
    return Stamp(*(path.with_name(name) for name in names))


def read_stamps(path: Path) -> list[Stamp]:
    """Every stamp beside `path`."""
    stamps = (stamps_of(path, number) for number in range(1, MOST_STAMPS + 1))
    return [each for each in stamps if each.response.exists()]


def chain_of(answer: bytes) -> bytes:
    """The certificates in a time stamp, PEM."""
    from cryptography.hazmat.primitives.serialization import Encoding

    found = _decode(answer)
    if found is None:
        return openssl.certificates(answer)
    return b"".join(each.public_bytes(Encoding.PEM) for each in _certificates(found))


def verify_stamp(stamp: Stamp, data: bytes, authorities: tuple[Path, ...]) -> JudgedStamp:
    """Whether the stamp holds for `data`, and whether one of the `authorities` (PEM files of roots) made it."""
    answer = stamp.response.read_bytes()[:MAX_BYTES]
    found = _decode(answer)
    if found is None:
        return _by_openssl(stamp, answer, data, authorities)
    if found.status not in (0, 1) or not _is_of(found, data):
        return JudgedStamp("it stamps something else, or was refused")
    at, name = found.tst_info.gen_time, _authority(found)
    roots = [each for path in authorities for each in _read_certificates(path.read_bytes())]
    if roots and _verifies(found, data, roots):
        return JudgedStamp(at=at, authority=name, is_trusted=True)
    if roots and openssl.verifies(stamp.response, data, authorities, at):
        return JudgedStamp(at=at, authority=name, is_trusted=True)
    own_roots = [each for each in _certificates(found) if each.issuer == each.subject]
    if own_roots and _verifies(found, data, own_roots):
        return JudgedStamp(at=at, authority=name)
    return _alone(stamp, data, at, name, chain_of(answer))


def verify_token(answer: bytes, data: bytes, chain: bytes, authorities: tuple[Path, ...]) -> JudgedStamp:
    """The same for a stamp that lies in a package, with its certificates (PEM, the authority's own first) beside it."""
    found = _decode(answer)
    if found is None:
        return JudgedStamp("it is no time stamp", is_readable=False)
    if not _is_of(found, data):
        return JudgedStamp("it stamps something else")
    at, given = found.tst_info.gen_time, [*_certificates(found), *_read_certificates(chain)]
    name = next((each.subject.rfc4514_string() for each in given if each.issuer != each.subject), _NAMELESS)
    roots = [each for path in authorities for each in _read_certificates(path.read_bytes())]
    if roots and _verifies(found, data, roots, given):
        return JudgedStamp(at=at, authority=name, is_trusted=True)
    own_roots = [each for each in given if each.issuer == each.subject]
    if not own_roots:
        return JudgedStamp(at=at, authority=name, is_checked=False)
    holds = _verifies(found, data, own_roots, given)
    return JudgedStamp("" if holds else "its signature does not verify", at=at, authority=name)


def _by_openssl(stamp: Stamp, answer: bytes, data: bytes, authorities: tuple[Path, ...]) -> JudgedStamp:
    if not openssl.is_here():
        return JudgedStamp(is_checked=False)
    described = openssl.describe(answer)
    if described is None:
        return JudgedStamp("it is no time stamp", is_readable=False)
    at, name = described
    if authorities and openssl.verifies(stamp.response, data, authorities, at):
        return JudgedStamp(at=at, authority=name, is_trusted=True)
    return _alone(stamp, data, at, name, openssl.certificates(answer))


def _alone(stamp: Stamp, data: bytes, at: datetime, name: str, chain: bytes) -> JudgedStamp:
    """Whether the stamp holds by the certificates that came with it, whoever vouches for them."""
    if not openssl.is_here():
        return JudgedStamp(at=at, authority=name, is_checked=False)
    if openssl.verifies_by(stamp.response, data, chain, at):
        return JudgedStamp(at=at, authority=name)
    return JudgedStamp("its signature does not verify", at=at, authority=name)


def _decode(answer: bytes) -> TimeStampResponse | None:
    from rfc3161_client import decode_timestamp_response

    try:
        found = decode_timestamp_response(answer)
        # Its parts are parsed when they are first looked at.
        return found if found.status in (0, 1) and found.tst_info.gen_time else None
    except unreadable():
        return None


def _is_of(found: TimeStampResponse, data: bytes) -> bool:
    digests = (hashlib.sha256(data).digest(), hashlib.sha384(data).digest(), hashlib.sha512(data).digest())
    return found.tst_info.message_imprint.message in digests


def _verifies(found: TimeStampResponse, data: bytes, roots: list[Certificate], given: Sequence[Certificate] = ()) -> bool:
    from rfc3161_client import VerificationError, VerifierBuilder

    others = [each for each in given if each not in roots]
    leaf = others[0] if others and not _certificates(found) else None
    builder = VerifierBuilder(roots=roots, intermediates=others, tsa_certificate=leaf)
    refused: tuple[type[Exception], ...] = (VerificationError, *unreadable())
    try:
        return builder.build().verify_message(found, data)
    except refused:
        return False


def _certificates(found: TimeStampResponse) -> list[Certificate]:
    from cryptography import x509

    try:
        certificates = [x509.load_der_x509_certificate(each) for each in found.signed_data.certificates]
        # Names are read when they are first looked at; whatever is wrong with them shows here.
        return [each for each in certificates if each.issuer and each.subject]
    except unreadable():
        return []


def _read_certificates(data: bytes) -> list[Certificate]:
    from cryptography import x509

    try:
        return [each for each in x509.load_pem_x509_certificates(data) if each.issuer and each.subject]
    except unreadable():
        return []


def _authority(found: TimeStampResponse) -> str:
    leaf = next((each for each in _certificates(found) if each.issuer != each.subject), None)
    return leaf.subject.rfc4514_string() if leaf else _NAMELESS
