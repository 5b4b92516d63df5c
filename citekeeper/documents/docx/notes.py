"""Footnotes and endnotes of a Word file: how they are numbered, in the order in which the text cites them."""

from __future__ import annotations

from citekeeper.documents.numerals import numeral
from citekeeper.documents.prose import whole_number
from citekeeper.documents.xmltree import Element, attribute, child

# What Word takes when the file says nothing (ISO/IEC 29500-1, 17.11.17 and 17.11.18).
_USUAL = {"footnote": "decimal", "endnote": "lowerRoman"}


class Notes:
    """Gives each note its marker when it is cited for the first time."""

    def __init__(self, settings: Element | None) -> None:
        """Take formats and first numbers from word/settings.xml."""
        self._formats: dict[str, str] = {}
        self._next: dict[str, int] = {}
        self._markers: dict[tuple[str, str], str] = {}
        for kind in _USUAL:
            self.number_as(kind, child(settings, f"{kind}Pr"))

    def number_as(self, kind: str, properties: Element | None) -> None:
        """Take the numbering that w:footnotePr or w:endnotePr tells."""
        written_as, start = child(properties, "numFmt"), child(properties, "numStart")
        self._formats[kind] = attribute(written_as, "val") if written_as is not None else self._formats.get(kind, _USUAL[kind])
        if start is not None:
            self._next[kind] = whole_number(attribute(start, "val"), 1)

    def cite(self, kind: str, identity: str, *, own_mark: str = "") -> str:
        """The marker of a note; `own_mark` is what the writer typed instead of a number."""
        known = self._markers.get((kind, identity))
        if known is not None:
            return known
        if own_mark:
            marker = own_mark
        else:
            number = self._next.get(kind, 1)
            self._next[kind] = number + 1
            marker = numeral(number, self._formats[kind])
        self._markers[kind, identity] = marker
        return marker

    def cited(self, kind: str) -> list[tuple[str, str]]:
        """Identity and marker of each note that was cited, in order."""
        return [(identity, marker) for (of, identity), marker in self._markers.items() if of == kind]
