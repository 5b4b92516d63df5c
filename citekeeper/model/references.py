"""A reference and its address: what a document cites, as printed and as meant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from citekeeper.model.places import Location
from citekeeper.model.swift import swift


@swift
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
    cut_by: str | None = None
    """The systems that cut addresses just so, where the length of what is left tells them."""
    missing_at_least: int | None = None
    """How many characters are missing at the least, where `cut_by` is known: those systems show shorter addresses whole."""


@swift
@dataclass(frozen=True, slots=True)
class Citation:
    """What a note or a bibliography entry says of the work it cites; None where it says nothing."""

    author: str | None = None
    title: str | None = None
    outlet: str | None = None
    """Journal, newspaper, site or publisher."""
    published: date | None = None
    """When the cited work appeared; the first day of a month or year that is told without a day."""
    accessed: date | None = None
    """When the author of the document looked at it."""
    archived_url: str | None = None
    """An archived copy that the document itself names."""
    archived_on: date | None = None
    url_status: str | None = None
    """What the document says of the address: "live", "dead", "unfit", "usurped" or "deviated" (a citation template's `url-status`)."""


@swift
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
    citation: Citation | None = None
    """The work as the note or the bibliography entry describes it."""
    wrapper: str | None = None
    """The address as printed, when it leads through a redirector (a mail scanner, a search engine, a proxy) that `address` leaves out."""
    identifier: str | None = None
    """A DOI, arXiv id, Handle or PubMed id as "doi:10.1000/182", when the reference is one."""
    archived: bool = False
    """The document cites an archived copy: `citation.archived_url` is what is printed, `address` the original."""
    same_as: str | None = None
    """The marker of the note that "ibid." or "supra note 4" means."""
    quotes: tuple[str, ...] = ()
    """Quotations that stand close before the mark that cites it, without their marks."""
    figures: tuple[str, ...] = ()
    """Figures in the sentence that cites it, as printed."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was undone to read an address."""

    code: str
    printed: str
    meant: str


@dataclass(frozen=True, slots=True)
class Trace:
    """How a reference was read."""

    reference: Reference
    steps: tuple[Step, ...]
    """In the order of the text; those that concern the whole address last."""
    cut: str
    """Why the address was, or was not, taken as cut."""


@dataclass(frozen=True, slots=True)
class ExtractedDocument:
    """One document and the references in it, in document order."""

    source: str
    title: str | None
    published: date | None
    references: tuple[Reference, ...]
    url: str | None = None
    """The document's own address, where it tells one."""
