"""What pages say in words, in many languages: phrases as data, compared part by part.

A sentence says "not found" when a *failure* ("cannot be found", "existiert nicht") stands close to a *subject* ("page",
"Seite"): a few parts per language cover the many ways sites put it. What needs no subject is a *whole* phrase.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from citekeeper.health.plain import plain
from citekeeper.health.sieve import Sieve
from citekeeper.health.tables import table

MAX_SEGMENT: Final = 110
"""Characters of a headline's part that can be an error message; articles' titles run longer."""

_BEFORE: Final = 90
_AFTER: Final = 70
_SENTENCE_END: Final = "\n.!?。！？؟।:;"
_SEPARATORS = re.compile(r"\n|\s[|\-–—:·•»«>/\\]+\s|[|»«•·:–—~>!?]|\.\s|\s::\s|[，。！？：；、]")


@dataclass(frozen=True, slots=True, eq=False)
class Phrases:
    """One language's wording; two are the same only when they are one, so that lists of them are looked up at once."""

    language: str
    headlines: tuple[str, ...]
    """What a title or heading says all by itself."""
    moods: tuple[str, ...]
    """What a title or heading may say, but only with another message beside it: "Lost?"."""
    whole: tuple[str, ...]
    """What says it without a subject, anywhere in a short page."""
    subjects: tuple[str, ...]
    failures: tuple[str, ...]
    exceptions: tuple[str, ...]
    """What else may be missing from a page that is there: its comments, a video."""
    conditions: tuple[str, ...]
    """Words that make a sentence speak of a case: "if the page does not exist, …"."""
    source: str
    date: str
    positive: str
    negative: str
    spaced: bool
    """Whether the language separates words by spaces, so that subjects are whole words."""


@cache
def load_phrases(name: str) -> tuple[Phrases, ...]:
    """The list `data/NAME.toml`."""
    return tuple(_phrases(row) for row in table(name)["language"])


def _phrases(row: Mapping[str, Any]) -> Phrases:
    def of(key: str) -> tuple[str, ...]:
        return tuple(plain(phrase) for phrase in row.get(key, ()))

    return Phrases(
        language=row["code"],
        headlines=of("headlines"),
        moods=of("moods"),
        whole=of("whole"),
        subjects=of("subjects"),
        failures=of("failures"),
        exceptions=tuple(str(word).casefold() for word in row.get("exceptions", ())),
        conditions=of("conditions"),
        source=row["source"],
        date=str(row["date"]),
        positive=row["positive"],
        negative=row["negative"],
        spaced=row.get("spaced", True),
    )


@cache
def spaced(lists: tuple[Phrases, ...]) -> tuple[Phrases, ...]:
    """Those of the languages that part words by spaces."""
    return tuple(phrases for phrases in lists if phrases.spaced)


class _Sieves:
    """What of some lists may stand in a text."""

    def __init__(self, lists: tuple[Phrases, ...]) -> None:
        self._lists = lists
        self.headlines = frozenset(phrase for phrases in lists for phrase in phrases.headlines)
        self.moods = frozenset(phrase for phrases in lists for phrase in phrases.moods)
        self._sentences = Sieve({n: (*phrases.whole, *phrases.failures) for n, phrases in enumerate(lists)})
        self._names = Sieve({n: phrases.headlines for n, phrases in enumerate(lists)})

    def speaking(self, text: str) -> list[Phrases]:
        """The languages of which a whole phrase or a failure may stand in the plain `text`, in the order of the lists."""
        return [self._lists[n] for n in sorted(self._sentences.owners(text))]

    def naming(self, text: str) -> list[Phrases]:
        """The languages of which a headline may stand in the plain `text`."""
        return [self._lists[n] for n in sorted(self._names.owners(text))]


_sieves = cache(_Sieves)


def says(text: str, lists: tuple[Phrases, ...]) -> str | None:
    """The first whole phrase or subject-failure pair that the plain `text` holds."""
    return next((found for phrases in _sieves(lists).speaking(text) if (found := _sentence(text, phrases))), None)


def says_whole(text: str, lists: tuple[Phrases, ...]) -> str | None:
    """The first whole phrase that the plain `text` holds."""
    return next((phrase for phrases in _sieves(lists).speaking(text) if (phrase := _whole(text, phrases))), None)


