"""What formats say of cited works in fields: people, dates, and the addresses that identifiers stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from urllib.parse import quote

from citekeeper.documents.dates import dates_in, start_of

MOST_AUTHORS = 50
"""Papers with thousands of authors are told apart by fewer."""

_STATED = re.compile(r"https?://(?:(?![,;]https?://)\S){1,8000}", re.I)
# Behind "Accessed", "Retrieved on", "Zugriff am": https://www.zotero.org/styles knows these words in all its languages.
_ACCESSED = re.compile(
    r"\b(?:accessed|retrieved|visited|viewed|checked|abgerufen|zugriff|besucht|consult[ée]e?|consultado|consultato|acesso|geraadpleegd)\b",
    re.I,
)
_WITHIN = 40

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"{}]{1,500}")
_ARXIV = re.compile(r"\b(?:\d{4}\.\d{4,5}|[a-z-]{2,20}(?:\.[A-Z]{2})?/\d{7})(?:v\d{1,3})?\b")
_HANDLE = re.compile(r"\b\d[\w.]{0,30}/[^\s\"{}]{1,200}")
_NUMBER = re.compile(r"\d{1,9}")
# Source of the addresses: the services' own pages (doi.org, arxiv.org, handle.net, pubmed.ncbi.nlm.nih.gov, pmc.ncbi.nlm.nih.gov).
_RESOLVERS: dict[str, tuple[re.Pattern[str], str]] = {
    "doi": (_DOI, "https://doi.org/"),
    "arxiv": (_ARXIV, "https://arxiv.org/abs/"),
    "hdl": (_HANDLE, "https://hdl.handle.net/"),
    "pmid": (_NUMBER, "https://pubmed.ncbi.nlm.nih.gov/"),
    "pmc": (_NUMBER, "https://pmc.ncbi.nlm.nih.gov/articles/PMC"),
}


def is_stated(value: str) -> bool:
    """Whether `value` is one web address and nothing else."""
    return _STATED.fullmatch(value) is not None


def resolver_address(kind: str, value: str) -> str | None:
    """The address at which the identifier `value` of `kind` ("doi", "arxiv", "hdl", "pmid", "pmc") is found; None when it is none."""
    form, resolver = _RESOLVERS[kind]
    found = form.search(value[:1000])
    if found is None:
        return None
    name = quote(found[0].rstrip(".,;"), safe="/:;().,_-+!*'@$=~%")
    return f"{resolver}{name}{'/' if kind == 'pmid' else ''}"


def names(authors: Iterable[str]) -> str | None:
    """The people as "Ana Example, Bo Sample"; each may be given as "Example, Ana"."""
    shown = [natural for author in authors if (natural := _natural(author))]
    return ", ".join(shown[:MOST_AUTHORS]) or None


def _natural(author: str) -> str:
    parts = [part.strip() for part in author.split(",") if part.strip()]
    if len(parts) == 2:
        return f"{parts[1]} {parts[0]}"
    # "von Example, Jr., Ana" (https://ctan.org/pkg/bibtex, btxdoc, section 4)
    return f"{parts[2]} {parts[0]} {parts[1]}" if len(parts) == 3 else author.strip()


def first_day(*values: str | None) -> date | None:
    """The first of `values` that states a date; of a range ("2020-05-03/2020-06-01") its beginning."""
    for value in values:
        if value and (found := start_of(value) or start_of(value.split("/")[0])):
            return found
    return None


def accessed_in(note: str) -> date | None:
    """The day behind "Accessed" or its like in a free note."""
    cue = _ACCESSED.search(note[:2000])
    if cue is None:
        return None
    behind = note[cue.end() : cue.end() + _WITHIN]
    return next((found.day for found in dates_in(behind)), None)
