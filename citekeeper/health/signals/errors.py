"""Pages that say "server error" or "access denied" in their headline, whatever their status says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from citekeeper.health.signals.base import Signal
from citekeeper.health.view import View
from citekeeper.health.wording import headline, load_phrases
from citekeeper.model import CodeMeaning, Evidence

_MAX_MAIN: Final = 1_200


def _look(view: View) -> Iterator[Evidence]:
    page = view.text_page
    if page is None:
        return
    heads = view.heads[:4]
    if not any(heads) and page.visible <= 300:
        heads = (view.plain_text,)
    for name, code in (("failure_words", "failure-headline"), ("refusal_words", "refusal-headline")):
        found = next(filter(None, (headline(head, load_phrases(name)) for head in heads)), None)
        if found and page.parsed.main <= _MAX_MAIN:
            yield Evidence(code, found[:200])


ERRORS = Signal(
    _look,
    (
        CodeMeaning(
            "failure-headline", "The page's title or heading says that the server is failing or closed for work.", "Check again later."
        ),
        CodeMeaning("refusal-headline", "The page's title or heading says that access is refused.", "Open the page in a browser."),
    ),
)
