"""RIS, the format that reference managers exchange: one work from each `TY  -` to its `ER  -`.

There is no parser with positions (rispy reads values only); the format is lines of "TAG  - value", and lines without a tag
go on with the value before. Source: https://en.wikipedia.org/wiki/RIS_(file_format), which keeps the vanished specification.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from citekeeper.documents import works
from citekeeper.documents.markup import Markup
from citekeeper.model import Citation, Document, Span

_LINE = re.compile(r"^[ \t]{0,8}([A-Z][A-Z0-9])  ?-(?:[ \t]{1,8}|$)", re.M)
_PIECE = re.compile(r"[^\s;]+")

_ADDRESSES = ("UR", "LK", "L1", "L2", "L3", "L4")
_UNREAD = frozenset({"TY", "ER", "ID", "LA", "SN", "Y2", "DB", "DP", "CN", "C2", "AN", "M3", "KW"})
_AUTHORS = ("AU", "A1", "A2", "ED")
_TITLES = ("TI", "T1", "CT", "BT")
_OUTLETS = ("JO", "JF", "T2", "JA", "J2", "PB")
_LONGEST = 9000


@dataclass(frozen=True, slots=True)
class _Line:
    tag: str
    start: int
    value: Span


def read(text: str, *, source: str) -> Document:
    """Read a list of works; what stands outside of them is read as it stands."""
    markup = Markup()
    for work in _works(text):
        _show(text, work, markup)
        markup.works.append((Span(work[0].start, work[-1].value.end), _citation(text, work), _first(text, work, ("ID",))))
    return markup.bibliography(text, source, "ris")


def _works(text: str) -> Iterator[list[_Line]]:
    work: list[_Line] = []
    for line in _lines(text):
        if line.tag == "TY" and work:
            yield work
            work = []
        if work or line.tag == "TY":
            work.append(line)
        if line.tag == "ER" and work:
            yield work
            work = []
    if work:
        yield work


def _lines(text: str) -> Iterator[_Line]:
    found = [(match[1], match.start(), match.end()) for match in _LINE.finditer(text)]
    ends = [*(start for _, start, _ in found), len(text)][1:]
    for (tag, start, begin), stop in zip(found, ends, strict=True):
        value = text[begin:stop].partition("\n")[0] if tag == "ER" else text[begin:stop]
        lead = len(value) - len(value.lstrip())
        yield _Line(tag, start, Span(begin + lead, max(begin + lead, begin + len(value.rstrip()))))


def _show(text: str, work: list[_Line], markup: Markup) -> None:
    """Read a work as its values with commas between; what is one address or identifier is a link that nothing shows."""
    shown, end = "", work[0].start
    linked: set[str] = set()
    urls = " ".join(_said(text, line) for line in work if line.tag in _ADDRESSES)[:_LONGEST].lower()
    for line in work:
        if line.tag in _UNREAD or line.value.end <= line.value.start or _is_linked(text, line, urls, linked, markup):
            continue
        markup.hide(end, line.value.start, shown)
        shown, end = ", ", line.value.end
    # The line end keeps the words of one work from those of the next, and what stands last in the work inside of it.
    markup.hide(end, work[-1].value.end, "\n")


def _is_linked(text: str, line: _Line, urls: str, linked: set[str], markup: Markup) -> bool:
    """Whether a line holds one address or identifier, or several addresses, which are then linked."""
    said = _said(text, line)
    if line.tag == "DO":
        href = works.resolver_address("doi", said)
        if href is not None and href.lower().partition("doi.org/")[2] not in urls:
            markup.link(href, line.value)
        return href is not None
    if line.tag not in _ADDRESSES:
        return False
    pieces = [Span(line.value.start + piece.start(), line.value.start + piece.end()) for piece in _PIECE.finditer(said)]
    pieces = [line.value] if works.is_stated(said) else pieces
    if not pieces or not all(works.is_stated(text[piece.start : piece.end]) for piece in pieces):
        return False
    for piece in pieces:
        # The same page as UR and as L1 is one reference.
        if (href := text[piece.start : piece.end]) not in linked:
            linked.add(href)
            markup.link(href, piece)
    return True


def _said(text: str, line: _Line) -> str:
    return text[line.value.start : min(line.value.end, line.value.start + _LONGEST)]


def _first(text: str, work: list[_Line], tags: tuple[str, ...]) -> str | None:
    """The value of the first of `tags` that the work has."""
    for tag in tags:
        for line in work:
            if line.tag == tag and (said := " ".join(_said(text, line)[:4000].split())):
                return said
    return None


def _citation(text: str, work: list[_Line]) -> Citation:
    authors = next(filter(None, ([line for line in work if line.tag == tag] for tag in _AUTHORS)), [])
    return Citation(
        author=works.names(" ".join(_said(text, line)[:400].split()) for line in authors[: works.MOST_AUTHORS]),
        title=_first(text, work, _TITLES),
        outlet=_first(text, work, _OUTLETS),
        published=works.first_day(*(_day(text, work, tag) for tag in ("DA", "PY", "Y1"))),
        accessed=works.first_day(_day(text, work, "Y2")),
    )


def _day(text: str, work: list[_Line], tag: str) -> str | None:
    """A date of RIS, "2021/05/03/notes", without what follows the day."""
    said = _first(text, work, (tag,))
    if said is None:
        return None
    numbers = [part.strip() for part in said.split("/")]
    if len(numbers) == 4 and not (numbers[1] and numbers[2]):
        return "-".join(filter(None, numbers[:2]))
    return "-".join(filter(None, numbers[:3])) if numbers[0].isdigit() else said
