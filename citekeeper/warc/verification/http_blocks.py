"""An HTTP message inside a record, read piece by piece: its head, whether its body is framed and encoded as it says, and its digests."""

from __future__ import annotations

import re
import zlib

from citekeeper.http1 import is_chunked, parse_fields
from citekeeper.warc.verification.heads import RecordHead
from citekeeper.warc.verification.labels import Hasher, Label
from citekeeper.warc.verification.problems import Say

_MOST_HEAD = 1 << 20
_MOST_DECODED = 64 << 20
_MOST_FOLD = 1000
_STATUS = re.compile(rb"HTTP/(\d)(?:\.(\d))? (\d{3})(?: ([^\r\n]*))?")
_REQUEST = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+ \S+ HTTP/(\d)(?:\.(\d))?")
_BLANK = re.compile(rb"\r?\n\r?\n")
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n")
_SECRETS = {"authorization", "proxy-authorization", "cookie", "x-api-key"}


class Chunks:
    """Undoes chunked framing as it comes."""

    def __init__(self) -> None:
        self.is_sound = True
        self.is_complete = False
        self.behind = 0
        """Bytes behind the end."""
        self._left = 0
        self._state = "size"
        self._line = b""

    def feed(self, data: bytes) -> bytes:
        """The payload in the next piece."""
        out: list[bytes] = []
        at = 0
        while at < len(data) and self.is_sound and not self.is_complete:
            if self._state == "data":
                part = data[at : at + self._left]
                out.append(part)
                at += len(part)
                self._left -= len(part)
                self._state = "data" if self._left else "end"
                continue
            end = data.find(b"\n", at)
            stop = len(data) if end < 0 else end + 1
            self._line += data[at:stop]
            at = stop
            self.is_sound = len(self._line) <= 8192
            if end >= 0:
                self._take_line()
        if self.is_complete:
            self.behind += len(data) - at
        return b"".join(out)

    def _take_line(self) -> None:
        line, self._line = self._line, b""
        if self._state == "end":
            self.is_sound = not line.strip(b"\r\n")
            self._state = "size"
        elif self._state == "trailers":
            self.is_complete = not line.strip(b"\r\n")
        else:
            match = _CHUNK.fullmatch(line)
            self.is_sound = match is not None
            self._left = int(match[1], 16) if match else 0
            self._state = "data" if self._left else "trailers"


class Decoder:
    """Undoes gzip or deflate, only to see whether it can be done; within bounds."""

    def __init__(self, coding: str) -> None:
        self.problem = ""
        self.is_bomb = False
        self.is_complete = False
        self._is_deflate = coding == "deflate"
        self._inflater = zlib.decompressobj(15 if self._is_deflate else 31)
        self._in = self._out = 0

    def feed(self, data: bytes) -> None:
        """Take the next piece of the encoded body."""
        self._in += len(data)
        while data and not (self.problem or self.is_bomb or self.is_complete):
            try:
                self._out += len(self._inflater.decompress(data, 1 << 18))
            except zlib.error as error:
                if not self._try_raw():
                    self.problem = str(error)
                continue
            self.is_bomb = self._out > _MOST_DECODED or self._out > max(_MOST_FOLD * self._in, 1 << 20)
            data = self._inflater.unconsumed_tail
            if self._inflater.eof:
                self._next_member()
                data = b"" if self.is_complete else self._inflater.unused_data

    def _try_raw(self) -> bool:
        # Some servers send "deflate" without the zlib wrapper (RFC 9110, 8.4.1.2, note).
        if not self._is_deflate or self._out:
            return False
        self._is_deflate, self._inflater = False, zlib.decompressobj(-15)
        return True

    def _next_member(self) -> None:
        # What may follow a first gzip member is left to browsers, which ignore it as well.
        self.is_complete = True


