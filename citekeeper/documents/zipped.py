"""Zip files read with care: capped members and sizes, nothing ever written to a disk, names only ever looked up inside.

A zip bomb is a small file that unpacks to a huge one (https://www.bamsoftware.com/hacks/zipbomb/): what a member says of its
size is never believed, what comes out of it is counted.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from functools import cached_property
from urllib.parse import unquote

from citekeeper.documents.unfit import Unfit, damaged, locked

MOST_MEMBERS = 20_000
MOST_UNPACKED = 256 * 1024 * 1024
LARGEST_MEMBER = 64 * 1024 * 1024

_END = b"PK\x05\x06"
# The end record and the longest comment behind it (APPNOTE.TXT 4.3.16).
_END_WITHIN = 22 + 65_535
_ENCRYPTED = 0x1


class Zipped:
    """An open zip file; `kind` with its article ("a Word document") is what problems are told of."""

    def __init__(self, data: bytes, kind: str = "a zip file") -> None:
        """Open `data`; raises Unfit for what is damaged or holds more than anyone packs by hand."""
        self.kind = kind
        _check_directory(data, kind)
        try:
            self._file = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, EOFError, struct.error, NotImplementedError) as error:
            raise damaged(kind) from error
        self._left = MOST_UNPACKED

    @cached_property
    def members(self) -> dict[str, zipfile.ZipInfo]:
        """By name; of two members with one name the last counts, as it does when a zip is unpacked."""
        return {info.filename: info for info in self._file.infolist()[:MOST_MEMBERS]}

    def read(self, name: str) -> bytes | None:
        """The content of a member; None when there is none of that name. Raises Unfit when it is damaged, locked or huge."""
        info = self.members.get(name)
        if info is None:
            return None
        if info.flag_bits & _ENCRYPTED:
            raise locked(self.kind)
        most = min(LARGEST_MEMBER, self._left)
        try:
            with self._file.open(info) as member:
                content = member.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, RuntimeError, struct.error, MemoryError) as error:
            # RuntimeError and NotImplementedError: an encryption or compression that zipfile does not know.
            raise damaged(self.kind) from error
        if len(content) > most:
            raise Unfit(f"is {self.kind} that unpacks to more than {most // 1024 // 1024} MB", "name a smaller file")
        self._left -= len(content)
        return content

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def inside(base: str, target: str) -> str:
    """The name of the member that `target`, written in the member `base`, means; never outside of the container."""
    path = unquote(target.partition("#")[0])
    joined = posixpath.join("/" + posixpath.dirname(base), path)
    return posixpath.normpath(joined).lstrip("/")


def names_in(data: bytes) -> frozenset[str]:
    """The names of the members, for telling what kind of zip file this is; none when it cannot be opened."""
    try:
        zipped = Zipped(data)
    except Unfit:
        return frozenset()
    try:
        return frozenset(zipped.members)
    finally:
        zipped.close()


def _check_directory(data: bytes, kind: str) -> None:
    """Refuse a huge directory before it is parsed: each of its entries costs far more than the bytes it is written in."""
    at = data.rfind(_END, max(0, len(data) - _END_WITHIN))
    if at < 0 or len(data) < at + 22:
        raise damaged(kind)
    entries, size = struct.unpack_from("<HI", data, at + 10)
    if entries > MOST_MEMBERS or size > MOST_MEMBERS * 300:
        raise Unfit(f"is {kind} of more than the {MOST_MEMBERS:,} parts that are read", "name a smaller file")
