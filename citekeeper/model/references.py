"""A reference and its address: what a document cites, as printed and as meant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from citekeeper.model.places import Location


@dataclass(frozen=True, slots=True)
class Address:
    """A URL after repair; only its beginning when the document shows no more."""

    url: str | None
    """The whole address, or the known prefix when `truncated`; None when no URL can be made of the text."""
    truncated: bool = False
    suffix: str | None = None
    """The known tail of a cut in the middle."""
    repairs: tuple[str, ...] = ()
    """What was undone, in order: "dot-word", "hxxp", "bracket-dot", "line-wrap", …"""
    alternatives: tuple[str, ...] = ()
    """Other readings of the same text that only the web or an archive can settle."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One cited address in a document."""

    raw: str
    """Exactly the document's text at `location`."""
    location: Location
    address: Address
    marker: str | None = None
    """The endnote marker as printed, without brackets."""
    cited_at: tuple[Location, ...] = ()
    """Where the text cites this note."""
    context: str = ""
    """The note's own words: author, title, outlet, date."""
    href: str | None = None
    """The target of the format's explicit link, when there is one."""


@dataclass(frozen=True, slots=True)
class ExtractedDocument:
    """One document and the references in it, in document order."""

    source: str
    title: str | None
    published: date | None
    references: tuple[Reference, ...]
