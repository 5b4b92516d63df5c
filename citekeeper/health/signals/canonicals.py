"""The address that a page itself says is its own (https://www.rfc-editor.org/rfc/rfc6596): a front page or an error page tell something."""

from __future__ import annotations

from collections.abc import Iterator

from citekeeper.health.addresses import is_error_page, is_front_page, is_same_page, is_same_site
from citekeeper.health.signals.base import Signal
from citekeeper.health.view import View, join
from citekeeper.model import CodeMeaning, Evidence


def _look(view: View) -> Iterator[Evidence]:
    named = view.page.parsed.canonical if view.page is not None else ""
    url = join(view.last.url, named) if named else None
    # What is not of the same site says nothing of this one: texts that several papers print name the first.
    if url is None or is_same_page(view.last.url, url) or not is_same_site(view.last.url, url):
        return
    if is_error_page(url) and not is_error_page(view.visit.target):
        yield Evidence("canonical-error", url[:300])
    elif is_front_page(url) and not is_front_page(view.visit.target):
        yield Evidence("canonical-front", url[:300])
    elif not is_same_page(view.visit.target, url):
        yield Evidence("canonical-other", url[:300])


CANONICALS = Signal(
    _look,
    (
        CodeMeaning("canonical-error", "The page names an error page as its own address.", "Look at the page."),
        CodeMeaning("canonical-front", "The page names the front page of the site as its own address.", "Look at the page."),
        CodeMeaning(
            "canonical-other",
            "The page names another address of the same site as its own.",
            "Nothing to do; that address may last longer than the cited one.",
        ),
    ),
)
