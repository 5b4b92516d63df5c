"""Endnotes and footnotes: where each note stands, where the text cites it, and which words it has of its own."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from citekeeper.model import NoteMark, Span
from citekeeper.references.draft import Found


# Not frozen, though nobody changes one: lists of references have as many as addresses.
@dataclass(slots=True)
class Mark:
    """A note number as printed, at the head of a note or where the text cites one."""

    marker: str
    number: int
    start: int
    end: int
    style: str
    begins_line: bool


@dataclass(frozen=True, slots=True)
class Note:
    """One note: its marker without brackets, and its text behind the marker."""

    marker: str
    body: Span


class Notes:
    """All notes of a text in order, and the places that cite each."""

    def __init__(self, notes: Sequence[Note], citations: dict[str, tuple[Span, ...]]) -> None:
        self.notes = notes
        self.citations = citations
        self._starts = [note.body.start for note in notes]

    def at(self, offset: int) -> Note | None:
        """The note that holds `offset`."""
        index = bisect_right(self._starts, offset) - 1
        if index >= 0 and offset < self.notes[index].body.end:
            return self.notes[index]
        return None


_GAP = r"[ \t\u00a0]"
_SUPERSCRIPTS = str.maketrans("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079", "0123456789")
_STYLES = {
    "bracket": r"\[\^?(\d{1,4}|[ivxl]{1,6}|[a-z])\]",
    "super": r"([\u2070\u00b9\u00b2\u00b3\u2074-\u2079]{1,4})",
}
_LINE_STYLES = ("dot", "round", "roman", "bare")
_PATTERNS = {style: re.compile(form) for style, form in _STYLES.items()}
_ROMAN_NUMBER = "[ivxl]{1,6}|[IVXL]{1,6}"
_AT_LINE_START = (
    rf"{_GAP}{{0,8}}(?:\((?P<round_in_pair>\d{{1,4}})\)(?=\s)|\((?P<roman_in_pair>{_ROMAN_NUMBER})\)(?=\s)|(?P<roman>{_ROMAN_NUMBER})[.)](?=\s)"
    rf"|(?P<dot>\d{{1,4}})\.(?=\s)|(?P<round>\d{{1,4}})\)(?=\s)|(?P<bare>\d{{1,3}})(?={_GAP}\S))"
)
# A line end in front of the pattern is found at the speed of memory; "^" would be tried at every character.
_LINE = re.compile(rf"\n{_AT_LINE_START}")
_GROUP = re.compile(r"\[(\d{1,4}(?:\s?[,;\u2013-]\s?\d{1,4}){1,20})\]")
_BLANK_LINE = re.compile(r"\n[ \t\u00a0]*\r?\n")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}


def read_notes(reading: str, marks: Sequence[NoteMark], found: Sequence[Found]) -> Notes:
    """The notes of `reading`: those that its format marks, or else those whose numbers run on beside addresses."""
    marked = tuple(Note(mark.marker, mark.at) for mark in sorted(marks, key=lambda mark: mark.at) if mark.role == "note")
    cited = [(mark.marker, mark.at) for mark in marks if mark.role == "cite"]
    if marked or cited:
        return Notes(marked, _by_marker(cited))
    taken = _Taken(found)
    candidates = _candidates(reading, taken)
    heads = _best_heads(reading, candidates, found)
    if not heads:
        return Notes((), {})
    notes = tuple(_bodies(reading, heads))
    wanted = {note.marker for note in notes}
    head_starts = {head.start for head in heads}
    styles = {"bracket", "super", heads[0].style} - set(_LINE_STYLES)
    places = [
        (mark.marker, Span(mark.start, mark.end))
        for style in styles
        for mark in candidates[style]
        if mark.marker in wanted and mark.start not in head_starts
    ]
    return Notes(notes, _by_marker(chain(places, _grouped(reading, wanted, taken))))


class _Taken:
    """The spans of addresses, where nothing else may be read."""

    def __init__(self, found: Sequence[Found]) -> None:
        self.starts = [one.start for one in found]
        self.ends = [one.end for one in found]

    def holds(self, offset: int) -> bool:
        index = bisect_right(self.starts, offset) - 1
        return index >= 0 and offset < self.ends[index]

    def any_between(self, start: int, end: int) -> bool:
        index = bisect_left(self.starts, start)
        return index < len(self.starts) and self.starts[index] < end


def _candidates(reading: str, taken: _Taken) -> dict[str, list[Mark]]:
    """Everything that can be a note's number, by style."""
    found: dict[str, list[Mark]] = {style: list(_marks(reading, style, taken)) for style in _STYLES}
    found |= {style: [] for style in _LINE_STYLES}
    first = re.match(_AT_LINE_START, reading)
    for match in chain([first] if first else [], _LINE.finditer(reading)):
        named = str(match.lastgroup)
        printed, style = match[named], named.removesuffix("_in_pair")
        start = match.start(named) - (named != style)
        if not taken.holds(start):
            found[style].append(Mark(printed, _number(printed.lower()), start, match.end(), style, True))
    return found


def _marks(reading: str, style: str, taken: _Taken) -> Iterator[Mark]:
    if reading.isascii() if style == "super" else "[" not in reading:
        return
    for match in _PATTERNS[style].finditer(reading):
        start = match.start()
        if taken.holds(start):
            continue
        printed = match[1].translate(_SUPERSCRIPTS)
        yield Mark(printed, _number(printed.lower()), start, match.end(), style, _begins_line(reading, start))


def _begins_line(reading: str, start: int) -> bool:
    if reading[start - 1 : start] == "\n":
        return True
    before = reading[max(0, start - 12) : start].rstrip(" \t\u00a0")
    return not before or before.endswith("\n")


