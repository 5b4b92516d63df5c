"""The numbers that Word prints before the items of its lists, which stand nowhere in the text of the file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from citekeeper.documents.numerals import numeral
from citekeeper.documents.prose import whole_number
from citekeeper.documents.xmltree import Element, attribute, child, children

_PLACE = re.compile(r"%([1-9])")
_MOST_LEVELS = 9


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    written_as: str
    text: str
    """"%1." — %1 is the number of the first level."""


@dataclass(slots=True)
class Numbering:
    """Counts the items of every list of one document, in the order in which `label` is asked."""

    _levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    _lists: dict[str, str] = field(default_factory=dict)
    """Which definition each list follows; lists of one definition count on."""
    _styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def label(self, properties: Element | None) -> str:
        """What is printed before a paragraph with these properties (w:pPr); empty for one in no numbered list."""
        place = self._place(properties)
        if place is None:
            return ""
        definition, level = place
        levels = self._levels.get(definition, {})
        this = levels.get(level)
        if this is None:
            return ""
        counts = self._counts.setdefault(definition, {})
        counts[level] = counts.get(level, this.start - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        if this.written_as in ("bullet", "none"):
            return ""
        return _PLACE.sub(lambda found: _printed(levels, counts, int(found[1]) - 1), this.text)

    def _place(self, properties: Element | None) -> tuple[str, int] | None:
        """The definition and level of the paragraph's list."""
        stated = child(properties, "numPr")
        style = self._styles.get(attribute(styled, "val")) if (styled := child(properties, "pStyle")) is not None else None
        number, level = style or ("", 0)
        if stated is not None:
            number = _value(stated, "numId") or number
            level = whole_number(_value(stated, "ilvl"), level)
        return (self._lists[number], level) if number in self._lists else None


def _printed(levels: dict[int, _Level], counts: dict[int, int], level: int) -> str:
    known = levels.get(level)
    return numeral(counts.get(level, known.start if known else 1), known.written_as if known else "decimal")


def _value(element: Element, name: str) -> str:
    found = child(element, name)
    return "" if found is None else attribute(found, "val")


def read_numbering(numbering: Element | None, styles: Element | None) -> Numbering:
    """The lists that word/numbering.xml defines and word/styles.xml uses."""
    found = Numbering()
    for abstract in children(numbering, "abstractNum") if numbering is not None else ():
        levels = {whole_number(attribute(each, "ilvl"), 0): _level(each) for each in children(abstract, "lvl")}
        found._levels[attribute(abstract, "abstractNumId")] = {at: each for at, each in levels.items() if 0 <= at < _MOST_LEVELS}
    for each in children(numbering, "num") if numbering is not None else ():
        abstract_id, number = _value(each, "abstractNumId"), attribute(each, "numId")
        found._lists[number] = _overridden(found, abstract_id, number, each)
    for style in children(styles, "style") if styles is not None else ():
        stated = child(child(style, "pPr"), "numPr")
        if stated is not None:
            found._styles[attribute(style, "styleId")] = (_value(stated, "numId"), whole_number(_value(stated, "ilvl"), 0))
    return found


def _overridden(found: Numbering, abstract_id: str, number: str, each: Element) -> str:
    """A list that begins anew has a definition of its own."""
    starts = {
        whole_number(attribute(override, "ilvl"), 0): whole_number(_value(override, "startOverride"), 1)
        for override in children(each, "lvlOverride")
        if child(override, "startOverride") is not None
    }
    if not starts:
        return abstract_id
    own = f"{abstract_id}/{number}"
    levels = found._levels.get(abstract_id, {})
    found._levels[own] = {at: _Level(starts.get(at, level.start), level.written_as, level.text) for at, level in levels.items()}
    return own


def _level(element: Element) -> _Level:
    return _Level(whole_number(_value(element, "start"), 1), _value(element, "numFmt") or "decimal", _value(element, "lvlText"))
