"""Where redirects led: another spelling, another place of the same page, the front page, an error page, another site."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from citekeeper.health.addresses import is_error_page, is_front_page, is_same_page, is_same_site, is_section_of, overlap
from citekeeper.health.signals.base import Signal
from citekeeper.health.tables import table
from citekeeper.health.view import View
from citekeeper.model import CodeMeaning, Evidence

SIMILAR: Final = 0.5
"""Share of the cited slug's words that the new address or title must hold."""


def _look(view: View) -> Iterator[Evidence]:
    cited, final = view.visit.target, view.last.url
    if len(view.visit.exchanges) < 2 or view.response is None or cited == final:
        return
    if is_same_page(cited, final):
        yield Evidence("redirect-trivial", final[:300])
        return
    yield Evidence(_code(cited, final, view.page.title if view.page else ""), final[:300])
    if all(_is_permanent(exchange.response.status) for exchange in view.visit.exchanges[:-1] if exchange.response):
        yield Evidence("redirect-permanent", "")


def _code(cited: str, final: str, title: str) -> str:
    if is_error_page(final) and not is_error_page(cited):
        return "redirect-to-error"
    if _is_redirector((urlsplit(cited).hostname or "").lower()) and not is_same_site(cited, final):
        return "redirect-resolver"
    if is_front_page(final):
        return "redirect-front" if is_front_page(cited) else "redirect-to-root"
    if overlap(cited, final, title) >= SIMILAR:
        return "redirect-similar"
    if is_section_of(final, cited):
        return "redirect-to-section"
    return "redirect-elsewhere" if is_same_site(cited, final) else "redirect-other-site"


def _is_redirector(host: str) -> bool:
    parents = (host.split(".", cut)[-1] for cut in range(1, host.count(".")))
    return host in _redirectors("hosts") or any(parent in _redirectors("below") for parent in parents)


@cache
def _redirectors(key: str) -> frozenset[str]:
    return frozenset(host for row in table("redirectors")["redirector"] for host in row.get(key, ()))


def _is_permanent(status: int) -> bool:
    return status in {301, 308}


REDIRECTS = Signal(
    _look,
    (
        CodeMeaning("redirect-trivial", "A redirect changed only the scheme, www, a slash, the language or tracking.", "Nothing to do."),
        CodeMeaning(
            "redirect-similar", "A redirect led to an address or title with the same words: the page has moved.", "Update the link."
        ),
        CodeMeaning(
            "redirect-resolver",
            "The cited address belongs to a service whose addresses always lead elsewhere (DOI, short link).",
            "Nothing to do.",
        ),
        CodeMeaning("redirect-to-section", "A redirect led to the section that the cited page was in.", "Compare with an archived copy."),
        CodeMeaning("redirect-elsewhere", "A redirect led to another address of the same site.", "Compare the page with what was cited."),
        CodeMeaning(
            "redirect-other-site",
            "A redirect led to another site, and no words in common tell that it is the same page.",
            "Compare with an archived copy.",
        ),
        CodeMeaning(
            "redirect-front", "A cited front page now redirects to another front page.", "Update the link if it is the same publisher."
        ),
        CodeMeaning(
            "redirect-to-root",
            "The address redirects to a front page: the cited page itself is not shown any more.",
            "Link an archived copy.",
        ),
        CodeMeaning("redirect-to-error", "The address redirects to an error page.", "Link an archived copy."),
        CodeMeaning("redirect-permanent", "All the redirects were permanent (301 or 308).", "Update the link."),
    ),
)
