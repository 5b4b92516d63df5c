"""A live page against the archived copy of the citation date: evidence that only the two together give."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final, assert_never

from citekeeper.health.drift import Comparison, Drift, compare
from citekeeper.health.passages import Passages, check
from citekeeper.health.texts import read_text
from citekeeper.model import CodeMeaning, Evidence, Response

_SHOWN: Final = 3
_LONG: Final = 80

CODES: Final = (
    CodeMeaning("text-same", "The page's text is that of the archived copy.", "Nothing to do."),
    CodeMeaning(
        "text-edited",
        "The page is still the one that was archived, but its text has changed.",
        "Check that what is cited still stands, or cite the archived copy.",
    ),
    CodeMeaning(
        "text-replaced",
        "The page's text has hardly anything in common with the archived copy.",
        "Look at both; link the archived copy if the page is another one now.",
    ),
    CodeMeaning("text-unclear", "The page or the archived copy has too little text to compare.", "Compare both by hand."),
    CodeMeaning("passages-kept", "What the article quotes from the source stands in the page.", "Nothing to do."),
    CodeMeaning(
        "passages-lost",
        "What the article quotes from the source stands in the archived copy but not in the page any more.",
        "Cite the archived copy.",
    ),
    CodeMeaning("names-kept", "The title or figures that the article gives of the source stand in the page.", "Nothing to do."),
    CodeMeaning(
        "names-lost",
        "The title or figures that the article gives stand in the archived copy but not in the page any more.",
        "Compare the page with the archived copy.",
    ),
    CodeMeaning(
        "content-not-verified",
        "The page is reachable; nothing was there to tell whether it still shows what was cited.",
        "Compare the page with what was cited, or have an archived copy made.",
    ),
)
"""The evidence that comparing gives, and that nothing could be compared."""


def compare_with_copy(live: Response, copy: Response | None, quotes: Sequence[str] = (), names: Sequence[str] = ()) -> tuple[Evidence, ...]:
    """What tells a live answer from the archived one, and which of the article's `quotes` and `names` (title, figures) stand.

    Nothing for two unlike kinds of file.
    """
    now = read_text(live)
    then = read_text(copy) if copy is not None else None
    if now is None:
        return _files(live, copy)
    drawn = () if then is None else (_told(compare(then, now)),)
    return (*drawn, *_passages("passages", check(quotes, now, then)), *_passages("names", check(names, now, then)))


def _files(live: Response, copy: Response | None) -> tuple[Evidence, ...]:
    """Files are compared by their bytes alone: equal ones are the same, others may be a new print of it."""
    if copy is None or not live.content or _digest(live) != _digest(copy):
        return ()
    return (Evidence("text-same", "the same bytes as the copy"),)


def _digest(response: Response) -> bytes:
    return hashlib.sha256(response.content).digest()


def _told(found: Comparison) -> Evidence:
    stands = f"{found.sameness:.0%} of the copy's text stands"
    match found.drift:
        case Drift.SAME:
            return Evidence("text-same", stands)
        case Drift.EDITED:
            return Evidence("text-edited", stands)
        case Drift.REPLACED:
            return Evidence("text-replaced", f"likeness {found.likeness:.0%}")
        case Drift.UNCLEAR:
            return Evidence("text-unclear")
        case _:
            assert_never(found.drift)


def _passages(kind: str, found: Passages) -> Iterator[Evidence]:
    for code, passages in ((f"{kind}-kept", found.kept), (f"{kind}-lost", found.lost)):
        if passages:
            shown = "; ".join(f"“{_short(each)}”" for each in passages[:_SHOWN])
            yield Evidence(code, f"{len(passages)} of {len(found.kept) + len(found.lost)}: {shown}")


def _short(passage: str) -> str:
    line = " ".join(passage.split())
    return line if len(line) <= _LONG else line[: _LONG - 1] + "…"
