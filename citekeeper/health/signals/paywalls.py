"""Paywalls: the page is there, part of it is for subscribers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from citekeeper.health.page import Page
from citekeeper.health.schema import items
from citekeeper.health.signals.base import Signal
from citekeeper.health.view import View
from citekeeper.health.wording import load_phrases, plain, says
from citekeeper.model import CodeMeaning, Evidence

_MAX_MAIN: Final = 3_000


def _look(view: View) -> Iterator[Evidence]:
    page = view.text_page
    if page is None:
        return
    if declared := _declared(page):
        yield Evidence("paywall-schema", declared)
    elif page.parsed.main <= _MAX_MAIN and (found := says(plain(page.parsed.text), load_phrases("paywall_words"), whole=True)):
        yield Evidence("paywall-text", found)


def _declared(page: Page) -> str | None:
    """What the page itself says of being free (https://developers.google.com/search/docs/appearance/structured-data/paywalled-content)."""
    tier = page.parsed.metas.get("article:content_tier", "").lower()
    if tier in {"locked", "metered"}:
        return f"article:content_tier {tier}"
    for block in page.parsed.json_ld:
        if "isAccessibleForFree" in block and any(_is_false(item.get("isAccessibleForFree")) for item in items(block)):
            return "isAccessibleForFree false"
    if '"isaccessibleforfree"' in page.parsed.markup and _microdata_false(page.parsed.markup):
        return "isAccessibleForFree false (microdata)"
    return None


def _microdata_false(markup: str) -> bool:
    at = markup.find('itemprop="isaccessibleforfree"')
    return at >= 0 and 'content="false"' in markup[max(0, at - 100) : at + 200]


def _is_false(value: object) -> bool:
    return value is False or (
        isinstance(value, str) and value.strip().lower() in {"false", "http://schema.org/false", "https://schema.org/false"}
    )


_ADVICE = "Cite author, title and date, so that readers without a subscription can find it; link an archived copy if it has the text."

PAYWALLS = Signal(
    _look,
    (
        CodeMeaning("paywall-schema", "The page declares that it is not free to read.", _ADVICE),
        CodeMeaning("paywall-text", "The page says that the rest is for subscribers.", _ADVICE),
    ),
)
