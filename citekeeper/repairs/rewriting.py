"""From an edited text back to bytes: in the encoding that gives the file's own bytes back exactly, or not at all."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"")
# Whatever was declared or guessed when the file was read: an encoding that gives back every byte of it is right for this purpose.
_ENCODINGS = (
    *("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"),
    *("cp1252", "iso-8859-1", "iso-8859-2", "cp1250", "iso-8859-15", "cp1251", "koi8-r", "koi8-u", "iso-8859-5", "cp866"),
    *("cp1253", "iso-8859-7", "cp1254", "iso-8859-9", "cp1255", "iso-8859-8", "cp1256", "iso-8859-6", "cp1257", "cp1258", "cp874"),
    *("shift_jis", "cp932", "euc_jp", "gb18030", "gbk", "big5", "cp950", "euc_kr", "cp949", "mac_roman"),
)


@dataclass(frozen=True, slots=True)
class Rewriting:
    """How a text is written so that what was not edited keeps every byte."""

    mark: bytes
    """The byte order mark."""
    encoding: str

    def write(self, text: str) -> bytes | None:
        """The bytes of `text`; None when the encoding lacks one of its characters."""
        try:
            return self.mark + text.encode(self.encoding)
        except UnicodeEncodeError:
            return None


def rewriting_of(data: bytes, text: str) -> Rewriting | None:
    """How `data` was made of `text`; None when no encoding gives every byte back."""
    for mark in _MARKS:
        if data.startswith(mark):
            found = next((each for each in (Rewriting(mark, encoding) for encoding in _ENCODINGS) if each.write(text) == data), None)
            if found is not None:
                return found
    return None
