"""A page that was not sent again, because its server says that it is what it was."""

from __future__ import annotations

from collections.abc import Iterator

from citekeeper.health.signals.base import Signal
from citekeeper.health.view import View
from citekeeper.model import CodeMeaning, Evidence


def _look(view: View) -> Iterator[Evidence]:
    told = view.last.not_modified
    if told is not None:
        yield Evidence("not-modified", f"304 for the page stored on {told.at:%Y-%m-%d}")


UNCHANGED = Signal(
    _look,
    (
        CodeMeaning(
            "not-modified",
            "The server said that the page has not changed since we stored it; it was judged from what is stored.",
            "Nothing to do; --revalidate-for 0 fetches pages whole.",
        ),
    ),
)