class HttpBlock:
    """The message in a request, response or revisit record."""

    def __init__(self, kind: str, payload: Label | None) -> None:
        self.kind = kind
        self.status: int | None = None
        self.method = ""
        self.mime = ""
        self.body_size = 0
        self.fields: tuple[tuple[str, str], ...] = ()
        self.has_head = False
        self.problem = ""
        self.is_bare = False
        """Its lines end with LF only."""
        self._head = bytearray()
        self._version = 1
        self._payload = payload
        self._as_sent = Hasher(payload.algorithm) if payload else None
        self._entity = Hasher(payload.algorithm) if payload else None
        self._chunks: Chunks | None = None
        self._decoder: Decoder | None = None

    def feed(self, data: bytes) -> None:
        """Take the next piece of the block."""
        if not self.has_head and not self.problem:
            seen = max(0, len(self._head) - 4)
            self._head += data
            blank = _BLANK.search(self._head, seen)
            if blank is None:
                self.problem = "its head is endless" if len(self._head) > _MOST_HEAD else ""
                return
            self.is_bare = b"\r" not in blank[0]
            data = bytes(self._head[blank.end() :])
            self._read_head(bytes(self._head[: blank.start()]))
        if self.has_head and data:
            self._body(data)

    def _read_head(self, head: bytes) -> None:
        self.has_head = True
        first, _, rest = head.partition(b"\n")
        match = (_REQUEST if self.kind == "request" else _STATUS).fullmatch(first.rstrip(b"\r"))
        if match is None:
            self.problem = f"no HTTP {'request' if self.kind == 'request' else 'status'} line: {first[:60]!r}"
            return
        self._version = int(match[1])
        self.method = first.partition(b" ")[0].decode("ascii", "replace") if self.kind == "request" else ""
        self.status = int(match[3]) if self.kind != "request" else None
        self.fields = parse_fields(rest)
        self.mime = self.field("content-type").partition(";")[0].strip().lower()
        if is_chunked(self.fields):
            self._chunks = Chunks()
        if self.coding in ("gzip", "x-gzip", "deflate"):
            self._decoder = Decoder(self.coding)

    def field(self, name: str) -> str:
        """The first value of a field; empty when there is none."""
        return next((value for key, value in self.fields if key.lower() == name), "")

    @property
    def coding(self) -> str:
        """The content coding; empty for none."""
        coding = self.field("content-encoding").strip().lower()
        return "" if coding == "identity" else coding

    def _body(self, data: bytes) -> None:
        self.body_size += len(data)
        payload = self._chunks.feed(data) if self._chunks else data
        if self._as_sent and self._entity:
            self._as_sent.update(data)
            self._entity.update(payload)
        if self._decoder:
            self._decoder.feed(payload)

    # ── what is wrong with it ─────────────────────────────────────────────────────────────────

    def judge(self, record: RecordHead, say: Say) -> None:
        """Everything that is wrong with the message by itself."""
        truncated = record.has("warc-truncated")
        if self.problem or not self.has_head:
            if self.problem or not truncated or self.kind == "request":
                say("http-head", self.problem or "its head has no end")
            return
        self._judge_form(say)
        if self.kind == "request":
            for name in sorted({name.lower() for name, _ in self.fields} & _SECRETS):
                say("secret", f"the request's header {name}")
        elif self.kind == "response":
            self._judge_body(say, truncated=truncated)
            self._judge_payload(say)

    def _judge_form(self, say: Say) -> None:
        if self._version >= 2:
            say("http-form", f"HTTP/{self._version} in the first line; HTTP/1.1 and WARC-Protocol are what readers understand")
        if self.is_bare:
            say("http-form", "the lines of its head end with LF only")

    def _judge_body(self, say: Say, *, truncated: bool) -> None:
        if self._chunks and self.body_size:
            if not self._chunks.is_sound:
                say("http-chunks", "Transfer-Encoding: chunked, but the body is not in chunks")
            elif not self._chunks.is_complete and not truncated:
                say("http-length", "the last chunk is missing")
            elif self._chunks.behind:
                say("http-form", f"{self._chunks.behind} bytes behind the last chunk")
        decoder = self._decoder
        if decoder and self.body_size:
            if decoder.is_bomb:
                say("bomb", f"Content-Encoding: {self.coding} expands the body enormously")
            elif decoder.problem and not (self._chunks and not self._chunks.is_sound):
                say("http-coding", f"Content-Encoding: {self.coding}, but the body is not ({decoder.problem})")
            elif not decoder.is_complete and not decoder.problem and not truncated:
                say("http-coding", f"the body's {self.coding} has no end")

    def _judge_payload(self, say: Say) -> None:
        if self._payload is None or self._entity is None or self._as_sent is None:
            return
        is_framed = self._chunks is None or self._chunks.is_sound
        if is_framed and self._payload.matches(self._entity):
            return
        if self._chunks and self._payload.matches(self._as_sent):
            say("payload-digest-chunked", "WARC-Payload-Digest covers the chunk framing")
        else:
            say("payload-digest", "WARC-Payload-Digest does not match the body")

    @property
    def promised(self) -> int | None:
        """Bytes that Content-Length promises for the body, where it counts."""
        text = self.field("content-length")
        counts = self.kind == "response" and self._chunks is None and text.isascii() and text.isdigit() and len(text) < 16
        return int(text) if counts else None
