"""The elements of an XML text with the places of their tags, so that words can be put in while everything else stays as it is.

Why not a parser: none of them tells where in the text the tags stand and leaves their writing alone. What is read here was found
to be well-formed when the document was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

_TOKEN = re.compile(
    r"<!--.*?-->|<\?.*?\?>|(?P<cdata><!\[CDATA\[(?P<verbatim>.*?)\]\]>)|<!(?P<doctype>[A-Z])"
    r"|<(?P<close>/?)(?P<name>[^\s/>!?]+)(?P<rest>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)(?P<empty>/?)>|(?P<text>[^<]+)",
    re.S,
)
_ANY = re.compile(r"\S")
_CHARACTER = re.compile(r"&[^;&\s]{1,40};|\S", re.S)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in an XML text, by what a reader of the document knows of it."""

    element: int
    """As in `model.Run`, as `is_tail` is."""
    is_tail: bool
    characters: int
    """Characters before it in this run that are no white space, which XML writes in more than one way."""


@dataclass(frozen=True, slots=True, order=True)
class Splice:
    """A stretch of an XML text that becomes other text; an empty one for an insertion."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of a copy."""

    before: str
    url: str
    behind: str


def characters(text: str) -> int:
    """How many characters of `text` are no white space, as `Spot` counts them."""
    return sum(not each.isspace() for each in text)


@dataclass(slots=True)
class Element:
    """One element; all places are in the XML text."""

    tag: str
    """As written: "w:t"."""
    start: int
    inner: int
    """Where its start tag ends."""
    parent: int
    """The number of the element around it; -1 for the root."""
    inner_end: int = -1
    end: int = -1

    @property
    def name(self) -> str:
        """Without its prefix."""
        return self.tag.rpartition(":")[2]

    @property
    def prefix(self) -> str:
        """With its colon; empty for none."""
        return self.tag[: len(self.tag) - len(self.name)]


class Tree:
    """The elements of one XML text, numbered by their start tags from 0, as in `model.Run`."""

    def __init__(self, text: str) -> None:
        """Read `text`; ValueError for what has a document type, which may name characters in ways of its own."""
        self.text = text
        self.elements: list[Element] = []
        self._inside: dict[int, list[int]] = {}
        around: list[int] = []
        for token in _TOKEN.finditer(text):
            if token["doctype"]:
                raise ValueError("document type")
            if token["name"]:
                self._take(token, around)

    def _take(self, token: re.Match[str], around: list[int]) -> None:
        if token["close"]:
            if around:
                element = self.elements[around.pop()]
                element.inner_end, element.end = token.start(), token.end()
            return
        parent = around[-1] if around else -1
        number = len(self.elements)
        self.elements.append(Element(token["name"], token.start(), token.end(), parent))
        self._inside.setdefault(parent, []).append(number)
        if token["empty"]:
            self.elements[number].inner_end = self.elements[number].end = token.end()
        else:
            around.append(number)

    def children(self, number: int) -> list[Element]:
        """The elements directly within one."""
        return [self.elements[each] for each in self._inside.get(number, ())]

    def numbers_within(self, number: int) -> Iterator[int]:
        """The elements anywhere within one, in order."""
        stop = self.elements[number].end
        for each in range(number + 1, len(self.elements)):
            if self.elements[each].start >= stop:
                return
            yield each

    def around(self, number: int) -> Iterator[int]:
        """The elements around one, the nearest first."""
        number = self.elements[number].parent
        while number >= 0:
            yield number
            number = self.elements[number].parent

    def start_tag(self, element: Element) -> str:
        """The start tag as written."""
        return self.text[element.start : element.inner]

    def content(self, element: Element) -> str:
        """What stands between its tags, as written."""
        return self.text[element.inner : element.inner_end]

    def attribute(self, element: Element, name: str) -> str:
        """The attribute of that local name, as written; empty for none."""
        found = re.search(rf"[\s:]{name}\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", self.start_tag(element))
        return (found[1] if found[1] is not None else found[2]) if found else ""

    def behind_characters(self, spot: Spot) -> int | None:
        """Where the place is in the XML text; None when there are fewer characters, or nothing can be put in there."""
        element, count = self.elements[spot.element], spot.characters
        for token in _TOKEN.finditer(self.text, element.end if spot.is_tail else element.inner):
            if token["name"]:
                return None
            kind = "verbatim" if token["cdata"] is not None else "text"
            if token[kind] is None:
                continue
            pattern = _CHARACTER if kind == "text" else _ANY
            last = list(islice(pattern.finditer(self.text, *token.span(kind)), count))
            count -= len(last)
            if count == 0:
                # Within a CDATA section no tag can be put.
                return last[-1].end() if kind == "text" else None
        return None
