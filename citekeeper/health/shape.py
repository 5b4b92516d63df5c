"""What sort of text a page is, beside what it says: one with a headline of its own, one with paragraphs to read.

Messages of servers stand alone. An article may hold the same words, and a page about error pages does; but it says in its
headline what it is about, and it goes on for a few paragraphs.
"""

from __future__ import annotations

from typing import Final

from citekeeper.health.marks import Answer
from citekeeper.health.plain import length
from citekeeper.health.wording import fails, headline, load_phrases, mood, names

_LISTS: Final = ("not_found", "failure_words", "refusal_words", "moved_words")
_OWN: Final = 4
"""Words of a headline that tells what a page is about: fewer are a site's or a section's name."""

_PARAGRAPH: Final = 22
"""Words of a line that is a paragraph to read, not a teaser or a message."""
_PARAGRAPHS: Final = 3


def has_own_headline(answer: Answer) -> bool:
    """Whether one of the first headings says what the page is about, and that is no message of a server."""
    return any(length(head) >= _OWN and not _is_message(head) for head in answer.heads[1:3])


def is_headed_as_failing(answer: Answer) -> bool:
    """Whether the title or a heading says that something is wrong, if not what: "Oops!", "Error"."""
    lists = load_phrases("not_found")
    is_mood = any(mood(head, lists) or fails(head, lists) for head in answer.heads)
    return is_mood or any(headline(head, load_phrases(name)) for head in answer.heads for name in ("failure_words", "refusal_words"))


def _is_message(head: str) -> bool:
    return any(headline(head, load_phrases(name)) for name in _LISTS) or names(head, load_phrases("login_words")) is not None


def has_paragraphs(answer: Answer) -> bool:
    """Whether there are some paragraphs to read."""
    return sum(length(line) >= _PARAGRAPH for line in answer.lines.split("\n")) >= _PARAGRAPHS
