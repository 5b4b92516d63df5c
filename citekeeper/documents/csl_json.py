"""CSL-JSON: what Zotero, pandoc and citation processors exchange; every item is a work.

Why not json.loads: it tells no places, and ends in RecursionError on deep nesting. The source is read token by token; what
is no JSON is passed over, so that a file that breaks off is read as far as it goes.
Source: https://docs.citationstyles.org/en/stable/specification.html#appendix-iv-variables and its csl-data.json schema.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from citekeeper.documents import works
from citekeeper.documents.markup import Markup
from citekeeper.model import Citation, Document, Span

# A string that is never closed ends with its line.
_TOKEN = re.compile(r'"((?:[^"\\\n]++|\\.)*+)"?|[{}\[\]:,]|[^\s"{}\[\]:,]++')
_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.")
_SURROGATE = re.compile("[\ud800-\udfff]")

# Deeper than an item's dates and names; what nests further is no bibliography.
_DEEPEST = 16
_UNREAD = frozenset({"id", "type", "citation-key", "language", "ISBN", "ISSN", "call-number", "source", "keyword", "date-parts", "schema"})
_IDENTIFIERS = {"DOI": "doi", "PMID": "pmid", "PMCID": "pmc"}
_NAMES = ("author", "editor", "director", "interviewer")
_OUTLETS = ("container-title", "collection-title", "publisher", "event-title", "event")
_OF_A_WORK = frozenset({"type", "title", "URL", "DOI", "issued", "author", "container-title", "accessed"})
_LONGEST = 4000


class _Value(NamedTuple):
    """A string or number: the keys that lead to it, and where it is written, without quotes."""

    path: tuple[str, ...]
    at: Span
    is_text: bool


@dataclass(frozen=True, slots=True)
class _Work:
    """An object that describes a work; `depth` keys lead to it."""

    at: Span
    depth: int
    values: list[_Value]


@dataclass(slots=True)
class _Open:
    """An object or list that is being read, and what is closed inside it."""

    start: int
    is_object: bool
    key: str = ""
    keys: set[str] = field(default_factory=set)
    values: list[_Value] = field(default_factory=list)
    works: list[_Work] = field(default_factory=list)


def read(text: str, *, source: str) -> Document:
    """Read a list of items, or one; a text without any is read as it stands."""
    markup = Markup()
    end = 0
    for work in _Tokens(text).works():
        markup.hide(end, work.at.start)
        _show(text, work, markup)
        end = work.at.end
    if end and not text[end:].strip(" \t\r\n,]}"):
        markup.hide(end, len(text))
    return markup.bibliography(text, source, "csl-json")


class _Tokens:
    """Follows the nesting of a source; asks for no more than that brackets come in pairs."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._waiting = [_Open(0, is_object=False)]
        self._skipped = 0
        self._following = ""

    def works(self) -> list[_Work]:
        """The outermost objects that describe a work, in order."""
        for token in _TOKEN.finditer(self._text):
            match token[0]:
                case "{" | "[":
                    self._open(token)
                case "}" | "]":
                    self._close(token.end())
                case ":":
                    self._waiting[-1].key = self._following
                    self._waiting[-1].keys.add(self._following)
                case ",":
                    self._following = ""
                case _:
                    self._see(token)
        self._skipped = 0
        while len(self._waiting) > 1:
            self._close(len(self._text))
        return self._waiting[0].works

    def _open(self, token: re.Match[str]) -> None:
        if len(self._waiting) <= _DEEPEST and not self._skipped:
            self._waiting.append(_Open(token.start(), token[0] == "{"))
        else:
            self._skipped += 1

    def _close(self, end: int) -> None:
        if self._skipped:
            self._skipped -= 1
        elif len(self._waiting) > 1:
            inner, outer = self._waiting.pop(), self._waiting[-1]
            if inner.is_object and len(inner.keys & _OF_A_WORK) > 1:
                values = inner.values + [value for work in inner.works for value in work.values]
                depth = sum(each.is_object for each in self._waiting)
                outer.works.append(_Work(Span(inner.start, end), depth, sorted(values, key=lambda value: value.at)))
            else:
                outer.values += inner.values
                outer.works += inner.works
            outer.key = "" if outer.is_object else outer.key

    def _see(self, token: re.Match[str]) -> None:
        inside = self._waiting[-1]
        if self._skipped:
            return
        if inside.is_object and not inside.key:
            self._following = _meaning((token[1] if token[1] is not None else token[0])[:200])
            return
        path = tuple(each.key for each in self._waiting if each.is_object)
        inside.values.append(_Value(path, Span(*token.span(1 if token[1] is not None else 0)), token[1] is not None))
        inside.key = ""


