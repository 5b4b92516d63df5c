"""Identifiers of works: DOI, arXiv, Handle, PubMed, as addresses of their resolvers and as printed without any address."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from urllib.parse import quote, unquote

from citekeeper.references.bounds import closed_length
from citekeeper.references.draft import Found

RESOLVERS = {
    "doi": "https://doi.org/{}",
    "arxiv": "https://arxiv.org/abs/{}",
    "hdl": "https://hdl.handle.net/{}",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/{}/",
    "pmc": "https://pmc.ncbi.nlm.nih.gov/articles/{}/",
}
"""Where each kind of identifier leads, as the registries themselves ask to print it."""

_DOI = r"10\.\d{4,9}(?:\.\d{1,9}){0,3}/(?:[^\s\"<>\u201c\u201d\u3000-\u303f\uff00-\uffef]|<[\w:.-]{1,20}>){1,200}"
_ARXIV = r"\d{4}\.\d{4,5}(?:v\d{1,2})?|[a-z]{2,10}(?:-[a-z]{2,10})?(?:\.[A-Z]{2})?/\d{7}(?:v\d{1,2})?"
_HANDLE = r"\d{2,6}(?:\.\d{1,6}){0,3}/[A-Za-z0-9][^\s\"<>,;]{1,100}"

# https://www.doi.org/the-identifier/what-is-a-doi/, https://info.arxiv.org/help/arxiv_identifier.html
_RESOLVED = (
    rf"(?i)https?://(?:(?:(?:dx\.|www\.)?doi\.org/|doi\.acm\.org/)(?P<doi>10\.[^\s?#]+)|(?:www\.|[a-z]{{2}}\.)?arxiv\.org/(?:abs|pdf|html)/(?P<arxiv>{_ARXIV})"
    r"|hdl\.handle\.net/(?P<hdl>\d[^\s?#]*/[^\s?#]+)"
    r"|(?:pubmed\.ncbi\.nlm\.nih\.gov/|(?:www\.)?ncbi\.nlm\.nih\.gov/(?:m/)?pubmed/(?:\?term=)?)(?P<pmid>\d{1,9})(?![\w.])"
    r"|(?:pmc\.ncbi\.nlm\.nih\.gov|(?:www\.)?ncbi\.nlm\.nih\.gov/pmc)/articles/(?P<pmc>PMC\d{1,9}))"
)

_PRINTED = {
    "doi": rf"(?<![\w./%-])(?P<doi>{_DOI})",
    "arXiv:": rf"(?<!\w)arXiv:\s?(?P<arxiv>{_ARXIV})(?![\w/])",
    "arxiv:": rf"(?<!\w)arxiv:\s?(?P<arxiv>{_ARXIV})(?![\w/])",
    "hdl:": rf"(?<!\w)hdl:\s?(?P<hdl>{_HANDLE})",
    "Handle:": rf"(?<!\w)Handle:\s?(?P<hdl>{_HANDLE})",
    "handle:": rf"(?<!\w)handle:\s?(?P<hdl>{_HANDLE})",
    "PMID": r"(?<!\w)PMID\s?[:=]?\s{0,2}(?P<pmid>\d{1,9})(?!\w)",
    "PubMed ID": r"(?<!\w)PubMed ID\s?[:=]?\s{0,2}(?P<pmid>\d{1,9})(?!\w)",
    "PMC": r"(?<!\w)(?:PMCID\s?[:=]?\s{0,2})?(?P<pmc>PMC\d{5,9})(?!\w)",
}
# The first letter of each but DOIs, or its last, is rare in texts and looked for at the speed of memory.
_BY_LETTER = {":": ("arXiv:", "arxiv:", "hdl:", "Handle:", "handle:"), "P": ("PMID", "PubMed ID", "PMC")}
# What stands in front of the slash of a DOI.
_REGISTRANT = re.compile(r"(?<![\w./%-])10\.\d{4,9}(?:\.\d{1,9}){0,3}\Z")
_LONGEST_REGISTRANT = 44
_DOI_WORD = re.compile(r"\bdoi\s?[:=]?\s{0,2}\Z", re.IGNORECASE)
# A DOI broken over lines goes on with a digit in its next piece; a new sentence begins otherwise.
_NEXT_LINE = re.compile(r"\r?\n[ \t]{0,12}(?=[a-z0-9(])(?P<rest>[^\s\"<>]{0,60}\d[^\s\"<>]{0,60})")
_NEAR = 400

HINTS = ("doi.", "arxiv", "hdl", "ncbi")
"""What the host of a resolver holds, in small letters."""


def identifier_of(url: str) -> str | None:
    """The identifier that `url` resolves, as "doi:10.1000/182"; None for any other address."""
    host = url[:40].lower()
    if not any(map(host.__contains__, HINTS)):
        return None
    match = _compiled(_RESOLVED).match(url)
    if match is None or match.lastgroup is None:
        return None
    return f"{match.lastgroup}:{unquote(match[match.lastgroup]).rstrip('/')}"


def with_identifiers(text: str, found: Sequence[Found]) -> list[Found]:
    """The addresses `found` in `text` and, in order among them, every identifier that is printed without an address."""
    printed = sorted(_printed(text, found), key=lambda one: one.start)
    if not printed:
        return list(found)
    starts = [one.start for one in found]
    resolved: dict[str, list[int]] = {}
    for one in found:
        resolved.setdefault(_work(one.url), []).append(one.start)
    kept: list[Found] = []
    for one in printed:
        index = bisect_right(starts, one.start) - 1
        inside = index >= 0 and one.start < found[index].end
        ahead = index + 1 < len(found) and found[index + 1].start < one.end
        again = _is_near(resolved.get(_work(one.url), []), one.start)
        if not inside and not ahead and not again and (not kept or kept[-1].end <= one.start):
            kept.append(one)
    return sorted([*found, *kept], key=lambda one: one.start)


def _work(url: str) -> str:
    """The work that `url` identifies, whatever its version."""
    return re.sub(r"(?<=\d)v\d{1,2}\Z", "", (identifier_of(url) or "").lower())


def _is_near(places: Sequence[int], at: int) -> bool:
    """Whether the same work's address is printed beside its identifier: both are one reference."""
    index = bisect_right(places, at)
    return any(abs(place - at) < _NEAR for place in places[max(0, index - 1) : index + 1])


