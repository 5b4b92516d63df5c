"""Names in patches, and patches of files that are no text, in git's own way.

Such a patch says nothing to people; what it does is listed beside it. Source: https://git-scm.com/docs/diff-format, and
`parse_binary_hunk` in git's apply.c.
"""

from __future__ import annotations

import hashlib
import zlib
from base64 import b85encode
from collections.abc import Iterator

_LINE = 52


def of_bytes(name: str, before: bytes, after: bytes) -> bytes:
    """A patch from `before` to `after` that `git apply` takes in both directions; empty when they are equal."""
    if before == after:
        return b""
    names = [quoted(prefix + name) for prefix in ("a/", "b/")]
    head = b"diff --git %b %b\nindex %b..%b 100644\nGIT binary patch\n" % (*names, _blob(before), _blob(after))
    return head + b"".join(_literal(after)) + b"\n" + b"".join(_literal(before)) + b"\n"


def _blob(data: bytes) -> bytes:
    """The name that git gives to a file's content; no safeguard against forgery is asked of it here."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest().encode()


def _literal(data: bytes) -> Iterator[bytes]:
    yield b"literal %d\n" % len(data)
    packed = zlib.compress(data)
    for at in range(0, len(packed), _LINE):
        piece = packed[at : at + _LINE]
        length = len(piece) + (64 if len(piece) <= 26 else 70)
        yield bytes([length]) + b85encode(piece, pad=True)[: (len(piece) + 3) // 4 * 5] + b"\n"


def quoted(name: str) -> bytes:
    """In quotes where git would quote it, so that a name cannot begin a line of its own."""
    data = name.encode("utf-8", "surrogateescape")
    if all(0x20 <= byte < 0x7F and byte not in b'"\\' for byte in data):
        return data
    return b'"' + b"".join(_escaped(byte) for byte in data) + b'"'


def _escaped(byte: int) -> bytes:
    if byte in b'"\\':
        return b"\\%c" % byte
    return b"%c" % byte if 0x20 <= byte < 0x7F else b"\\%03o" % byte
