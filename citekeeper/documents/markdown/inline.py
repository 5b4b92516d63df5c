"""Running text of Markdown: links, escapes, tags and footnote marks, with exact places, in linear time.

Why not markdown-it's own inline parser: it gives no positions, and some inputs ("[" or "<!--", 100,000 times) keep it
busy for minutes. The rules are those of https://spec.commonmark.org/0.31.2/#inlines; emphasis does not matter here.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from citekeeper.documents.edits import Edit
from citekeeper.documents.html import scan
from citekeeper.documents.html.elements import BLOCKS
from citekeeper.documents.html.entities import address_span, address_value, entities
from citekeeper.documents.html.reading import CUTS, ends_in_address
from citekeeper.documents.markdown.blocks import label_key
from citekeeper.documents.markdown.destination import destination_in_parentheses
from citekeeper.model import Span

_SPECIAL = re.compile(r"[\\`<\[\]!&_]|~~")
# Emphasis with "_" and "~~" clings to addresses, which may hold both: it is taken away only where words begin and end.
# "*" stays: no address ends in it, and h**p:// is a way to disarm one.
_EMPHASIS_START = re.compile(r"(?<![^\s(\[{\"'*~>“‘])(?:_{1,3}|~~)(?=[^\s_~])")
_EMPHASIS_END = re.compile(r"(?<=[^\s_~])(?:_{1,3}|~~)(?![^\s.,;:!?)\]}\"'*~<”’|])")
_TICKS = re.compile(r"`+")
_AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*)>")
_COMMENT = re.compile(r"<!--")
# CommonMark 6.6; possessive, so that what does not match is given up at once.
_TAG = re.compile(
    r"</?[A-Za-z][A-Za-z0-9-]*+(?:\s++[A-Za-z_:][\w.:-]*+(?:\s*+=\s*+(?:[^\s\"'=<>`]++|'[^']*+'|\"[^\"]*+\"))?+)*+\s*+/?>",
)
_LONGEST_TAG = 4000
_LONGEST_LABEL = 999
_FOOTNOTE_MARK = re.compile(r"\[\^([^\]\s\[]{1,100})\]")
_FULL_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){0,999})\]", re.S)
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


@dataclass(frozen=True, slots=True)
class Use:
    """A link in running text; all spans in the source."""

    anchor: Span
    href: str | None
    """None when a definition tells."""
    href_span: Span
    label: str = ""
    """The normalised label of the definition."""


@dataclass(slots=True)
class Found:
    """What running text holds."""

    edits: list[Edit] = field(default_factory=list)
    links: list[Use] = field(default_factory=list)
    footnote_marks: list[tuple[str, Span]] = field(default_factory=list)


def scan_running_text(text: str, at: Span, labels: set[str], found: Found) -> None:
    """Add to `found` what `text[at]` holds; `labels` are the normalised labels that definitions exist for."""
    _Scanner(text, at, labels, found).scan()


def scan_html(text: str, at: Span, found: Found) -> None:
    """Add to `found` the links and comments of a block of HTML."""
    _Comments(text, at).drop_all(found)
    anchors = _HtmlAnchors(text, found)
    for token in scan.tokens(text, at.start, at.end):
        if not isinstance(token, scan.Text):
            anchors.see(token)
            found.edits.append(_shown_tag(token))
        elif token.raw:
            found.edits.append(Edit(token.start, token.end, ""))
        else:
            found.edits += [Edit(each.start, each.end, each.meaning) for each in entities(text, token.start, token.end)]
    anchors.close(at.end)


def _shown_tag(tag: scan.StartTag | scan.EndTag) -> Edit:
    return Edit(tag.start, tag.end, "\n" if tag.name in BLOCKS or tag.name == "br" else "")


class _Comments:
    def __init__(self, text: str, at: Span) -> None:
        self._text, self._at = text, at
        self._last_end = text.rfind("-->", at.start, at.end)

    def end_of(self, start: int) -> int | None:
        """Where the comment that begins at `start` ends."""
        # Asked first, so that a megabyte of "<!--" is not searched to its end each time.
        if start > self._last_end:
            return None
        return self._text.find("-->", start + 4 - 2, self._at.end) + 3

    def drop_all(self, found: Found) -> None:
        """Comments are not read."""
        at = self._at.start
        while match := _COMMENT.search(self._text, at, self._at.end):
            end = self.end_of(match.start())
            if end is None:
                return
            found.edits.append(Edit(match.start(), end, ""))
            at = end


class _HtmlAnchors:
    """`<a href>` among Markdown."""

    def __init__(self, text: str, found: Found) -> None:
        self._text, self._found = text, found
        self._open: tuple[str, Span, int] | None = None

    def see(self, tag: scan.StartTag | scan.EndTag) -> None:
        """Begin or end a link when `tag` does."""
        if tag.name != "a":
            return
        self.close(tag.start)
        attributes = tag.attributes if isinstance(tag, scan.StartTag) else ()
        href = next((each for each in attributes if each.name == "href"), None)
        if href is not None:
            at = address_span(self._text, href.start, href.end)
            self._open = (address_value(self._text, at), at, tag.end)

    def close(self, at: int) -> None:
        """End the open link, if any."""
        if self._open is not None:
            href, href_span, start = self._open
            self._found.links.append(Use(Span(start, at), href, href_span))
            self._open = None


class _Scanner:
    def __init__(self, text: str, at: Span, labels: set[str], found: Found) -> None:
        self._text, self._start, self._end = text, at.start, at.end
        self._labels, self._found = labels, found
        self._openers: list[tuple[int, bool]] = []
        self._emphasised: list[int] = []
        self._inactive_below = 0
        self._ticks = _tick_runs(text, at)
        self._comments = _Comments(text, at)
        self._anchors = _HtmlAnchors(text, found)

    def scan(self) -> None:
        at = self._start
        while match := _SPECIAL.search(self._text, at, self._end):
            at = self._step(match[0], match.start())
        self._anchors.close(self._end)

    def _step(self, character: str, at: int) -> int:
        match character:
            case "\\":
                return self._escape(at)
            case "&":
                return self._entity(at)
            case "`":
                return self._code(at)
            case "<":
                return self._angle(at)
            case "]":
                return self._close_bracket(at)
            case "_" | "~~":
                return self._emphasis(at)
            case _:
                return self._open_bracket(at, image=character == "!")

    def _escape(self, at: int) -> int:
        following = self._text[at + 1 : at + 2]
        if following not in _PUNCTUATION or at + 1 >= self._end:
            return at + 1
        if following != "\\":  # "\\" stays: in hxxp:\\host both belong to the address
            self._found.edits.append(Edit(at, at + 2, following))
        return at + 2

    def _entity(self, at: int) -> int:
        entity = next(entities(self._text, at, min(at + 40, self._end)), None)
        if entity is None or entity.start != at or self._text[entity.end - 1] != ";":
            return at + 1
        self._found.edits.append(Edit(at, entity.end, entity.meaning))
        return entity.end

    def _code(self, at: int) -> int:
        run = _TICKS.match(self._text, at, self._end)
        assert run is not None
        # Of a run whose first tick is escaped no other may be as long.
        closers = self._ticks.get(len(run[0]), ())
        following = bisect_left(closers, run.end())
        return closers[following] + len(run[0]) if following < len(closers) else run.end()

    def _angle(self, at: int) -> int:
        if link := _AUTOLINK.match(self._text, at, self._end):
            inside = Span(*link.span(1))
            self._found.links.append(Use(inside, link[1], inside))
            return link.end()
        if self._text.startswith("<!--", at):
            end = self._comments.end_of(at)
            if end is not None:
                self._found.edits.append(Edit(at, end, ""))
            return end or at + 4
        if tag := _TAG.match(self._text, at, min(self._end, at + _LONGEST_TAG)):
            read, _ = scan.markup_at(self._text, at, tag.end())
            if read is not None:
                self._anchors.see(read)
                self._found.edits.append(_shown_tag(read))
            return tag.end()
        return at + 1

    def _emphasis(self, at: int) -> int:
        if end := _EMPHASIS_END.match(self._text, at, self._end):
            if self._emphasised and self._text.startswith(end[0], start := self._emphasised.pop()):
                self._found.edits += [Edit(start, start + len(end[0]), ""), Edit(at, end.end(), "")]
            return end.end()
        start_mark = _EMPHASIS_START.match(self._text, at, self._end)
        if start_mark is None:
            return at + 1
        self._emphasised.append(at)
        return start_mark.end()

    def _open_bracket(self, at: int, *, image: bool) -> int:
        if image:
            if not self._text.startswith("[", at + 1, self._end):
                return at + 1
            at += 1
        elif mark := _FOOTNOTE_MARK.match(self._text, at, self._end):
            self._found.footnote_marks.append((mark[1], Span(*mark.span())))
            return mark.end()
        self._openers.append((at, image))
        return at + 1

    def _close_bracket(self, at: int) -> int:
        if not self._openers:
            return at + 1
        opener, image = self._openers.pop()
        inactive = not image and len(self._openers) < self._inactive_below
        self._inactive_below = min(self._inactive_below, len(self._openers))
        target = None if inactive else self._target(opener, at)
        if target is None:
            return at + 1
        use, end = target
        if use.href is not None or end > at + 1:
            # "[words](address)" reads "words"; a lone "[1]" stays, it is what a reader sees of a note.
            start = opener - 1 if image else opener
            self._found.edits += [Edit(start, opener + 1, ""), Edit(at, end, " " if self._would_grow(at, end) else "")]
        if not image:
            self._found.links.append(use)
            self._inactive_below = len(self._openers)  # links do not nest
        return end

    def _would_grow(self, at: int, end: int) -> bool:
        """Whether what stands right behind a link would be taken for a part of the address that its text shows."""
        shown, behind = self._text[max(self._start, at - 500) : at], self._text[end : min(end + 1, self._end)]
        is_continued = behind.isalnum() or (shown.endswith(CUTS) and not behind.isspace())
        return is_continued and ends_in_address(shown)

    def _target(self, opener: int, at: int) -> tuple[Use, int] | None:
        """Where the bracketed text leads, and where the link ends."""
        anchor = Span(opener + 1, at)
        direct = destination_in_parentheses(self._text, at + 1, self._end)
        if direct is not None:
            return Use(anchor, written_address(self._text, direct.at), direct.at), direct.end
        full = _FULL_LABEL.match(self._text, at + 1, self._end)
        if full is not None and full[1].strip():
            key, end = label_key(full[1]), full.end()
        else:
            if at - opener > _LONGEST_LABEL or self._text.find("[", opener + 1, at) >= 0:
                return None
            key, end = label_key(self._text[opener + 1 : at]), (full.end() if full is not None else at + 1)
        return (Use(anchor, None, anchor, key), end) if key in self._labels else None


def _tick_runs(text: str, at: Span) -> dict[int, list[int]]:
    runs: dict[int, list[int]] = {}
    for run in _TICKS.finditer(text, at.start, at.end):
        runs.setdefault(len(run[0]), []).append(run.start())
    return runs


_ESCAPE_OR_ENTITY = re.compile(r"\\.|&", re.S)


def undone(text: str, at: Span) -> list[Edit]:
    """The escapes and entities of an address."""
    edits: list[Edit] = []
    position = at.start
    while match := _ESCAPE_OR_ENTITY.search(text, position, at.end):
        position = match.end()
        if match[0] == "&":
            entity = next(entities(text, match.start(), min(match.start() + 40, at.end)), None)
            if entity is not None and entity.start == match.start() and text[entity.end - 1] == ";":
                edits.append(Edit(entity.start, entity.end, entity.meaning))
                position = entity.end
        elif match[0][1] in _PUNCTUATION:
            edits.append(Edit(match.start(), match.end(), match[0][1]))
    return edits


def written_address(text: str, at: Span) -> str:
    """The address that `text[at]` writes, its escapes and entities undone."""
    parts, position = [], at.start
    for edit in undone(text, at):
        parts += [text[position : edit.start], edit.shown]
        position = edit.end
    return "".join([*parts, text[position : at.end]])
