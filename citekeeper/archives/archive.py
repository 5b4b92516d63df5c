"""What every archive can be asked, and the words for its answers."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, assert_never, runtime_checkable

from citekeeper.model import (
    CodeMeaning,
    Copy,
    Evidence,
    Exchange,
    Excluded,
    Found,
    IndexAnswer,
    Memento,
    MementoAnswer,
    Missing,
    Unavailable,
)


class Judge(Protocol):
    """Who says whether a copy shows the page: archives bring copies one by one, and know nothing of pages."""

    async def __call__(self, memento: Memento, copies: tuple[Copy, ...], /) -> str:
        """Why the copy is not the page, in a few words ("login"); "" when it is. `copies`: the redirects to it, and itself."""


async def any_page(memento: Memento, copies: tuple[Copy, ...]) -> str:
    """The judge that takes every copy."""
    return ""


class Archive(Protocol):
    """Someone else's memory."""

    @property
    def name(self) -> str:
        """How the user names it in `archives.use`."""

    @property
    def has_index(self) -> bool:
        """Whether it can be searched by the beginning of an address; where not, `rows` is not asked for."""

    async def rows(self, prefix: str) -> IndexAnswer:
        """The captures whose addresses begin with `prefix`."""

    async def nearest(self, url: str, when: datetime, judge: Judge = any_page) -> MementoAnswer:
        """The capture of `url` nearest to `when`, before it preferred, that `judge` takes for the page."""

    async def content(self, memento: Memento) -> Exchange:
        """The capture's own bytes, as they were archived."""


@runtime_checkable
class DatedIndex(Protocol):
    """An archive whose index is many, one for each time, so that it matters around which day it is asked."""

    async def rows_around(self, prefix: str, when: datetime) -> IndexAnswer:
        """The captures whose addresses begin with `prefix`, from the indexes around `when`."""


@runtime_checkable
class Historian(Protocol):
    """An archive that tells what a server answered it over the years."""

    async def history(self, url: str) -> IndexAnswer:
        """The captures of `url` itself that show a page or say that there is none, oldest first."""


CODES: tuple[CodeMeaning, ...] = (
    CodeMeaning(
        "archive-missing",
        "The archive answered that it has no capture of the page, or none that shows more than an error.",
        "Look in another archive, or ask the author for a copy; if the page still lives, have it archived now.",
    ),
    CodeMeaning(
        "archive-excluded",
        "The archive does not show this site, at its owner's wish or because of robots rules.",
        "Look in another archive; asking again will not help.",
    ),
    CodeMeaning(
        "copy-read",
        'The archived copy was read as a live page is, and shows a page: no wall, no "not found", no parking page.',
        "Nothing; cite the copy when the page is gone.",
    ),
    CodeMeaning(
        "copy-passed-over",
        "An archived copy near the citation date is not the page: it shows an error, a wall, a parking page or the home page.",
        "Nothing; the next good copy was looked for.",
    ),
    CodeMeaning(
        "archive-unavailable",
        "The archive could not be reached, asked us to stop, or did not give an answer that can be read: nothing is known.",
        "Run the audit again later; only what is not yet known will be asked.",
    ),
)
"""The evidence that an archive's answer about a page can give."""


def evidence_of(answer: MementoAnswer) -> Evidence | None:
    """The reason why there is no memento; None when there is one."""
    match answer:
        case Found():
            return None
        case Missing(message):
            return Evidence("archive-missing", message)
        case Excluded(message):
            return Evidence("archive-excluded", message)
        case Unavailable(message):
            return Evidence("archive-unavailable", message)
        case _:
            assert_never(answer)


def memento_note(answer: MementoAnswer) -> str | None:
    """The words of a finding's `memento_note`; None when there is a memento."""
    match answer:
        case Found():
            return None
        case Missing(message):
            return f"missing: {message}" if message else "missing"
        case Excluded(message):
            return f"excluded: {message}" if message else "excluded"
        case Unavailable(message):
            return f"unknown: {message}"
        case _:
            assert_never(answer)
