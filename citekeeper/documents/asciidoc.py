"""AsciiDoc: link macros, footnotes, bibliographies and attributes that hold addresses.

There is no well-kept parser in Python with places (asciidoc-py is a converter under the GPL); the rules are those of
https://docs.asciidoctor.org/asciidoc/latest/. What is not a link, note or comment is read as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from citekeeper.documents.dates import start_of
from citekeeper.documents.html.reading import ends_in_address
from citekeeper.documents.markup import About, Markup
from citekeeper.model import Document, Span

_SIGN = re.compile(
    r"(?P<fence>^(?P<fence_mark>/{4,}|-{4,}|\.{4,}|\+{4,}|`{3,})[^\n`]{0,60}$)"
    r"|(?P<comment>^//(?!/)[^\n]*+\n?)"
    r"|(?P<link>\\?(?:link:(?:\+\+)?(?P<target>[^\s\[\]]{1,4000}+)"
    r"|(?P<bare>https?://[^\s\[\]<>|\"`{}]++(?:\{[\w-]{1,60}\}[^\s\[\]<>|\"`{}]*+)*+)))"
    r"|(?P<note>footnote(?:ref)?:(?P<id>[\w-]{0,80})(?=\[))"
    r"|(?P<image>image::?(?P<picture>[^\s\[\]:][^\s\[\]]{0,2000}+)?+)"
    r"|(?P<anchor>\[\[\[(?P<key>[^\[\],\n]{1,100})(?:,(?P<label>[^\[\]\n]{1,100}))?\]\]\])"
    r"|(?P<cite><<(?P<cited>[^<>,\n]{1,100})(?:,[^<>\n]{0,300})?>>)"
    r"|(?P<attribute>\{(?P<name>[A-Za-z_][\w-]{0,60})\}(?P<rest>[^\s\[\]<>|\"`{}]{0,2000}))",
    re.M,
)
_BRACKET = re.compile(r"\\.|[\[\]]|\n[ \t]{0,80}\n", re.S)
_ENTRY = re.compile(r"^:([A-Za-z_][\w-]{0,60}):[ \t]{1,20}(\S[^\n]{0,2000})$", re.M)
_TITLE = re.compile(r"\s{0,200}(?:^//[^\n]{0,500}\n|^:[^\n]{0,500}\n|\n){0,50}^=[ \t]{1,8}(\S[^\n]{0,300})", re.M)
_REVISION = re.compile(r"^v?\d[\w.-]{0,20},[ \t]{0,8}([^\n:]{4,60})", re.M)
_DATES = ("revdate", "date", "page-date", "jbake-date", "page-revdate", "docdate")
_ITEM_END = re.compile(r"\n[ \t]{0,80}(?:\n|[*-][ \t])")
_LINK_OPTION = re.compile(r"\blink\s?=\s?\"?(https?://[^\s\",\]]{1,2000})")
_NAMED = re.compile(r",[ \t]{0,8}(?:window|role|rel|opts|id|title|options)\s?=|\^?\s{0,8}$")
# An attribute used a million times must not make a reading of gigabytes.
_MOST_EXPANSIONS = 20_000
_LONGEST_VALUE = 500
_LONGEST_WORDS = 4000


def read(text: str, *, source: str) -> Document:
    """Read AsciiDoc; included files are not read."""
    reader = _Reader(text)
    markup = reader.read()
    title = _TITLE.match(text)
    dates = [reader.said[name] for name in _DATES if name in reader.said]
    if title and (revision := _REVISION.search(text, title.end(), title.end() + 500)):
        dates.append(revision[1])
    days = (start_of(said) for said in dates)
    return markup.document(text, source, "asciidoc", About(title[1].strip() if title else None, next(filter(None, days), None)))


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._markup = Markup()
        self._closes = _closes(text)
        self._entries = {entry[1]: entry for entry in _ENTRY.finditer(text)}
        self.said = {name: entry[2].strip() for name, entry in self._entries.items()}
        self._used: set[str] = set()
        self._notes: dict[str, str] = {}
        self._number = self._expanded = 0
        self._has_footnotes = "footnote" in text
        self._keys = {found["key"]: found["label"] for found in _SIGN.finditer(text) if found["anchor"]}

    def read(self) -> Markup:
        at = 0
        while sign := _SIGN.search(self._text, at):
            at = max(self._step(sign), sign.start() + 1)
        for name in self._used:
            self._markup.hide(*self._entries[name].span())
        return self._markup

    def _step(self, sign: re.Match[str]) -> int:
        match next(name for name in _KINDS if sign[name]):
            case "fence":
                return self._fence(sign)
            case "comment":
                self._markup.hide(*sign.span())
            case "link":
                return self._link(sign)
            case "note":
                return self._note(sign)
            case "image":
                return self._image(sign)
            case "anchor":
                self._anchor(sign)
            case "cite":
                self._cite(sign)
            case _:
                return self._attribute(sign)
        return sign.end()

    def _fence(self, sign: re.Match[str]) -> int:
        mark = sign["fence_mark"]
        before = self._text[max(0, sign.start() - 400) : sign.start()].rpartition("\n")[0].rpartition("\n")[2].strip()
        if before and mark[0] in "-+." and abs(len(before) - len(mark)) < 2 and sign[0].strip() == mark:
            return sign.end()  # the line under a title
        close = self._text.find(f"\n{mark}", sign.end())
        end = close + 1 + len(mark) if close >= 0 else len(self._text)
        if mark[0] == "/":
            self._markup.hide(sign.start(), end)
        return end

    def _link(self, sign: re.Match[str]) -> int:
        """`https://example.org/[words]` and `link:address[words]` read as their words."""
        place = Span(*sign.span("target" if sign["target"] else "bare"))
        if sign["target"] and sign["target"].endswith("++"):
            place = Span(place.start, place.end - 2)
        if sign[0].startswith("\\"):
            self._markup.hide(sign.start(), sign.start() + 1)
            return sign.end()
        return self._linked(sign.start(), place, sign.end())

    def _linked(self, start: int, place: Span, end: int) -> int:
        close = self._closes.get(end)
        href = self._expand(self._text[place.start : place.end])
        if close is None or close - end > _LONGEST_WORDS:
            return end
        words = self._words(end + 1, close)
        if words.end <= words.start:
            self._markup.link(href, place)
            self._markup.hide(start, place.start)
            if "{" in self._text[place.start : place.end]:
                self._markup.hide(place.start, place.end, href)
            self._markup.hide(place.end, close + 1, " ")
            return close + 1
        self._markup.link(href, place, words)
        self._markup.hide(start, words.start)
        grows = ends_in_address(self._text[max(words.start, words.end - 500) : words.end])
        self._markup.hide(words.end, close + 1, " " if grows else "")
        return words.start

    def _words(self, start: int, end: int) -> Span:
        """The words of a link, without the options behind them."""
        option = _NAMED.search(self._text, start, end)
        stop = option.start() if option else end
        if self._text[stop - 1 : stop] == "^":
            stop -= 1
        inner = self._text[start:stop]
        lead = len(inner) - len(inner.lstrip(' "'))
        return Span(start + lead, max(start + lead, start + len(inner.rstrip(' "'))))

    def _note(self, sign: re.Match[str]) -> int:
        close = self._closes.get(sign.end())
        if close is None:
            return sign.end()
        start, name = sign.end() + 1, sign["id"]
        if sign[0].startswith("footnoteref"):
            name, comma, _ = self._text[start : min(close, start + 80)].partition(",")
            start = start + len(name) + 1 if comma else close
        if start >= close and name in self._notes:
            self._markup.marks.append((self._notes[name], Span(sign.start(), close + 1), "cite"))
            self._markup.hide(sign.start(), close + 1, f" [{self._notes[name]}]")
            return close + 1
        self._number += 1
        marker = str(self._number)
        if name:
            self._notes[name] = marker
        self._markup.marks += [(marker, Span(sign.start(), start), "cite"), (marker, Span(start, close), "note")]
        self._markup.hide(sign.start(), start, " [")
        self._markup.hide(close, close + 1, "] " if self._text[close + 1 : close + 2].isalnum() else "]")
        return start

    def _image(self, sign: re.Match[str]) -> int:
        close = self._closes.get(sign.end())
        if close is None:
            return sign.end()
        self._markup.hide(sign.start(), sign.end() + 1)
        if linked := _LINK_OPTION.search(self._text, sign.end(), min(close, sign.end() + _LONGEST_WORDS)):
            self._markup.link(linked[1], Span(*linked.span(1)))
        self._markup.hide(close, close + 1)
        return close + 1

    def _anchor(self, sign: re.Match[str]) -> None:
        """An item of a bibliography is a note."""
        end = _ITEM_END.search(self._text, sign.end(), sign.end() + _LONGEST_WORDS)
        stop = end.start() if end else min(len(self._text), sign.end() + _LONGEST_WORDS)
        words = self._text[sign.end() : stop]
        lead = len(words) - len(words.lstrip())
        self._markup.marks.append((self._marker(sign["key"]), Span(sign.end() + lead, max(sign.end() + lead, stop)), "note"))

    def _marker(self, key: str) -> str:
        """What a bibliography prints for `key`; numbers that footnotes may have too stay keys."""
        label = self._keys.get(key) or key
        return key if label.isdigit() and self._has_footnotes else label

    def _cite(self, sign: re.Match[str]) -> None:
        key = sign["cited"].strip()
        if key in self._keys:
            self._markup.marks.append((self._marker(key), Span(*sign.span()), "cite"))

    def _attribute(self, sign: re.Match[str]) -> int:
        """`{address}/page[words]`: an attribute that holds an address is what it holds."""
        if not self._is_address(sign["name"]):
            return sign.end("name") + 1
        close = self._closes.get(sign.end())
        if close is not None:
            return self._linked(sign.start(), Span(*sign.span()), sign.end())
        if self._expanded < _MOST_EXPANSIONS:
            self._expanded += 1
            self._used.add(sign["name"])
            self._markup.hide(sign.start(), sign.end("name") + 1, self.said[sign["name"]])
        return sign.end()

    def _is_address(self, name: str) -> bool:
        return self.said.get(name, "").startswith(("http://", "https://")) and len(self.said[name]) < _LONGEST_VALUE

    def _expand(self, written: str) -> str:
        def value(found: re.Match[str]) -> str:
            if not self._is_address(found[1]) and found[1] not in self.said:
                return found[0]
            self._used.update([found[1]] if self._is_address(found[1]) else [])
            return self.said[found[1]][:_LONGEST_VALUE]

        return re.sub(r"\{([A-Za-z_][\w-]{0,60})\}", value, written[:_LONGEST_WORDS], count=10)


_KINDS = ("fence", "comment", "link", "note", "image", "anchor", "cite", "attribute")


def _closes(text: str) -> dict[int, int]:
    """Which bracket closes which; an empty line ends what is still open."""
    closes: dict[int, int] = {}
    waiting: list[int] = []
    for sign in _brackets(text):
        if sign[0] == "[":
            waiting.append(sign.start())
        elif sign[0] != "]":
            waiting.clear()
        elif waiting:
            closes[waiting.pop()] = sign.start()
    return closes


def _brackets(text: str) -> Iterator[re.Match[str]]:
    return (sign for sign in _BRACKET.finditer(text) if sign[0][0] != "\\")
