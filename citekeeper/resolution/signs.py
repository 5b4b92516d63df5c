"""What speaks for and against a candidate: each sign a small function that yields evidence and its weight."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from math import exp

from citekeeper.resolution.candidates import Page, fills_the_cut
from citekeeper.resolution.question import Question, Sign, begun_in, behind_the_cut, depth_of, parts_of, weighed
from citekeeper.resolution.relations import Relation
from citekeeper.resolution.shown import CutAt, Shown, escaped, plain
from citekeeper.resolution.signs_of_time import date_in_address, only_a_serial, when_captured
from citekeeper.resolution.variants import variants
from citekeeper.resolution.weights import ENOUGH_LETTERS
from citekeeper.resolution.words import overlap, words

_MOST = 0.6
_LITTLE = 0.34
_WORDS_OF_A_TITLE = 3
_ENOUGH_WORDS = 6
_SOME = 10
_LAST_NUMBER = re.compile(r"(\d{1,2})(?:\.[a-z]{1,5})?\Z")
_ALONE = Relation()


def signs_of(question: Question, page: Page) -> tuple[Sign, ...]:
    """Everything that speaks for and against `page`, in a fixed order."""
    return tuple(sign for look in _LOOKS for sign in look(question, page))


def _slug_seen(question: Question, page: Page) -> Iterator[Sign]:
    path = question.shown.plain_path + plain(question.shown.query)
    before, _, last = path.rpartition("/")
    seen = sum(each.isalnum() for each in last) + 0.25 * sum(each.isalnum() for each in before)
    # Each further letter rules out fewer of the pages that are left.
    yield weighed("slug-seen", f"{len(path)} characters of path are printed", 1.0 - exp(-seen / ENOUGH_LETTERS))


def _suffix(question: Question, page: Page) -> Iterator[Sign]:
    if question.shown.suffix:
        # A tail of a few characters, such as "html", tells little.
        times = min(1.0, len(question.shown.suffix) / 10)
        yield weighed("suffix-matches", question.shown.suffix, times)


def _is_seen_good(question: Question, page: Page) -> bool:
    # The same path with more parameters is the same page to most servers; it often is what others linked to.
    path = page.form.page.partition("?")[0]
    views = [each for each in parts_of(question, page) if each.form.page.partition("?")[0] == path]
    return any(status is not None and 200 <= status < 300 for one in (page, *views) for status in one.statuses)


def _status(question: Question, page: Page) -> Iterator[Sign]:
    if _is_seen_good(question, page):
        yield weighed("good-status")
    elif None in page.statuses:
        yield weighed("status-unknown")
    else:
        yield weighed("only-redirects", ", ".join(str(status) for status in sorted(filter(None, page.statuses))))


def _kind(question: Question, page: Page) -> Iterator[Sign]:
    lists = variants()
    types = [each.row.mimetype for each in page.sightings]
    if page.form.path.lower().endswith(lists.file_endings) or all(each.startswith(lists.file_types) for each in types):
        yield weighed("not-a-page", types[0])
    elif any(each.startswith(("text/html", "application/pdf", "application/xhtml")) for each in types):
        yield weighed("page-type")


def _slug_overlap(question: Question, page: Page) -> Iterator[Sign]:
    slug = words(behind_the_cut(question.shown, page))
    if not slug or not question.note:
        return
    share = overlap(slug, question.note)
    shared = round(share * len(slug))
    detail = f"{shared} of {len(slug)} words"
    if question.note_repeats_slug and share < _MOST:
        yield weighed("words-missing", detail, 1.0 - share)
    elif share > 0:
        # Each further word makes chance less likely.
        yield weighed("slug-overlap", detail, share * (1.0 + min(shared - 1, _ENOUGH_WORDS) / _ENOUGH_WORDS))
    if _is_another_title(question.title, slug, share):
        yield weighed("title-differs", detail)


def _is_another_title(title: frozenset[str], slug: frozenset[str], share: float) -> bool:
    """Whether note and address both tell a title, in the same letters, and not the same one."""
    if len(title) < _WORDS_OF_A_TITLE or len(slug) < _WORDS_OF_A_TITLE or share >= _LITTLE:
        return False
    return _is_latin(title) == _is_latin(slug)


def _is_latin(text: frozenset[str]) -> bool:
    return all(word.isascii() for word in text)


def _simplicity(question: Question, page: Page) -> Iterator[Sign]:
    extra = depth_of(page) - question.fewest_segments
    if extra > 0:
        yield weighed("extra-segment", f"{extra} more", float(min(extra, 4)))
    if page.form.page.partition("?")[2] and question.shown.at is not CutAt.QUERY and "?" not in question.shown.suffix:
        yield weighed("extra-query", page.form.query[:80])


def _relations(question: Question, page: Page) -> Iterator[Sign]:
    relation = question.relations.get(page.form.page, _ALONE)
    if relation.whole is not None:
        yield weighed("part-of-another", relation.whole[:120])
    if relation.language is not None:
        yield weighed("other-language", relation.language)
    if relation.copy_of is not None and not _note_has_number(question, page):
        yield weighed("numbered-copy", relation.copy_of[:120])
    if relation.is_section:
        yield weighed("section-page")
    torn = page.sightings[0].row.original if page.is_cut else relation.cut_of or _torn_word(question, page)
    if torn is not None:
        yield weighed("looks-cut", torn[:120])


def _note_has_number(question: Question, page: Page) -> bool:
    """Whether the note tells the number at the end of the address ("part 2")."""
    number = _LAST_NUMBER.search(page.form.page[-12:])
    return number is not None and number[1] in question.numbers


def _torn_word(question: Question, page: Page) -> str | None:
    """The note's word of which the address holds only the beginning, at its very end."""
    if not question.note_repeats_slug:
        return None
    end = begun_in(behind_the_cut(question.shown, page).rstrip("/").casefold())
    if len(end) < 2 or end in question.note:
        return None
    # "election" for "elections" is another ending, not a tear.
    return next((word for word in sorted(question.note) if word.startswith(end) and len(word) >= len(end) + 2), None)


def _length(question: Question, page: Page) -> Iterator[Sign]:
    shown = question.shown
    if not fills_the_cut(shown, page):
        yield weighed("the-cut-itself")
        return
    hidden = _hidden_length(shown, page)
    if shown.at is CutAt.PATH and hidden < question.least_hidden:
        yield weighed("barely-longer", f"{max(0, hidden)} characters hidden")
    elif shown.at is CutAt.PATH and hidden < _SOME and not _is_seen_good(question, page):
        yield weighed("short-and-unproved", f"{hidden} characters hidden, never seen good")


def _hidden_length(shown: Shown, page: Page) -> int:
    """How many characters the cut hides, counted in the spelling that is printed: escapes are three characters each."""
    is_escaped = "%" in shown.path
    spell: Callable[[str], str] = escaped if is_escaped else plain
    printed = len(spell(shown.path)) + (len(spell(shown.query)) + 1 if shown.query else 0) + len(spell(shown.suffix))
    return len(spell(page.form.target).rstrip("/")) - printed


def _case(question: Question, page: Page) -> Iterator[Sign]:
    if not page.same_case:
        yield weighed("case-differs")


_LOOKS: Sequence[Callable[[Question, Page], Iterator[Sign]]] = (
    _slug_seen,
    _suffix,
    _status,
    _kind,
    when_captured,
    date_in_address,
    only_a_serial,
    _slug_overlap,
    _simplicity,
    _relations,
    _length,
    _case,
)
