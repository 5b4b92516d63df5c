"""CSL-JSON: `"archive_location"` behind the URL, the variable that styles print for where a work is kept.

Source: https://docs.citationstyles.org/en/stable/specification.html#standard-variables
"""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import date
from functools import lru_cache

from citekeeper.model import Document, Reference, State
from citekeeper.repairs.places import Beside, sound

_FIELD = re.compile(r"(?P<lead>\r?\n[ \t]{0,80}|)\"URL\"(?P<gap>\s{0,9}:\s{0,9})\"\s{0,9}\Z")
_CLOSED = re.compile(r"\s{0,9}\"")
# A string that is never closed ends with its line.
_TOKEN = re.compile(r'"(?:[^"\\\n]++|\\.)*+"?|[{}]')
_KEPT = re.compile(r'"(?:archive|archive_location)"\s{0,9}:')
_ARCHIVED = re.compile(r'"archive_location"\s{0,9}:\s{0,9}"https?://[^"\s]{1,4000}https?(?::|%3A)', re.I)
_MOST_OBJECTS = 2000


def beside(document: Document, reference: Reference) -> Beside | str:
    """Behind the value; an item that tells already where its work is kept has no place for it."""
    text, start = document.text, reference.location.offset
    head = text[max(0, start - 120) : start]
    field, closed = _FIELD.search(head), _CLOSED.match(text, start + reference.location.length)
    if field is None or closed is None:
        return "it is not in a field URL"
    item = _object_around(text, start)
    if item is None:
        return "the item around it was not understood"
    if _ARCHIVED.search(text, *item):
        return Beside(closed.end(), is_taken=True, in_tag=True)
    if _KEPT.search(text, *item):
        return "the item tells already where the work is kept"
    return Beside(closed.end(), note=f',{field["lead"] or " "}"archive_location"{field["gap"]}', in_tag=True)


def _object_around(text: str, at: int) -> tuple[int, int] | None:
    """The innermost object of which the character at `at` is a part."""
    starts, ends = _objects(text)
    index = bisect_left(starts, at) - 1
    for each in range(index, max(-1, index - _MOST_OBJECTS), -1):
        if ends[each] > at:
            return starts[each], ends[each]
    return None


@lru_cache(maxsize=1)
def _objects(text: str) -> tuple[list[int], list[int]]:
    """Where the objects begin, in order, and where each ends; one that is never closed ends where it begins."""
    starts: list[int] = []
    ends: list[int] = []
    waiting: list[int] = []
    for token in _TOKEN.finditer(text):
        if token[0] == "{":
            waiting.append(len(starts))
            starts.append(token.start())
            ends.append(token.start())
        elif token[0] == "}" and waiting:
            ends[waiting.pop()] = token.end()
    return starts, ends


def copy(place: Beside, url: str, day: date, state: State) -> str:
    """The field; the copy's own address tells its day."""
    return f'{place.note}"{sound(url)}"'


def address(url: str) -> str:
    """An address means itself: nothing in it needs an escape."""
    return sound(url)
