"""What a page needs to be shown: style sheets, pictures, fonts, scripts, frames; and what became of each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NeedKind(StrEnum):
    """As what a page uses something; in the order in which they are fetched."""

    STYLE = "style"
    FRAME = "frame"
    SCRIPT = "script"
    IMAGE = "image"
    FONT = "font"
    OTHER = "other"
    """Objects, embedded documents, subtitles."""
    ICON = "icon"
    MEDIA = "media"
    """Sound and film: never fetched."""


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that a page, style sheet or frame needs to be shown."""

    url: str
    """Absolute, http or https, without fragment."""
    kind: NeedKind
    context: str
    """Where it was found, as crawlers write it: `link/@href`, `css/@import`."""
    is_guess: bool = False
    """It stands where a script looks for it, not a browser."""


@dataclass(frozen=True, slots=True)
class Requisite:
    """One need of a page, and what became of it."""

    need: Need
    hops: str
    """The way from the page to it, as crawlers write it: `E` embedded, `X` guessed to be, a letter for each step."""
    visit: str = ""
    """The visit that asked for it; empty when none did."""
    record: str = ""
    """The record of its answer."""
    missing: str = ""
    """Why it is missing; empty when it is stored."""


@dataclass(frozen=True, slots=True)
class PageRequisites:
    """All that was gathered for one page."""

    visit: str
    """The page's own."""
    url: str
    at: datetime
    """Of the request for the page."""
    record: str
    """Of the page's answer."""
    requisites: tuple[Requisite, ...]
    unlisted: int = 0
    """Further needs that were not even listed, because there were too many."""

    @property
    def summary(self) -> Completeness:
        """How much of it is stored."""
        lost = [each for each in self.requisites if each.missing]
        examples = tuple(Lack(each.need.url, each.need.kind, each.missing) for each in lost[:MOST_EXAMPLES])
        reasons = Counter(each.missing for each in lost) + Counter({"too many": self.unlisted})
        return Completeness(len(self.requisites) - len(lost), reasons.total(), tuple(reasons.most_common()), examples)


MOST_EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that the capture of a page lacks."""

    url: str
    kind: NeedKind
    reason: str


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of what a page needs is stored with it."""

    stored: int
    missing: int
    reasons: tuple[tuple[str, int], ...] = ()
    """Why how many are missing."""
    examples: tuple[Lack, ...] = ()
    """The first of the missing ones, twenty at most."""
