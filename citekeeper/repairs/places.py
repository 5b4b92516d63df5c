"""Where something may be put beside a reference, and what all formats ask of the text there."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ARCHIVED = re.compile(r"[\s>)\]]{0,3}\(?\[?archived\b", re.I)
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
    """In an HTML start tag, or a field, not in running text."""


def names_copy(text: str, at: int) -> bool:
    """Whether the words behind `at` begin to tell of an archived copy."""
    return _ARCHIVED.match(text, at, at + 40) is not None


def sound(url: str) -> str:
    """`url` with everything percent-encoded that could end it early, in any of the formats: brackets, quotes, spaces, controls."""
    url = _LIKE_CUT.sub("%2E", _LIKE_ENTITY.sub(r"\1%3B", url))
    return _UNSAFE.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass")), url)
