"""Markdown: `[…](original) ([archived 2020-11-10](copy))`, and the same behind a bare address or `<…>`."""

from __future__ import annotations

import re
from datetime import date

from citekeeper.model import Document, Reference, State
from citekeeper.repairs.places import NAMES_COPY, Beside, beside_use, names_copy, sound

_SPACE = r"[ \t]{0,20}(?:\r?\n[ \t]{0,20})?"
_TITLE = r"(?:\"(?:[^\"\\\n]|\\.){0,500}\"|'(?:[^'\\\n]|\\.){0,500}'|\((?:[^()\\\n]|\\.){0,500}\))"
# What may stand between an address in `](…)` and the bracket that closes the link.
_END_OF_LINK = re.compile(rf">?{_SPACE}(?:{_TITLE}{_SPACE})?\)")
_IN_LINK = re.compile(r"[^\[\]\n]{0,500}\][(\[]")
_TO_DESTINATION = re.compile(r"[^\[\]\n]{0,500}\]\(<?")
_END_OF_USE = re.compile(r"\](?:\[[^\[\]]{0,500}\])?")
_DEFINITION = re.compile(r" {0,3}\[[^\]\n]{1,500}\]:[ \t]{0,20}(?:\r?\n[ \t]{0,20})?<?\Z")


def beside(document: Document, reference: Reference) -> Beside | str:
    """Behind the whole link."""
    text, start = document.text, reference.location.offset
    end = start + reference.location.length
    opened = start - text.startswith("<", start - 1) if start else 0
    if opened >= 2 and text[opened - 2 : opened] == "](":
        closed = _END_OF_LINK.match(text, end, end + 700)
        if closed is None:
            return "the link's end was not found"
        end = closed.end()
    elif _is_definition(text, start):
        # What stands behind the address of a definition is its title, and nobody reads it.
        return beside_use(document, reference, _END_OF_USE, NAMES_COPY) or "nothing that can hold it leads to this definition"
    elif opened < start:
        if not text.startswith(">", end):
            return "the link's end was not found"
        end += 1
    elif (closed_at := _end_of_link_around(text, end, reference.href)) is not None:
        end = closed_at
    elif reference.href is not None or _IN_LINK.match(text, end, end + 600):
        return "it is part of a link's own text"
    return Beside(end, names_copy(text, end))


def _end_of_link_around(text: str, at: int, href: str | None) -> int | None:
    """Behind `[… http://X …](http://X)` of which the text until `at` is a part; None when it is no such link, or in another one."""
    to = _TO_DESTINATION.match(text, at, at + 600)
    if not href or to is None or not text.startswith(href, to.end()):
        return None
    behind = to.end() + len(href)
    closed = _END_OF_LINK.match(text, behind, behind + 700)
    return None if closed is None or _IN_LINK.match(text, closed.end(), closed.end() + 600) else closed.end()


def _is_definition(text: str, start: int) -> bool:
    line = text.rfind("\n", 0, start) + 1
    above = text.rfind("\n", 0, max(0, line - 1)) + 1
    return any(_DEFINITION.match(text[begin:start][-600:]) is not None for begin in (line, above) if start - begin < 600)


def copy(place: Beside, url: str, day: date, state: State) -> str:
    """The link to the copy, in brackets."""
    return f" ([archived {day.isoformat()}]({sound(url)}))"


def address(url: str) -> str:
    """In angle brackets, so that neither an underscore nor a full stop behind it is taken for something else."""
    return f"<{sound(url)}>"
