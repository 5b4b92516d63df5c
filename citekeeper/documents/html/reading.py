"""What a browser would show of an HTML source, put together run by run, each with the place it came from.

White space follows innerText (https://html.spec.whatwg.org/multipage/dom.html#the-innertext-idl-attribute): runs of it
show as one space, blocks begin on new lines, paragraphs after an empty one, cells after a tab.
"""

from __future__ import annotations

import re

from citekeeper.documents.html.entities import entities
from citekeeper.model import Segment, Span

_SPACE = " \t\n\r\f"
CUTS = ("...", "…")
"""What addresses end in that are not shown whole."""

# An address at the end of what was read, whole or defanged; looked for in the last runs only, so that this stays linear.
_ADDRESS = re.compile(r"(?:://|www|\[:\]|\[\.\])[^\s<>\"]*+$", re.I)
_LAST_PARTS = 12
_LONGEST_ADDRESS = 500
_RUN = re.compile(r"[ \t\n\r\f]{2,}|[\t\n\r\f]")


def ends_in_address(text: str) -> bool:
    """Whether `text` ends in something that looks like an address, whole, cut or defanged."""
    return _ADDRESS.search(text) is not None


class Reading:
    """Collects the reading text and its segments."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._parts: list[str] = []
        self._segments: list[Segment] = []
        # The run that may still grow: where it begins in reading and source, and where it ends in both.
        self._run = (0, 0)
        self._run_end = (0, 0)
        self._is_verbatim = True
        self._space: tuple[int, int] | None = None
        self._lines = 0
        self._tab = False
        self._apart = ""
        self._last = "\n"
        self.length = 0

    def text(self, start: int, end: int, *, raw: bool = False, preserve: bool = False) -> None:
        """Add the text at `source[start:end]`; `preserve` keeps its white space (in `<pre>`)."""
        if raw or self._source.find("&", start, end) < 0:
            self._spaced(start, end, preserve)
            return
        at = start
        for entity in entities(self._source, start, end):
            self._spaced(at, entity.start, preserve)
            if entity.meaning.strip(_SPACE):
                self._emit(entity.meaning, entity.start, entity.end)
            elif entity.meaning:
                self._wait_for_text(entity.start, entity.end)
            at = entity.end
        self._spaced(at, end, preserve)

    def break_line(self, lines: int) -> None:
        """Let what follows begin on a new line, with `lines` - 1 empty lines between."""
        if self.length:
            self._lines = max(self._lines, lines)

    def add_line(self) -> None:
        """Add a line end, as `<br>` does; more than one empty line is never shown."""
        self.break_line(min(self._lines + 1, 2))

    def next_cell(self) -> None:
        """Set what follows apart from the table cell before it."""
        self._tab = bool(self.length)

    def part_from_address(self, *, at_link_end: bool = False) -> None:
        """Set what follows apart from an address right before it, which would swallow it: `https://example.org/a<sup>1</sup>`.

        At the end of a link only words are set apart, for mark-up may end in mid-address, before a dot or slash; but behind
        a cut ("…", "...") everything is.
        """
        before = "".join(self._parts[-_LAST_PARTS:])[-_LONGEST_ADDRESS:]
        if self._space is None and ends_in_address(before):
            self._apart = "words" if at_link_end and not before.endswith(CUTS) else "all"

    def tail(self, start: int, longest: int) -> str | None:
        """The reading text from `start` on; None when it is longer than `longest`."""
        if self.length - start > longest:
            return None
        parts: list[str] = []
        missing = self.length - start
        for part in reversed(self._parts):
            if missing <= 0:
                break
            parts.append(part[-missing:])
            missing -= len(part)
        return "".join(reversed(parts))

    def finish(self) -> tuple[str, tuple[Segment, ...]]:
        """The whole reading text and its segments, in order."""
        self._close_run()
        return "".join(self._parts), tuple(self._segments)

    def _spaced(self, start: int, end: int, preserve: bool) -> None:
        if preserve:
            if start < end:
                self._emit(self._source[start:end], start, end)
            return
        at = start
        for run in _RUN.finditer(self._source, start, end):
            self._words(at, run.start())
            self._wait_for_text(*run.span())
            at = run.end()
        self._words(at, end)

    def _words(self, start: int, end: int) -> None:
        """Add words with single spaces between them; those at the edges wait until it is clear that they show."""
        if start < end and self._source[start] == " ":
            self._wait_for_text(start, start + 1)
            start += 1
        trailing = start < end and self._source[end - 1] == " "
        stop = end - 1 if trailing else end
        if start < stop:
            self._emit(self._source[start:stop], start, stop)
        if trailing:
            self._wait_for_text(stop, end)

    def _wait_for_text(self, start: int, end: int) -> None:
        if self._space is None and self._last not in _SPACE:
            self._space = (start, end)

    def _emit(self, shown: str, start: int, end: int) -> None:
        if self._lines or self._tab:
            self._append("\n" * self._lines or "\t", start, start)
        elif self._space is not None:
            self._append(" ", *self._space)
        elif self._apart == "all" or (self._apart and shown[0].isalnum()):
            self._append(" ", start, start)
        self._space, self._lines, self._tab, self._apart = None, 0, False, ""
        self._append(shown, start, end)

    def _append(self, shown: str, start: int, end: int) -> None:
        begin, stop = (self.length, start), (self.length + len(shown), end)
        if not (self._is_verbatim and start == self._run_end[1] and len(shown) == end - start):
            self._close_run()
            self._run = begin
            self._is_verbatim = len(shown) == end - start
        self._run_end = stop
        self._parts.append(shown)
        self.length += len(shown)
        self._last = shown[-1]

    def _close_run(self) -> None:
        (first, start), (last, end) = self._run, self._run_end
        if last > first:
            self._segments.append(Segment(Span(first, last), Span(start, end)))
