"""A LaTeX source read once from left to right: links, notes, the bibliography, and what a reader sees between."""

from __future__ import annotations

import re
from dataclasses import dataclass

from citekeeper.documents.html.reading import ends_in_address
from citekeeper.documents.latex import commands
from citekeeper.documents.latex.groups import COMMENT, Groups
from citekeeper.documents.latex.letters import address, address_edits, character_at
from citekeeper.documents.markup import Markup
from citekeeper.model import Span

_SIGN = re.compile(r"\\|[{}%~]")
_COMMAND = re.compile(r"\\([A-Za-z@]{1,60})\*?")
_VERB = re.compile(r"[^A-Za-z\s{*]")
_MACRO = re.compile(
    r"\\(?:(?:re)?newcommand\*?[ ]?|providecommand\*?[ ]?|def[ ]?)\{?\\([A-Za-z]{1,60})\}?[ ]?\{[ ]?(https?://[^{}\s\\]{1,500})[ ]?\}", re.I
)
# A command with arguments of its own: what "#1" in it stands for is not known here.
_DEFINITION = re.compile(r"\\(?:(?:re)?newcommand|providecommand|DeclareRobustCommand)\*?[ ]?\{?\\[A-Za-z@]{1,60}\}?[ ]?\[\d\]")
_ENVIRONMENT = re.compile(r"\s?\{([A-Za-z]{1,40}\*?)\}")
_BESIDE_ADDRESS = frozenset(" \t\r\n.,;:!?)]}'\"\\%~")
_LONGEST_ADDRESS = 8000
_LONGEST_DELIMITED = 2000
_LONGEST_KEY = 400
_SYMBOLS = "*†‡§¶"  # as \fnsymbol has them


@dataclass(frozen=True, slots=True)
class _Item:
    """An item of `thebibliography`: where it begins, its key and label, and where its words begin."""

    start: int
    key: str
    label: str
    words: int


