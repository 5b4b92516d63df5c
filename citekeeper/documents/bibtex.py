"""BibTeX and BibLaTeX: every entry is a work with its address, its identifiers and what is said of it.

Why not bibtexparser or pybtex: neither tells where in the file a value stands (bibtexparser 1 and pybtex 0.24 no place,
bibtexparser 2 the line). The grammar is that of https://ctan.org/pkg/bibtex and https://ctan.org/pkg/biblatex; an entry that
breaks off is read as far as it goes, and the next one begins at the next line that starts with "@name{".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from citekeeper.documents import works
from citekeeper.documents.latex.letters import address, edits_in, meant, plain
from citekeeper.documents.latex.scan import Scanner
from citekeeper.documents.markup import Markup
from citekeeper.model import Citation, Document, Span

_START = re.compile(r"@[ \t]{0,20}([A-Za-z]{1,40})\s{0,20}[{(]")
_BRACES = re.compile(r"(?m:^[ \t]{0,80}@[A-Za-z]{1,40}\s{0,20}[{(])|[{}]")
_KEY = re.compile(r"\s*+([^,\s{}()\"'=]{0,400})\s*+,")
_FIELD = re.compile(r"[\s,]*+([^\s=,{}()\"#@]{1,80})\s*+=\s*+")
_BARE = re.compile(r"[^\s,{}()\"#=@]{1,200}")
_QUOTE_OR_BRACE = re.compile(r'["{]')
_JOIN = re.compile(r"\s*+#\s*+")
_CLOSE = re.compile(r"[\s,]*+[})]")
_LINKING = re.compile(r"\\(?:url|href)\b")

# Fields of no interest to a reader: keys of other programs, files on the writer's disk, where the record was copied from.
_UNREAD = frozenset(
    {
        "adsurl", "adsnote", "archiveprefix", "bibsource", "biburl", "crossref", "date-added", "date-modified", "eprintclass", "eprinttype",
        "file", "groups", "ids", "isbn", "issn", "keywords", "langid", "language", "local-url", "mendeley-groups", "mendeley-tags", "owner",
        "primaryclass", "priority", "rank", "readstatus", "timestamp", "urldate", "urlaccessdate", "lastaccessed", "lastchecked", "xref",
    }
)  # fmt: skip
_ADDRESSES = ("url", "ee", "link", "archiveurl", "archive-url")
_OUTLETS = (
    "journal", "journaltitle", "booktitle", "publisher", "institution", "school", "organization", "eventtitle", "website", "howpublished",
)  # fmt: skip
_ACCESS_DATES = ("urldate", "urlaccessdate", "accessed", "lastaccessed", "lastchecked", "accessdate", "access-date")
_EPRINTS = {"arxiv": "arxiv", "hdl": "hdl", "handle": "hdl", "pubmed": "pmid", "pmid": "pmid", "pmc": "pmc", "pmcid": "pmc"}
_IDENTIFIERS = {"doi": "doi", "arxiv": "arxiv", "hdl": "hdl", "pmid": "pmid", "pmcid": "pmc"}


@dataclass(slots=True)
class _Field:
    name: str
    parts: list[tuple[Span, str | None]] = field(default_factory=list)
    """Where each part of the value stands, and what a macro in its place means."""


def read(text: str, *, source: str) -> Document:
    """Read a bibliography; what stands between its entries is read as it stands."""
    return _Bibliography(text).read().bibliography(text, source, "bibtex")


class _Bibliography:
    def __init__(self, text: str) -> None:
        self._text = text
        self._markup = Markup()
        self._macros: dict[str, str] = {}
        self._closes = _closes(text)

    def read(self) -> Markup:
        at = 0
        while start := _START.search(self._text, at):
            at = self._entry(start[1].lower(), start.start(), start.end())
        return self._markup

    def _entry(self, kind: str, start: int, at: int) -> int:
        if kind == "comment":
            return self._comment(start, at)
        key = _KEY.match(self._text, at) if kind not in ("string", "preamble") else None
        fields, end = self._fields(key.end() if key else at)
        close = _CLOSE.match(self._text, end)
        end = close.end() if close else end
        if kind == "string":
            self._macros.update((each.name, self._said(each)) for each in fields)
            self._markup.hide(start, end)
        elif key is not None and fields:
            self._work(Span(start, end), key[1] or None, fields)
        return end

    def _comment(self, start: int, at: int) -> int:
        close = self._closes.get(at - 1)
        if close is None:
            return at
        self._markup.hide(start, close + 1)
        return close + 1

    def _fields(self, at: int) -> tuple[list[_Field], int]:
        fields: list[_Field] = []
        while named := _FIELD.match(self._text, at):
            found = _Field(named[1].lower())
            end = self._value(found, named.end())
            if end is None:
                break
            fields.append(found)
            at = end
        return fields, at

    def _value(self, found: _Field, at: int) -> int | None:
        """Read a value, `{…} # "…" # macro`; None when it is never closed."""
        while True:
            end = self._part(found, at)
            if end is None:
                return None
            joined = _JOIN.match(self._text, end)
            if joined is None:
                return end
            at = joined.end()

    def _part(self, found: _Field, at: int) -> int | None:
        sign = self._text[at : at + 1]
        if sign == "{":
            close = self._closes.get(at)
        elif sign == '"':
            close = self._quote_end(at + 1)
        else:
            word = _BARE.match(self._text, at)
            if word is not None:
                found.parts.append((Span(*word.span()), self._macros.get(word[0].lower(), word[0])))
            return word.end() if word else None
        if close is None:
            return None
        found.parts.append((Span(at + 1, close), None))
        return close + 1

    def _quote_end(self, at: int) -> int | None:
        while sign := _QUOTE_OR_BRACE.search(self._text, at):
            if sign[0] == '"':
                return sign.start()
            close = self._closes.get(sign.start())
            if close is None:
                return None
            at = close + 1
        return None

    def _said(self, found: _Field | None) -> str:
        if found is None:
            return ""
        # A part of this length is an abstract, not a field of a citation.
        pieces = [meant(self._text, at.start, min(at.end, at.start + 4000)) if said is None else said for at, said in found.parts[:20]]
        return " ".join("".join(pieces).split())

    def _work(self, at: Span, key: str | None, fields: list[_Field]) -> None:
        by_name = {each.name: each for each in reversed(fields)}
        said = {name: self._said(each) for name, each in by_name.items()}
        self._show(at, fields, said)
        self._markup.works.append((at, self._citation(by_name, said), key))

    def _show(self, at: Span, fields: list[_Field], said: dict[str, str]) -> None:
        """Read the entry as its values with commas between; addresses that fields state are links that nothing shows."""
        shown, end = "", at.start
        for each in fields:
            if each.name in _UNREAD or self._is_address(each, said):
                continue
            for number, (place, macro) in enumerate(each.parts):
                self._markup.hide(end, place.start, shown if number == 0 else "")
                if macro is None:
                    self._words(place)
                else:
                    self._markup.hide(place.start, place.end, macro)
                shown, end = ", ", place.end
        # The line end keeps the words of one work from those of the next, and what stands last in the work inside of it.
        self._markup.hide(end, at.end, "\n")

    def _words(self, at: Span) -> None:
        if _LINKING.search(self._text, at.start, at.end) is None:
            self._markup.edits += edits_in(self._text, at.start, at.end)
            return
        self._markup.take(Scanner(self._text[at.start : at.end]).scan(), at.start)

    def _is_address(self, each: _Field, said: dict[str, str]) -> bool:
        """Whether a field is one address or identifier, which is then linked."""
        if len(each.parts) != 1 or each.parts[0][1] is not None:
            return False
        place = self._trimmed(each.parts[0][0])
        if each.name in _ADDRESSES:
            href = address(self._text, place.start, min(place.end, place.start + 9000))
            is_archived = each.name.startswith("archive") and "url" in said
        else:
            kind = _identifier(each.name, said)
            href = works.resolver_address(kind, address(self._text, place.start, min(place.end, place.start + 1000))) or "" if kind else ""
            # A record often tells its DOI twice; that is one reference.
            is_archived = bool(href) and any(_is_same(href, said.get(name, "")) for name in ("url", "ee"))
        if not works.is_stated(href):
            return False
        if not is_archived:
            self._markup.link(href, place)
        return True

    def _trimmed(self, at: Span) -> Span:
        inner = self._text[at.start : at.end]
        start = at.start + len(inner) - len(inner.lstrip("{ \t\r\n"))
        return Span(start, max(start, at.start + len(inner.rstrip("} \t\r\n"))))

    def _citation(self, by_name: dict[str, _Field], said: dict[str, str]) -> Citation:
        note = f"{said.get('note', '')} {said.get('howpublished', '')} {said.get('addendum', '')}"
        dated = [said[name] for name in ("year", "month", "day") if said.get(name)]
        month = "-".join(dated) if all(part.isdigit() for part in dated) else " ".join(reversed(dated))
        outlets = [said[name] for name in _OUTLETS if said.get(name) and "://" not in said[name]]
        subtitle = said.get("subtitle")
        title = ": ".join(filter(None, (said.get("title"), subtitle))) or None
        return Citation(
            author=works.names(self._people(by_name.get("author") or by_name.get("editor"))),
            title=title,
            outlet=outlets[0] if outlets else None,
            published=works.first_day(said.get("date"), month, said.get("year")),
            accessed=works.first_day(*(said.get(name) for name in _ACCESS_DATES)) or works.accessed_in(note),
            archived_url=said.get("archiveurl") or said.get("archive-url"),
            archived_on=works.first_day(said.get("archivedate"), said.get("archive-date")),
        )

    def _people(self, found: _Field | None) -> Iterator[str]:
        if found is None or not found.parts:
            return
        at = found.parts[0][0]
        if found.parts[0][1] is not None:
            yield self._said(found)
            return
        for place in _divided(self._text, Span(at.start, min(at.end, at.start + 20_000))):
            name = plain(self._text, place.start, place.end)
            in_braces = self._text[place.start : place.end].strip().startswith("{")
            yield "et al." if name == "others" else name.replace(",", "") if in_braces else name


_AND = re.compile(r"[{}]|\s+and\s+")


def _divided(text: str, at: Span) -> Iterator[Span]:
    """The names between "and"; one in braces belongs to a name: `{Sample and Daughters}`."""
    depth, start = 0, at.start
    for sign in _AND.finditer(text, at.start, at.end):
        if sign[0] in "{}":
            depth += 1 if sign[0] == "{" else -1
        elif depth <= 0:
            yield Span(start, sign.start())
            start = sign.end()
    yield Span(start, at.end)


def _identifier(name: str, said: dict[str, str]) -> str | None:
    if name == "eprint":
        scheme = said.get("archiveprefix") or said.get("eprinttype") or said.get("archive") or "arxiv"
        return _EPRINTS.get(scheme.lower())
    return _IDENTIFIERS.get(name)


def _is_same(resolver: str, url: str) -> bool:
    return resolver.partition("://")[2].partition("/")[2].rstrip("/").lower() in url.lower()


def _closes(text: str) -> dict[int, int]:
    """Which brace closes which; an entry that begins on a line of its own ends what was never closed before it."""
    closes: dict[int, int] = {}
    waiting: list[int] = []
    for sign in _BRACES.finditer(text):
        if sign[0] == "{":
            waiting.append(sign.start())
        elif sign[0] == "}":
            if waiting:
                closes[waiting.pop()] = sign.start()
        else:
            waiting = [sign.end() - 1]
    return closes