def _number(printed: str) -> int:
    if printed.isdigit():
        return int(printed)
    if len(printed) > 1 or printed in "ivxl":
        values = [_ROMAN.get(letter, 0) for letter in printed]
        return sum(-one if one < following else one for one, following in zip(values, [*values[1:], 0], strict=True))
    return ord(printed) - ord("a") + 1


def _best_heads(reading: str, candidates: dict[str, list[Mark]], found: Sequence[Found]) -> list[Mark]:
    """The heads of the style whose notes hold the most addresses; those of brackets win a tie."""
    taken = _Taken(found)
    best: list[Mark] = []
    best_score = 0
    for style, marks in candidates.items():
        heads = _heads(reading, marks, taken, style)
        score = sum(taken.any_between(note.body.start, note.body.end) for note in _bodies(reading, heads))
        if score > best_score:
            best, best_score = heads, score
    return best


def _heads(reading: str, marks: list[Mark], taken: _Taken, style: str) -> list[Mark]:
    lines = [mark for mark in marks if mark.begins_line]
    if style in ("bracket", "super"):
        apart = [mark for mark in marks if _stands_apart(reading, mark)]
        heads = _filled(_rising(lines), [mark for mark in apart if not mark.begins_line], taken) or _last_run(apart)
        return heads if style == "bracket" or len(heads) > 1 else []
    if style == "bare":
        # A bare number at the start of a line is a footnote only when an address follows in its paragraph.
        return _rising(_with_addresses(reading, lines, taken))
    heads = _rising(lines)
    return heads if len(heads) > 1 and heads[0].number == 1 else []


def _stands_apart(reading: str, mark: Mark) -> bool:
    before, behind = reading[mark.start - 1 : mark.start], reading[mark.end : mark.end + 1]
    return (not before or before.isspace()) and (behind.isspace() or behind == "h")


def _rising(marks: list[Mark]) -> list[Mark]:
    """The last run of marks whose numbers only rise, from 1 where it can."""
    run: list[Mark] = []
    for mark in reversed(marks):
        if run and mark.number >= run[-1].number:
            if run[-1].number == 1 or mark.number - run[-1].number > 20:
                break
            continue
        run.append(mark)
    return run[::-1]


def _filled(heads: list[Mark], apart: list[Mark], taken: _Taken) -> list[Mark]:
    """The heads, and those that stand within the lines of the ones before: "[2] https://… [3] https://…"."""
    filled: list[Mark] = []
    starts = [mark.start for mark in apart]
    for head, following in zip_longest(heads, heads[1:]):
        filled.append(head)
        end = following.start if following else head.end + _LONGEST_NOTE
        for mark in apart[bisect_left(starts, head.end) : bisect_left(starts, end)]:
            is_next = mark.number == filled[-1].number + 1 and (following is None or mark.number < following.number)
            if is_next and taken.any_between(filled[-1].end, mark.start):
                filled.append(mark)
    return filled


def _with_addresses(reading: str, lines: list[Mark], taken: _Taken) -> list[Mark]:
    """The bare numbers that an address follows in their paragraph, and those that count on right behind one of them ("2 Ibid.")."""
    kept: list[Mark] = []
    for mark in lines:
        counts_on = bool(kept) and mark.number == kept[-1].number + 1 and mark.start - kept[-1].end < _NEXT_NOTE
        if counts_on or taken.any_between(mark.end, _paragraph_end(reading, mark.end, 400)):
            kept.append(mark)
    return kept


def _last_run(marks: list[Mark]) -> list[Mark]:
    """The last run of marks that count by one, for texts whose notes all stand in one line."""
    run: list[Mark] = []
    for mark in reversed(marks):
        if run and mark.number != run[-1].number - 1:
            break
        run.append(mark)
    return run[::-1]


def _paragraph_end(reading: str, start: int, limit: int) -> int:
    begin = start + len(reading[start : start + 20]) - len(reading[start : start + 20].lstrip())
    blank = _BLANK_LINE.search(reading, begin, begin + limit)
    return blank.start() if blank else min(len(reading), begin + limit)


# Characters of a note that has no address of its own.
_NEXT_NOTE = 600
# A note as long as this is an essay; what stands further behind its number is the article again.
_LONGEST_NOTE = 4000


def _bodies(reading: str, heads: Sequence[Mark]) -> Iterator[Note]:
    for index, head in enumerate(heads):
        start = head.end
        paragraph = _paragraph_end(reading, start, _LONGEST_NOTE)
        if index + 1 < len(heads):
            following = heads[index + 1].start
            end = following if following - paragraph < 600 and head.style != "bare" else min(paragraph, following)
        else:
            end = paragraph
        yield Note(head.marker, Span(start, end))


def _grouped(reading: str, wanted: set[str], taken: _Taken) -> Iterator[tuple[str, Span]]:
    """Citations of several notes in one bracket: "[2, 5-7]"."""
    for match in _GROUP.finditer(reading):
        if taken.holds(match.start()):
            continue
        for piece in re.split(r"[,;]", match[1]):
            ends = [int(number) for number in re.findall(r"\d+", piece)]
            # A range wider than this is a year or a page, not a list of notes.
            last = min(ends[-1], ends[0] + 50) if ends else -1
            for number in range(ends[0] if ends else 0, last + 1):
                if str(number) in wanted:
                    yield str(number), Span(match.start(), match.end())


def _by_marker(places: Iterable[tuple[str, Span]]) -> dict[str, tuple[Span, ...]]:
    table: dict[str, list[Span]] = {}
    for marker, at in places:
        table.setdefault(marker, []).append(at)
    return {marker: tuple(sorted(spans)) for marker, spans in table.items()}
