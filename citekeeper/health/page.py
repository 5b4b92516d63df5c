"""What a fetched page says to a reader: title, headings, visible text, and the few bits of markup that signals need.

Pages are hostile. Bytes are capped before decoding and elements before parsing, nothing of a page is ever run, and
every regular expression here is linear.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import Final

from citekeeper.health.decoding import decode
from citekeeper.health.parsing import Parsed, parse
from citekeeper.model import Response

MAX_BYTES: Final = 2 * 1024 * 1024
"""Bytes of a body that are read; the wording that decides stands at the beginning of a page."""

MAX_TITLE: Final = 300

_DOCTYPE = re.compile(rb"\s{0,1000}(?:<!--.{0,2000}?-->\s{0,1000})?<(?:!doctype html|html|head|body|title|meta|script)\b", re.I | re.S)
_PRINTABLE = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A body, read; two are the same only when they are one."""

    kind: str
    """"html", "text", "other" (a PDF, an image, a download) or "empty"."""
    media_type: str
    """What the server called it, without parameters, lower case; "" when it did not say."""
    sniffed: str
    """What the first bytes say it is: "html", "pdf", "image", "archive", "text", "binary" or ""."""
    parsed: Parsed
    size: int
    """Bytes of the decoded body."""

    @property
    def title(self) -> str:
        """The page's own title in one line."""
        return self.parsed.title[:MAX_TITLE]

    @property
    def visible(self) -> int:
        """Characters of visible text, white space collapsed."""
        return self.parsed.visible


_MAGIC: Final = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"RIFF", "image"),
    (b"PK\x03\x04", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"\xd0\xcf\x11\xe0", "archive"),
)


def sniff(content: bytes) -> str:
    """What the first bytes of `content` say it is, whatever the server calls it."""
    start = content[:4096]
    for magic, kind in _MAGIC:
        if start.lstrip(b"\r\n\t ").startswith(magic):
            return kind
    if _DOCTYPE.match(start.removeprefix(b"\xef\xbb\xbf")):
        return "html"
    if not start.strip():
        return ""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    return "binary" if _PRINTABLE.search(start) else "text"


def _kind(declared: str, sniffed: str) -> str:
    if not sniffed:
        return "empty"
    if sniffed == "html" or ("html" in declared and sniffed == "text"):
        return "html"
    if sniffed == "text" and (not declared or declared.startswith("text/") or declared.endswith(("json", "xml"))):
        return "text"
    # "File not found" under the name of the file that was asked for.
    if sniffed == "text" and declared.startswith(("application/pdf", "image/")):
        return "text"
    return "other"


def read_page(response: Response) -> Page:
    """Read the body of `response` as a reader would see it; never fails, whatever the bytes are."""
    content, content_type = response.content[:MAX_BYTES], response.header("content-type") or ""
    if _last.page is None or _last.page.size != len(response.content) or (_last.content, _last.content_type) != (content, content_type):
        _last.page = _read(content, content_type, len(response.content))
        _last.content, _last.content_type = content, content_type
    return _last.page


class _Last(threading.local):
    """The page that this thread read last: signals, stubs, fragments and comparing look at one after another.

    Of each thread its own, because a tree of resiliparse must be used and thrown away in the thread that made it.
    """

    page: Page | None = None
    content: bytes = b""
    content_type: str = ""


_last = _Last()


def _read(content: bytes, content_type: str, size: int) -> Page:
    declared, sniffed = content_type.split(";", 1)[0].strip().lower()[:100], sniff(content)
    kind = _kind(declared, sniffed)
    if kind == "html":
        parsed = parse(decode(content, content_type))
    elif kind == "text":
        parsed = Parsed.of_text(decode(content, content_type))
    else:
        parsed = Parsed.of_text("")
    return Page(kind, declared, sniffed, parsed, size)
