"""Word files: the copy as a tracked insertion, which an editor accepts or rejects in Word. ISO/IEC 29500-1, 17.13.5.

The link to the copy is a field, not a `w:hyperlink`: that one may not stand in an insertion, and would need a second member changed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import escape

from citekeeper.repairs.elements import Splice, Spot, Tree, Words

AUTHOR = "citekeeper"

_LINKS = frozenset({"hyperlink", "fldSimple"})
_TRACKED = frozenset({"ins", "moveTo"})
_HOLDS_RUNS = frozenset({"smartTag", "sdtContent", "sdt", "customXml", "dir", "bdo"})
_ID = re.compile(r"[\w.-]{0,20}:id\s?=\s?[\"'](\d{1,9})[\"']")
_BOUND = re.compile(r"<(?:[\w.-]+:)?dataBinding\b")
_OF_ITS_OWN = re.compile(r"[:<](?:rStyle|vertAlign|rPrChange|vanish|webHidden)\b")
_MOST_FIELDS = 50
_HYPERLINK = re.compile(r"\s*HYPERLINK\b", re.I)
_HIGHEST = 2**31 - 2
"""w:id is a signed number of 32 bits to Word."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where runs can be put in, and what has to stand before and behind them there."""

    at: int
    before: str = ""
    behind: str = ""
    is_behind_link: bool = False


@dataclass(slots=True)
class _Field:
    """A field that is open: its instruction and its runs so far."""

    said: str = ""
    runs: list[int] = field(default_factory=list)


