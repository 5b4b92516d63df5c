"""What may still belong to an address behind the gap where it was taken to end: a reading that only the web can settle."""

from __future__ import annotations

import re

from citekeeper.references import joins
from citekeeper.references.dots import EXTENSIONS

_SPACE = re.compile(r"[ \u00a0]{1,2}")
_LINE_END = re.compile(r"[ \t\u00a0]{0,4}\r?\n[ \t\u00a0]{0,12}")
_PIECE = re.compile(r"(?!\.{1,2}/)[A-Za-z0-9_%~/.=&+-]{2,120}")
_ASSIGNMENT = re.compile(r"[ \t]*[-+*/|&:]?=")
_PARAGRAPH_END = re.compile(r"[ \t]*(?:\Z|\r?\n[ \t]*(?:\r?\n|\Z))")
_STARTS_NOTE = re.compile(r"\d{1,4}[.)]?(?:\s|\Z)")
# What words of a sentence hardly look like: two hyphens, a hyphen and a digit, the signs of queries and escapes.
_ADDRESS_LIKE = re.compile(r"[=&%~]|-[^-]*-|-\w*\d|\d\w*-|\w/[\w.-]*/")


def beyond(text: str, at: int, value: str) -> str | None:
    """What stands behind the gap at `at` and could be the rest of the address `value`; None where nothing does.

    A space is passed only where the address breaks off ("…/en/ report.pdf"); a line end, where the next line begins like no sentence.
    """
    if "/" not in value:
        return None
    gap = _SPACE.match(text, at) if value[-1] in "/-_=&?%#" else None
    gap = _LINE_END.match(text, at) or (gap if gap and text[gap.end() : gap.end() + 1] != "\n" else None)
    piece = _PIECE.match(text, gap.end()) if gap else None
    if (
        piece is None
        or _ASSIGNMENT.match(text, piece.end())
        or text[piece.end() : piece.end() + 1] in ("@", ":", "[", "\\", "(")
        or joins.begins_another(piece[0])
    ):
        return None
    rest = piece[0].rstrip(".-/") if text[piece.end() : piece.end() + 1] not in ("", " ", "\n") else piece[0].rstrip(".")
    # Figures alone are dates, ranges and pages.
    if _STARTS_NOTE.match(text, piece.start()) or not re.search("[A-Za-z]", rest):
        return None
    if "=" in rest and "?" not in value + rest:
        return None
    if value[-1] == "/" and joins.is_digest(rest):
        return rest
    is_last_word = value[-1] == "/" and rest.isalpha() and rest.islower() and _PARAGRAPH_END.match(text, piece.end()) is not None
    return rest if is_last_word or _ADDRESS_LIKE.search(rest) or _is_file(rest) else None


def _is_file(rest: str) -> bool:
    name, dot, extension = rest.rpartition(".")
    return bool(name and dot) and extension.lower() in EXTENSIONS
