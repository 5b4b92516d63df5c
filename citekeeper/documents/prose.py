"""The reading text of a container put together piece by piece, with its links, its notes and the member each piece is written in."""

from __future__ import annotations

import re
from contextlib import suppress

from citekeeper.documents.bylines import HEAD, published_in, title_in
from citekeeper.documents.html.reading import ends_in_address
from citekeeper.documents.unfit import Unfit
from citekeeper.model import Citation, Document, Entry, Link, NoteMark, PlaceMark, Run, Span

MOST_TEXT = 64 * 1024 * 1024
"""Code points of reading text; nobody writes more, and every stage behind holds it several times."""

_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LONGEST_ADDRESS = 500


class Prose:
    """Writes text as it is read; `document` once, in the end."""

    def __init__(self) -> None:
        """Begin with nothing written."""
        self.length = 0
        self._parts: list[str] = []
        self._break = ""
        self._skips_space = False
        self._links: list[Link] = []
        self._marks: list[NoteMark] = []
        self._places: list[PlaceMark] = []
        self._runs: list[Run] = []
        self._works: list[Entry] = []
        self._member = ""
        self._since = 0

    # ── text ──

    def write(self, text: str, element: int | None = None, *, is_tail: bool = False) -> None:
        """Add text; one word behind another, as it is printed. `element` and `is_tail` say where it is written, as in `Run`."""
        if self._skips_space:
            text = text.lstrip()
        if not text:
            return
        self._skips_space = False
        if self._break:
            if self.length:
                self._append(self._break)
            self._break = ""
        if element is not None:
            self._runs.append(Run(Span(self.length, self.length + len(text)), self._member.partition("#")[0], element, is_tail))
        self._append(text)

    def raised(self, text: str, element: int | None = None, *, is_tail: bool = False) -> None:
        """Add superscript: digits become those that are printed high, so that a note's number is no part of an address."""
        self.write(text.translate(_RAISED), element, is_tail=is_tail)

    @property
    def ends_in_space(self) -> bool:
        """Whether a space more would not be seen."""
        return bool(self._break) or not self._parts or self._parts[-1][-1:].isspace()

    def paragraph(self) -> None:
        """Let what follows stand apart by an empty line."""
        self._break = "\n\n"

    def line(self) -> None:
        """Let what follows begin on a new line."""
        self._break = "\n\n" if self._break == "\n\n" else "\n"

    def cell(self) -> None:
        """Let what follows stand in the next cell of its row."""
        self._break = "\t"

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self.length += len(text)
        if self.length > MOST_TEXT:
            raise Unfit(f"holds more than {MOST_TEXT // 1024 // 1024} million characters of text", "split it")

    # ── members of the container ──

    def enter(self, member: str) -> None:
        """Say which member, and which item in it, the text behind this is written in."""
        if member != self._member:
            self._leave()
            self._member, self._since = member, self.length

    def _leave(self) -> None:
        if self._member and self.length > self._since:
            self._places.append(PlaceMark(Span(self._since, self.length), part=self._member))

    # ── links and notes ──

    def end_link(self, href: str, start: int) -> None:
        """Make what was written since the text was `start` long a link; a link that shows no words shows its address."""
        if not href:
            return
        if start >= self.length:
            self._show(href)
            return
        text = self._tail(start)
        lead = len(text) - len(text.lstrip())
        end = start + len(text.rstrip())
        if end <= start + lead:
            self._show(href)
            return
        at = Span(start + lead, end)
        self._links.append(Link(href, Span(at.start, at.start), at))

    def _show(self, href: str) -> None:
        shown = _SPACES.sub("%20", href.strip())
        self.line()
        self.write(shown)
        at = Span(self.length - len(shown), self.length)
        self._links.append(Link(href, Span(at.start, at.start), at))
        self.line()

    def cite(self, marker: str) -> None:
        """Print the mark of a note."""
        if ends_in_address(self._tail(max(0, self.length - _LONGEST_ADDRESS))):
            self.write(" ")
        self.write(f"[{marker}]")
        self._marks.append(NoteMark(marker, Span(self.length - len(marker) - 2, self.length), "cite"))

    def begin_note(self, marker: str) -> int:
        """Print the marker of a note at its head; hand what is returned to `end_note`."""
        self.paragraph()
        self.write(f"[{marker}] ")
        self._skips_space = True
        return self.length

    def end_note(self, marker: str, start: int) -> None:
        """Make what was written since `begin_note` the note of that marker."""
        if self.length > start:
            self._marks.append(NoteMark(marker, Span(start, self.length), "note"))

    def begin_work(self) -> int:
        """Where what describes one work begins; hand it to `end_work`."""
        return self.length

    def end_work(self, citation: Citation, start: int) -> None:
        """Make what was written since `begin_work` the description of a work."""
        at = start + len(self._tail(start)) - len(self._tail(start).lstrip())
        if self.length > at:
            self._works.append(Entry(Span(at, self.length), citation))

    def _tail(self, start: int) -> str:
        pieces: list[str] = []
        missing = self.length - start
        for part in reversed(self._parts):
            if missing <= 0:
                break
            pieces.append(part[-missing:])
            missing -= len(part)
        return "".join(reversed(pieces))

    # ── the end ──

    def document(self, source: str, name: str, kind: str, title: str | None = None) -> Document:
        """The document; `kind` with its article is what is said to be empty. Raises Unfit when nothing was written."""
        self._leave()
        text = "".join(self._parts)
        if not text.strip():
            raise Unfit(f"is {kind} without a text", "name a document with text in it")
        head = text[:HEAD]
        links = tuple(sorted(self._links, key=lambda link: link.anchor))
        marks = tuple(sorted(self._marks, key=lambda mark: (mark.at, mark.role)))
        return Document(
            source,
            name,
            text,
            text,
            (),
            links,
            marks,
            tuple(self._works),
            title=title or (None if self._works else title_in(head)),
            published=None if self._works else published_in(head),
            places=tuple(self._places),
            runs=tuple(self._runs),
        )


def whole_number(written: str, otherwise: int) -> int:
    """A small number as XML writes it; `otherwise` when it is none."""
    with suppress(ValueError):
        if len(written) < 8:
            return int(written)
    return otherwise
