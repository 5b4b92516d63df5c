"""A page read from top to bottom: its tags steer the reading text, the links, the notes and the outline."""

from __future__ import annotations

import re
from dataclasses import dataclass

from citekeeper.documents.html import elements
from citekeeper.documents.html.entities import address_span, address_value, attribute_value
from citekeeper.documents.html.notes import Jump, Notes, Target, is_list_of_notes, is_note, is_notes_heading, trimmed
from citekeeper.documents.html.outline import Block, Outline
from citekeeper.documents.html.reading import Reading
from citekeeper.documents.html.scan import Attribute, EndTag, StartTag, Text, tokens
from citekeeper.model import Link, NoteMark, Segment, Span

_LONGEST_HEADING = 80
_LONGEST_HREF = 2000
_NOT_DISPLAYED = re.compile(r"display\s{0,9}:\s{0,9}none", re.I)
_QUOTES = frozenset({"blockquote", "q", "ins", "del"})


@dataclass(slots=True)
class _Anchor:
    href: str
    href_span: Span
    start: int
    raised: bool
    end: int | None = None


class Page:
    """Reads one page; `read` once, then ask."""

    def __init__(self, source: str, url: str | None = None) -> None:
        self._source = source
        self._url = url
        self._out = Reading(source)
        self._outline = Outline()
        self._notes = Notes()
        self._anchors: list[_Anchor] = []
        self._open_anchor: _Anchor | None = None
        self._hidden: tuple[str, int] | None = None
        self._raised = 0
        self._preserved = 0
        self._after_notes_heading = False

    def read(self) -> tuple[str, tuple[Segment, ...], tuple[Link, ...], tuple[NoteMark, ...]]:
        """The reading text, how it maps to the source, and the links and note marks in it."""
        unseen = False
        for token in tokens(self._source):
            if isinstance(token, Text):
                if not unseen and self._hidden is None:
                    self._out.text(token.start, token.end, raw=token.raw, preserve=self._preserved > 0)
            elif isinstance(token, StartTag):
                unseen = token.name in elements.NOT_SHOWN
                self._start(token)
            else:
                unseen = False
                self._end(token)
        return self._finish()

    def _start(self, tag: StartTag) -> None:
        if self._hidden is not None and self._hidden[0] in elements.FOREIGN and tag.name in elements.BLOCKS:
            self._hidden = None
        if self._hidden is not None:
            if tag.name == self._hidden[0]:
                self._hidden = (tag.name, self._hidden[1] + 1)
        elif self._is_hidden(tag):
            self._hidden = (tag.name, 1)
        else:
            self._shown_start(tag)

    def _shown_start(self, tag: StartTag) -> None:
        self._break(tag.name)
        if tag.name in elements.BLOCKS and tag.name not in elements.VOID:
            self._open_block(tag)
        elif identity := self._value(tag, "id") or (self._value(tag, "name") if tag.name == "a" else ""):
            self._notes.add_target(Target(identity, self._out.length, self._outline.innermost, inline=True))
        if tag.name in ("a", "area"):
            self._open_link(tag)
        elif tag.name in _QUOTES and (cite := _find(tag, "cite")):
            self._anchors.append(self._anchor(cite, raised=False, end=self._out.length))
        elif tag.name == "sup":
            self._out.part_from_address()
            self._raised += 1
        elif tag.name == "pre":
            self._preserved += 1

    def _end(self, tag: EndTag) -> None:
        if self._hidden is not None:
            if tag.name == self._hidden[0]:
                self._hidden = (tag.name, self._hidden[1] - 1) if self._hidden[1] > 1 else None
            return
        if tag.name == "a":
            self._close_link(self._out.length)
            self._out.part_from_address(at_link_end=True)
        elif tag.name == "sup":
            self._raised = max(0, self._raised - 1)
        elif tag.name == "pre":
            self._preserved = max(0, self._preserved - 1)
        if tag.name in elements.BLOCKS:
            block = self._outline.close(tag.name, self._out.length)
            if block is not None and tag.name in elements.HEADINGS:
                heading = self._out.tail(block.start, _LONGEST_HEADING)
                self._after_notes_heading = heading is not None and is_notes_heading(heading)
            self._break(tag.name)

    def _break(self, name: str) -> None:
        if name in elements.PARAGRAPHS:
            self._out.break_line(2)
        elif name in elements.LINES:
            self._out.break_line(1)
        elif name in elements.CELLS:
            self._out.next_cell()
        elif name == "br":
            self._out.add_line()

    def _open_block(self, tag: StartTag) -> None:
        block = Block(tag.name, self._out.length)
        if tag.attributes:
            self._describe(block, tag)
        if tag.name == "ol":
            block.in_notes = block.in_notes or self._after_notes_heading
            block.next_number = _whole(self._value(tag, "start"), 1)
        elif tag.name == "li" and (number := self._value(tag, "value")):
            block.number = _whole(number, 1)
        self._outline.open(block, self._out.length)
        if block.id:
            self._notes.add_target(Target(block.id, self._out.length, block, inline=False))

    def _describe(self, block: Block, tag: StartTag) -> None:
        role = self._value(tag, "role")
        block.id = self._value(tag, "id")
        block.is_note = is_note(role)
        block.in_notes = is_list_of_notes(role, f"{self._value(tag, 'class')} {block.id}")

    def _open_link(self, tag: StartTag) -> None:
        self._close_link(self._out.length)
        href = _find(tag, "href")
        if href is None:
            return
        raised = self._raised > 0 or "doc-noteref" in self._value(tag, "role").lower()
        if self._source.startswith("#", href.start):
            self._out.part_from_address()
        anchor = self._anchor(href, raised=raised, end=None)
        self._anchors.append(anchor)
        if tag.name == "area":
            anchor.end = anchor.start
        else:
            self._open_anchor = anchor

    def _close_link(self, offset: int) -> None:
        if self._open_anchor is not None:
            self._open_anchor.end = offset
            self._open_anchor = None

    def _anchor(self, href: Attribute, *, raised: bool, end: int | None) -> _Anchor:
        at = address_span(self._source, href.start, href.end)
        return _Anchor(address_value(self._source, at), at, self._out.length, raised, end)

    def _is_hidden(self, tag: StartTag) -> bool:
        if tag.name in elements.HIDDEN:
            return not self._source.startswith("/>", tag.end - 2)
        if not tag.attributes or tag.name not in elements.CAN_BE_HIDDEN:
            return False
        return _find(tag, "hidden") is not None or _NOT_DISPLAYED.search(self._value(tag, "style")[:1000]) is not None

    def _value(self, tag: StartTag, name: str) -> str:
        attribute = _find(tag, name)
        return attribute_value(self._source, attribute.start, attribute.end).strip() if attribute else ""

    def _finish(self) -> tuple[str, tuple[Segment, ...], tuple[Link, ...], tuple[NoteMark, ...]]:
        reading, segments = self._out.finish()
        self._outline.finish(len(reading))
        links = []
        for anchor in self._anchors:
            at = _anchor_span(reading, anchor)
            links.append(Link(anchor.href, anchor.href_span, at))
            if to := _place_on(self._url, anchor.href):
                self._notes.jumps.append(Jump(to, at, anchor.raised or _is_bracketed(reading, at)))
        return reading, segments, tuple(links), self._notes.marks(reading, self._outline.kept)


def _anchor_span(reading: str, anchor: _Anchor) -> Span:
    if anchor.end is not None:
        return trimmed(reading, anchor.start, anchor.end)
    # A link that is never closed does not make the rest of the page its text.
    start = trimmed(reading, anchor.start, min(anchor.start + 10, len(reading))).start
    line_end = reading.find("\n", start)
    return trimmed(reading, start, line_end if line_end >= 0 else len(reading))


def _place_on(url: str | None, href: str) -> str:
    """The place on this very page that a link leads to: "#fn1", "https://…this page#fn1", "./this_page#fn1"."""
    page, _, to = href[:_LONGEST_HREF].partition("#")
    is_here = not page or (url is not None and (page == url or url.endswith("/" + page.removeprefix("./"))))
    return to if is_here else ""


def _is_bracketed(reading: str, at: Span) -> bool:
    return reading[at.start : at.start + 1] == "[" and reading[at.end - 1 : at.end] == "]"


def _find(tag: StartTag, name: str) -> Attribute | None:
    for attribute in tag.attributes:
        if attribute.name == name:
            return attribute
    return None


def _whole(written: str, otherwise: int) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 7 else otherwise
