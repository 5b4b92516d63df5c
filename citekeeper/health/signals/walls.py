"""Bot walls: a vendor's challenge or refusal in place of the page, told by its headers or by its page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import SplitResult, urlsplit

from citekeeper.health.marks import Mark, holding, load
from citekeeper.health.page import Page
from citekeeper.health.signals.base import Signal
from citekeeper.health.view import View
from citekeeper.health.wording import load_phrases, reasons
from citekeeper.model import CodeMeaning, Evidence

# The first label of a host or a whole part of a path: unblock.agency.example, /captcha/, /_challenge.
_CHECKPOINT = re.compile(
    r"(?:^|/_?)(?:unblock|captcha|challenge|botcheck|bot-check|human-check|humancheck|verify-human|are-you-human|showcaptcha)(?=[./]|$)"
)

_REFUSED: Final = 800
_SHOWN: Final = 250
"""Visible characters of a page that does nothing but ask for proof, under a status that refuses and under one that does not."""
_WINDOW: Final = 50


def _look(view: View) -> Iterator[Evidence]:
    if view.answer is None:
        return
    for name, code in (("wall_headers", "challenge-header"), ("wall_pages", "challenge-page"), ("filter_headers", "filter-header")):
        mark = next((mark for mark in holding(load(name), view.answer) if not _is_subject(mark, view)), None)
        if mark:
            yield Evidence(code, f"{mark.vendor} ({mark.id})")
    if (answers := view.text_page) and (words := _wording(view, answers)):
        yield Evidence("challenge-page", words)
    here, cited = urlsplit(view.last.url), urlsplit(view.visit.target)
    if _CHECKPOINT.search(_place(here)) and not _CHECKPOINT.search(_place(cited)):
        yield Evidence("challenge-redirect", view.last.url[:300])


def _wording(view: View, page: Page) -> str | None:
    """A sentence that wants proof from the visitor, where there is hardly anything else to read."""
    most = _REFUSED if (view.status or 0) >= 400 else _SHOWN
    if page.visible > most or view.has_own_headline or page.parsed.passwords:
        return None
    return reasons("\n".join((*view.heads, view.plain_text)), load_phrases("proof_words"), _WINDOW)


def _is_subject(mark: Mark, view: View) -> bool:
    """Whether the check is not what the page is for: its form asks to log in, or it is an article that speaks of one."""
    if mark.kind == "widget":
        return view.page is not None and view.page.parsed.passwords > 0
    if mark.kind != "wording" or not view.has_paragraphs:
        return False
    return (not mark.text and bool(mark.title)) or (view.has_own_headline and view.status == 200)


def _place(parts: SplitResult) -> str:
    return f"{parts.hostname or ''}{parts.path}".lower()


_ADVICE = "Open the page in a browser; the wall says nothing about whether the page exists."

WALLS = Signal(
    _look,
    (
        CodeMeaning("challenge-header", "The answer's headers carry the mark of a bot wall: it was not the site that answered.", _ADVICE),
        CodeMeaning("challenge-page", "The page is a bot wall's challenge or refusal.", _ADVICE),
        CodeMeaning("challenge-redirect", "The address leads to a place where visitors have to prove that they are human.", _ADVICE),
        CodeMeaning(
            "filter-header", "The answer's headers carry the mark of a web filter between here and the site.", "Check from another network."
        ),
    ),
)
