"""Running text of reStructuredText: links and their targets, marks of notes, escapes."""

from __future__ import annotations

import re
from bisect import bisect_right

from citekeeper.documents.edits import Edit
from citekeeper.documents.html.reading import ends_in_address
from citekeeper.documents.markup import Markup
from citekeeper.documents.rst.blocks import Blocks, Note, Target, normalised
from citekeeper.model import Span

_INLINE = re.compile(
    r"(?P<literal>``(?:[^`]|`(?!`)){1,2000}?``)"
    # Marks begin behind white space or an opening sign, and never reach over an empty line ("inline markup recognition rules").
    r"|(?P<phrase>(?<![^\s'\"(\[{<\-/:|*\u201c\u2018\u00ab])`(?=\S)"
    r"(?P<inside>(?:[^`\\\n]|\\.|\n(?![ \t]{0,80}\n)){1,2000})`(?P<tail>__?(?!\w))?)"
    r"|(?P<note>\[(?P<label>\d{1,6}|#[\w.-]{0,80}|\*|[^\W_][\w.:+-]{0,80})\]_(?!\w))"
    r"|(?P<escape>\\(?P<escaped>.))"
    r"|(?<![\w./:@&=?#%_-])(?P<word>[^\W_](?:[\w.+:-]{0,80}?[^\W_])?)(?P<end>__?)(?![\w_])",
    re.S,
)
_ROLE_BEFORE = re.compile(r":[\w.+-]{1,40}:$")
_SYMBOLS = "*†‡§¶#♠♥♦♣"  # docutils, "auto-symbol footnotes"
_LONGEST_CHAIN = 10


