"""Paywalls: the page is there, part of it is for subscribers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from citekeeper.health.page import Page
from citekeeper.health.signals.base import Signal
from citekeeper.health.view import View
from citekeeper.health.wording import load_phrases, says
from citekeeper.model import CodeMeaning, Evidence

_NOT_FREE = re.compile(r'"isAccessibleForFree"\s{0,20}:\s{0,20}"?(?:https?://schema\.org/)?false\b', re.I)
_MAX_MAIN: Final = 3_000


def _look(view: View) -> Iterator[Evidence]:
    page = view.text_page
    if page is None:
        return
    if declared := _declared(page):
        yield Evidence("paywall-schema", declared)
    elif (found := says(view.plain_text, load_phrases("paywall_words"))) and page.parsed.main <= _MAX_MAIN:
        yield Evidence("paywall-text", found)


def _declared(page: Page) -> str | None:
    """What the page itself says of being free (https://developers.google.com/search/docs/appearance/structured-data/paywalled-content)."""
    tier = page.parsed.metas.get("article:content_tier", "").lower()
    if tier in {"locked", "metered"}:
        return f"article:content_tier {tier}"
    # By wording, not as JSON: publishers put unescaped quotes into these blocks often enough (2 of 15 pages looked at).
    if any(_NOT_FREE.search(block) for block in page.parsed.json_ld):
        return "isAccessibleForFree false"
    at = page.parsed.markup.find('itemprop="isaccessibleforfree"')
    if at >= 0 and 'content="false"' in page.parsed.markup[max(0, at - 100) : at + 200]:
        return "isAccessibleForFree false (microdata)"
    return None


_ADVICE = "Cite author, title and date, so that readers without a subscription can find it; link an archived copy if it has the text."

PAYWALLS = Signal(
    _look,
    (
        CodeMeaning("paywall-schema", "The page declares that it is not free to read.", _ADVICE),
        CodeMeaning("paywall-text", "The page says that the rest is for subscribers.", _ADVICE),
    ),
)
