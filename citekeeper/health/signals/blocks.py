"""Block pages: a provider, a state or a filter product that answers in place of the site; refusals by country.

Wording is compared by parts: a page is a block page when a short text says that access is refused *and* gives one
of the reasons that block pages give (a law, a court, a register, a category, a policy).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from citekeeper.domains import registrable
from citekeeper.health.marks import holding, load
from citekeeper.health.page import Page
from citekeeper.health.signals.base import Signal
from citekeeper.health.view import View, join
from citekeeper.health.wording import load_phrases, reasons
from citekeeper.model import CodeMeaning, Evidence

_MAX_VISIBLE: Final = 4_500
_WINDOW: Final = 600
"""Characters between a refusal and its reason, at most."""

# Words in the address of a page that filters send people to; whole words only.
_STUB_WORDS = re.compile(
    r"(?:^|[^a-z])(?:block(?:ed|ing|page|ip)?|denied|deny|restricted|restriction|censor(?:ed|ship)?|blacklist|forbidden|filter(?:ed|ing)?|"
    r"webfilter|cleanweb|safesurf|internet(?:positif|sehat|baik)|trustpositif|zapret|warn(?:ing)?page|urlclassname|dpruleid)(?:$|[^a-z])"
)
_TARGET = re.compile(r"(?:location(?:\.href)?\s{0,5}=\s{0,5}|location\.replace\(\s{0,5})[\"']([^\"'\s]{4,2000})", re.I)


def _look(view: View) -> Iterator[Evidence]:
    page = view.text_page
    if view.answer is None or page is None:
        return
    mark = next(holding(load("block_pages"), view.answer), None)
    if mark:
        yield Evidence("block-page", f"{mark.vendor} ({mark.id})")
        return
    if page.visible <= _MAX_VISIBLE:
        # Notices quote the names of laws and registers; it takes an article to quote a notice.
        text = f"{view.heads[0]}\n{view.plain_text if view.has_paragraphs else view.answer.whole}"
        if found := reasons(text, load_phrases("block_words"), _WINDOW):
            yield Evidence("block-page", found)
            return
        if geo := reasons(text, load_phrases("geo_words"), 0):
            yield Evidence("geo-block", geo)
            return
    if stub := _stub(view, page):
        yield Evidence("block-stub", stub[:300])


def _stub(view: View, page: Page) -> str | None:
    """The address of another site's block page that this empty page only frames or leads to."""
    if page.visible > 300 or page.parsed.main > 300:
        return None
    refresh = (page.parsed.refresh.target,) if page.parsed.refresh else ()
    scripts = tuple(match[1] for match in _TARGET.finditer(page.parsed.source[:20_000]))[:5]
    for target in (*page.parsed.frames, *refresh, *scripts):
        url = join(view.last.url, target)
        if url and _names_a_block(url, view.last.url):
            return url
    return None


def _names_a_block(url: str, here: str) -> bool:
    parts, own = urlsplit(url), urlsplit(here).hostname or ""
    host = parts.hostname or ""
    if host == own or (registrable(host) or host) == (registrable(own) or own):
        return False
    return _STUB_WORDS.search(f"{host}{parts.path}?{parts.query[:500]}".lower()) is not None


_ADVICE = "Check from another network or country; the site itself may be well."

BLOCKS = Signal(
    _look,
    (
        CodeMeaning("block-page", "A provider, a state or a filter answered in place of the site and refused access.", _ADVICE),
        CodeMeaning("block-stub", "An empty page only leads to another site's block page.", _ADVICE),
        CodeMeaning(
            "geo-block", "The site refuses visitors from this country or region.", "Check from another country, or link an archived copy."
        ),
    ),
)