class Writer:
    """Puts copies into one member of a Word file, which it does not change itself."""

    def __init__(self, xml: str, now: datetime, ids: Iterator[int]) -> None:
        """Read the member's text; insertions are made at `now` and numbered by `ids`. ValueError when it cannot be edited."""
        self._tree = Tree(xml)
        self._now = now.strftime("%Y-%m-%dT%H:%M:%SZ")
        self._ids = ids
        self._fields: dict[int, dict[int, int]] = {}
        self._plain: dict[int, list[int]] = {}

    def insertion(self, spot: Spot, words: Words) -> Splice | str:
        """What to put in for a copy, or why that cannot be."""
        place = self._place(spot)
        if isinstance(place, str):
            return place
        run = self._tree.elements[spot.element].parent
        return Splice(place.at, place.at, place.before + self._insertion(run, place.is_behind_link, words) + place.behind)

    def rest(self) -> list[Splice]:
        """What has to be written elsewhere for the insertions made: nothing."""
        return []

    # ── where ──

    def _place(self, spot: Spot) -> _Place | str:
        tree = self._tree
        at = tree.behind_characters(spot)
        above = list(tree.around(spot.element))
        paragraph = next((each for each in above if tree.elements[each].name == "p"), None)
        if at is None or paragraph is None or tree.elements[above[0]].name != "r":
            return "its place in the file was not found"
        field_end = self._field_ends(paragraph).get(above[0])
        if field_end is not None:
            return self._outward(field_end, paragraph, _Place(tree.elements[field_end].end, is_behind_link=True))
        return self._outward(above[0], paragraph, self._in_run(spot.element, above[0], at))

    def _in_run(self, number: int, run: int, at: int) -> _Place:
        """Behind the run, or in it: then it is ended before, and gone on with behind, as Word itself divides runs."""
        tree = self._tree
        text, around = tree.elements[number], tree.elements[run]
        again = tree.start_tag(around) + self._properties(run)
        if at < text.inner_end:
            return _Place(at, f"</{text.tag}></{around.tag}>", f'{again}<{text.tag} xml:space="preserve">')
        if tree.text[text.end : around.inner_end].strip():
            return _Place(text.end, f"</{around.tag}>", again)
        return _Place(around.end)

    def _outward(self, run: int, paragraph: int, place: _Place) -> _Place | str:
        """Behind every link and tracked change around the run, which can hold no insertion."""
        tree = self._tree
        for each in tree.around(run):
            element = tree.elements[each]
            if each == paragraph:
                return place
            if element.name in _LINKS:
                place = _Place(element.end, is_behind_link=True)
            elif element.name in _TRACKED:
                if place.before or tree.text[place.at : element.inner_end].strip():
                    return "it stands in a tracked change that is not accepted yet"
                place = replace(place, at=element.end)
            elif element.name == "sdt" and _BOUND.search(tree.text, element.inner, tree.elements[run].start):
                return "it stands in a field that is filled from elsewhere"
            elif element.name not in _HOLDS_RUNS:
                break
        return "its place in the file was not understood"

    def _field_ends(self, paragraph: int) -> dict[int, int]:
        """For each run of a paragraph that is a part of a link field, the run that ends the field; the outermost counts."""
        if paragraph not in self._fields:
            self._fields[paragraph] = dict(self._read_fields(paragraph))
        return self._fields[paragraph]

    def _read_fields(self, paragraph: int) -> Iterator[tuple[int, int]]:
        open_fields: list[_Field] = []
        for number in self._tree.numbers_within(paragraph):
            element = self._tree.elements[number]
            if element.name == "r":
                for each in open_fields:
                    each.runs.append(number)
            elif element.name == "instrText" and open_fields:
                open_fields[-1].said += self._tree.content(element)
            elif element.name == "fldChar":
                kind = self._tree.attribute(element, "fldCharType")
                if kind == "begin" and len(open_fields) < _MOST_FIELDS:
                    open_fields.append(_Field())
                elif kind == "end" and open_fields:
                    ended = open_fields.pop()
                    if _HYPERLINK.match(ended.said):
                        yield from ((run, element.parent) for run in ended.runs)

    # ── what ──

    def _insertion(self, run: int, is_link: bool, words: Words) -> str:
        prefix = self._tree.elements[run].prefix or "w:"
        own = self._properties(run)
        own = "" if "rPrChange" in own else own
        plain = self._plain_beside(run) if is_link else own

        def a_run(content: str, properties: str = plain) -> str:
            return f"<{prefix}r>{properties}{content}</{prefix}r>"

        def text(said: str, name: str = "t") -> str:
            return f'<{prefix}{name} xml:space="preserve">{escape(said)}</{prefix}{name}>'

        def sign(kind: str) -> str:
            return a_run(f'<{prefix}fldChar {prefix}fldCharType="{kind}"/>')

        instruction = a_run(text(f' HYPERLINK "{words.url}" ', "instrText"))
        link = sign("begin") + instruction + sign("separate") + a_run(text(words.url), own) + sign("end")
        about = f'{prefix}id="{next(self._ids)}" {prefix}author="{AUTHOR}" {prefix}date="{self._now}"'
        return f"<{prefix}ins {about}>{a_run(text(words.before))}{link}{a_run(text(words.behind))}</{prefix}ins>"

    def _properties(self, run: int) -> str:
        found = next((each for each in self._tree.children(run) if each.name == "rPr"), None)
        return self._tree.text[found.start : found.end] if found is not None else ""

    def _plain_beside(self, run: int) -> str:
        """How the words around a link look: as the last run before it that is in no link, or as the paragraph says."""
        paragraph = next(each for each in self._tree.around(run) if self._tree.elements[each].name == "p")
        if paragraph not in self._plain:
            self._plain[paragraph] = [each for each in self._tree.numbers_within(paragraph) if self._is_plain(each, paragraph)]
        before = bisect_left(self._plain[paragraph], run)
        return self._properties(self._plain[paragraph][before - 1]) if before else ""

    def _is_plain(self, number: int, paragraph: int) -> bool:
        element = self._tree.elements[number]
        if element.name != "r" or element.parent != paragraph:
            return False
        shows_text = any(each.name == "t" for each in self._tree.children(number))
        return shows_text and not _OF_ITS_OWN.search(self._properties(number))


def free_ids(members: Iterable[str]) -> Iterator[int]:
    """Numbers that no change or note in these texts of members has."""
    taken = {int(found[1]) for xml in members for found in _ID.finditer(xml)}
    highest = max((each for each in taken if each < _HIGHEST // 2), default=0)
    return (each for each in range(highest + 1, _HIGHEST) if each not in taken)
