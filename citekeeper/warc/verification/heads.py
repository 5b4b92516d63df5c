"""The header of a record, read strictly: what every reader takes it for, and what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from citekeeper.warc.verification.problems import Say
from citekeeper.warc.verification.units import Unit

_LONGEST_LINE = 64 << 10
_MOST_BYTES = 4 << 20
_VERSION = re.compile(rb"WARC/(\d\.\d{1,3})(\r?\n)")
_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")


class Reader:
    """Lines and bytes of one piece of a file."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self._buffer = bytearray()
        self.position = 0
        """Bytes taken out so far."""

    def line(self) -> bytes:
        """Through the next line end; up to the bound when there is none before it, and to the end of the piece."""
        seen = 0
        while (end := self._buffer.find(b"\n", seen)) < 0 and len(self._buffer) <= _MOST_BYTES:
            seen = len(self._buffer)
            if not self._fill():
                return self._out(seen)
        return self._out(end + 1 if end >= 0 else _MOST_BYTES)

    def take(self, most: int) -> bytes:
        """Up to `most` bytes; none only at the end."""
        if not self._buffer:
            self._fill()
        return self._out(min(most, len(self._buffer)))

    def peek(self, count: int) -> bytes:
        """The next bytes, left where they are."""
        while len(self._buffer) < count and self._fill():
            pass
        return bytes(self._buffer[:count])

    def skip_to_record(self) -> bool:
        """Go on to the next line that begins a record; False when there is none."""
        while (at := self._buffer.find(b"\nWARC/1.")) < 0:
            self._out(max(0, len(self._buffer) - 8))
            if not self._fill():
                return False
        self._out(at + 1)
        return True

    def _fill(self) -> bool:
        data = self.unit.piece()
        self._buffer += data
        return bool(data)

    def _out(self, count: int) -> bytes:
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        self.position += len(data)
        return data


@dataclass(frozen=True, slots=True)
class RecordHead:
    """The header of a record."""

    version: str
    fields: tuple[tuple[str, str], ...]
    """Names in lower case."""

    def field(self, name: str) -> str:
        """The first value of a field; empty when there is none."""
        return next((value for key, value in self.fields if key == name), "")

    def has(self, name: str) -> bool:
        """Whether the field is there."""
        return any(key == name for key, _ in self.fields)

    def values(self, name: str) -> tuple[str, ...]:
        """All values of a field."""
        return tuple(value for key, value in self.fields if key == name)

    @property
    def length(self) -> int | None:
        """Bytes of the block; None when it cannot be told."""
        text = self.field("content-length")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def read_head(reader: Reader, say: Say) -> RecordHead | None:
    """The next header; None, with the problem told, when there is none to be read."""
    first = reader.line()
    version = _VERSION.fullmatch(first)
    if version is None:
        say("version", f"not the first line of a record: {first[:60]!r}")
        return None
    if version[1] not in (b"1.0", b"1.1"):
        say("version", f"WARC/{version[1].decode()} is neither 1.0 nor 1.1")
    if version[2] != b"\r\n":
        say("header-line", "lines end with LF instead of CR LF")
    fields = _read_fields(reader, say)
    return None if fields is None else RecordHead(version[1].decode(), tuple(fields))


def _read_fields(reader: Reader, say: Say) -> list[tuple[str, str]] | None:
    fields: list[tuple[str, str]] = []
    began, has_bare_line_ends = reader.position, False
    while True:
        line = reader.line()
        if not line.endswith(b"\n") or reader.position - began > _MOST_BYTES:
            say("length", "there is no end of the record's header")
            return None
        has_bare_line_ends |= not line.endswith(b"\r\n")
        text = line.rstrip(b"\r\n")
        if not text:
            break
        _read_line(text, fields, say)
    if has_bare_line_ends:
        say("header-line", "lines end with LF instead of CR LF")
    return fields


def _read_line(line: bytes, fields: list[tuple[str, str]], say: Say) -> None:
    if len(line) > _LONGEST_LINE:
        say("header-form", f"a header line of {len(line)} bytes")
    if line[:1] in (b" ", b"\t") and fields:
        name, value = fields[-1]
        say("header-form", f"the line of {name} is folded")
        fields[-1] = (name, f"{value} {line.strip().decode('utf-8', 'replace')}".strip())
        return
    name_bytes, colon, value_bytes = line.partition(b":")
    if not colon or not _TOKEN.fullmatch(name_bytes):
        say("header-line", f"no name and value: {line[:60]!r}")
        return
    name = name_bytes.decode("ascii")
    if _CONTROL.search(value_bytes):
        say("header-line", f"{name} holds a control character")
    fields.append((name.lower(), _text(value_bytes.strip(b" \t"), name, say)))


def _text(value: bytes, name: str, say: Say) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        say("header-line", f"{name} is not UTF-8")
        return value.decode("latin-1")
