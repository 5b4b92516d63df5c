"""Bytes become text: marks, declared encodings, UTF-8, and a careful guess for what is left.

The order is that of the HTML Standard (https://html.spec.whatwg.org/#determining-the-character-encoding), but that bytes
which are valid UTF-8 are read as such although something else is declared: by chance they would not be.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from citekeeper.documents.guessing import guess_encoding
from citekeeper.documents.signatures import wide_encoding

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_CHARSET = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([^\s\"';,>]{1,60})", re.I)
_META_CHARSET = re.compile(rb"<meta\b[^>]{0,500}?\bcharset\s{0,9}=\s{0,9}[\"']?\s{0,9}([^\s\"'/>;]{1,60})", re.I)
_XML_ENCODING = re.compile(rb"\s{0,50}<\?xml\b[^>]{0,200}?\bencoding\s{0,9}=\s{0,9}[\"']([^\"'>]{1,60})", re.I)
_EMACS_CODING = re.compile(rb"-\*-[^\n]{0,100}?\bcoding:\s{0,9}([-\w.]{1,60})", re.I)
# The HTML Standard looks at the first 1,024 bytes; pages with long heads declare later, and browsers read them all the same.
_DECLARED_WITHIN = 4096


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why bytes could not be decoded."""

    message: str
    hint: str


def decode(data: bytes, *, content_type: str | None = None) -> str | Unreadable:
    """The text of `data` without its byte order mark, otherwise exactly as given."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if encoding := wide_encoding(data) or "":
        return data.decode(encoding, "replace")
    labels = _declared(data, content_type)
    if not any(label.lower().startswith("iso-2022") for label in labels):
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    return _decode_legacy(data, labels)


def _declared(data: bytes, content_type: str | None) -> list[str]:
    """The labels that the sender, the mark-up or an editor's line declare, the most trusted first."""
    head = data[:_DECLARED_WITHIN]
    sent = _CHARSET.search((content_type or "")[:1000])
    inside = (_XML_ENCODING.match(head), _META_CHARSET.search(head), _EMACS_CODING.search(head))
    return [*([sent[1]] if sent else []), *(found[1].decode("latin-1") for found in inside if found)]


def _decode_legacy(data: bytes, labels: list[str]) -> str | Unreadable:
    unknown = [label for label in labels if codec_of(label) is None]
    for codec in filter(None, map(codec_of, labels)):
        # A declared UTF-8 with a few broken bytes is still UTF-8; a page that holds mostly broken ones never was.
        text = data.decode(codec, "replace")
        if text.count("\ufffd") <= max(2, len(text) // 200):
            return text
    if _is_damaged_utf8(data):
        return data.decode("utf-8", "replace")
    if unknown:
        return Unreadable(f"declares the encoding {unknown[0]!r}, which is not known", "save it as UTF-8")
    return _guess(data)


@dataclass(frozen=True, slots=True)
class _Encodings:
    accepted: frozenset[str]
    meant: dict[str, str]
    labels: dict[str, str]


@cache
def _encodings() -> _Encodings:
    table = tomllib.loads(files(__package__).joinpath("data/encodings.toml").read_text(encoding="utf-8"))
    return _Encodings(frozenset(table["accepted"]), table["meant"], table["labels"])


def codec_of(label: str) -> str | None:
    """Python's codec for a label of the web; None for what is no text encoding, though Python may have a codec for it."""
    label = label.strip().lower()
    if not label.isascii() or not label.isprintable():
        return None
    known = _encodings()
    try:
        name = codecs.lookup(known.labels.get(label, label)).name
    except (LookupError, ValueError):
        return None
    name = known.meant.get(name, name)
    return name if name in known.accepted else None


_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_SAMPLE = 256 * 1024


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether nearly all bytes beyond ASCII form UTF-8: a text cut in mid-character, or one pasted byte."""
    sample = data[:_SAMPLE]
    good = sum(len(match[0]) for match in _MULTIBYTE.finditer(sample))
    beyond = len(sample) - len(sample.translate(None, bytes(range(128, 256))))
    return good >= 0.9 * beyond and good > 0


def _guess(data: bytes) -> str | Unreadable:
    codec = guess_encoding(data)
    text = data.decode(codec, "replace") if codec else ""
    if not codec or text.count("\ufffd") > max(2, len(text) // 200):
        return Unreadable("is in an encoding that could not be recognised", "save it as UTF-8")
    return text
