"""Completing a cut address from the article's own page: where one text cuts, the page as published often links the whole address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from citekeeper.model import Candidate, Evidence, IndexRow, Reference, Resolution
from citekeeper.resolution.candidates import Page, fills_the_cut, find_pages
from citekeeper.resolution.shown import Shown, read_shown

_ALONE = 0.98
_SAME_WORDS = 0.97
_NO_DATE = datetime(1991, 8, 6, tzinfo=UTC)
_ELLIPSIS = re.compile(r"\s+|\.{2,}|…")
_LONGEST_TEXT = 4096


def from_article(reference: Reference, links: Sequence[tuple[str, str]], seen: str) -> Resolution | None:
    """The whole address that one of the page's `links` (address and text) has for a cut one; None when none or several fit.

    `seen` says which page it was, for the evidence.
    """
    shown = read_shown(reference.address)
    if shown is None:
        return None
    fitting = _fitting(shown, [href for href, _ in links])
    evidence = (Evidence("article-page", seen),)
    if len(fitting) == 1:
        return _taken(fitting[0], _ALONE, evidence)
    printed = _bare(reference.raw)
    named = _fitting(shown, [href for href, text in links if text and _bare(text) == printed])
    return _taken(named[0], _SAME_WORDS, evidence) if len(named) == 1 else None


def _fitting(shown: Shown, hrefs: Sequence[str]) -> list[Page]:
    rows = [("article", IndexRow("", _NO_DATE, href, "text/html", 200, "")) for href in hrefs if "…" not in href and "..." not in href]
    return [page for page in find_pages(shown, rows) if page.same_case and fills_the_cut(shown, page)]


def _taken(page: Page, confidence: float, evidence: tuple[Evidence, ...]) -> Resolution:
    return Resolution(page.url, "completed", confidence, (Candidate(page.url, confidence, evidence),), evidence)


def _bare(text: str) -> str:
    """A cut address as printed, whatever its dots and blanks."""
    return _ELLIPSIS.sub("", text[:_LONGEST_TEXT]).lower()
