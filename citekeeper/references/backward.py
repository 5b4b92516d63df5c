"""Words that stand for a citation before: "ibid.", "id.", "supra note 4", "ebd.", and what each of them means."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from citekeeper.model import Span
from citekeeper.references.lists import table
from citekeeper.references.notes import Note

# Notes are looked through as far as this; the articles behind the last note are no notes.
_FURTHEST = 1500


@dataclass(frozen=True, slots=True)
class Backward:
    """A word in a note that means a citation before."""

    at: Span
    note: Note
    """The note that it stands in."""
    number: str | None = None
    """The note that it names; None when it means the citation right before it."""
    author: str = ""
    """The word in front of it ("Smith, supra note 4"): which of several works of that note."""


def backward_words(reading: str, notes: Sequence[Note]) -> Iterator[Backward]:
    """Every such word in the bodies of `notes`, in order."""
    for note in notes:
        end = min(note.body.end, note.body.start + _FURTHEST)
        found = [
            Backward(Span(*match.span()), note)
            for match in _previous().finditer(reading, note.body.start, end)
            if match["short"] is None or _begins_clause(reading[note.body.start : match.start()])
        ]
        found += [
            Backward(Span(*match.span()), note, match["first"] or match["second"] or match["third"], _author(reading, match.start(), note))
            for match in _numbered().finditer(reading, note.body.start, end)
        ]
        yield from sorted(found, key=lambda one: one.at)


def _begins_clause(before: str) -> bool:
    words = before.rstrip().lower()
    return not words or words.endswith((";", ".", ":", "(", "see", "see also", "cf", "\u2014"))


def _author(reading: str, at: int, note: Note) -> str:
    words = re.findall(r"[^\W\d_][\w'\u2019-]+", reading[max(note.body.start, at - 60) : at])
    return words[-1] if words else ""


def _any_of(words: list[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s?") for word in sorted(words, key=len, reverse=True))


@cache
def _previous() -> re.Pattern[str]:
    back = table("words")["back"]
    return re.compile(rf"(?<!\w)(?:(?:{_any_of(back['previous'])})\.?|(?P<short>(?:{_any_of(back['short'])})\.))(?!\w)", re.IGNORECASE)


@cache
def _numbered() -> re.Pattern[str]:
    back = table("words")["back"]
    names, marks, behind = (_any_of(back[kind]) for kind in ("numbered", "marks", "behind"))
    number = r"\d{1,4}|[ivxl]{1,6}"
    # "supra note 4", "see note 4", "Siehe Anm. 4", "supra 4"; "note 4 above"; behind a name: "Smith (n 4)", "Müller (Anm. 4)".
    return re.compile(
        rf"(?<!\w)(?:(?:(?:{marks})\s?(?:{names})|supra)\s?(?P<first>{number})(?:,?\s(?:{behind}))?"
        rf"|(?:{names})\s?(?P<second>{number}),?\s(?:{behind})"
        rf"|(?<=\w\s)\((?:(?:{marks})\s)?(?:{names}|n)\s?(?P<third>{number})\))(?![\w-])",
        re.IGNORECASE,
    )


@dataclass(frozen=True, slots=True)
class Cite:
    """One reference as these words see it."""

    place: Span
    marker: str | None
    words: str
    """The note's words on it, to tell it from others of the same note."""


def meant_by_each(words: Sequence[Backward], cites: Sequence[Cite], notes: Sequence[Note]) -> list[tuple[Backward, int]]:
    """Which of `cites` (in order of place) each of `words` means; those that mean none of them are left out."""
    starts = [cite.place.start for cite in cites]
    order = {note.body: index for index, note in enumerate(notes)}
    by_marker: dict[str | None, list[int]] = {}
    for index, cite in enumerate(cites):
        by_marker.setdefault(cite.marker, []).append(index)
    last_of: dict[int, int] = {}
    found: list[tuple[Backward, int]] = []
    for word in words:
        index = order[word.note.body]
        meant = (
            _numbered_one(word, cites, by_marker.get(word.number, []))
            if word.number
            else _right_before(word, cites, starts, index, notes, last_of)
        )
        if meant is not None:
            last_of[index] = meant
            found.append((word, meant))
    return found


def _numbered_one(word: Backward, cites: Sequence[Cite], same_marker: Sequence[int]) -> int | None:
    # A note with more works than this is a list, and its number alone names none of them.
    indices = [index for index in same_marker[:50] if cites[index].place.start < word.at.start]
    named = [index for index in indices if word.author and word.author in cites[index].words]
    return next(iter(named or indices), None)


def _right_before(
    word: Backward, cites: Sequence[Cite], starts: Sequence[int], index: int, notes: Sequence[Note], last_of: dict[int, int]
) -> int | None:
    own = bisect_left(starts, word.at.start) - 1
    if own >= 0 and starts[own] >= word.note.body.start:
        return own
    if index in last_of:
        return last_of[index]
    if index == 0:
        return None
    before = notes[index - 1].body
    if index - 1 in last_of:
        return last_of[index - 1]
    last = bisect_left(starts, before.end) - 1
    return last if last >= 0 and starts[last] >= before.start else None
