"""A ZIP package opened with suspicion: safe names, no links, headers that agree with each other, entries read in bounds.

Python's zipfile finds the entries; what it does not compare is compared here, so that a changed bit of any header is seen.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import RawIOBase
from pathlib import Path
from typing import BinaryIO

from citekeeper.warc.verification.problems import Problems

ZIP_ERRORS = (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, ValueError, OverflowError, EOFError, zlib.error, struct.error)
"""What zipfile raises on what it cannot read: encrypted, of an unknown method, cut, or not meant to be read at all."""

_MOST_DIRECTORY = 256 << 20
_MOST_ENTRIES = 200_000
_LARGE, _MOST_FOLD = 256 << 20, 400
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_LATER_SIZES = 0x08
_ENCRYPTED = 0x01
_UTF8 = 0x800
_OWN_ATTRIBUTES = (stat.S_IFREG | 0o644) << 16
_PIECE = 1 << 20


def open_zip(handle: BinaryIO, name: str, problems: Problems) -> zipfile.ZipFile | None:
    """The package; None, with the problem told, when it cannot be opened or is not safe to go on with."""
    size = handle.seek(0, 2)
    tail = _tail(handle, size)
    if tail is None or tail[5] > _MOST_DIRECTORY:
        problems.add("zip-damaged", name, "no end of a ZIP directory" if tail is None else "an absurd directory")
        return None
    try:
        package = zipfile.ZipFile(handle)
    except (*ZIP_ERRORS, OSError) as error:
        problems.add("zip-damaged", name, f"not a sound ZIP file ({error})")
        return None
    if len(package.infolist()) > _MOST_ENTRIES:
        problems.add("too-large", name, f"more than {_MOST_ENTRIES} entries")
        return None
    return package


def judge_entries(package: zipfile.ZipFile, name: str, problems: Problems) -> None:
    """Names and kinds of all entries."""
    seen: set[str] = set()
    for entry in package.infolist():
        where, path = f"{name}!{entry.filename[:200]}", entry.filename
        if path in seen:
            problems.add("zip-name", where, "there are two of this name")
        seen.add(path)
        if path.startswith("/") or ".." in path.split("/") or "\\" in path or "\0" in entry.orig_filename or path[1:2] == ":":
            problems.add("zip-name", where, "it leads out of the package")
        if entry.flag_bits & _ENCRYPTED:
            problems.add("zip-link", where, "it is encrypted")
        if entry.create_system == 3 and stat.S_ISLNK(entry.external_attr >> 16):
            problems.add("zip-link", where, "it is a symbolic link")
        if is_bomb(entry):
            problems.add("too-large", where, f"it expands {entry.file_size // max(entry.compress_size, 1)}-fold")


def is_bomb(entry: zipfile.ZipInfo) -> bool:
    """Whether reading it would cost more than it can be worth."""
    return entry.file_size > _LARGE and entry.file_size > _MOST_FOLD * entry.compress_size


def judge_headers(handle: BinaryIO, package: zipfile.ZipFile, name: str, problems: Problems, *, is_own: bool) -> None:
    """Compare what the headers of each entry say; of a package of our own, every byte of them is known."""
    at = 0
    for entry in sorted(package.infolist(), key=lambda each: each.header_offset):
        where = f"{name}!{entry.filename[:200]}"
        local = _local(handle, entry)
        if local is None:
            problems.add("zip-damaged", where, "there is no entry where the directory says")
            continue
        if difference := _difference(entry, local[0], local[1]):
            problems.add("zip-header-changed", where, difference)
        elif is_own and (entry.header_offset != at or _is_odd(entry, local[1])):
            problems.add("zip-header-changed", where, "its headers are not as citekeeper writes them")
        at = local[2] + entry.compress_size
    if is_own and not _ends_well(handle, package, at):
        problems.add("zip-header-changed", name, "its directory is not as citekeeper writes it")


def _local(handle: BinaryIO, entry: zipfile.ZipInfo) -> tuple[tuple[int, ...], bytes, int] | None:
    """The numbers of an entry's own header, its name with extra field, and where its data begins."""
    handle.seek(entry.header_offset)
    raw = handle.read(_LOCAL.size)
    if len(raw) < _LOCAL.size or raw[:4] != b"PK\x03\x04":
        return None
    numbers = _LOCAL.unpack(raw)[1:]
    rest = handle.read(numbers[8] + numbers[9])
    return numbers, rest, entry.header_offset + _LOCAL.size + len(rest)


