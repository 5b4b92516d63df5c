"""Parked domains: advertisements, an offer of sale or a bare server where the site was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from citekeeper.domains import registrable
from citekeeper.health.marks import Mark, holding, load
from citekeeper.health.signals.base import Signal
from citekeeper.health.tables import table
from citekeeper.health.view import View
from citekeeper.health.wording import load_phrases, says_all
from citekeeper.model import CodeMeaning, Evidence

_MAX_VISIBLE: Final = 4_000
_SPAM_PHRASES: Final = 3
_DOMAIN = re.compile(r"\b[a-z0-9-]{2,60}\.[a-z]{2,20}\b")
_WORDS: Final = {"wording", "question", "title"}


def _look(view: View) -> Iterator[Evidence]:
    page = view.text_page
    if view.answer is None or page is None:
        return
    yield from _sale_host(view)
    marks = tuple(holding(load("parking"), view.answer)) if page.visible <= _MAX_VISIBLE else ()
    if marks:
        yield Evidence(
            "parked-page" if _enough(marks) and not _in_passing(marks, view) else "parking-hint",
            ", ".join(f"{mark.vendor} ({mark.id})" for mark in marks[:4]),
        )
    default = next(holding(load("default_pages"), view.answer), None)
    if default:
        yield Evidence("default-page", f"{default.vendor} ({default.id})")
    spam = _spam(f"{view.heads[0]}\n{view.plain_text}")
    if len(spam) >= _SPAM_PHRASES:
        yield Evidence("spam-template", ", ".join(spam[:5]))


def _spam(text: str) -> list[str]:
    """The different phrases of one language's spam templates that stand in the plain `text`, of the language that has most."""
    return max(says_all(text, load_phrases("spam_words")), key=len, default=[])


def _in_passing(marks: tuple[Mark, ...], view: View) -> bool:
    """Whether only words tell of an offer, below a headline about something else or beside paragraphs to read: an advertisement."""
    if any(mark.kind not in _WORDS for mark in marks):
        return False
    is_offered = any(phrase in head for mark in marks for phrase in (*mark.text, *mark.title) for head in view.heads)
    is_named = any(_DOMAIN.search(head) for head in view.heads)
    return view.has_paragraphs or (view.has_own_headline and not is_offered and not is_named)


def _enough(marks: tuple[Mark, ...]) -> bool:
    return any(mark.decisive for mark in marks) or len({mark.kind for mark in marks}) >= 2


def _sale_host(view: View) -> Iterator[Evidence]:
    """A redirect from one site to a place where domains are sold."""
    here = urlsplit(view.last.url).hostname or ""
    cited = urlsplit(view.visit.target).hostname or ""
    site = registrable(here) or here
    if site != (registrable(cited) or cited) and site in table("parking")["sale_sites"]:
        yield Evidence("parking-redirect", here)


_ADVICE = "Link an archived copy and do not leave the live link clickable: a lapsed domain can show anything."

PARKING = Signal(
    _look,
    (
        CodeMeaning("parked-page", "The page is that of a parked or lapsed domain: advertisements or an offer of sale.", _ADVICE),
        CodeMeaning("parking-redirect", "The address leads to a place where domains are sold.", _ADVICE),
        CodeMeaning("parking-hint", "One weak mark of a parked domain; not enough by itself.", "Look at the page."),
        CodeMeaning(
            "spam-template",
            "The page is full of the words of gambling, pill or loan advertisements; it counts only where the archived copy was another.",
            "Look at the page.",
        ),
        CodeMeaning("default-page", "The server shows the page that it shows before anyone has put up a site.", _ADVICE),
    ),
)
