"""Notes that a page marks itself: links that cite a note further down, and the notes they lead to."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from citekeeper.documents.html.outline import Block
from citekeeper.model import NoteMark, Span

# A mark as printed: 12, 12a, [12], (12), *, † — and in superscript also a letter or roman numeral.
_MARK = re.compile(r"[\[(]?\s?(\d{1,4}[a-z]?|[*†‡§¶]{1,3})\s?[\])]?\.?")
_MARK_IN_SUP = re.compile(r"[\[(]?\s?(?:note |n )?(\d{1,4}[a-z]?|[*†‡§¶]{1,3}|[ivxlc]{1,6}|[a-z])\s?[\])]?\.?", re.I)
_NOTE_ROLES = frozenset({"doc-endnote", "doc-footnote", "doc-biblioentry"})
_LIST_ROLES = frozenset({"doc-endnotes", "doc-bibliography", "doc-footnotes"})
_LIST_NAME = re.compile(
    r"(?:^|[\s_-])(?:foot-?notes?|end-?notes?|notes|references|reflist|citations|bibliography|sources|works-cited)(?:$|[\s_-])", re.I
)
# Longer is no note; and notes inside notes inside notes must not be copied whole each time.
_LONGEST_NOTE = 10_000
_NOTE_ID = re.compile(r"(?:^|[\W_])(?:s?fn|ftn|edn|end|foot|note|cite|ref|bib|cit|nb|n)\w{0,8}?(?:$|[\W\d_])", re.I)
_NUMBER_AT_END = re.compile(r"(?<!\d)0{0,3}(\d{1,4})$")


@dataclass(frozen=True, slots=True)
class Jump:
    """A link to another place of the same page."""

    to: str
    anchor: Span
    raised: bool
    """Set as superscript, or with the role of a note mark."""


@dataclass(frozen=True, slots=True)
class Target:
    """A place that links can lead to."""

    id: str
    offset: int
    block: Block | None
    """The block it names, or the one it stands in."""
    inline: bool


@dataclass(slots=True)
class Notes:
    """Collects jumps and targets while a page is read."""

    jumps: list[Jump] = field(default_factory=list)
    targets: dict[str, Target] = field(default_factory=dict)

    def add_target(self, target: Target) -> None:
        """Remember a place; the first of an id counts."""
        self.targets.setdefault(target.id, target)

    def marks(self, reading: str, blocks: list[Block]) -> tuple[NoteMark, ...]:
        """All note marks of the page, in order of the reading text."""
        cites = [found for jump in self.jumps if (found := self._cite(jump, reading))]
        cited: dict[str, str] = {}
        for to, mark in cites:
            cited.setdefault(to, mark.marker)
        notes = _cited_notes(reading, [self.targets[to] for to in cited], cited)
        taken = {mark.at.start for mark in notes}
        listed = (_listed_note(reading, block) for block in blocks)
        notes += [mark for mark in listed if mark is not None and mark.at.start not in taken]
        return tuple(sorted([mark for _, mark in cites] + notes, key=lambda mark: (mark.at, mark.role)))

    def _cite(self, jump: Jump, reading: str) -> tuple[str, NoteMark] | None:
        target = self.targets.get(jump.to)
        # A note comes after what cites it; a link back from the note to the text leads upwards.
        if target is None or target.offset <= jump.anchor.start:
            return None
        printed = reading[jump.anchor.start : jump.anchor.end].strip()
        match = (_MARK_IN_SUP if jump.raised else _MARK).fullmatch(printed)
        if match is None or not (jump.raised or _names_note(jump.to, match[1])):
            return None
        return jump.to, NoteMark(match[1], jump.anchor, "cite")


def _names_note(identity: str, marker: str) -> bool:
    """Whether an id may name the note of this marker: "#comments" behind a plain "2" does not."""
    return _NOTE_ID.search(identity) is not None or (marker[0].isdigit() and identity.rstrip(")]").endswith(marker))


def _cited_notes(reading: str, targets: list[Target], cited: dict[str, str]) -> list[NoteMark]:
    targets = sorted(targets, key=lambda target: target.offset)
    starts = [target.offset for target in targets]
    marks = []
    for target in targets:
        following = bisect_right(starts, target.offset)
        limit = starts[following] if following < len(starts) else len(reading)
        at = _extent(reading, target, limit)
        if at.start < at.end:
            marks.append(NoteMark(cited[target.id], at, "note"))
    return marks


def _extent(reading: str, target: Target, limit: int) -> Span:
    """The text of a note: its block, or its part of a block that holds several; an id alone on a line names that line."""
    block = target.block
    start, end = target.offset, len(reading)
    if block is not None:
        end = block.end if block.end is not None else end
        if target.inline and reading[block.start : start].strip() == "":
            start = block.start
    if target.inline and (block is None or block.name not in ("p", "li", "dd", "td")):
        line_end = reading.find("\n", _skip_space(reading, start))
        end = min(end, line_end if line_end >= 0 else end)
    return trimmed(reading, start, min(end, limit, start + _LONGEST_NOTE))


def _listed_note(reading: str, block: Block) -> NoteMark | None:
    if not (block.is_note or (block.in_notes and block.number is not None)):
        return None
    end = block.end if block.end is not None else len(reading)
    at = trimmed(reading, block.start, min(end, block.start + _LONGEST_NOTE))
    if at.start == at.end:
        return None
    if block.number is not None:
        return NoteMark(str(block.number), at, "note")
    printed = _MARK.match(reading, at.start, min(at.start + 12, at.end))
    by_id = _NUMBER_AT_END.search(block.id)
    marker = printed[1] if printed else by_id[1] if by_id else None
    return NoteMark(marker, at, "note") if marker else None


def _skip_space(reading: str, at: int) -> int:
    while at < len(reading) and reading[at].isspace():
        at += 1
    return at


def trimmed(reading: str, start: int, end: int) -> Span:
    """The range without the white space at its edges; an empty one stays where it began."""
    inner = reading[start:end]
    lead = len(inner) - len(inner.lstrip())
    return Span(start + lead, start + len(inner.rstrip())) if lead < len(inner) else Span(start, start)


def is_note(role: str) -> bool:
    """Whether a role names a single note."""
    return not _NOTE_ROLES.isdisjoint(role.lower().split())


def is_list_of_notes(role: str, names: str) -> bool:
    """Whether a role, or the classes and id of an element, name a list of notes."""
    return not _LIST_ROLES.isdisjoint(role.lower().split()) or _LIST_NAME.search(names) is not None


@cache
def _headings() -> frozenset[str]:
    table = tomllib.loads(files("citekeeper.documents").joinpath("data/note_headings.toml").read_text(encoding="utf-8"))
    return frozenset(word for words in table.values() for word in words)


def is_notes_heading(heading: str) -> bool:
    """Whether a heading announces notes or references, in one of the languages of data/note_headings.toml."""
    return re.sub(r"[\W\d_]+", " ", heading).strip().lower() in _headings()
