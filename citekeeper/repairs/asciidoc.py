"""AsciiDoc: `https://original[…] (https://copy[archived 2020-11-10])`, behind the whole link or the bare address."""

from __future__ import annotations

import re
from datetime import date

from citekeeper.model import Document, Reference, State
from citekeeper.repairs.places import Beside, sound

_LONGEST = 4000
_BRACKET = re.compile(r"\\.|[\[\]]|\n[ \t]{0,80}\n", re.S)
_WORDS = re.compile(r"\[((?:\\.|[^\]\\])*)\]", re.S)
# To AsciiDoc the address of a link goes on to its bracket, whatever stands between.
_LINK_GOES_ON = re.compile(r"[^\s\[\]<>]{1,400}\[")
_NAMED = re.compile(r"[ \t]{0,3}\((?:link:(?:\+\+)?)?https?://[^\s\[\]]{1,4000}\[archived\b", re.I)
_ENTRY = re.compile(r"^:[A-Za-z_][\w-]{0,60}:[ \t]", re.M)
_IN_IMAGE = re.compile(r"\bimage::?[^\s\[\]]{1,2000}\[[^\]\n]{0,2000}\Z")
_FORMATTED = re.compile(r"[_*~'+]|-(?=-)|[.](?=[.])")
_LONE_PASS = re.compile(r"(?<!link:)\+\+(?!\[)")
# What AsciiDoc reads in an address as formatting, a dash or an ellipsis, unless a passthrough keeps it:
# https://docs.asciidoctor.org/asciidoc/latest/macros/complex-urls/
_MEANS_SOMETHING = re.compile(r"[_*^~#`'+]|--|\.\.\.|\([CRT]")


def beside(document: Document, reference: Reference) -> Beside | str:
    """Behind the brackets with the link's words; an attribute has no place for it."""
    text, start = document.text, reference.location.offset
    end = start + reference.location.length
    line = text.rfind("\n", 0, start) + 1
    if _ENTRY.match(text, line):
        return "an attribute has no place for it"
    if _IN_IMAGE.search(text[max(line, start - 4100) : start]):
        return "an image has no place for it"
    end += 2 * (text.startswith("++[", end) and text.startswith("++", start - 2))
    if text.startswith("[", end):
        closed = _end_of_bracket(text, end)
        if closed is None:
            return "the link's end was not found"
        end = closed
    elif text.startswith(">", end) and text.startswith("<", start - 1):
        end += 1
    elif _is_in_words(text, line, start):
        return "it is part of a link's own text"
    elif _LINK_GOES_ON.match(text, end):
        return "something else stands right behind it"
    return Beside(end, _NAMED.match(text, end) is not None, note="" if _LONE_PASS.search(_line(text, start)) is None else "escape")


def _line(text: str, at: int) -> str:
    start, end = text.rfind("\n\n", 0, at) + 1, text.find("\n\n", at)
    return text[max(start, at - _LONGEST) : min(end if end >= 0 else len(text), at + _LONGEST)]


def _end_of_bracket(text: str, at: int) -> int | None:
    """Behind the first bracket that no backslash takes away; None where the words hold brackets of their own."""
    closed = _WORDS.match(text, at, at + _LONGEST)
    if closed is None or ("[" in closed[1] and "\\]" not in closed[1]) or "\n\n" in closed[1]:
        return None
    return closed.end()


def _is_in_words(text: str, line: int, start: int) -> bool:
    """Whether the bracket that is open here is that of a link."""
    depth = 0
    for sign in reversed(list(_BRACKET.finditer(text, max(line, start - _LONGEST), start))):
        if sign[0] == "]":
            depth += 1
        elif sign[0] == "[" and depth:
            depth -= 1
        elif sign[0] == "[":
            return (
                re.search(r"(?:https?://|link:)[^\s\[\]<>]{0,4000}\Z", text[max(line, sign.start() - _LONGEST) : sign.start()]) is not None
            )
    return False


def copy(place: Beside, url: str, day: date, state: State) -> str:
    """The link to the copy, in brackets."""
    url = sound(url)
    if place.note == "escape":
        # Another passthrough of the paragraph would end at the first of ours.
        url = _FORMATTED.sub(lambda sign: f"%{ord(sign[0]):02X}", url)
        return f" ({url}[archived {day.isoformat()}])"
    return f" ({_macro(url)}[archived {day.isoformat()}])"


def address(url: str) -> str:
    """Kept from being formatted where it would be."""
    url = sound(url)
    return f"{_macro(url)}[]" if _MEANS_SOMETHING.search(url) else url


def _macro(url: str) -> str:
    if not _MEANS_SOMETHING.search(url):
        return url
    return f"link:++{url.replace('+', '%2B') if '++' in url else url}++"
