"""Wikitext read once from left to right: templates, links, notes, and what a reader sees between."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from citekeeper.documents.html.entities import attribute_value, entities
from citekeeper.documents.html.reading import ends_in_address
from citekeeper.documents.markup import Markup
from citekeeper.documents.wikitext.fields import holds_notes
from citekeeper.documents.wikitext.templates import Template, date_of_template, read_template
from citekeeper.model import Span

_TOKEN = re.compile(
    r"<!--|</?[A-Za-z][^<>]{0,500}>|\{\{|\}\}|\[\[|\]\]|\[(?=(?:https?:)?//)|\||'{2,5}|&[#A-Za-z][A-Za-z0-9]{1,31};",
    re.I,
)
_TAG_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9]{0,20})")
_ATTRIBUTE = re.compile(r"(name|group)\s{0,9}=\s{0,9}(?:\"([^\"]{0,200})\"|'([^']{0,200})'|([^\s\"'>/]{1,200}))", re.I)
# Where mark-up means nothing.
_RAW = frozenset({"nowiki", "pre", "syntaxhighlight", "source", "math", "templatedata", "score", "timeline", "graph"})
_ADDRESS = re.compile(r"(?:https?:)?//[^\s\[\]<>\"|{}']++(?:'(?!')[^\s\[\]<>\"|{}']*+|\{\{[=!]\}\}[^\s\[\]<>\"|{}']*+)*+", re.I)
_BOLD = re.compile(r"'''([^\n|{}]{2,150}?)'''")
_TITLE_WITHIN = 20_000
_MOST_BRACKETS = 40
_BRACKET_OR_LINE = re.compile(r"[\]\n]")


@dataclass(slots=True)
class _PageLink:
    start: int
    bars: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Ref:
    """An open `<ref>`: its tag, its marker, and how many brackets were open before it."""

    at: Span
    marker: str
    depth: int
    is_defined_only: bool


class Scanner:
    """Reads one source; `scan` once, then ask for title and date."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._markup = Markup()
        self._open: list[Template | _PageLink] = []
        self._ref: _Ref | None = None
        self._in_list = False
        self._markers: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}
        self._brackets: list[int] | None = None
        self._closed: set[int] = set()
        self.title: str | None = None
        self.date: str | None = None

    def scan(self) -> Markup:
        """Everything that the source states."""
        at = 0
        while token := _TOKEN.search(self._text, at):
            at = self._step(token)
        return self._markup

    def _step(self, token: re.Match[str]) -> int:
        match token[0][:2]:
            case "{{":
                self._open.append(Template(token.start()))
            case "[[":
                self._open.append(_PageLink(token.start()))
            case "}}":
                self._close_template(token.end())
            case "]]":
                if token.start() in self._closed:  # "…words]]]": the first bracket closes an external link
                    return token.start() + 1
                self._close_page_link(token.end())
            case "|":
                self._bar(token.start())
            case "[":
                return self._external(token.start())
            case "''":
                self._bold(token)
            case "<!":
                close = self._text.find("-->", token.end())
                return self._hide(token.start(), close + 3 if close >= 0 else len(self._text))
            case sign if sign[0] == "&":
                for each in entities(self._text, token.start(), token.end()):
                    self._hide(each.start, each.end, each.meaning)
            case _:
                return self._tag(token)
        return token.end()

    def _hide(self, start: int, end: int, shown: str = "") -> int:
        self._markup.hide(start, end, shown)
        return end

    def _bold(self, token: re.Match[str]) -> None:
        may_be_title = self.title is None and not self._open and token.start() < _TITLE_WITHIN
        if may_be_title and (bold := _BOLD.match(self._text, token.start())):
            self.title = attribute_value(bold[1], 0, len(bold[1])).replace("''", "").strip()
        self._hide(token.start(), token.end())

    def _bar(self, at: int) -> None:
        if self._open:
            self._open[-1].bars.append(at)

    def _close_template(self, end: int) -> None:
        depth = len(self._open)
        while depth and not isinstance(self._open[depth - 1], Template):
            depth -= 1
        if not depth:
            self._open.clear()  # links that were never closed
            return
        template = self._open[depth - 1]
        del self._open[depth - 1 :]
        assert isinstance(template, Template)
        if self._holds_title(template, end):
            return
        if self.date is None and (said := date_of_template(self._text, template, end)):
            self.date = said
        read_template(self._text, template, end, self._markup)

    def _holds_title(self, template: Template, end: int) -> bool:
        inner = self._text[template.start + 2 : min(end - 2, template.start + 300)]
        name, colon, title = inner.partition(":")
        if not colon or name.strip().upper() != "DISPLAYTITLE":
            return False
        self.title = title.partition("|")[0].strip(" '")
        self._hide(template.start, end)
        return True

    def _close_page_link(self, end: int) -> None:
        """Read `[[page|words]]` as its words."""
        if not self._open or not isinstance(self._open[-1], _PageLink):
            return
        link = self._open.pop()
        self._hide(link.start, link.bars[0] + 1 if link.bars else link.start + 2)
        for bar in link.bars[1:]:
            self._hide(bar, bar + 1, ", ")
        self._hide(end - 2, end)

    def _external(self, at: int) -> int:
        """Read `[address words]` as its words."""
        address = _ADDRESS.match(self._text, at + 1)
        close = self._closing_bracket(address.end()) if address else None
        if address is None or close is None:
            return at + 1
        place = Span(*address.span())
        written = address[0].replace("{{=}}", "=").replace("{{!}}", "|")
        href = attribute_value(written, 0, len(written))
        href = f"https:{href}" if href.startswith("//") else href
        words = Span(place.end + len(self._text[place.end : close]) - len(self._text[place.end : close].lstrip()), close)
        if words.start >= words.end:
            self._markup.link(href, place)
            self._hide(at, at + 1, " ")
            return self._hide(place.end, close + 1, " ")
        self._markup.link(href, place, words)
        self._hide(at, words.start)
        self._closed.add(close)
        self._hide(close, close + 1, " " if ends_in_address(self._text[max(words.start, close - 500) : close]) else "")
        return words.start

    def _closing_bracket(self, at: int) -> int | None:
        """The bracket that closes an external link: the next one on the same line."""
        # Looked up, for "[http://a " a hundred thousand times on one line would be searched to its end each time.
        if self._brackets is None:
            self._brackets = [sign.start() for sign in _BRACKET_OR_LINE.finditer(self._text)]
        index = bisect_left(self._brackets, at)
        last = min(len(self._brackets), index + _MOST_BRACKETS)
        while index < last and self._text.startswith("]]", self._brackets[index]) and self._opens_page(at, index):
            index += 2
        place = self._brackets[index] if index < len(self._brackets) else -1
        return place if place >= 0 and self._text[place] == "]" else None

    def _opens_page(self, at: int, index: int) -> bool:
        """Whether the "]]" at `index` closes a page link in the words: `[https://example.org/ the [[page]] itself]`."""
        assert self._brackets is not None
        end = self._brackets[index]
        return self._text.rfind("[[", max(at, end - 300), end) >= 0

    def _tag(self, token: re.Match[str]) -> int:
        named = _TAG_NAME.match(token[0])
        name = named[1].lower() if named else ""
        closes, empty = token[0].startswith("</"), token[0].endswith("/>")
        if name == "ref":
            return self._end_ref(token) if closes else self._begin_ref(token, empty)
        if name == "references":
            self._in_list = not closes and not empty
        elif name in _RAW and not closes and not empty:
            return self._raw(name, token)
        return self._hide(token.start(), token.end(), "\n" if name in ("br", "p", "li", "tr", "div") else "")

    def _raw(self, name: str, token: re.Match[str]) -> int:
        close = re.compile(rf"</{name}\s{{0,9}}>", re.I).search(self._text, token.end())
        self._hide(token.start(), token.end())
        return self._hide(*close.span()) if close else len(self._text)

    def _begin_ref(self, token: re.Match[str], empty: bool) -> int:
        said = {found[1].lower(): (found[2] or found[3] or found[4] or "").strip() for found in _ATTRIBUTE.finditer(token[0])}
        defined_only = self._in_list or any(isinstance(each, Template) and self._is_list(each) for each in self._open[:3])
        marker = self._marker(said.get("group", ""), said.get("name", ""))
        if not defined_only:
            self._markup.marks.append((marker, Span(*token.span()), "cite"))
        if empty:
            return self._hide(token.start(), token.end(), "" if defined_only else f" [{marker}]")
        self._ref = _Ref(Span(*token.span()), marker, len(self._open), defined_only)
        return self._hide(token.start(), token.end(), "" if defined_only else " [")

    def _is_list(self, template: Template) -> bool:
        return holds_notes(self._text[template.start + 2 : template.start + 40])

    def _marker(self, group: str, name: str) -> str:
        """The number that the wiki prints: notes count from 1 in each group, in the order in which they are first cited."""
        if name and (group, name) in self._markers:
            return self._markers[group, name]
        self._counts[group] = self._counts.get(group, 0) + 1
        marker = f"{group} {self._counts[group]}".strip()
        if name:
            self._markers[group, name] = marker
        return marker

    def _end_ref(self, token: re.Match[str]) -> int:
        ref, self._ref = self._ref, None
        if ref is None:
            return self._hide(token.start(), token.end())
        # What was opened in a note and never closed ends with it.
        del self._open[ref.depth :]
        self._markup.marks.append((ref.marker, Span(ref.at.end, token.start()), "note"))
        return self._hide(token.start(), token.end(), "\n" if ref.is_defined_only else "]")
