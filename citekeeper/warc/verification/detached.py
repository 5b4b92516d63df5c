"""The files beside a file that vouch for it: its sums, their signature, the time stamps. Each is judged by itself."""

from __future__ import annotations

from pathlib import Path

from citekeeper.warc.custody import (
    KEY_SUFFIX,
    SET_SUFFIX,
    SIGNATURE_SUFFIX,
    fingerprint,
    public_pem,
    read_public_key,
    read_stamps,
    verifies,
    verify_stamp,
)
from citekeeper.warc.sums import MAX_BYTES, read_sums, sha256_of_file, sums_path
from citekeeper.warc.verification.problems import Aspect, Problems
from citekeeper.warc.verification.signed_data import judge_trust
from citekeeper.warc.verification.trust import Trust, judge_stamp

_MOST_SMALL = 1 << 20


def judge_detached(path: Path, trust: Trust, problems: Problems, *, is_expected: bool = False) -> str | None:
    """Judge the files beside `path`; its SHA-256 in hex when it had to be computed.

    `is_expected`: that there are no sums is worth a warning, because citekeeper writes them.
    """
    sums = sums_path(path)
    if not sums.exists():
        if is_expected:
            problems.add("file-hash-missing", path.name, f"there is no {sums.name}")
        return None
    found = _judge_sums(path, sums, problems, must_hold=path.name)
    _judge_set(path, problems)
    _judge_signature(sums, trust, problems)
    _judge_stamps(sums, trust, problems)
    return found


def _judge_sums(path: Path, sums: Path, problems: Problems, *, must_hold: str) -> str | None:
    problems.present(Aspect.DIGESTS)
    stated = read_sums(_read(sums))
    if stated is None or must_hold not in stated:
        problems.add("file-hash", sums.name, f"it does not state the SHA-256 of {must_hold}")
        return None
    own = None
    for name, digest in stated.items():
        other = path.with_name(name)
        if not other.is_file():
            problems.add("file-lost", sums.name, f"{name} is gone")
            continue
        actual = sha256_of_file(other)
        own = actual if name == must_hold else own
        if actual != digest:
            problems.add("file-hash", name, f"its SHA-256 is {actual}, not {digest}")
    return own


def _judge_set(path: Path, problems: Problems) -> None:
    """The sums of the signature, key and stamps themselves: some of their bits are under no signature."""
    whole = path.with_name(path.name + SET_SUFFIX)
    if whole.exists():
        _judge_sums(path, whole, problems, must_hold=sums_path(path).name)


def _judge_signature(sums: Path, trust: Trust, problems: Problems) -> None:
    signature, key_file = sums.with_name(sums.name + SIGNATURE_SUFFIX), sums.with_name(sums.name + KEY_SUFFIX)
    if not signature.exists():
        if key_file.exists():
            problems.add("signature-form", signature.name, "there is a key, but no signature")
        return
    problems.present(Aspect.SIGNATURE)
    raw = _read(key_file)
    key = read_public_key(raw)
    if key is None or public_pem(key) != raw:
        problems.add("signature-form", key_file.name, "it is no public key")
    elif not verifies(key, _read(signature), _read(sums)):
        problems.add("signature-wrong", signature.name, f"it does not sign {sums.name} with this key")
    else:
        problems.present(Aspect.SIGNATURE, f"signed with {fingerprint(key)}")
        judge_trust(fingerprint(key), signature.name, trust, problems)


def _judge_stamps(sums: Path, trust: Trust, problems: Problems) -> None:
    signature = sums.with_name(sums.name + SIGNATURE_SUFFIX)
    stamped = signature if signature.exists() else sums
    for stamp in read_stamps(sums):
        judge_stamp(verify_stamp(stamp, _read(stamped), trust.authorities), stamp.response.name, trust, problems)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as handle:
            return handle.read(max(_MOST_SMALL, MAX_BYTES))
    except OSError:
        return b""  # What cannot be read is judged like what is not there: it vouches for nothing.
