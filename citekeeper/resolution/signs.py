"""What speaks for and against a candidate: each sign a small function that yields evidence and its weight."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp

from citekeeper.model import Evidence
from citekeeper.resolution.candidates import Page, fills_the_cut
from citekeeper.resolution.dates import Day, days_of_interest, note_dates, span_of_dates
from citekeeper.resolution.relations import Relation, relate
from citekeeper.resolution.shown import CutAt, Shown, plain
from citekeeper.resolution.variants import variants
from citekeeper.resolution.weights import ENOUGH_LETTERS, WEIGHTS
from citekeeper.resolution.words import overlap, words

Sign = tuple[Evidence, float]

_JUST_BEFORE = timedelta(days=30)
_JUST_AFTER = timedelta(days=7)
_MONTH_AFTER = timedelta(days=30)
_LONG_BEFORE = timedelta(days=365)
_YEARS_BEFORE = timedelta(days=2 * 365)
_LONG_AFTER = timedelta(days=90)
_YEARS_AFTER = timedelta(days=365)
_URL_DATE_SLACK = timedelta(days=2)
_URL_DATE_NEAR = timedelta(days=45)
_MOST = 0.6
_LONGEST_WORD = 80
_FEW = 4
_SOME = 10
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


def ask(shown: Shown, raw: str, note: str, cited: date | None, pages: tuple[Page, ...]) -> Question:
    """Put the question."""
    filling = [page for page in pages if fills_the_cut(shown, page)]
    fewest = min((_segments(page) for page in filling), default=0)
    note_words = words(note)
    slug = _printed_slug(shown)
    seen = words(slug[: len(slug) - len(_begun(slug))])
    repeats = len(seen) >= 2 and overlap(seen, note_words) >= _MOST
    days = days_of_interest(note_dates(note), _printed_day(shown), cited)
    return Question(shown, raw, note_words, days, relate(filling), fewest, repeats)


def _printed_day(shown: Shown) -> date | None:
    """The day that stands in the printed part of the address: "/2020/11/13/"."""
    found = span_of_dates(shown.plain_path)
    return found[0] if found and found[0] == found[1] else None


def signs_of(question: Question, page: Page) -> tuple[Sign, ...]:
    """Everything that speaks for and against `page`, in a fixed order."""
    return tuple(sign for look in _LOOKS for sign in look(question, page))


def _sign(code: str, detail: str = "", times: float = 1.0) -> Sign:
    return Evidence(code, detail), WEIGHTS[code] * times


def _slug_seen(question: Question, page: Page) -> Iterator[Sign]:
    path = question.shown.plain_path + plain(question.shown.query)
    before, _, last = path.rpartition("/")
    seen = sum(each.isalnum() for each in last) + 0.25 * sum(each.isalnum() for each in before)
    # Each further letter rules out fewer of the pages that are left.
    yield _sign("slug-seen", f"{len(path)} characters of path are printed", 1.0 - exp(-seen / ENOUGH_LETTERS))


def _suffix(question: Question, page: Page) -> Iterator[Sign]:
    if question.shown.suffix:
        # A tail of a few characters, such as "html", tells little.
        times = min(1.0, len(question.shown.suffix) / 10)
        yield _sign("suffix-matches", question.shown.suffix, times)


def _is_seen_good(question: Question, page: Page) -> bool:
    # The same path with more parameters is the same page to most servers; it often is what others linked to.
    path = page.form.page.partition("?")[0]
    views = [each for each in _parts(question, page) if each.form.page.partition("?")[0] == path]
    return any(status is not None and 200 <= status < 300 for one in (page, *views) for status in one.statuses)


def _parts(question: Question, page: Page) -> tuple[Page, ...]:
    return question.relations.get(page.form.page, _ALONE).parts


def _status(question: Question, page: Page) -> Iterator[Sign]:
    if _is_seen_good(question, page):
        yield _sign("good-status")
    elif None in page.statuses:
        yield _sign("status-unknown")
    else:
        yield _sign("only-redirects", ", ".join(str(status) for status in sorted(filter(None, page.statuses))))


def _kind(question: Question, page: Page) -> Iterator[Sign]:
    lists = variants()
    types = [each.row.mimetype for each in page.sightings]
    if page.form.path.lower().endswith(lists.file_endings) or all(each.startswith(lists.file_types) for each in types):
        yield _sign("not-a-page", types[0])
    elif any(each.startswith(("text/html", "application/pdf", "application/xhtml")) for each in types):
        yield _sign("page-type")


def _when_captured(question: Question, page: Page) -> Iterator[Sign]:
    # A part that was captured shows that its page was there.
    captured = [each.row.timestamp.date() for one in (page, *_parts(question, page)) for each in one.sightings]
    signs = [_distance(day, captured) for day in question.days]
    if signs:
        yield max(signs, key=lambda sign: sign[1])


def _distance(day: Day, captured: Sequence[date]) -> Sign:
    after = _MONTH_AFTER if day.appeared else _JUST_AFTER
    if near := [each for each in captured if day.on - _JUST_BEFORE <= each <= day.on + after]:
        return _sign("near-citation-date", f"captured {near[0]}, {day}")
    first = min(captured)
    code = _after(first - day.on) if first >= day.on else _before(day.on - first)
    if day.appeared and first < day.on:
        code = "captured-too-early"
    return _sign(code, f"first captured {first}, {day}")


def _before(time: timedelta) -> str:
    if time <= _LONG_BEFORE:
        return "captured-before"
    return "captured-long-before" if time <= _YEARS_BEFORE else "captured-years-before"


def _after(time: timedelta) -> str:
    if time <= _LONG_AFTER:
        return "captured-after"
    return "captured-long-after" if time <= _YEARS_AFTER else "captured-years-after"


def _url_date(question: Question, page: Page) -> Iterator[Sign]:
    found = span_of_dates(plain(page.form.target))
    if found is None or found[2] <= len(question.shown.plain_path):
        return  # No date, or one that every candidate has.
    signs = [_agreement(day, found[0], found[1]) for day in question.days]
    if signs:
        yield max(signs, key=lambda sign: sign[1])


def _agreement(day: Day, first: date, last: date) -> Sign:
    detail = f"{first}, {day}" if first == last else f"{first} to {last}, {day}"
    if first > day.on + _URL_DATE_SLACK:
        return _sign("url-date-later", detail)
    if last >= day.on - _URL_DATE_NEAR:
        # A year alone says less than a day.
        return _sign("url-date-near", detail, 1.0 if last - first < timedelta(days=40) else 0.5)
    return _sign("url-date-earlier", detail)


def _slug_overlap(question: Question, page: Page) -> Iterator[Sign]:
    slug = words(_behind_the_cut(question.shown, page))
    if not slug or not question.note:
        return
    share = overlap(slug, question.note)
    detail = f"{round(share * len(slug))} of {len(slug)} words"
    if question.note_repeats_slug and share < _MOST:
        yield _sign("words-missing", detail, 1.0 - share)
    elif share > 0:
        yield _sign("slug-overlap", detail, share)


def _printed_slug(shown: Shown) -> str:
    """The part of the address that the cut fell into, as far as it is printed."""
    if shown.at is CutAt.QUERY:
        return plain(shown.query).rpartition("&")[2].partition("=")[2]
    return shown.plain_path.rpartition("/")[2]


def _begun(text: str) -> str:
    """The word that `text` ends within."""
    found = _LAST_TOKEN.search(text[-_LONGEST_WORD:])
    return found[0] if found else ""


def _behind_the_cut(shown: Shown, page: Page) -> str:
    """What the cut hides, with the whole of the word that it fell into."""
    printed = _printed_slug(shown)
    begun = _begun(printed)
    if shown.at is not CutAt.QUERY:
        return begun + plain(page.form.target)[len(shown.plain_path) :]
    name = plain(shown.query).rpartition("&")[2].partition("=")[0]
    values = [each.partition("=")[2] for each in plain(page.form.query).split("&") if each.partition("=")[0] == name]
    return begun + (values[0][len(printed) :] if values else "")


def _segments(page: Page) -> int:
    return plain(page.form.path).rstrip("/").count("/")


def _simplicity(question: Question, page: Page) -> Iterator[Sign]:
    extra = _segments(page) - question.fewest_segments
    if extra > 0:
        yield _sign("extra-segment", f"{extra} more", float(min(extra, 4)))
    if page.form.page.partition("?")[2] and question.shown.at is not CutAt.QUERY and "?" not in question.shown.suffix:
        yield _sign("extra-query", page.form.query[:80])


def _relations(question: Question, page: Page) -> Iterator[Sign]:
    relation = question.relations.get(page.form.page, _ALONE)
    if relation.whole is not None:
        yield _sign("part-of-another", relation.whole[:120])
    if relation.language is not None:
        yield _sign("other-language", relation.language)
    if relation.is_section:
        yield _sign("section-page")
    torn = relation.cut_of or _torn_word(question, page)
    if torn is not None:
        yield _sign("looks-cut", torn[:120])


def _torn_word(question: Question, page: Page) -> str | None:
    """The note's word of which the address holds only the beginning, at its very end."""
    if not question.note_repeats_slug:
        return None
    end = _begun(_behind_the_cut(question.shown, page).rstrip("/").casefold())
    if len(end) < 2 or end in question.note:
        return None
    # "election" for "elections" is another ending, not a tear.
    return next((word for word in sorted(question.note) if word.startswith(end) and len(word) >= len(end) + 2), None)


def _length(question: Question, page: Page) -> Iterator[Sign]:
    shown = question.shown
    if not fills_the_cut(shown, page):
        yield _sign("the-cut-itself")
        return
    printed = len(shown.plain_path) + (len(plain(shown.query)) + 1 if shown.query else 0) + len(plain(shown.suffix))
    hidden = len(plain(page.form.target).rstrip("/")) - printed
    # Whoever prints three dots saves more than three characters, or leaves the address whole.
    if shown.at is CutAt.PATH and hidden < (_FEW if "..." in question.raw else 2):
        yield _sign("barely-longer", f"{max(0, hidden)} characters hidden")
    elif shown.at is CutAt.PATH and hidden < _SOME and not _is_seen_good(question, page):
        yield _sign("short-and-unproved", f"{hidden} characters hidden, never seen good")


def _case(question: Question, page: Page) -> Iterator[Sign]:
    if not page.same_case:
        yield _sign("case-differs")


_LOOKS: Sequence[Callable[[Question, Page], Iterator[Sign]]] = (
    _slug_seen,
    _suffix,
    _status,
    _kind,
    _when_captured,
    _url_date,
    _slug_overlap,
    _simplicity,
    _relations,
    _length,
    _case,
)
