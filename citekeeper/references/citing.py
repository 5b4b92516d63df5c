"""Which work a reference cites: the format's own fields first, then what its note says, and the copies named beside it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from functools import cache

from citekeeper.model import Citation, Entry, Reference
from citekeeper.references.context import Around
from citekeeper.references.meaning import Meaning

# Between an address and the copy named beside it stand a few words at most: ", archived at ".
_NEAREST_COPY = 60
_NEXT_NOTE = re.compile(r"\n\s*\n|;")


@cache
def _citation_of() -> Callable[..., Citation | None]:
    # Its many patterns are compiled when the first text needs them.
    from citekeeper.references.citation import citation_of

    return citation_of


def cited_work(beside: Around, meaning: Meaning, entry: Entry | None, *, is_note: bool) -> Citation | None:
    """What is known of the work behind an address, from its entry, its note, and the copy that it is printed as."""
    told = _citation_of()(beside.before, beside.behind, is_note=True) if is_note else _in_list(beside)
    if meaning.copy:
        told = replace(told or Citation(), archived_url=meaning.copy, archived_on=meaning.copied_on or (told.archived_on if told else None))
    return _over(entry.citation, told) if entry else told


def _in_list(beside: Around) -> Citation | None:
    """What an entry of a list says: it begins with its paragraph, or with its line."""
    words = beside.before + beside.behind
    if "19" not in words and "20" not in words:
        return None
    whole = _citation_of()(beside.before, beside.behind, is_note=False) if beside.begins else None
    if whole is not None and whole.title is not None:
        return whole
    head, _, line = beside.before.rpartition("\n")
    # What closes the address before is no word: without any, both ways to read are the same.
    if beside.begins and not head.strip(" .,;:\r\n"):
        return whole
    return _citation_of()(line, beside.behind, is_note=False) or whole


def _over(first: Citation, second: Citation | None) -> Citation:
    """The fields of `first`, and those of `second` where it has none."""
    if second is None:
        return first
    return Citation(*(getattr(first, each.name) or getattr(second, each.name) for each in fields(Citation)))


class Entries:
    """The works that the format describes in fields, by the place of their text."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = sorted(entries, key=lambda entry: entry.at)
        self._starts = [entry.at.start for entry in self._entries]

    def at(self, place: int) -> Entry | None:
        """The entry that holds the place; the innermost of those that hold one another."""
        index = bisect_right(self._starts, place) - 1
        # An entry inside another one is rare (a template in a template), and never deep.
        for entry in reversed(self._entries[max(0, index - 3) : index + 1]):
            if place < entry.at.end:
                return entry
        return None


def with_copies(references: Sequence[Reference], text: str) -> list[Reference]:
    """The same references; one whose archived copy is named right behind it tells that copy."""
    named = list(references)
    for index, copy in enumerate(references):
        if index and copy.archived:
            named[index - 1] = _with_copy(named[index - 1], copy, text)
    return named


def _with_copy(one: Reference, copy: Reference, text: str) -> Reference:
    if one.archived or copy.citation is None or not _are_beside(one, copy, text):
        return one
    citation = one.citation or Citation()
    if citation.archived_url is not None:
        return one
    known = replace(citation, archived_url=copy.citation.archived_url, archived_on=copy.citation.archived_on or citation.archived_on)
    return replace(one, citation=known)


def _are_beside(one: Reference, copy: Reference, text: str) -> bool:
    between = text[one.location.offset + one.location.length : copy.location.offset]
    if one.marker != copy.marker or len(between) > 300:
        return False
    if copy.address.url != (copy.citation.archived_url if copy.citation else None):
        return one.address.url == copy.address.url
    return len(between) <= _NEAREST_COPY and _NEXT_NOTE.search(between) is None