class Inline:
    """Reads the running text of one source."""

    def __init__(self, text: str, blocks: Blocks) -> None:
        self._text, self._blocks = text, blocks
        self._markup = Markup()
        self._targets = {target.name: target for target in reversed(blocks.targets) if target.name}
        self._anonymous = iter([target for target in blocks.targets if not target.name])
        self._used: set[int] = set()
        self._words: list[tuple[str, Span]] = []
        self._embedded: dict[str, Span] = {}
        self._notes = _numbered(blocks.notes)
        self._unnamed = {label: iter([m for m, note in self._notes if note.label == label]) for label in ("#", "*")}
        self._markers = {note.label: marker for marker, note in self._notes}

    def read(self) -> Markup:
        """Everything that the source states."""
        closed = sorted([*self._blocks.literal, *self._blocks.hidden, *(target.at for target in self._blocks.targets)])
        starts = [span.start for span in closed]
        at = 0
        while found := _INLINE.search(self._text, at):
            index = bisect_right(starts, found.start()) - 1
            if index >= 0 and found.start() < closed[index].end:
                at = closed[index].end
                continue
            self._see(found)
            at = found.end()
        self._finish()
        return self._markup

    def _see(self, found: re.Match[str]) -> None:
        if found["phrase"]:
            self._phrase(found)
        elif found["note"]:
            self._cite(found["label"], Span(*found.span()))
        elif found["escape"]:
            self._markup.hide(found.start(), found.end(), _unescaped(found["escaped"]))
        elif found["word"]:
            at = Span(*found.span("word"))
            if found["end"] == "__":
                self._link_anonymous(at, found.start(), found.end())
            else:
                self._words.append((normalised(found["word"]), at))

    def _phrase(self, found: re.Match[str]) -> None:
        inside = Span(*found.span("inside"))
        if found["tail"] is None or _ROLE_BEFORE.search(self._text[max(0, found.start() - 42) : found.start()]):
            self._markup.edits += _escapes(self._text, inside)
            return
        angle = self._text.rfind("<", inside.start, inside.end)
        if self._text.endswith(">", inside.start, inside.end) and angle >= 0:
            self._embedded_link(found, inside, angle)
        elif found["tail"] == "__":
            self._link_anonymous(inside, found.start(), found.end())
        else:
            self._words.append((normalised(found["inside"]), inside))
            self._markup.edits += _escapes(self._text, inside)

    def _embedded_link(self, found: re.Match[str], inside: Span, angle: int) -> None:
        """`words <address>`_ reads as its words."""
        place = self._trimmed(Span(angle + 1, inside.end - 1))
        words = Span(inside.start, inside.start + len(self._text[inside.start : angle].rstrip()))
        if self._text.endswith("_", place.start, place.end) and not self._text.endswith("\\_", place.start, place.end):
            self._words.append((normalised(self._text[place.start : place.end - 1].strip("`")), words))
        else:
            if found["tail"] == "_" and words.end > words.start:
                self._embedded[normalised(self._text[words.start : words.end])] = place
            self._markup.link(_address(self._text, place), place, words if words.end > words.start else place)
        if words.end > words.start:
            self._unwrap(found.start(), words, found.end())
        else:
            self._unwrap(found.start(), place, found.end())

    def _unwrap(self, start: int, words: Span, end: int) -> None:
        """Read the link from `start` to `end` as its words."""
        self._markup.hide(start, words.start)
        self._markup.edits += _escapes(self._text, words)
        behind = self._text[end : end + 1]
        grows = behind.isalnum() and ends_in_address(self._text[max(words.start, words.end - 500) : words.end])
        self._markup.hide(words.end, end, " " if grows else "")

    def _link_anonymous(self, words: Span, start: int, end: int) -> None:
        target = next(self._anonymous, None)
        if target is not None:
            self._link_target(target, words)
            self._unwrap(start, words, end)

    def _link_target(self, target: Target, words: Span) -> None:
        place = self._trimmed(target.value)
        self._used.add(target.at.start)
        self._markup.link(_address(self._text, place), place, words)

    def _trimmed(self, at: Span) -> Span:
        inner = self._text[at.start : at.end]
        lead = len(inner) - len(inner.lstrip())
        return Span(at.start + lead, max(at.start + lead, at.start + len(inner.rstrip())))

    def _cite(self, label: str, at: Span) -> None:
        marker = next(self._unnamed[label], None) if label in self._unnamed else self._markers.get(label)
        if marker is not None:
            self._markup.marks.append((marker, at, "cite"))
            self._markup.hide(at.start, at.end, f" [{marker}]")

    def _finish(self) -> None:
        for name, words in self._words:
            self._link_named(name, words)
        for target in self._blocks.targets:
            place = self._trimmed(target.value)
            if target.at.start in self._used:
                # Links say where they lead; were the target read too, one citation would count twice.
                self._markup.hide(target.at.start, target.at.end)
            elif place.end > place.start and not self._text.endswith("_", place.start, place.end):
                self._markup.link(_address(self._text, place), place)
                self._markup.edits += _escapes(self._text, place)
        for span in self._blocks.hidden:
            self._markup.hide(span.start, span.end)
        for span in self._blocks.picture_links:
            self._markup.link(_address(self._text, span), span)
        for marker, note in self._notes:
            self._markup.hide(note.mark.start, note.mark.end)
            self._markup.marks.append((marker, self._trimmed(note.words), "note"))

    def _link_named(self, name: str, words: Span) -> None:
        target = self._targets.get(name)
        for _ in range(_LONGEST_CHAIN):
            value = self._trimmed(target.value) if target else Span(0, 0)
            if target is None or not self._text.endswith("_", value.start, value.end):
                break
            self._used.add(target.at.start)
            target = self._targets.get(normalised(self._text[value.start : value.end - 1].strip("`")))
        if target is not None and value.end > value.start:
            self._link_target(target, words)
        elif (place := self._embedded.get(name)) is not None:
            self._markup.link(_address(self._text, place), place, words)
        else:
            return
        start = words.start - self._text.startswith("`", words.start - 1)
        end = words.end + 1 + self._text.startswith("`", words.end)
        if self._text.startswith("_", end - 1):  # else the words stand in front of an embedded alias
            self._unwrap(start, words, end)


def _numbered(notes: list[Note]) -> list[tuple[str, Note]]:
    """The notes with the markers that are printed: "#" counts past the numbers that are taken, "*" goes through symbols."""
    taken = {note.label for note in notes if note.label.isdigit()}
    number = symbols = 0
    found = []
    for note in notes:
        marker = note.label
        if marker.startswith("#"):
            number += 1
            while str(number) in taken:
                number += 1
            marker = str(number)
        elif marker == "*":
            marker = _SYMBOLS[symbols % len(_SYMBOLS)] * (symbols // len(_SYMBOLS) + 1 if symbols < 100 else 1)
            symbols += 1
        found.append((marker, note))
    return found


def _unescaped(escaped: str) -> str:
    """What a backslash and a character mean; two backslashes stay, for in hxxp:\\\\host both belong to the address."""
    return "\\\\" if escaped == "\\" else "" if escaped.isspace() else escaped


_ESCAPE = re.compile(r"\\(.)", re.S)


def _escapes(text: str, at: Span) -> list[Edit]:
    return [Edit(found.start(), found.end(), _unescaped(found[1])) for found in _ESCAPE.finditer(text, at.start, at.end)]


def _address(text: str, at: Span) -> str:
    """The address written at `at`: white space means nothing in it, escapes are undone."""
    written = "".join(text[at.start : at.end].split()) if at.end - at.start < 9000 else ""
    if written.startswith("<") and written.endswith(">"):
        written = written[1:-1]
    return _ESCAPE.sub(lambda found: found[1], written)
