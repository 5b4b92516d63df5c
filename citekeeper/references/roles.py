"""What a date in a note is the date of: of the work, of the author's look at it, or of its archived copy."""

from __future__ import annotations

import re
from functools import cache

from citekeeper.references.dates import Dated
from citekeeper.references.lists import table

# A day of the week, an article or an hour may stand between the word and the date.
_FILLER = re.compile(r"(?:on|am|le|el|il|em|op|den|at|the|la|\d{1,2}[:.]\d\d|[^\W\d_]{3,6}day|[^\W\d_]{4,8}tag)\Z")
_BETWEEN = " :,.(\u2013-\uff1a\uff0c\u3001\uff08\u060c"
# GB/T 7714 sets the kind of the work in brackets, and the day of the look in another pair: "Title[EB/OL]. (2020-05-03)[2021-06-04]."
_ONLINE = re.compile(r"\[[A-Z]{1,2}/OL\]")


def role_of(text: str, dated: Dated) -> str:
    """What the date `dated` in the note `text` is: the day that was "published", "accessed" or "archived"."""
    if text[dated.start - 1 : dated.start] == "[" and text[dated.end : dated.end + 1] == "]" and _ONLINE.search(text, 0, dated.start):
        return "accessed"
    ahead = text[max(0, dated.start - 48) : dated.start].lower().rstrip(_BETWEEN)
    for _ in range(3):
        words = role_words().get(ahead[-1:])
        if words is not None and ahead.endswith(words[0]):
            for word, role in words[1]:
                if _ends_in_word(ahead, word):
                    return role
        shorter, space, last = ahead.rpartition(" ")
        if not space or _FILLER.match(last) is None:
            break
        ahead = shorter.rstrip(_BETWEEN)
    return "accessed" if _behind_words().match(text, dated.end) else "published"


def _ends_in_word(text: str, word: str) -> bool:
    if not text.endswith(word):
        return False
    before = text[-len(word) - 1 : -len(word)]
    return not before.isalnum() or is_uncased(before)


@cache
def role_words() -> dict[str, tuple[tuple[str, ...], list[tuple[str, str]]]]:
    """By their last letter, the words in front of a day that is not the one of publication; then the same with their roles."""
    by_end: dict[str, list[tuple[str, str]]] = {}
    for role in ("archived", "accessed"):
        for word in table("words")[role]["before"]:
            bare = word.rstrip(".")
            by_end.setdefault(bare[-1], []).append((bare, role))
    return {end: (tuple(word for word, _role in words), words) for end, words in by_end.items()}


@cache
def _behind_words() -> re.Pattern[str]:
    forms = "|".join(map(re.escape, table("words")["accessed"]["behind"]))
    return re.compile(rf"\s?(?:\u306b|\u306e|\u6700\u7d42|\uc5d0)?\s?(?:{forms})", re.IGNORECASE)


def is_uncased(letter: str) -> bool:
    """Whether `letter` is of a script without capitals."""
    return letter.isalpha() and letter.lower() == letter.upper()
