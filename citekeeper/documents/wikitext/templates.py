"""Templates of wikitext: citation templates become works, others are read as their parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from citekeeper.documents import works
from citekeeper.documents.dates import start_of
from citekeeper.documents.html.entities import attribute_value
from citekeeper.documents.markup import Markup
from citekeeper.documents.wikitext.fields import is_citation, meaning_of
from citekeeper.model import Citation, Span

_LONGEST_NAME = 100
_LONGEST = 3000
"""Of a value; whatever is longer is an article, no field of a citation."""
_IDENTIFIERS = frozenset({"doi", "arxiv", "pmid", "pmc", "hdl"})
_HIDDEN = frozenset({"archive_date", "accessed", "url_status", "archive_url"})
_STAND_INS = re.compile(r"\{\{\s{0,9}(=|!|·)\s{0,9}\}\}|<!--.{0,2000}?-->|<nowiki ?/?>|</nowiki>", re.S)
_MARKUP = re.compile(r"'{2,}|\[\[(?:[^\[\]|]{0,300}\|)?|\]\]|<[^<>]{0,200}>|\{\{[^{}|]{0,60}\|?|\}\}|\[(?:https?:)?//\S{0,2000}|\]", re.I)
_STATUSES = {"live", "dead", "unfit", "usurped", "deviated"}


@dataclass(slots=True)
class Template:
    """A template that is being read: where it begins, and the bars between its parameters."""

    start: int
    bars: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Parameter:
    name: str
    meaning: str
    number: str
    written: Span
    """With its name."""
    value: Span


def read_template(text: str, template: Template, end: int, markup: Markup) -> None:
    """Add what a template that ends at `end` (behind its braces) states."""
    _Reader(text, template, end, markup).read()


class _Reader:
    def __init__(self, text: str, template: Template, end: int, markup: Markup) -> None:
        self._text, self._markup = text, markup
        self._at = Span(template.start, end)
        ends = [*template.bars, end - 2]
        self.name = text[template.start + 2 : min(ends[0], template.start + 2 + _LONGEST_NAME)].strip()
        self._parameters = [self._parameter(bar + 1, stop) for bar, stop in pairwise(ends)]
        self._own = {each.meaning: each for each in reversed(self._parameters) if each.meaning}

    def _parameter(self, start: int, end: int) -> _Parameter:
        equals = self._text.find("=", start, min(end, start + _LONGEST_NAME))
        name = self._text[start:equals] if equals >= 0 else ""
        if equals < 0 or any(sign in name for sign in "{[<"):
            return _Parameter("", "", "", self._trimmed(start, end), self._trimmed(start, end))
        meaning, number = meaning_of(name)
        return _Parameter(name.strip(), meaning, number, self._trimmed(start, end), self._trimmed(equals + 1, end))

    def _trimmed(self, start: int, end: int) -> Span:
        # Walked, not sliced: templates nest, and each would copy all that is inside of it.
        while start < end and self._text[start].isspace():
            start += 1
        while start < end and self._text[end - 1].isspace():
            end -= 1
        return Span(start, end)

    def read(self) -> None:
        has_address = not self._own.keys().isdisjoint({"url", "archive_url", *_IDENTIFIERS})
        if is_citation(self.name) or (has_address and "title" in self._own):
            self._show(", ", named=False)
            self._markup.works.append((self._at, self._citation(), None))
        elif (kind := self.name.lower()) in _IDENTIFIERS and self._parameters:
            self._identifier(kind, self._parameters[0].value)
            self._markup.hide(self._at.start, self._at.end)
        elif not self._parameters:
            self._markup.hide(self._at.start, self._at.end)
        else:
            self._show(" ", named=True)

    def _show(self, before: str, *, named: bool) -> None:
        """Read the template as its values with commas between; addresses that it states are links that nothing shows."""
        shown, end = "" if before == ", " else before, self._at.start
        for each in self._parameters:
            if each.value.end <= each.value.start or self._is_linked(each):
                continue
            value = each.written if named else each.value
            self._markup.hide(end, value.start, shown)
            shown, end = ", ", value.end
        # What stands last in the template is inside of it, and no word behind it clings to an address.
        self._markup.hide(end, self._at.end, " ")

    def _is_linked(self, each: _Parameter) -> bool:
        """Whether a parameter holds one address or identifier, or what the citation keeps as a field, and is not read."""
        if each.meaning in ("url", "urls"):
            return self._link(each.value)
        if each.meaning == "archive_url" and not self._said("url"):
            return self._link(each.value)
        if each.meaning in _IDENTIFIERS:
            return self._identifier(each.meaning, each.value)
        return each.meaning in _HIDDEN and ("url" in self._own or "title" in self._own)

    def _link(self, at: Span) -> bool:
        href = self._address(at)
        href = f"https:{href}" if href.startswith("//") else href
        if works.is_stated(href) and "{{" not in href:  # what a template in an address prints is known to its wiki only
            self._markup.link(href, at)
            return True
        return False

    def _identifier(self, kind: str, at: Span) -> bool:
        href = works.resolver_address(kind, self._address(at))
        if href is not None and href.partition("://")[2].partition("/")[2].lower() not in self._said("url").lower():
            self._markup.link(href, at)
        return href is not None

    def _address(self, at: Span) -> str:
        if at.end - at.start > _LONGEST:
            return ""
        written = self._text[at.start : at.end]
        written = _STAND_INS.sub(lambda found: found[1] or "", written)
        return attribute_value(written, 0, len(written)).strip()

    def _said(self, meaning: str) -> str:
        each = self._own.get(meaning)
        return self._value(each) if each else ""

    def _value(self, each: _Parameter) -> str:
        if each.meaning in ("url", "archive_url"):
            return self._address(each.value)
        if each.value.end - each.value.start > _LONGEST:
            return ""
        written = self._text[each.value.start : each.value.end]
        plain = _MARKUP.sub("", _STAND_INS.sub(lambda found: found[1] or "", written))
        return " ".join(attribute_value(plain, 0, len(plain)).split())

    def _citation(self) -> Citation:
        status = self._said("url_status").lower()
        return Citation(
            author=works.names(self._people()),
            title=self._said("title") or None,
            outlet=self._said("outlet") or None,
            published=works.first_day(self._said("published"), self._said("year")),
            accessed=works.first_day(self._said("accessed")),
            archived_url=self._said("archive_url") or None,
            archived_on=works.first_day(self._said("archive_date")),
            url_status=status if status in _STATUSES else "dead" if status in ("yes", "true", "1", "ja", "sí", "sim") else None,
        )

    def _people(self) -> Iterator[str]:
        people: dict[str, dict[str, str]] = {}
        for each in self._parameters:
            if each.meaning in ("author", "last", "first") and len(people) < works.MOST_AUTHORS:
                people.setdefault(each.number if each.number != "1" else "", {})[each.meaning] = self._value(each)
        for person in people.values():
            yield person.get("author") or " ".join(filter(None, (person.get("first"), person.get("last"))))


def date_of_template(text: str, template: Template, end: int) -> str | None:
    """The date that `{{date|November 13, 2020}}` states, which news wikis begin with."""
    words = text[template.start + 2 : min(end - 2, template.start + 60)].split("|")
    is_date = len(words) == 2 and words[0].strip().lower() in ("date", "datum", "fecha", "data")
    return words[1].strip() if is_date and start_of(words[1]) else None
