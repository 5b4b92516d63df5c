"""The openssl program as a second judge of time stamps: for answers that the library in use refuses to read, and for bare certificates."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path

_SECONDS = 20
_TIME = re.compile(r"^Time stamp: (\w{3} +\d{1,2} \d\d:\d\d:\d\d)(?:\.\d+)? (\d{4}) GMT", re.MULTILINE)
_NAME = re.compile(r"^TSA: (.{1,300})$", re.MULTILINE)


def is_here() -> bool:
    """Whether the program is installed."""
    return shutil.which("openssl") is not None


def describe(answer: bytes) -> tuple[datetime, str] | None:
    """When and by whom a time stamp was made, by its own words; None when it cannot be read."""
    done = _run_file(["ts", "-reply", "-text", "-in"], answer)
    text = done.decode("utf-8", "replace") if done else ""
    time, name = _TIME.search(text), _NAME.search(text)
    if time is None:
        return None
    at = datetime.strptime(f"{' '.join(time[1].split())} {time[2]}", "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    return at, name[1].strip() if name and "unspecified" not in name[1] else "an authority that it does not name"


def certificates(answer: bytes) -> bytes:
    """The certificates in a time stamp, PEM."""
    token = _run_file(["ts", "-reply", "-token_out", "-in"], answer)
    listed = _run(["pkcs7", "-inform", "DER", "-print_certs"], token) if token else None
    blocks = re.findall(rb"-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]{1,20000}-----END CERTIFICATE-----\n", listed or b"")
    return b"".join(blocks)


def verifies(response: Path, data: bytes, authorities: tuple[Path, ...], at: datetime) -> bool:
    """Whether a time stamp holds for `data` under these roots, at its own time."""
    return _verify(response, data, b"".join(path.read_bytes() for path in authorities), at)


def verifies_by(response: Path, data: bytes, chain: bytes, at: datetime) -> bool:
    """The same, taking the certificates that came with it for granted."""
    return bool(chain) and _verify(response, data, chain, at, "-partial_chain")


def _verify(response: Path, data: bytes, roots: bytes, at: datetime, *more: str) -> bool:
    with tempfile.TemporaryDirectory(prefix="citekeeper-") as folder:
        root_file, data_file = Path(folder, "roots.pem"), Path(folder, "data")
        root_file.write_bytes(roots)
        data_file.write_bytes(data)
        options = ["-in", str(response), "-data", str(data_file), "-CAfile", str(root_file), "-attime", str(int(at.timestamp()))]
        done = _run(["ts", "-verify", *options, *more], b"")
    return done is not None


def _run_file(arguments: list[str], data: bytes) -> bytes | None:
    with tempfile.TemporaryDirectory(prefix="citekeeper-") as folder:
        path = Path(folder, "in")
        path.write_bytes(data)
        return _run([*arguments, str(path)], b"")


def _run(arguments: list[str], data: bytes) -> bytes | None:
    """What the program prints; None when it fails or is not there."""
    program = shutil.which("openssl")
    if program is None:
        return None
    try:
        # The arguments are ours; what comes from outside is in files and on standard input.
        done = subprocess.run([program, *arguments], input=data, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except (subprocess.TimeoutExpired, OSError):
        return None
    return done.stdout if done.returncode == 0 else None
