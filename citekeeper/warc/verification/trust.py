"""Whom the user trusts: keys that may have signed, and authorities that may have stamped the time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from citekeeper.errors import ConfigError
from citekeeper.warc.custody import JudgedStamp, fingerprint, own_key_fingerprint, read_certificate_key, read_public_key
from citekeeper.warc.verification.problems import Aspect, Problems

_HINT = "--key takes a fingerprint or a PEM file"


@dataclass(frozen=True, slots=True)
class Trust:
    """What verifying may rely on."""

    keys: tuple[str, ...] = ()
    """Fingerprints: `sha256:…`."""
    own: str | None = None
    """The fingerprint of the user's own key."""
    authorities: tuple[Path, ...] = ()
    """Files with the root certificates of time-stamping authorities, PEM."""


def judge_stamp(judged: JudgedStamp, where: str, trust: Trust, problems: Problems) -> None:
    """Tell what a time stamp is worth, and whether its authority is one that is trusted."""
    problems.present(Aspect.TIMESTAMP)
    if judged.problem:
        problems.add("timestamp-wrong" if judged.is_readable else "timestamp-form", where, judged.problem)
        return
    if not judged.is_checked:
        problems.add("timestamp-unread", where, "what would check its signature is not here")
        return
    problems.present(Aspect.TIMESTAMP, f"{judged.at:%Y-%m-%d %H:%M:%S} UTC by {judged.authority}" if judged.at else "")
    problems.present(Aspect.TRUST)
    if not trust.authorities:
        problems.add("authority-unknown", where, judged.authority)
    elif not judged.is_trusted:
        problems.add("authority-other", where, judged.authority)


def read_trust(keys: tuple[str, ...], authorities: tuple[str, ...], folder: Path) -> Trust:
    """Trust in `keys` (fingerprints, or PEM files of public keys or certificates) and in the user's own key in `folder`.

    Raises ConfigError when one of them cannot be read.
    """
    own = own_key_fingerprint(folder)
    read = tuple(_read_key(each) for each in keys)
    for each in authorities:
        if not Path(each).is_file():
            raise ConfigError("is not there", where=each, hint="--ca takes a PEM file of certificates")
    return Trust(read, own, tuple(Path(each) for each in authorities))


def _read_key(text: str) -> str:
    if text.startswith("sha256:"):
        return text.lower()
    try:
        data = Path(text).read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror or error}", where=text, hint=_HINT) from error
    key = read_public_key(data) or read_certificate_key(data)
    if key is None:
        raise ConfigError("holds no public key on an elliptic curve", where=text, hint=_HINT)
    return fingerprint(key)
