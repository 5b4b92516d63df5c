r"""LaTeX: `\url{…} (\href{copy}{archived 2020-11-10})`, behind the whole link."""

from __future__ import annotations

import re
from datetime import date

from citekeeper.model import Document, Reference, State
from citekeeper.repairs.places import Beside, sound

_LONGEST = 5_000
_URL = re.compile(r"\\url[ \t]{0,9}\{[ \t]{0,9}\Z")
_HREF = re.compile(r"\\href[ \t]{0,9}(?:\[[^\]\n]{0,200}\][ \t]{0,9})?\{[ \t]{0,9}\Z")
_CLOSED = re.compile(r"[ \t]{0,9}\}")
_SECOND = re.compile(r"[ \t]{0,9}\}[ \t\n]{0,9}\{")
_NAMED = re.compile(r"[ \t]{0,3}\((?:\\href\{[^{}]{1,3000}\}\{)?archived\b", re.I)
_BRACE = re.compile(r"\\.|[{}]", re.S)
_NEXT_LINK = re.compile(r"[{}]{0,20}\\(?:url|href)\b")
_HAS_HREF = re.compile(r"\\href\b|\{hyperref\}")


def beside(document: Document, reference: Reference) -> Beside | str:
    """Behind the command; an address outside of one cannot be told from text that LaTeX would set otherwise."""
    text, start = document.text, reference.location.offset
    end = start + reference.location.length
    before = text[max(0, start - 300) : start]
    if _URL.search(before) and (closed := _CLOSED.match(text, end)):
        at = closed.end()
    elif _HREF.search(before) and (second := _SECOND.match(text, end)):
        at = _end_of_group(text, second.end())
    else:
        return "it is not in \\url or \\href"
    if at < 0:
        return "the link's end was not found"
    if _NEXT_LINK.match(text, at):
        return "something else stands right behind it"
    way = "href" if _HAS_HREF.search(text) else "words" if _is_in_argument(text, start) else "url"
    return Beside(at, _NAMED.match(text, at) is not None, note=way)


def _is_in_argument(text: str, at: int) -> bool:
    """Whether a group is open before the command of which `at` is a part, as in a footnote."""
    paragraph = max(text.rfind("\n\n", 0, at), at - _LONGEST, 0)
    return sum({"{": 1, "}": -1}.get(sign[0], 0) for sign in _BRACE.finditer(text, paragraph, at)) > 1


def _end_of_group(text: str, at: int) -> int:
    """Where the group that is open at `at` ends, or -1."""
    depth = 1
    for match in _BRACE.finditer(text, at, at + _LONGEST):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.end()
    return -1


def copy(place: Beside, url: str, day: date, state: State) -> str:
    """The link to the copy: with \\href only where the document has it."""
    if place.note == "href":
        return f" (\\href{{{_escaped(url)}}}{{archived {day.isoformat()}}})"
    if place.note == "words" and re.search("[%#]", url):
        # The url package cannot have these signs in another command's argument, neither bare nor escaped.
        return f" (archived {day.isoformat()}: {_as_words(sound(url))})"
    return f" (archived {day.isoformat()}: \\url{{{sound(url)}}})"


def address(url: str) -> str:
    """As a command, which knows what an underscore in an address means."""
    return f"\\url{{{sound(url)}}}"


def _as_words(url: str) -> str:
    """What TeX would set otherwise escaped, or percent-encoded where an escape is none to those who read it as an address."""
    encoded = re.sub(r"[~'`]|-(?=-)", lambda sign: f"%{ord(sign[0]):02X}", url)
    return re.sub(r"[%#&_$]", r"\\\g<0>", encoded)


def _escaped(url: str) -> str:
    """Bare, these signs end the run within a footnote or another argument; hyperref takes them escaped everywhere."""
    return re.sub(r"[%#]", r"\\\g<0>", sound(url))
