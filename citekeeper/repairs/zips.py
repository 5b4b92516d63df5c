"""Members of a zip file put in the place of others, with every other byte of the file as it was. APPNOTE.TXT 6.3.10.

Why not zipfile: it can only write a new file, whose members have other dates, flags, extra fields and compressed bytes.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

_HEADER = 30
_ENTRY = 46
_END = b"PK\x05\x06"
_DESCRIBED_BEHIND = 0x8
_FOR_64_BITS = 0xFFFFFFFF


class NotReplaced(Exception):
    """Why a member cannot be put into a zip file; a few words for people. Never leaves this room."""


@dataclass(frozen=True, slots=True)
class _Splice:
    """A stretch of the file that becomes other bytes."""

    start: int
    end: int
    new: bytes


def member(data: bytes, name: str) -> bytes:
    """The content of a member of `data`, of which the document was read; NotReplaced when there is none, or two."""
    try:
        with ZipFile(io.BytesIO(data)) as file:
            return file.read(_only(file, name))
    except (BadZipFile, OSError, ValueError, RuntimeError, struct.error, zlib.error) as error:
        raise NotReplaced("the file is damaged") from error


def names(data: bytes) -> tuple[str, ...]:
    """The names of the members, in order."""
    with ZipFile(io.BytesIO(data)) as file:
        return tuple(file.namelist())


def replaced(data: bytes, contents: Mapping[str, bytes]) -> bytes:
    """`data` with these contents of members; NotReplaced for a zip file of a kind that office programs do not write."""
    with ZipFile(io.BytesIO(data)) as file:
        directory, count = file.start_dir, len(file.infolist())
        chosen = {name: _only(file, name) for name in contents}
    at = _only_end(data, directory)
    splices: list[_Splice] = []
    entries = bytearray(data[directory:at])
    for name, info in chosen.items():
        packed = _packed(contents[name], info)
        body = _body_of(data, info)
        size = struct.pack("<III", zlib.crc32(contents[name]), len(packed), len(contents[name]))
        flags = struct.pack("<H", info.flag_bits & ~_DESCRIBED_BEHIND)
        begin = info.header_offset
        splices += [_Splice(begin + 6, begin + 8, flags), _Splice(begin + 14, begin + 26, size), _Splice(body[0], body[1], packed)]
        _write_entry(entries, info, flags, size)
    splices.sort(key=lambda each: each.start)
    _move_entries(entries, count, splices)
    end = bytearray(data[at:])
    struct.pack_into("<I", end, 16, directory + _growth(splices, directory))
    return _spliced(data[:directory], splices) + bytes(entries) + bytes(end)


def _only(file: ZipFile, name: str) -> ZipInfo:
    found = [info for info in file.infolist() if info.filename == name]
    if len(found) != 1:
        raise NotReplaced(f"the file has {'no' if not found else 'two'} parts called {name}")
    return found[0]


def _only_end(data: bytes, directory: int) -> int:
    """Where the end record stands, which must be that of a plain zip file whose directory is where it says."""
    at = data.rfind(_END)
    if at < directory or len(data) < at + 22 or struct.unpack_from("<I", data, at + 16)[0] != directory:
        raise NotReplaced("it is a zip file of an uncommon kind")
    return at


def _packed(content: bytes, info: ZipInfo) -> bytes:
    if info.compress_type == ZIP_STORED:
        return content
    if info.compress_type != ZIP_DEFLATED:
        raise NotReplaced("its parts are compressed in an uncommon way")
    packer = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def _body_of(data: bytes, info: ZipInfo) -> tuple[int, int]:
    """Where the packed content of a member begins, and ends with the sizes that may be written behind it."""
    name, extra = struct.unpack_from("<HH", data, info.header_offset + 26)
    start = info.header_offset + _HEADER + name + extra
    end = start + info.compress_size
    if _FOR_64_BITS in struct.unpack_from("<II", data, info.header_offset + 18):
        raise NotReplaced("it is a zip file of an uncommon kind")
    if info.flag_bits & _DESCRIBED_BEHIND:
        end += 16 if data.startswith(b"PK\x07\x08", end) else 12
    return start, end


def _write_entry(entries: bytearray, info: ZipInfo, flags: bytes, size: bytes) -> None:
    at = _entry_of(entries, info.header_offset)
    entries[at + 8 : at + 10] = flags
    entries[at + 16 : at + 28] = size


def _entry_of(entries: bytearray, header: int) -> int:
    at = 0
    while at + _ENTRY <= len(entries):
        if struct.unpack_from("<I", entries, at + 42)[0] == header:
            return at
        at += _length(entries, at)
    raise NotReplaced("it is a zip file of an uncommon kind")


def _move_entries(entries: bytearray, count: int, splices: list[_Splice]) -> None:
    at = 0
    for _ in range(count):
        header = struct.unpack_from("<I", entries, at + 42)[0]
        struct.pack_into("<I", entries, at + 42, header + _growth(splices, header))
        at += _length(entries, at)


def _length(entries: bytearray, at: int) -> int:
    lengths: tuple[int, ...] = struct.unpack_from("<HHH", entries, at + 28)
    return _ENTRY + sum(lengths)


def _growth(splices: list[_Splice], at: int) -> int:
    """By how much what stands at `at` moves."""
    return sum(len(each.new) - (each.end - each.start) for each in splices if each.end <= at)


def _spliced(data: bytes, splices: list[_Splice]) -> bytes:
    parts, at = [], 0
    for each in splices:
        parts += [data[at : each.start], each.new]
        at = each.end
    return b"".join([*parts, data[at:]])