def _printed(text: str, found: Sequence[Found]) -> Iterator[Found]:
    behind: dict[str, int] = {}
    for place, form in chain(_dois(text, found), *(_marked(text, letter, words) for letter, words in _BY_LETTER.items())):
        if place < behind.get(form, 0):
            continue
        match = _compiled(_PRINTED[form]).match(text, place)
        if match is not None:
            behind[form] = match.end()
            if (one := _read(text, match)) is not None:
                yield one


def _dois(text: str, found: Sequence[Found]) -> Iterator[tuple[int, str]]:
    """Where a DOI may begin: before the slashes that stand in no address, or in one with a DOI in it."""
    index, slash = 0, text.find("/")
    while slash >= 0:
        while index < len(found) and found[index].end <= slash:
            index += 1
        behind = slash + 1
        if index < len(found) and found[index].start <= slash:
            one = found[index]
            if text.find("10.", max(0, one.start - _LONGEST_REGISTRANT), one.end) < 0:
                behind = one.end
        if text[slash - 1 : slash].isdigit() and behind == slash + 1:
            begin = max(0, slash - _LONGEST_REGISTRANT)
            registrant = _REGISTRANT.search(text[begin:slash])
            if registrant:
                yield begin + registrant.start(), "doi"
        slash = text.find("/", behind)


def _marked(text: str, letter: str, words: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Where one of `words` stands in `text`, each of which begins or ends with `letter`."""
    at = text.find(letter)
    while at >= 0:
        if text.startswith(words, at):
            yield from ((at, word) for word in words if text.startswith(word, at))
        elif text.endswith(words, 0, at + 1):
            yield from ((at + 1 - len(word), word) for word in words if text.endswith(word, 0, at + 1))
        at = text.find(letter, at + 1)


@cache
def _compiled(form: str) -> re.Pattern[str]:
    # Compiling all of them takes longer than importing the rest of this room; most texts need none.
    return re.compile(form)


def _read(text: str, match: re.Match[str]) -> Found | None:
    kind = next(name for name in RESOLVERS if match.groupdict().get(name))
    value, start, end = match[kind], match.start(), match.end(kind)
    repairs: tuple[str, ...] = ("identifier",)
    if kind in ("doi", "hdl"):
        value = _closed(value)
        end = match.start(kind) + len(value)
        following = _NEXT_LINE.match(text, match.end(kind)) if match[kind][-1] in "./-_(" else None
        if following:
            whole = match[kind] + following["rest"]
            value = _closed(whole)
            end, repairs = following.end() - (len(whole) - len(value)), ("identifier", "line-wrap")
    if "&" in value:
        value = html.unescape(value)
    if kind == "doi":
        word = _DOI_WORD.search(text[max(0, start - 8) : start])
        start -= word.end() - word.start() if word else 0
        # A version, a price or a network ("10.2024/25") needs the word before it, or more of a DOI's looks.
        if word is None and len(value.partition("/")[2]) < 5:
            return None
    return Found(start, end, RESOLVERS[kind].format(quote(value, safe="/:;()._-+,!*'@~=&")), repairs)


def _closed(value: str) -> str:
    value = value[: closed_length(value, "")]
    for open_, close in (("(", ")"), ("[", "]"), ("{", "}")):
        while value.endswith(close) and value.count(close) > value.count(open_):
            value = value[: closed_length(value[:-1], "")]
        at = value.find(close)
        if at >= 0 and open_ not in value[:at]:
            value = value[: closed_length(value[:at], "")]
    return value
