"""Bot walls: a vendor's challenge or refusal in place of the page, told by its headers or by its page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from citekeeper.health.marks import Mark, holding, load
from citekeeper.health.signals.base import Signal
from citekeeper.health.view import View
from citekeeper.model import CodeMeaning, Evidence

# The first label of a host or a whole part of a path: unblock.agency.example, /captcha/, /_challenge.
_CHECKPOINT = re.compile(
    r"(?:^|/_?)(?:unblock|captcha|challenge|botcheck|bot-check|human-check|humancheck|verify-human|are-you-human|showcaptcha)(?=[./]|$)"
)


def _look(view: View) -> Iterator[Evidence]:
    if view.answer is None:
        return
    for name, code in (("wall_headers", "challenge-header"), ("wall_pages", "challenge-page"), ("filter_headers", "filter-header")):
        mark = next((mark for mark in holding(load(name), view.answer) if not _is_subject(mark, view)), None)
        if mark:
            yield Evidence(code, f"{mark.vendor} ({mark.id})")
    here, cited = urlsplit(view.last.url), urlsplit(view.visit.target)
    if _CHECKPOINT.search(_place(here)) and not _CHECKPOINT.search(_place(cited)):
        yield Evidence("challenge-redirect", view.last.url[:300])


def _is_subject(mark: Mark, view: View) -> bool:
    """Whether the check is not what the page is for: its form asks to log in, or only its title speaks of checks."""
    if mark.kind == "widget":
        return view.page is not None and view.page.parsed.passwords > 0
    return mark.kind == "wording" and bool(mark.title) and not mark.text and view.has_paragraphs


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