class Scanner:
    """Reads one source; `scan` once, then ask for title and date."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._groups = Groups(text)
        self._markup = Markup()
        self._closing: dict[int, str] = {}
        self._macros = {match[1]: (match[2], Span(*match.span())) for match in _MACRO.finditer(text)}
        self._definitions = {at.start: at.end for _, at in self._macros.values()}
        self._used: set[str] = set()
        self._notes = self._thanks = 0
        self._items: list[_Item] = []
        self._cites: list[tuple[str, Span]] = []
        self.title: Span | None = None
        self.date: Span | None = None

    def scan(self) -> Markup:
        """Everything that the source states."""
        at = 0
        while sign := _SIGN.search(self._text, at):
            at = max(self._step(sign[0], sign.start()), sign.end())
        self._number_items()
        for name in self._used:
            self._markup.hide(self._macros[name][1].start, self._macros[name][1].end)
        return self._markup

    def _step(self, sign: str, at: int) -> int:
        match sign:
            case "%":
                comment = COMMENT.match(self._text, at)
                return self._hide(at, comment.end()) if comment else at + 1
            case "~":
                # A "~" behind a slash is a home directory, whatever LaTeX would print.
                return at + 1 if self._text[at - 1 : at] == "/" else self._hide(at, at + 1, " ")
            case "{":
                return self._hide(at, at + 1)
            case "}":
                return self._hide(at, at + 1, self._closing.get(at, ""))
            case _:
                return self._command(at)

    def _hide(self, start: int, end: int, shown: str = "") -> int:
        self._markup.hide(start, end, shown)
        return end

    def _command(self, at: int) -> int:
        named = _COMMAND.match(self._text, at)
        name = named[1] if named else ""
        after = named.end() if named else at + 2
        if at in self._definitions:
            return self._definitions[at]
        if (definition := _DEFINITION.match(self._text, at)) is not None:
            return self._definition(at, definition.end())
        if name in commands.LINKS:
            return self._url(at, after)
        if name == "href":
            return self._href(at, after)
        if name in commands.NOTES:
            return self._note(at, after)
        if name in commands.NOTE_MARKS:
            return self._note_mark(at, after)
        if name in ("begin", "end"):
            return self._environment(name, at, after)
        if name == "bibitem":
            return self._item(at, after)
        if name in ("verb", "lstinline"):
            return self._verb(at, after)
        if name in commands.DROPPED or name in commands.CITES:
            return self._dropped(name, at, after)
        return self._other(name, at, after)

    def _definition(self, at: int, after: int) -> int:
        _, after = self._groups.option(after)
        body = self._groups.argument(after)
        return self._hide(at, body.end + 1 if body else after)

    def _other(self, name: str, at: int, after: int) -> int:
        if (character := character_at(self._text, at)) is not None:
            return self._hide(character.start, character.end, character.shown)
        argument = self._groups.argument(after) if name in ("title", "date") else None
        if name == "title" and self.title is None:
            self.title = argument
        elif name == "date" and self.date is None:
            self.date = argument
        _, end = self._groups.option(after) if self._text.startswith("[", after) else ("", after)
        # A space ends the name of a command, and is not shown.
        return self._hide(at, end + (name != "" and self._text.startswith(" ", end)))

    def _value_of(self, name: str) -> str | None:
        if name not in self._macros:
            return None
        self._used.add(name)
        return self._macros[name][0]

    def _url(self, at: int, after: int) -> int:
        argument = self._groups.argument(after)
        if argument is None and (delimiter := _VERB.match(self._text, after)):
            close = self._text.find(delimiter[0], after + 1, after + _LONGEST_DELIMITED)
            argument = Span(after + 1, close) if close >= 0 else None
        if argument is None or argument.end - argument.start > _LONGEST_ADDRESS:
            return self._hide(at, after)
        self._hide(at, argument.start, self._space_before(at))
        place = self._trimmed(argument)
        self._markup.link(address(self._text, place.start, place.end, self._value_of), place)
        self._markup.edits += address_edits(self._text, argument.start, argument.end, self._value_of)
        return self._hide(argument.end, argument.end + 1, self._space_behind(argument.end + 1))

    def _trimmed(self, at: Span) -> Span:
        inner = self._text[at.start : at.end]
        lead = len(inner) - len(inner.lstrip())
        return Span(at.start + lead, max(at.start + lead, at.start + len(inner.rstrip())))

    def _space_before(self, at: int) -> str:
        return " " if self._text[at - 1 : at].isalnum() else ""

    def _space_behind(self, at: int) -> str:
        """What keeps the words behind an address from becoming a part of it."""
        behind = self._text[at : at + 1]
        return " " if behind and behind not in _BESIDE_ADDRESS else ""

    def _href(self, at: int, after: int) -> int:
        _, after = self._groups.option(after)
        where = self._groups.argument(after)
        words = self._groups.argument(where.end + 1) if where else None
        if where is None or words is None or where.end - where.start > _LONGEST_ADDRESS:
            return self._hide(at, after)
        place = self._trimmed(where)
        if self._text.startswith("\\detokenize{", place.start):
            place = Span(place.start + len("\\detokenize{"), place.end - 1)
        self._markup.link(address(self._text, place.start, place.end, self._value_of), place, words)
        if ends_in_address(self._text[max(words.start, words.end - 500) : words.end]):
            self._closing[words.end] = self._space_behind(words.end + 1)
        return self._hide(at, words.start)

    def _note(self, at: int, after: int) -> int:
        number, after = self._groups.option(after)
        words = self._groups.argument(after)
        if words is None:
            return self._hide(at, after)
        is_mark = not self._text.startswith("text", after - 4)  # \footnotetext has its mark elsewhere
        marker = self._symbol() if self._text.startswith("\\thanks", at) else self._marker(number, is_mark)
        self._markup.marks.append((marker, words, "note"))
        if is_mark:
            self._markup.marks.append((marker, Span(at, words.start), "cite"))
        self._closing[words.end] = "]" + self._space_behind(words.end + 1)
        return self._hide(at, words.start, " [")

    def _marker(self, number: str, counts: bool) -> str:
        if number:
            return number
        self._notes += counts
        return str(max(1, self._notes))

    def _symbol(self) -> str:
        """The mark of the next `\\thanks`, which does not count among the footnotes."""
        self._thanks += 1
        return _SYMBOLS[(self._thanks - 1) % len(_SYMBOLS)]

    def _note_mark(self, at: int, after: int) -> int:
        number, after = self._groups.option(after)
        marker = self._marker(number, True)
        self._markup.marks.append((marker, Span(at, after), "cite"))
        return self._hide(at, after, f" [{marker}]")

    def _environment(self, kind: str, at: int, after: int) -> int:
        named = _ENVIRONMENT.match(self._text, after)
        if named is None:
            return self._hide(at, after)
        if kind == "end":
            end = len(self._text) if named[1] == "document" else named.end()
            return self._hide(at, end)
        if named[1] in commands.VERBATIM or named[1] == "comment":
            return self._verbatim(named[1], at, named.end())
        _, end = self._groups.option(named.end())
        widest = self._groups.argument(end) if named[1] == "thebibliography" else None
        return self._hide(at, widest.end + 1 if widest else end)

    def _verbatim(self, name: str, at: int, after: int) -> int:
        stop = f"\\end{{{name}}}"
        close = self._text.find(stop, after)
        end = close if close >= 0 else len(self._text)
        self._hide(at, end if name == "comment" else after)
        return self._hide(end, min(end + len(stop), len(self._text)))

    def _verb(self, at: int, after: int) -> int:
        delimiter = _VERB.match(self._text, after)
        close = self._text.find(delimiter[0], after + 1, after + 500) if delimiter else -1
        if close < 0:
            return self._hide(at, after)
        self._hide(at, after + 1)
        return self._hide(close, close + 1)

    def _item(self, at: int, after: int) -> int:
        label, after = self._groups.option(after)
        key = self._groups.argument(after)
        if key is None or key.end - key.start > _LONGEST_KEY:
            return self._hide(at, after)
        self._items.append(_Item(at, self._text[key.start : key.end].strip(), label, key.end + 1))
        return self._hide(at, key.end + 1)

    def _dropped(self, name: str, at: int, after: int) -> int:
        _, end = self._groups.option(after)
        _, end = self._groups.option(end)
        argument = self._groups.argument(end)
        if argument is None or argument.end - argument.start > _LONGEST_ADDRESS:
            return self._hide(at, end)
        keys = [key.strip() for key in self._text[argument.start : argument.end].split(",")] if name in commands.CITES else []
        self._cites += [(key, Span(at, argument.end + 1)) for key in keys]
        shown = f" [{', '.join(keys)[:_LONGEST_KEY]}]" if keys else ""
        return self._hide(at, argument.end + 1, shown)

    def _number_items(self) -> None:
        """The items of the bibliography are notes; with footnotes beside them their keys tell them apart."""
        if not self._items:
            return
        has_footnotes = bool(self._markup.marks)
        end = self._text.find("\\end{thebibliography}", self._items[-1].words)
        ends = [item.start for item in self._items[1:]] + [end if end >= 0 else len(self._text)]
        markers: dict[str, str] = {}
        for number, (item, stop) in enumerate(zip(self._items, ends, strict=True), 1):
            markers[item.key] = item.label or (item.key if has_footnotes else str(number))
            words = self._trimmed(Span(item.words, max(item.words, stop)))
            self._markup.marks.append((markers[item.key], words, "note"))
        self._markup.marks += [(markers[key], at, "cite") for key, at in self._cites if key in markers]
