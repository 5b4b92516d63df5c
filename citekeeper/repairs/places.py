"""Where something may be put beside a reference, and what all formats ask of the text there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from citekeeper.model import Document, Reference, Span

NAMES_COPY = re.compile(r"[\s>)\]]{0,3}\(?\[?archived\b", re.I)
# "&amp;" is one sign to half of the formats; with its end encoded it is what it was before.
_LIKE_ENTITY = re.compile(r"(&#?[A-Za-z0-9]{1,40});")
# Three dots would read as a cut.
_LIKE_CUT = re.compile(r"(?<=\.\.)\.")
_UNSAFE = re.compile(r"[^A-Za-z0-9\-._~:/?#@!$&'*+,;=%]")


@dataclass(frozen=True, slots=True)
class Beside:
    """A place beside a reference."""

    at: int
    """Offset in the document's text."""
    is_taken: bool = False
    """A copy is named there already."""
    note: str = ""
    """What the format needs to know of the place: the original as written, the command that links, the line that leads to a field."""
    in_tag: bool = False
    """In an HTML start tag, in a field, or at another place than the address; whoever gave it has seen to what follows."""


def is_glued(text: str, at: int, ends: str = "") -> bool:
    """Whether the next word begins at `at` without a space; `ends` are signs with which none does."""
    following = text[at : at + 1]
    if following and following in ends:
        return False
    return following.isalnum() or following in tuple("[(<{`/\\:@_#&=?%~+-*'\"“‘«^$")


def beside_use(document: Document, reference: Reference, end_of_use: re.Pattern[str], named: re.Pattern[str]) -> Beside | None:
    """Behind the first link that leads by its name to the address, which stands at the foot of the text; None without one.

    `end_of_use` is what stands behind the words of such a link, `named` what tells that a copy is named.
    """
    place = Span(reference.location.offset, reference.location.offset + reference.location.length)
    free: list[int] = []
    for link in document.links:
        if link.href_span == place and link.anchor.end > link.anchor.start:
            closed = end_of_use.match(document.text, document.to_source(link.anchor).end)
            if closed is not None and named.match(document.text, closed.end()):
                return Beside(closed.end(), is_taken=True, in_tag=True)
            if closed is not None and not is_glued(document.text, closed.end()):
                free.append(closed.end())
    return Beside(free[0], in_tag=True) if free else None


def names_copy(text: str, at: int) -> bool:
    """Whether the words behind `at` begin to tell of an archived copy."""
    return NAMES_COPY.match(text, at, at + 40) is not None


def sound(url: str) -> str:
    """`url` with everything percent-encoded that could end it early, in any of the formats: brackets, quotes, spaces, controls."""
    url = _LIKE_CUT.sub("%2E", _LIKE_ENTITY.sub(r"\1%3B", url))
    return _UNSAFE.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass")), url)
