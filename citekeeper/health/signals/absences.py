"""Pages that say "not found" in words, in many languages, whatever their status says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from citekeeper.health.page import Page
from citekeeper.health.signals.base import Signal, counted
from citekeeper.health.view import View
from citekeeper.health.wording import headline, is_headline, load_phrases, says, says_whole
from citekeeper.model import CodeMeaning, Evidence

_LITTLE: Final = 3_200
"""Visible characters up to which a sentence in the text counts: navigation and one message."""

_MESSAGE_MAIN: Final = 750
"""Main content of an error page: measured on 77 of them, all but three have less."""

_BEHIND_NUMBER: Final = frozenset({"", *"-–—:|·!.(["})
_MAX_LINES: Final = 150
_MAX_LINE: Final = 60

_MIN_MISSPELT: Final = 12
"""Letters from which a slip leaves no doubt what was meant."""
_SPELT: Final = 92
"""rapidfuzz.fuzz.ratio, of 100: two letters of twenty exchanged."""

_ARTICLE_MAIN: Final = 2_500
"""Main content from which a page is an article, even one about error pages."""

_NUMBER_404 = re.compile(
    r"(?:^|\b(?:error|http|fehler|erreur|errore|erro|fout|fel|błąd|chyba|hata|virhe|ошибка|помилка|エラー|错误|錯誤|오류)[\s:#]{0,3})404\b"
)
_NUMBER_TAIL = re.compile(r"\b404(?:[\s:!.-]{1,4}(?:error|page|fehler|erreur|ошибка|not found|エラー|错误))?$")
_ARTICLE_TYPES: Final = {"article", "newsarticle", "blogposting", "reportagenewsarticle", "podcastepisode", "scholarlyarticle"}


def _look(view: View) -> Iterator[Evidence]:
    page, status = view.text_page, view.status
    if page is None or status is None:
        return
    lists = load_phrases("not_found")
    found = next(filter(None, (_number(head) or headline(head, lists) for head in view.heads)), None)
    if found:
        yield Evidence("not-found-hint" if _is_article(page) else "not-found-headline", found[:200])
    wording = _wording(view, page, sure=found is not None)
    if wording and not _is_article(page):
        yield Evidence("not-found-text", wording[:200])
    if status in {404, 410} and not found and not wording and page.parsed.main >= _ARTICLE_MAIN:
        yield Evidence("content-despite-status", f"{counted(page.parsed.main, 'character')} of main content")


def _wording(view: View, page: Page, *, sure: bool) -> str | None:
    """A sentence of a short page; where there is more to read than a message, only one that leaves no doubt what is missing."""
    if page.visible > _LITTLE:
        return None
    text, lists = view.plain_text, load_phrases("not_found")
    if sure or page.parsed.main <= _MESSAGE_MAIN:
        return says(text, lists) or _line(text)
    return says_whole(text, lists) or _line(text) if page.parsed.main <= 2 * _MESSAGE_MAIN else None


def _line(text: str) -> str | None:
    """A line of the text that would be a headline, on pages that mark none."""
    lines = [line.strip(" .!…*") for line in text.split("\n")[:_MAX_LINES] if len(line) <= _MAX_LINE]
    return next((line for line in lines if _number(line) or _is_phrase(line)), None) or _misspelt(lines)


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
    # "404 errors and how to fix them", "404 Main Street": more words right behind the number make it a subject.
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
        CodeMeaning("not-found-hint", "A heading speaks of a missing page, but the page reads like an article.", "Look at the page."),
        CodeMeaning(
            "content-despite-status", "The server said that there is no such page and yet sent a long text.", "Open the page in a browser."
        ),
    ),
)
