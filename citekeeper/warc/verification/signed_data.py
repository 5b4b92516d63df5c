"""The signature inside a WACZ (signedData of specs.webrecorder.net/wacz-auth/0.1.0): does it hold, and is the key one that is trusted?"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime, timedelta
from typing import Any

from citekeeper.warc.custody import PublicKey, fingerprint, is_certificate, read_certificate_key, read_public_key, verifies, verify_token
from citekeeper.warc.verification.problems import Aspect, Problems
from citekeeper.warc.verification.trust import Trust, judge_stamp

_ANONYMOUS = {"hash", "created", "software", "version", "signature", "publicKey"}
_BEFORE, _AFTER = timedelta(minutes=-1), timedelta(minutes=10)
"""How far the stamp may lie from the time of signing (WACZ Auth 0.1.0), with a clock that is a little off."""
_DOMAIN = _ANONYMOUS - {"publicKey"} | {"domain", "domainCert", "timeSignature", "timestampCert", "crossSignedCert"}


def judge_signed_data(found: object, digest: str, where: str, trust: Trust, problems: Problems) -> None:
    """Judge the signature `found` over the hash `digest` of the package's description."""
    problems.present(Aspect.SIGNATURE)
    if not isinstance(found, dict):
        problems.add("signature-form", where, "signedData is no JSON object")
        return
    given = {name for name, value in found.items() if value is not None}
    if not (given <= _ANONYMOUS or given <= _DOMAIN):
        problems.add("signature-form", where, f"signedData has unknown parts: {', '.join(sorted(given - _ANONYMOUS - _DOMAIN))[:200]}")
    key = _key(found)
    signature = _base64(found.get("signature"))
    certificate = str(found.get("domainCert") or "").encode("ascii", "replace")
    if key is None and signature and is_certificate(certificate):
        problems.add("signature-unread", where, "it was made with a key of another kind than ECDSA")
        return
    if key is None or signature is None:
        problems.add("signature-form", where, "its key or its signature cannot be read")
        return
    if found.get("hash") != digest:
        problems.add("signature-wrong", where, "it signs another datapackage.json")
    elif not verifies(key, signature, digest.encode()):
        problems.add("signature-wrong", where, "the signature does not verify")
    else:
        _judge_key(key, found, where, trust, problems)


def _judge_key(key: PublicKey, found: dict[str, Any], where: str, trust: Trust, problems: Problems) -> None:
    name = str(found.get("domain") or "") or "an anonymous key"
    problems.present(Aspect.SIGNATURE, f"by {name[:100]}, {fingerprint(key)}")
    judge_trust(fingerprint(key), where, trust, problems)
    token = _base64(found.get("timeSignature"))
    if token:
        _judge_token(token, found, where, trust, problems)


def _judge_token(token: bytes, found: dict[str, Any], where: str, trust: Trust, problems: Problems) -> None:
    """What is stamped is the text of the signature."""
    chain = str(found.get("timestampCert") or "").encode("ascii", "replace")
    judged = verify_token(token, str(found.get("signature")).encode(), chain, trust.authorities)
    judge_stamp(judged, where, trust, problems)
    created = _moment(str(found.get("created") or ""))
    if judged.at and not judged.problem and (created is None or not _BEFORE <= judged.at - created <= _AFTER):
        problems.add(
            "timestamp-wrong", where, f"stamped at {judged.at:%Y-%m-%d %H:%M:%S} UTC, but said to be signed at {found.get('created')}"
        )


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def judge_trust(key: str, where: str, trust: Trust, problems: Problems) -> None:
    """Say whether the key with this fingerprint is one that is trusted."""
    whose = "your own key" if key == trust.own else "the key"
    problems.present(Aspect.TRUST, f"{whose} {key}")
    if key in trust.keys or (key == trust.own and not trust.keys):
        return
    problems.add("key-other" if trust.keys else "key-unknown", where, f"{whose} {key}")


def _key(found: dict[str, Any]) -> PublicKey | None:
    certificate = found.get("domainCert")
    if isinstance(certificate, str):
        return read_certificate_key(certificate.encode())
    raw = _base64(found.get("publicKey"))
    return read_public_key(raw) if raw else None


def _base64(text: object) -> bytes | None:
    try:
        return base64.b64decode(str(text or ""), validate=True) or None
    except (binascii.Error, ValueError):
        return None