def says_all(text: str, lists: tuple[Phrases, ...]) -> Iterator[list[str]]:
    """For each language that has any, the different whole phrases that the plain `text` holds."""
    return ([phrase for phrase in phrases.whole if phrase in text] for phrases in _sieves(lists).speaking(text))


def fails(text: str, lists: tuple[Phrases, ...]) -> str | None:
    """The first failure that the plain `text` speaks of, whatever it is that failed."""
    return next((failure for phrases in _sieves(lists).speaking(text) for failure in phrases.failures if failure in text), None)


def names(text: str, lists: tuple[Phrases, ...]) -> str | None:
    """The first headline phrase that stands anywhere in the plain `text`."""
    return next((phrase for phrases in _sieves(lists).naming(text) for phrase in phrases.headlines if phrase in text), None)


def is_headline(text: str, lists: tuple[Phrases, ...]) -> bool:
    """Whether the plain `text` is a headline phrase, and nothing else."""
    return text in _sieves(lists).headlines


def mood(text: str, lists: tuple[Phrases, ...]) -> str | None:
    """The part of a title or heading that is no more than a mood."""
    return next((part for part in segments(text) if part in _sieves(lists).moods), None)


# Several signals ask for the same few titles and headings.
@lru_cache(maxsize=512)
def headline(text: str, lists: tuple[Phrases, ...]) -> str | None:
    """The part of a title or heading that is nothing but the message; None when there is none."""
    speaking = _sieves(lists).speaking(text)
    for part in segments(text):
        if is_headline(part, lists) or (len(part) <= MAX_SEGMENT and any(_sentence(part, phrases) for phrases in speaking)):
            return part
    return None


def segments(text: str) -> Iterator[str]:
    """The parts of the plain headline `text`, between the separators that sites use, and at last all of it."""
    for part in (*_SEPARATORS.split(text[:2000]), text):
        stripped = part.strip(" ।۔։\t\"'()[]{}*.!…,-–—|:;¡¿?/\\#")
        if stripped:
            yield stripped


def _sentence(text: str, phrases: Phrases) -> str | None:
    if whole := _whole(text, phrases):
        return whole
    for failure in phrases.failures:
        at = text.find(failure)
        # A page that repeats a phrase more often than this is no error page.
        for _ in range(8):
            if at < 0:
                break
            if subject := _subject_near(text, at, at + len(failure), phrases):
                return f"{subject} … {failure}"
            at = text.find(failure, at + 1)
    return None


def _whole(text: str, phrases: Phrases) -> str | None:
    return next(
        (phrase for phrase in phrases.whole if (at := text.find(phrase)) >= 0 and not _is_case(_sentence_before(text, at), phrases)), None
    )


def _sentence_before(text: str, at: int) -> str:
    before = text[max(0, at - _BEFORE) : at]
    return before[max((before.rfind(mark) for mark in _SENTENCE_END), default=-1) + 1 :]


def _is_case(before: str, phrases: Phrases) -> bool:
    return bool(phrases.conditions) and not set(phrases.conditions).isdisjoint(_WORD.findall(before))


def _subject_near(text: str, start: int, end: int, phrases: Phrases) -> str | None:
    before = _sentence_before(text, start)
    after = text[end : end + _AFTER]
    stops = [at for mark in _SENTENCE_END if (at := after.find(mark)) >= 0]
    if _is_case(before, phrases):
        return None
    window = f" {before} {after[: min(stops, default=len(after))]} "
    if any(exception in window for exception in phrases.exceptions):
        return None
    if not phrases.spaced:
        return next((subject for subject in phrases.subjects if subject in window), None)
    words = f" {' '.join(_WORD.findall(window))} "
    return next((subject for subject in phrases.subjects if f" {subject} " in words), None)


_WORD = re.compile(r"[\w'-]+")


def reasons(text: str, lists: tuple[Phrases, ...], window: int) -> str | None:
    """A refusal of `whole`, or one of `failures` with one of `subjects` within `window` characters, in the plain `text`."""
    for phrases in _sieves(lists).speaking(text):
        for phrase in phrases.whole:
            if phrase in text:
                return phrase
        for failure in phrases.failures:
            at = text.find(failure)
            if at < 0:
                continue
            around = text[max(0, at - window) : at + window]
            reason = next((subject for subject in phrases.subjects if subject in around), None)
            if reason:
                return f"{failure} … {reason}"
    return None
