"""Fields of Word: instructions such as `HYPERLINK "https://…"` whose result is what is printed."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HYPERLINK = re.compile(r'\s{0,20}HYPERLINK\s{1,20}((?:\\[a-z]\s{1,20}){0,5})"([^"]{0,8000})"', re.I)
_PLACE_IN_IT = re.compile(r'\\l\s{1,20}"([^"]{0,2000})"', re.I)
_LONGEST = 20_000


def address_in(instruction: str) -> str:
    """The address that the instruction of a field links to; empty when it is no link out of the document."""
    found = _HYPERLINK.match(instruction[:_LONGEST])
    if found is None or "\\l" in found[1]:
        return ""
    place = _PLACE_IN_IT.search(instruction[:_LONGEST], found.end())
    return f"{found[2]}#{place[1]}" if place and "#" not in found[2] else found[2]


@dataclass(slots=True)
class Field:
    """A field that is open: its instruction so far, and where its result began."""

    instruction: str = ""
    result: int | None = None

    def add(self, text: str) -> None:
        """Add to the instruction."""
        if len(self.instruction) < _LONGEST:
            self.instruction += text