def _difference(entry: zipfile.ZipInfo, local: tuple[int, ...], rest: bytes) -> str:
    version, flags, method, time, day, crc, packed, size, name_length, _ = local
    year, month, date, hour, minute, second = entry.date_time
    told = (entry.extract_version | entry.reserved << 8, entry.flag_bits, entry.compress_type, hour << 11 | minute << 5 | second // 2)
    told_day = (year - 1980) << 9 | month << 5 | date
    # What an entry that was streamed does not know yet when its header is written follows its data.
    sizes_later = bool(flags & _LATER_SIZES)
    own_sizes = (crc, packed, size) if not sizes_later else (entry.CRC, entry.compress_size, entry.file_size)
    if size == 0xFFFFFFFF or packed == 0xFFFFFFFF:
        own_sizes = (crc, entry.compress_size, entry.file_size)
    if (version, flags, method, time) != told or day != told_day:
        return "its two headers differ in flags, method or date"
    if own_sizes != (entry.CRC, entry.compress_size, entry.file_size):
        return "its two headers differ in checksum or size"
    encoded = entry.orig_filename.encode("utf-8" if flags & _UTF8 else "cp437", "replace")
    return "" if rest[:name_length] == encoded else "its two headers differ in its name"


def _is_odd(entry: zipfile.ZipInfo, rest: bytes) -> bool:
    is_large = max(entry.file_size, entry.compress_size, entry.header_offset) >= 0xFFFFFFFF
    return not is_large and len(rest) != len(entry.orig_filename.encode())


def _central(entry: zipfile.ZipInfo) -> bytes:
    """The directory's header of an entry, as citekeeper writes it."""
    name = entry.orig_filename.encode("utf-8", "replace")
    year, month, day, hour, minute, second = entry.date_time
    time, date = hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day
    flags = 0 if name.isascii() else _UTF8
    numbers = (3 << 8 | 20, 20, flags, 0, time, date, entry.CRC, entry.file_size, entry.file_size, len(name), 0, 0, 0, 0, _OWN_ATTRIBUTES)
    return _CENTRAL.pack(b"PK\x01\x02", *numbers, entry.header_offset) + name


def _tail(handle: BinaryIO, size: int) -> tuple[int, ...] | None:
    """The numbers of the end of the directory, wherever a comment behind it lets it be."""
    handle.seek(max(0, size - (1 << 16) - _END.size))
    tail = handle.read()
    at = tail.rfind(b"PK\x05\x06")
    return _END.unpack(tail[at : at + _END.size]) if at >= 0 and len(tail) - at >= _END.size else None


def _ends_well(handle: BinaryIO, package: zipfile.ZipFile, at: int) -> bool:
    """Whether the directory is, byte for byte, what citekeeper writes behind the last entry."""
    size = handle.seek(0, 2)
    entries = package.infolist()
    if len(entries) >= 0xFFFF or size >= 0xFFFFFFFF:
        return True  # The larger format says the same in more fields; the sums beside the file hold those fast.
    directory = b"".join(_central(each) for each in entries)
    end = _END.pack(b"PK\x05\x06", 0, 0, len(entries), len(entries), len(directory), at, 0)
    handle.seek(at)
    return handle.read(size) == directory + end


def pieces(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of an entry, piece by piece; raises one of ZIP_ERRORS when it is damaged."""
    with package.open(entry) as content:
        while piece := content.read(_PIECE):
            yield piece


class Window(RawIOBase):
    """A stored entry as a file of its own: positions in it are positions in the capture file."""

    def __init__(self, path: Path, start: int, size: int) -> None:
        super().__init__()
        self._file = path.open("rb")
        self._start = start
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move; from the start, from here, or from the end of the entry."""
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # typeshed names a wider type
        """Read on."""
        want = min(len(buffer), max(0, self._size - self._at))
        self._file.seek(self._start + self._at)
        data = self._file.read(want)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        """Let go of the package."""
        self._file.close()
        super().close()


def window(path: Path, handle: BinaryIO, entry: zipfile.ZipInfo) -> Window | None:
    """The bytes of a stored entry; None when its header is not where it should be."""
    local = _local(handle, entry)
    return Window(path, local[2], entry.file_size) if local else None
