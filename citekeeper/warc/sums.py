"""SHA-256 of whole files, in files beside them that `sha256sum -c` reads: what shows that not one bit of a file changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

SUFFIX = ".sha256"
MAX_BYTES = 1 << 20
_PIECE = 1 << 20
_LINE = re.compile(r"([0-9a-f]{64})  ([^/\\\r\n\0]{1,255})\n")


def sums_path(path: Path) -> Path:
    """Where the sums of `path` are."""
    return path.with_name(path.name + SUFFIX)


def sums_text(sums: Mapping[str, str]) -> bytes:
    """SHA-256 in hex by file name, as sha256sum writes it."""
    return "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode()


def read_sums(data: bytes) -> dict[str, str] | None:
    """SHA-256 by file name; None when it is anything else than whole lines of sha256sum."""
    text = data[:MAX_BYTES].decode("utf-8", "replace")
    found = {match[2]: match[1] for match in _LINE.finditer(text)}
    return found if found and sums_text(found) == data else None


def sha256_of_file(path: Path) -> str:
    """In hex, read piece by piece."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while piece := handle.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
