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
    return Beside(at, _NAMED.match(text, at) is not None, note="href" if _HAS_HREF.search(text) else "url")


def _end_of_group(text: str, at: int) -> int:
    """Where the group that is open at `at` ends, or -1."""
    depth = 1
    for match in re.compile(r"\\.|[{}]", re.S).finditer(text, at, at + _LONGEST):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.end()
    return -1


def copy(place: Beside, url: str, day: date, state: State) -> str:
    """The link to the copy: with \\href only where the document has it."""
    if place.note == "href":
        return f" (\\href{{{_escaped(url)}}}{{archived {day.isoformat()}}})"
    return f" (archived {day.isoformat()}: \\url{{{sound(url)}}})"


def address(url: str) -> str:
    """As a command, which knows what an underscore in an address means."""
    return f"\\url{{{sound(url)}}}"


def _escaped(url: str) -> str:
    """Bare, these signs end the run within a footnote or another argument; hyperref takes them escaped everywhere."""
    return re.sub(r"[%#]", r"\\\g<0>", sound(url))
