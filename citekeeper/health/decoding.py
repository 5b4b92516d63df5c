"""Bytes of a page to text: byte order mark, header, meta, then a guess; never an error."""

from __future__ import annotations

import codecs
import re
from typing import Final

_HEADER = re.compile(r"charset\s{0,10}=\s{0,10}[\"']?([\w.:-]{1,40})", re.I)
_META = re.compile(rb"<meta[^>]{0,400}?charset\s{0,10}=\s{0,10}[\"']?([\w.:-]{1,40})", re.I)
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

# The Encoding Standard reads these labels as their supersets (https://encoding.spec.whatwg.org/#names-and-labels).
_SUPERSETS: Final = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
                     "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "shift-jis": "cp932", "ks_c_5601-1987": "cp949",
                     "euc-kr": "cp949", "iso-8859-9": "cp1254", "tis-620": "cp874", "iso-8859-11": "cp874"}  # fmt: skip


def _codec(label: str) -> str | None:
    name = label.strip().lower()
    name = _SUPERSETS.get(name, name)
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # `rot13`, `zlib` and their like are codecs to Python, not encodings of text.
    return name if getattr(info, "_is_text_encoding", True) else None


def _is_utf8(data: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return False
    return True


def _declared(data: bytes, content_type: str) -> str | None:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    header = _HEADER.search(content_type)
    if header and (codec := _codec(header[1])):
        return codec
    meta = _META.search(data[:4096])
    if meta and (codec := _codec(meta[1].decode("ascii", "replace"))):
        # A page whose meta can be read as bytes of ASCII is not in UTF-16, whatever it says.
        return "utf-8" if codec.startswith("utf-16") else codec
    return None


def decode(data: bytes, content_type: str) -> str:
    """Decode `data` as a browser would; what cannot be decoded becomes U+FFFD."""
    declared = _declared(data, content_type)
    # Servers add `charset=iso-8859-1` to pages in UTF-8 so often that valid UTF-8 with non-ASCII bytes wins over any one-byte label.
    codec = "utf-8" if declared is None or (declared.startswith(("cp125", "iso-8859")) and _is_utf8(data)) else declared
    if codec == "utf-8" and declared is None and not _is_utf8(data):
        codec = _guess(data)
    return data.decode(codec, "replace").removeprefix("\ufeff")


def _guess(data: bytes) -> str:
    try:
        from resiliparse.parse.encoding import detect_encoding
    except ImportError:
        return "cp1252"
    return _codec(detect_encoding(data[:65536]) or "") or "cp1252"
