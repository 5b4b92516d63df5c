"""What is known of a cut reference, put as one question to every candidate; and what the cut hides of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from citekeeper.model import Citation, Evidence, Reference
from citekeeper.resolution.candidates import Page, fills_the_cut
from citekeeper.resolution.dates import Day, NoteDates, days_of_interest, note_dates, span_of_dates
from citekeeper.resolution.relations import Relation, relate
from citekeeper.resolution.shown import CutAt, Shown, plain
from citekeeper.resolution.weights import WEIGHTS
from citekeeper.resolution.words import overlap, title_in, words

Sign = tuple[Evidence, float]
"""Evidence and its weight."""

_MOST = 0.6
_LONGEST_WORD = 80
_FEW = 4
_SHORT_NUMBER = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_LAST_TOKEN = re.compile(r"[^\W_]*\Z")
_ALONE = Relation()


@dataclass(frozen=True, slots=True)
class Question:
    """What is known of the reference, and everything that it may stand for."""

    shown: Shown
    raw: str
    """As printed, dots included."""
    note: frozenset[str]
    """The note's own words."""
    days: tuple[Day, ...]
    """When the page was there, as far as note, address and document tell."""
    relations: Mapping[str, Relation]
    fewest_segments: int
    note_repeats_slug: bool
    """The note holds the printed words of the slug, so that it must hold the hidden ones too."""
    title: frozenset[str] = frozenset()
    """The words of the title that the note tells."""
    numbers: frozenset[str] = frozenset()
    """The short numbers in the note that are no part of a date."""
    least_hidden: int = 0
    """How many characters the cut hides at the least."""


def ask(reference: Reference, shown: Shown, cited: date | None, pages: tuple[Page, ...]) -> Question:
    """Put the question."""
    told = reference.citation or Citation()
    note = " ".join(filter(None, (reference.context, told.title)))
    filling = [page for page in pages if fills_the_cut(shown, page) and not page.is_cut]
    fewest = min((depth_of(page) for page in filling), default=0)
    note_words = words(note)
    slug = printed_slug(shown)
    seen = words(slug[: len(slug) - len(begun_in(slug))])
    repeats = len(seen) >= 2 and overlap(seen, note_words) >= _MOST
    days = days_of_interest(_dates_told(reference.context, told), _printed_day(shown), cited)
    title = words(told.title or title_in(note))
    numbers = frozenset(_SHORT_NUMBER.findall(told.title or title_in(note)))
    return Question(shown, reference.raw, note_words, days, relate(filling), fewest, repeats, title, numbers, _least_hidden(reference))


def _dates_told(note: str, told: Citation) -> NoteDates:
    """The dates of the note's own words; what its entry says where the words say nothing."""
    dates = note_dates(note)
    # The first of a month may stand for the whole month or year.
    published = told.published if told.published is not None and told.published.day > 1 else None
    return NoteDates(dates.published or published, dates.accessed or told.accessed)


def _least_hidden(reference: Reference) -> int:
    """Whoever prints three dots saves more than three characters, or leaves the address whole; some systems save more."""
    return reference.address.missing_at_least or (_FEW if "..." in reference.raw else 2)


def _printed_day(shown: Shown) -> date | None:
    """The day that stands in the printed part of the address: "/2020/11/13/"."""
    found = span_of_dates(shown.plain_path)
    return found[0] if found and found[0] == found[1] else None


def weighed(code: str, detail: str = "", times: float = 1.0) -> Sign:
    """A sign with its weight, `times` over."""
    return Evidence(code, detail), WEIGHTS[code] * times


def parts_of(question: Question, page: Page) -> tuple[Page, ...]:
    """The pages of the index that are parts of this one."""
    return question.relations.get(page.form.page, _ALONE).parts


def printed_slug(shown: Shown) -> str:
    """The part of the address that the cut fell into, as far as it is printed."""
    if shown.at is CutAt.QUERY:
        return plain(shown.query).rpartition("&")[2].partition("=")[2]
    return shown.plain_path.rpartition("/")[2]


def begun_in(text: str) -> str:
    """The word that `text` ends within."""
    found = _LAST_TOKEN.search(text[-_LONGEST_WORD:])
    return found[0] if found else ""


def behind_the_cut(shown: Shown, page: Page) -> str:
    """What the cut hides, with the whole of the word that it fell into."""
    printed = printed_slug(shown)
    begun = begun_in(printed)
    if shown.at is not CutAt.QUERY:
        return begun + plain(page.form.target)[len(shown.plain_path) :]
    return " ".join(_hidden_values(shown, page, printed, begun)) or begun


def _hidden_values(shown: Shown, page: Page, printed: str, begun: str) -> Iterator[str]:
    """The values of the parameters that are not printed whole."""
    whole, cut = set(plain(shown.query).split("&")), plain(shown.query).rpartition("&")[2].partition("=")[0]
    for each in plain(page.form.query).split("&"):
        name, _, value = each.partition("=")
        if name == cut and value.startswith(printed):
            yield begun + value[len(printed) :]
        elif each not in whole:
            yield value


def depth_of(page: Page) -> int:
    """How deep in its site a page lies, in segments of its path."""
    return plain(page.form.path).rstrip("/").count("/")
