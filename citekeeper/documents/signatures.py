"""What bytes are when they are no text: known kinds of file by their first bytes, and binary data."""

from __future__ import annotations

import re

_NO_PDF = ("is sent as a PDF, but is none", "look at what the address really gives, and save that")
_ZIP = ("is a zip file that is damaged or holds no document that can be read", "unpack it and name the files in it, or save it again")

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The stream that a locked .docx or .xlsx is kept in ([MS-OFFCRYPTO] 2.3.4.4).
_LOCKED = "EncryptedPackage".encode("utf-16-le")

# First bytes: the kinds that people really name by mistake. Source: the IANA media type registrations and the
# specifications of the formats; https://www.garykessler.net/library/file_sigs.html
_SIGNATURES: tuple[tuple[bytes, tuple[str, str]], ...] = (
    (b"PK\x03\x04", _ZIP),
    (b"PK\x05\x06", _ZIP),
    (
        _OLD_OFFICE,
        ("is an old Word or Office file, which this version does not read", "export it as HTML or plain text"),
    ),
    (b"{\\rtf", ("is rich text (RTF), which this version does not read", "save it as HTML or plain text")),
    (b"%!PS", ("is PostScript, which this version does not read", "save its text (ps2ascii) and name that file")),
    (b"WARC/", ("is a WARC file, not an article", "name the article that cites")),
    (b"\x1f\x8b", ("is compressed with gzip", "unpack it first (gunzip)")),
    (b"BZh", ("is compressed with bzip2", "unpack it first (bunzip2)")),
    (b"\xfd7zXZ\x00", ("is compressed with xz", "unpack it first (unxz)")),
    (b"\x28\xb5\x2f\xfd", ("is compressed with zstd", "unpack it first (unzstd)")),
    (b"7z\xbc\xaf\x27\x1c", ("is a 7-Zip archive", "unpack it first")),
    (b"Rar!\x1a\x07", ("is a RAR archive", "unpack it first")),
    (b"\x89PNG\r\n\x1a\n", ("is a PNG image", "name a document with text in it")),
    (b"\xff\xd8\xff", ("is a JPEG image", "name a document with text in it")),
    (b"GIF87a", ("is a GIF image", "name a document with text in it")),
    (b"GIF89a", ("is a GIF image", "name a document with text in it")),
    (b"SQLite format 3\x00", ("is an SQLite database", "name a document with text in it")),
    (b"\x7fELF", ("is a program", "name a document with text in it")),
)

# White space and marks before the first bytes that tell.
_WITHIN = 1024

_UTF_32_16_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_CONTROL = bytes(each for each in range(32) if each not in b"\t\n\v\f\r\x1b") + b"\x7f"
_SAMPLE = 64 * 1024
# Text holds next to no control characters; compressed and compiled data hold about one in ten bytes.
_MOST_CONTROL = 1 / 100

_OTHER_MEDIA = re.compile(r"(image|audio|video|font|model)/")


def recognise(data: bytes, media_type: str = "") -> tuple[str, str] | None:
    """What `data` is and what to do about it, when it is not text that can be read; None when it may be."""
    head = data[:_WITHIN].lstrip(b"\xef\xbb\xbf \t\r\n")
    known = next((said for start, said in _SIGNATURES if head.startswith(start)), None)
    if data.startswith(_OLD_OFFICE) and _LOCKED in data:
        known = ("is a Word or Office file locked with a password", "open it with its password and save a copy without one")
    if known is None and media_type == "application/pdf" and not data.lstrip().startswith(b"<"):
        known = _NO_PDF
    if known is None and _OTHER_MEDIA.match(media_type) and not media_type.endswith("+xml"):
        known = (f"is sent as {media_type}, which is no text", "name a document with text in it")
    if known is None and is_binary(data):
        known = ("is binary data, not text", "name a document with text in it, or save it as UTF-8")
    return known


def is_binary(data: bytes) -> bool:
    """Whether the beginning holds more control characters than text does; UTF-16 and UTF-32 are text."""
    sample = data[:_SAMPLE]
    if sample.startswith(_UTF_32_16_MARKS) or wide_encoding(sample):
        return False
    control = len(sample) - len(sample.translate(None, _CONTROL))
    return control > 1 and control > len(sample) * _MOST_CONTROL


def wide_encoding(data: bytes) -> str | None:
    """The UTF-16 that bytes without a mark show: every other byte of western text and mark-up is zero."""
    sample = data[:4096]
    pairs = len(sample) // 2
    if pairs < 8 or len(data) % 2:
        return None
    even, odd = sample[0 : pairs * 2 : 2].count(0), sample[1 : pairs * 2 : 2].count(0)
    if odd > pairs * 0.7 and even < pairs * 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > pairs * 0.7 and odd < pairs * 0.05 else None
