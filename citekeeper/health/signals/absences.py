"""Pages that say "not found" in words, in many languages, whatever their status says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from citekeeper.health.addresses import last_words, words
from citekeeper.health.page import Page
from citekeeper.health.plain import length, plain
from citekeeper.health.signals.base import Signal, counted
from citekeeper.health.view import View
from citekeeper.health.wording import headline, is_headline, load_phrases, mood, says, says_whole, spaced
from citekeeper.model import CodeMeaning, Evidence

_LITTLE: Final = 3_200
"""Visible characters up to which a sentence in the text counts: navigation and one message."""

_MESSAGE_MAIN: Final = 750
"""Main content of an error page: measured on 77 of them, all but three have less."""

_ERROR_FIELDS: Final = ("status", "code", "statusCode", "status_code", "error", "message", "detail", "title")

_BARE_MAIN: Final = 400
"""Main content of a message without any heading."""

_BEHIND_NUMBER: Final = frozenset({"", *"-–—:|·!.(["})
_BEHIND_MESSAGE: Final = 2
_MAX_LINES: Final = 150
_MAX_LINE: Final = 60

_MIN_MISSPELT: Final = 12
"""Letters from which a slip leaves no doubt what was meant."""
_SPELT: Final = 92
"""rapidfuzz.fuzz.ratio, of 100: two letters of twenty exchanged."""

_ARTICLE_MAIN: Final = 2_500
"""Main content from which a page is an article, even one about error pages."""

_NUMBER_404 = re.compile(
    r"(?:^|\b(?:error|http|fehler|erreur|errore|erro|fout|fel|błąd|chyba|hata|virhe|ошибка|помилка|エラー|错误|錯誤|오류)[\s:#]{0,3})4(?:04|10)\b"
)
_NAMED_404 = re.compile(r"\b(?:http|error|erreur|fehler|errore|erro|ошибка|помилка)\s{0,3}:?\s?404\b")
_NUMBER_TAIL = re.compile(r"\b404(?:[\s:!.-]{1,4}(?:error|page|fehler|erreur|ошибка|not found|エラー|错误))?$")
_ARTICLE_TYPES: Final = {"article", "newsarticle", "blogposting", "reportagenewsarticle", "podcastepisode", "scholarlyarticle"}


def _look(view: View) -> Iterator[Evidence]:
    page, status = view.text_page, view.status
    if page is None or status is None:
        return
    if page.media_type.endswith("json"):
        yield from _of_data(page)
        return
    found = _head(view)
    is_cited = found is not None and _is_cited(found, view)
    wording = _wording(view, page, sure=found is not None) if not is_cited else None
    if found is None and wording:
        found = next(filter(None, (mood(head, load_phrases("not_found")) for head in view.heads)), None)
    if found:
        is_message = not is_cited and not _is_article(page) and (wording is not None or (_is_bare(view, page) and _is_pure(found)))
        yield Evidence("not-found-headline" if is_message else "not-found-hint", found[:200])
    if wording and not _is_article(page):
        yield Evidence("not-found-text", wording[:200])
    elif wording is None and found is None and (passing := _passing(view, page)):
        yield Evidence("not-found-mention", passing[:200])
    if status in {404, 410} and not found and not wording and page.parsed.main >= _ARTICLE_MAIN:
        yield Evidence("content-despite-status", f"{counted(page.parsed.main, 'character')} of main content")


def _head(view: View) -> str | None:
    """The title or heading that is a message."""
    lists = load_phrases("not_found")
    return next(filter(None, (_number(head) or headline(head, lists) for head in view.heads)), None)


def _is_pure(found: str) -> bool:
    """Whether a headline ends with its message: "page not found", not "page not found by search engines"."""
    lists = load_phrases("not_found")
    if is_headline(found, lists) or says_whole(found, lists) or _number(found):
        return True
    cut = found
    for _ in range(_BEHIND_MESSAGE):
        cut = cut.rpartition(" ")[0]
    # Where the message still stands without its last words, they are about something else.
    return says(cut, lists) is None or length(found) < _BEHIND_MESSAGE + 3


def _is_bare(view: View, page: Page) -> bool:
    """Whether there is little beside a headline, which then says all that the page has to say."""
    return page.parsed.main <= _MESSAGE_MAIN and not view.has_paragraphs


def _is_cited(found: str, view: View) -> bool:
    """Whether the cited address has the words of the headline: then it is what the page is about."""
    slug = last_words(view.visit.target)
    shared = words(found) & slug
    return len(shared) >= 2 or ("404" in shared and len(slug) >= 2)


def _wording(view: View, page: Page, *, sure: bool) -> str | None:
    """A sentence of a short page, beside its headings; where there is more to read than a message, only one that leaves no doubt.

    A page that says in its headline what it is about may speak of a thing that is missing, as news do.
    """
    if page.visible > _LITTLE:
        return None
    text, lists = _beside(view), load_phrases("not_found")
    if sure or (page.parsed.main <= _MESSAGE_MAIN and _stands_alone(view, page)):
        return says(text, lists) or _line(text)
    is_short = page.parsed.main <= 2 * _MESSAGE_MAIN and not view.has_paragraphs
    # Where words are not parted, a whole message is hardly longer than a subject and its failure.
    lists = spaced(lists) if view.has_own_headline else lists
    return says_whole(text, lists) or _numbered(text) if is_short else None


def _stands_alone(view: View, page: Page) -> bool:
    """Whether a sentence is what the page is there to say: under "Oops!", or under nothing."""
    under = [head for head in view.heads[1:] if head]
    return view.is_headed_as_failing or (not under and page.parsed.main <= _BARE_MAIN)


def _passing(view: View, page: Page) -> str | None:
    """What a short page says in passing."""
    return says(_beside(view), load_phrases("not_found")) if page.visible <= _LITTLE and page.parsed.main <= _MESSAGE_MAIN else None


def _beside(view: View) -> str:
    """The text without the headings, which are no second witness of what they say."""
    return "\n".join(line for line in view.plain_text.split("\n") if line not in view.heads)


def _of_data(page: Page) -> Iterator[Evidence]:
    """An answer for programs: an error object, not any text that speaks of one."""
    try:
        told = json.loads(page.parsed.text)
    except (ValueError, RecursionError):
        return
    error = told.get("error", told) if isinstance(told, dict) else told
    fields = {**told, **error} if isinstance(told, dict) and isinstance(error, dict) else {"error": error}
    values = [str(fields[key])[:200] for key in _ERROR_FIELDS if isinstance(fields.get(key), str | int)]
    if len(page.parsed.text) <= _LITTLE and any(
        value == "404" or is_headline(plain(value).strip(" .!"), load_phrases("not_found")) for value in values
    ):
        yield Evidence("not-found-headline", "; ".join(values)[:200])


def _line(text: str) -> str | None:
    """A line of the text that would be a headline, on pages that mark none."""
    lines = [line.strip(" .!…*") for line in text.split("\n")[:_MAX_LINES] if len(line) <= _MAX_LINE]
    return next((line for line in lines if _number(line) or _is_phrase(line)), None) or _misspelt(lines)


def _numbered(text: str) -> str | None:
    """A line that gives the number with its name ("HTTP 404")."""
    lines = (line for line in text.split("\n")[:_MAX_LINES] if len(line) <= _MAX_LINE and _NAMED_404.search(line))
    return next((line for line in lines if _number(line)), None)


def _misspelt(lines: list[str]) -> str | None:
    """The only line of a page when it is all but one of the headlines: hand-made error pages have slips of the pen."""
    if len(lines) != 1 or len(lines[0]) < _MIN_MISSPELT:
        return None
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import extractOne

    phrases = [phrase for each in load_phrases("not_found") for phrase in each.headlines if len(phrase) >= _MIN_MISSPELT]
    return lines[0] if extractOne(lines[0], phrases, scorer=ratio, score_cutoff=_SPELT) else None


def _is_phrase(line: str) -> bool:
    """Whether a line is one of the headlines of several words; single ones stand in every list and menu."""
    return (" " in line or not line.isascii()) and is_headline(line, load_phrases("not_found"))


def _number(head: str) -> str | None:
    """A headline that is the number ("Error 404", "404 – Lost?"), not one that begins with it ("The 404 podcast")."""
    match = _NUMBER_404.match(head) or (_NUMBER_404.search(head) if len(head) <= _MAX_LINE else None) or _NUMBER_TAIL.match(head)
    if match is None:
        return None
    rest = head[match.end() :]
    # "404 errors and how to fix them", "404 Main Street", "404 (number)": more words right behind the number make it a subject.
    if rest.strip().startswith("("):
        return head if headline(rest.strip(), load_phrases("not_found")) else None
    return head if rest.strip()[:1] in _BEHIND_NUMBER or len(rest.split()) <= 1 else None


def _is_article(page: Page) -> bool:
    """Whether this is a text about something: much main content, or some that says it is an article."""
    if page.parsed.main >= _ARTICLE_MAIN:
        return True
    typed = page.parsed.metas.get("og:type", "").lower() == "article" or any(map(_is_article_schema, page.parsed.json_ld))
    return typed and page.parsed.main >= 700


def _is_article_schema(text: str) -> bool:
    from citekeeper.health.schema import items

    return any(str(kind).lower() in _ARTICLE_TYPES for item in items(text) for kind in _listed(item.get("@type")))


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


_ADVICE = "Link an archived copy once that is confirmed."

ABSENCES = Signal(
    _look,
    (
        CodeMeaning("not-found-headline", "The page's title or heading says that there is no such page.", _ADVICE),
        CodeMeaning("not-found-text", "A short page says in its text that there is no such page.", _ADVICE),
        CodeMeaning(
            "not-found-mention",
            "A short page speaks of something that is not there, but it may be speaking of anything.",
            "Look at the page.",
        ),
        CodeMeaning("not-found-hint", "A heading speaks of a missing page, but the page reads like an article.", "Look at the page."),
        CodeMeaning(
            "content-despite-status", "The server said that there is no such page and yet sent a long text.", "Open the page in a browser."
        ),
    ),
)
