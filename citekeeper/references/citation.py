"""What a note's own words say of the work it cites: author, title, outlet, dates; nothing is taken that is not told by its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from citekeeper.model import Citation
from citekeeper.references.context import on_one_line
from citekeeper.references.dates import Dated, dates_in
from citekeeper.references.roles import role_of
from citekeeper.references.works import work_of

LONGEST = 600
"""Characters of a note that are read on either side of its address."""

_HAS_WORD = re.compile(r"[^\W\d_]{2}")
_HAS_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_BROKEN = re.compile(r"(?<=[a-z])-\s?\n\s*(?=[a-z])")


def citation_of(before: str, behind: str, *, is_note: bool) -> Citation | None:
    """What the words `before` and `behind` an address say of the work; None when they say nothing.

    Outside of notes (`is_note` false) only the strict forms of bibliographies are read: prose quotes, too.
    """
    if not is_note and not _HAS_YEAR.search(before) and not _HAS_YEAR.search(behind):
        return None
    before, behind = _normal(before[-LONGEST:]), _normal(behind[: LONGEST // 2])
    if not _HAS_WORD.search(before) and not _HAS_YEAR.search(behind):
        return None
    author, title, outlet = work_of(before, is_note=is_note)
    told = [(before, dated, False) for dated in dates_in(before)] + [(behind, dated, True) for dated in dates_in(behind)]
    if not is_note and title is None and not any(dated.exactness == 3 for _text, dated, _is_behind in told):
        return None
    published, accessed, archived = _dates(told, is_note=is_note)
    if author is None and title is None and not (published or accessed or archived):
        return None
    if not is_note and title is None and accessed is None and archived is None:
        return None
    return Citation(author, title, outlet, published, accessed, archived_on=archived)


def _normal(words: str) -> str:
    # A word that was broken over lines is one word; numbers keep their hyphen.
    return on_one_line(_BROKEN.sub("", words) if "-" in words and "\n" in words else words)


def _dates(told: Sequence[tuple[str, Dated, bool]], *, is_note: bool) -> tuple[date | None, date | None, date | None]:
    """The days of publication, of the look, and of the copy, of dates `told` in a text in front of an address or behind it."""
    published: Dated | None = None
    accessed = archived = None
    for text, dated, is_behind in told:
        role = role_of(text, dated)
        if role == "accessed":
            accessed = accessed or _whole_day(dated)
        elif role == "archived":
            archived = archived or _whole_day(dated)
        elif (is_note or not is_behind) and (not is_behind or _is_apart(text, dated)) and _is_better(dated, published):
            published = dated
    return published.day if published else None, accessed, archived


def _whole_day(dated: Dated) -> date | None:
    return dated.day if dated.exactness == 3 else None


def _is_better(dated: Dated, than: Dated | None) -> bool:
    return than is None or dated.exactness > than.exactness


def _is_apart(text: str, dated: Dated) -> bool:
    """Whether a date behind an address is a field of the note, not a part of the next sentence."""
    return text[: dated.start].strip(" .,([\u2013-") == ""
