"""Bot walls: a vendor's challenge or refusal in place of the page, told by its headers or by its page."""

from __future__ import annotations

from collections.abc import Iterator

from citekeeper.health.marks import Answer, holding, load
from citekeeper.health.signals.base import Signal
from citekeeper.health.view import View
from citekeeper.model import CodeMeaning, Evidence


def _look(view: View) -> Iterator[Evidence]:
    if view.response is None or view.page is None:
        return
    answer = Answer(view.response, view.page)
    for name, code in (("wall_headers", "challenge-header"), ("wall_pages", "challenge-page"), ("filter_headers", "filter-header")):
        for mark in holding(load(name), answer):
            yield Evidence(code, f"{mark.vendor} ({mark.id})")
            break


_ADVICE = "Open the page in a browser; the wall says nothing about whether the page exists."

WALLS = Signal(
    _look,
    (
        CodeMeaning("challenge-header", "The answer's headers carry the mark of a bot wall: it was not the site that answered.", _ADVICE),
        CodeMeaning("challenge-page", "The page is a bot wall's challenge or refusal.", _ADVICE),
        CodeMeaning(
            "filter-header", "The answer's headers carry the mark of a web filter between here and the site.", "Check from another network."
        ),
    ),
)