def _meaning(written: str) -> str:
    return _ESCAPE.sub(lambda escape: _unescaped(escape[0]), written) if "\\" in written else written


def _unescaped(escape: str) -> str:
    try:
        # Half of a surrogate pair is no character, and cannot be written to any file.
        return _SURROGATE.sub("\ufffd", str(json.loads(f'"{escape}"'))) if len(escape) < 12 else str(json.loads(f'"{escape}"'))
    except ValueError:
        return escape


def _show(text: str, work: _Work, markup: Markup) -> None:
    """Read an item as its values with commas between; its addresses and identifiers are links that nothing shows."""
    said = _Said(text, work)
    shown, end = "", work.at.start
    for value in work.values:
        if (
            not value.is_text
            or value.at.end <= value.at.start
            or not _UNREAD.isdisjoint(value.path[work.depth :])
            or _is_linked(said, value, markup)
        ):
            continue
        markup.hide(end, value.at.start, shown)
        for escape in _ESCAPE.finditer(text, value.at.start, value.at.end):
            markup.hide(escape.start(), escape.end(), _unescaped(escape[0]))
        shown, end = ", ", value.at.end
    # The line end keeps the words of one work from those of the next, and what stands last in the work inside of it.
    markup.hide(end, work.at.end, "\n")
    markup.works.append((work.at, said.citation(), said.own("id") or None))


def _is_linked(said: _Said, value: _Value, markup: Markup) -> bool:
    """Whether a value is one address or identifier, which is then linked."""
    name = said.path(value)[-1] if value.path else ""
    written = said.text[value.at.start : min(value.at.end, value.at.start + 9000)]
    if name in _IDENTIFIERS:
        href = works.resolver_address(_IDENTIFIERS[name], _meaning(written))
        if href is not None and not (name == "DOI" and href.lower().partition("doi.org/")[2] in said.own("URL").lower()):
            markup.link(href, value.at)
        return href is not None
    lead = len(written) - len(written.lstrip())
    href = _meaning(written).strip()
    if name != "URL" or not works.is_stated(href):
        return False
    markup.link(href, Span(value.at.start + lead, max(value.at.start + lead, value.at.start + len(written.rstrip()))))
    return True


class _Said:
    """What one item says of its work."""

    def __init__(self, text: str, work: _Work) -> None:
        self.text = text
        self._work = work
        self._own: dict[str, str] = {}
        for value in work.values:
            if len(path := self.path(value)) == 1 and path[0]:
                self._own.setdefault(path[0], self._value(value))

    def path(self, value: _Value) -> tuple[str, ...]:
        """The keys that lead to `value` from the item on."""
        return value.path[self._work.depth :] or ("",)

    def own(self, name: str) -> str:
        """The value of the field `name`; "" without one."""
        return self._own.get(name, "")

    def citation(self) -> Citation:
        """The item as a citation."""
        people = next(filter(any, (list(self._people(name)) for name in _NAMES)), [])
        return Citation(
            author=works.names(people[: works.MOST_AUTHORS]),
            title=self.own("title") or None,
            outlet=next(filter(None, map(self.own, _OUTLETS)), None),
            published=works.first_day(*self._dates("issued")),
            accessed=works.first_day(*self._dates("accessed")) or works.accessed_in(self.own("note")),
        )

    def _value(self, value: _Value) -> str:
        return " ".join(_meaning(self.text[value.at.start : min(value.at.end, value.at.start + _LONGEST)]).split())

    def _below(self, name: str) -> Iterator[tuple[str, _Value]]:
        for value in self._work.values:
            if (path := self.path(value))[0] == name:
                yield path[-1], value

    def _people(self, name: str) -> Iterator[str]:
        person: dict[str, str] = {}
        end = 0
        for key, value in self._below(name):
            if end and "}" in self.text[end : value.at.start]:
                yield _name(person)
                person = {}
            person[key] = self._value(value)
            end = value.at.end
        yield _name(person)

    def _dates(self, name: str) -> Iterator[str]:
        below = [(key, self._value(value)) for key, value in self._below(name)]
        numbers = [said for key, said in below if key == "date-parts"][:3]
        while len(numbers) > 1 and int(numbers[-1] if numbers[-1].isdecimal() else "99") > 31:
            numbers.pop()  # the end of a range
        yield "-".join(numbers)
        yield from (said for key, said in below if key in (name, "raw", "literal"))


def _name(person: dict[str, str]) -> str:
    literal = person.get("literal") or person.get("name")
    family = " ".join(filter(None, (person.get("non-dropping-particle"), person.get("family"))))
    given = " ".join(filter(None, (person.get("given"), person.get("dropping-particle"))))
    return (literal or f"{given} {family}").replace(",", "").strip()
