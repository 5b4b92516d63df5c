"""Author, title and outlet of a work, by the form in which a note or a bibliography names them; what no form tells is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from citekeeper.references.dates import dates_in
from citekeeper.references.lists import table
from citekeeper.references.roles import is_uncased, role_words

_HAS_WORD = re.compile(r"[^\W\d_]{2}")
# The marks that separate the fields of a note, of other scripts too.
_SEPARATORS = " ,;:.\u060c\u061b\uff0c\uff1a\uff1b\u3001\u3002"
_EDGES = f"\t\n\r\u00a0()[]|*_-\u2013\u2014\u2022{_SEPARATORS}"
_LONGEST_NAME = 160

# Quotation marks that open and close, by language; straight ones close where a space or a sign follows.
_QUOTED = re.compile(
    r"\u201c(?P<a>[^\u201c\u201d]{3,300})\u201d|\u201e(?P<b>[^\u201e\u201c\u201d]{3,300})[\u201c\u201d]|\u00ab\s?(?P<c>[^\u00ab\u00bb]{3,300}?)\s?\u00bb"
    r"|\u300c(?P<d>[^\u300c\u300d]{2,300})\u300d|\u300e(?P<e>[^\u300e\u300f]{2,300})\u300f|\u00bb(?P<f>[^\u00ab\u00bb]{3,300})\u00ab"
    r"|\"(?P<g>[^\"]{3,300})\"|(?<!\w)\u2018(?P<h>[^\u2018]{3,300}?)\u2019(?=[\s,.;]|\Z)|(?<!\w)'(?P<i>[^']{3,300})'(?=[\s,.;]|\Z)"
    r"|\u300a(?P<l>[^\u300a\u300b]{2,300})\u300b|\*(?P<j>[^*\n]{3,300})\*|(?<!\w)_(?P<k>[^_\n]{3,300})_(?!\w)"
)
_NAME = r"[^\W\d_][\w.\u2019'\u2010-]*"
# "Smith, J., & Doe, A. (2020, May 3). Title of the work. Outlet, 12(3)." (APA, Harvard)
_AUTHOR_DATE = re.compile(
    r"\A(?P<author>[^()\n\u201c\"]{2,200}?)[.,]?\s\((?P<date>(?:1[89]|20)\d\d[^()]{0,24}|[^()\d]{3,12}\s(?:1[89]|20)\d\d|n\.\s?d\.|o\.\s?J\.|s\.\s?f\.)\)[.,:]?\s"
    r"(?P<title>[^.?!]{3,300}[?!]?)(?:\[[^\]]{1,40}\])?(?:\.\s+(?P<outlet>[^.,;:(]{2,100}))?"
)
_SURNAME_FIRST = rf"{_NAME}(?: {_NAME}){{0,2}} [A-Z]{{1,3}}(?!\w)"
# "Smith J, Doe AB. Title of the work. Outlet. 2020;12:3-9." (Vancouver)
_VANCOUVER = re.compile(
    rf"\A(?P<author>{_SURNAME_FIRST}(?:, {_SURNAME_FIRST}){{0,11}}(?:,? et al)?)\.\s"
    r"(?P<title>[^.?!]{5,300}[?!]?)\.?\s(?P<outlet>[^.,;:(\d]{2,100})?"
)
# "Smith, Anna: Title of the work, in: Outlet, 12.3.2020" (German practice)
_COLON = re.compile(
    rf"\A(?P<author>{_NAME}(?:,?[ /]+(?:u\.|und|and|et|{_NAME})){{0,7}}(?:,? \(Hg\.\)| \(Hrsg\.\))?):\s(?P<title>.{{5,300}}?)"
    r"[,.]\s(?:in|In|dans|en|w|v|\u0432):?\s(?P<outlet>[^,;:(]{2,100})(?=[,;:(]|\Z)"
)
# "Title of the work // Outlet. 2020." (GOST)
_SLASHES = re.compile(
    rf"\A(?P<author>(?:{_NAME},? (?:[^\W\d_]\.\s?){{1,2}},?\s?){{1,6}})?(?P<title>[^/\n]{{5,300}}?)\s//\s(?P<outlet>[^.;:(/]{{2,100}})"
)
# "SILVA, Ana. Title of the work. Outlet, 3 maio 2020." (ABNT, ISO 690)
_GIVEN = r"(?:[^\W\d_]\.\s?){1,3}|[^\W\d_][\w'\u2019-]+(?:\s[^\W\d_][\w'\u2019-]+){0,2}(?:[,;] [^.]{1,80}?)?"
_CAPITALS = re.compile(
    rf"\A(?P<author>[^\W\d_a-z]{{2}}(?:[^\W\d_a-z]|['\u2019 -]){{0,40}},? (?:{_GIVEN}))\.?\s*(?<=[.\s])"
    r"(?P<title>[^.?!]{5,300}[?!]?)\.\s(?P<outlet>[^.,;:(]{2,100})?"
)
# "Name. Title[EB/OL]. (2020-05-03)[2021-06-04]." (GB/T 7714)
_KIND_MARKED = re.compile(
    r"\A(?P<author>[^.\[\]]{2,80})\.\s?(?P<title>[^\[\]]{2,200})\[[A-Z]{1,2}(?:/[A-Z]{2})?\](?:\.\s?(?P<outlet>[^.,()\[\]\d]{2,60}),)?"
)
# "Anna Smith, Title of the Work, Outlet (May 3, 2020)", "…, 12 Outlet 1 (2020)" (The Bluebook, whose italics are lost in plain text)
_BLUEBOOK = re.compile(
    rf"\A(?P<author>{_NAME}(?:,?\s(?:&|and|{_NAME})){{1,7}}(?:,\sJr\.)?),\s(?P<title>.{{5,250}}),\s"
    r"(?:\d{1,4}\s)?(?P<outlet>[^,()\d][^,()]{1,60}?)(?:\s\d[\d, \u2013-]{0,20})?\s\((?P<date>[^()]{0,24}(?:1[89]|20)\d\d)\)"
)
# "J. Smith, Title of the work, „Outlet”, 3 maja 2020" (Polish practice: the quotation marks hold the outlet)
_INITIALS = re.compile(
    r"\A(?P<author>(?:(?:[^\W\d_]\.\s?){1,3}[^\W\d_][\w'\u2019-]+(?:,\s|\si\s)?){1,4}),\s(?P<title>[^\u201c\u201d\"\u201e]{5,300}),?\s?\Z"
)
# "Smith, Anna." and "Smith, Anna. 2020." in front of a title in quotation marks: no sentence begins so.
_INVERTED = re.compile(r"\A[^\W\d_][\w'\u2019-]+(?: [^\W\d_][\w'\u2019-]+)?, [^\W\d_]")
_YEAR_BEHIND = re.compile(r"[.,]?\s\(?(?:1[89]|20)\d\d[a-z]?(?:,[^()]{0,16})?\)?[.,:]?\s*\Z")
# What joins names, or stands in them, in small letters.
_PARTICLES = frozenset(
    {"a", "af", "al", "and", "anon", "av", "ben", "bin", "by", "da", "das", "de", "del", "della", "den", "der", "des", "di", "do", "dos"}
    | {"du", "e", "ed", "eds", "edited", "el", "et", "hg", "hrsg", "i", "ibn", "in", "la", "le", "les", "los", "of", "others", "the", "u"}
    | {"und", "van", "vom", "von", "y", "zu", "&", "\u0438", "\u0442\u0430"}
)


def work_of(before: str, *, is_note: bool) -> tuple[str | None, str | None, str | None]:
    """Author, title and outlet; outside of notes only by the forms that no sentence has."""
    words = _without_signals(before.strip(" \t.,;:\u2022*-\u2013"))
    quoted = next(_quoted(words), None)
    author = _author_of_quoted(words[: quoted[0]], is_note=is_note) if quoted else None
    if quoted and author:
        return author, _title(quoted[2]), _outlet(words[quoted[1] :])
    for form in (_AUTHOR_DATE, _VANCOUVER, _CAPITALS, _KIND_MARKED):
        match = form.match(words)
        if match and _are_names(match["author"]) and (form is not _CAPITALS or re.split("[ ,]", match["author"])[0].isupper()):
            return _named(match)
    if not is_note:
        return None, None, None
    if quoted:
        return _around_quoted(words, *quoted)
    for form in (_COLON, _SLASHES):
        match = form.match(words)
        if match:
            return _named(match)
    match = _BLUEBOOK.match(words)
    return (
        (_name(match["author"]), _title(match["title"]), match["outlet"]) if match and _are_names(match["author"]) else (None, None, None)
    )


def _named(match: re.Match[str]) -> tuple[str | None, str | None, str | None]:
    author = match["author"] or ""
    return (_name(author) if _are_names(author) else None), _title(match["title"]), _outlet(match["outlet"] or "")


def _author_of_quoted(before: str, *, is_note: bool) -> str | None:
    """Who stands in front of a title in quotation marks: names, and perhaps the year."""
    names = _YEAR_BEHIND.sub("", before)
    is_form = is_note or _INVERTED.match(names) is not None
    return _name(names) if is_form and _are_names(names) else None


def _around_quoted(words: str, start: int, end: int, quoted: str) -> tuple[str | None, str | None, str | None]:
    match = _INITIALS.match(words[:start])
    if match:
        return _name(match["author"]), _title(match["title"]), _outlet(quoted)
    return None, _title(quoted), _outlet(words[end:])


def _quoted(words: str) -> Iterator[tuple[int, int, str]]:
    for match in _QUOTED.finditer(words):
        if match.lastgroup and _HAS_WORD.search(match[match.lastgroup]):
            yield match.start(), match.end(), match[match.lastgroup]


# A number that no run of notes holds, and a citation of the same note that ends before this one begins.
_AHEAD = re.compile(r"\A(?:(?:\[\d{1,3}\]|\(?\d{1,3}[.)])\s|(?:[Ii]d|[Ii]bid)\b\.?[^;\n]{0,24};\s)")


def _without_signals(words: str) -> str:
    words = _AHEAD.sub("", words)
    firsts, signals = _signals()
    while (words[:1].lower() in firsts or not words.isascii()) and (match := signals.match(words)) is not None:
        words = words[match.end() :].lstrip(" ,:;")
    return words


@cache
def _signals() -> tuple[frozenset[str], re.Pattern[str]]:
    """The first letters of all signals, and what matches one."""
    words = table("words")["signals"]["words"]
    forms = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return frozenset(word[0] for word in words), re.compile(rf"(?:{forms})(?:\s|(?<=[\u3000-\u9fff])|:\s?)", re.IGNORECASE)


def _are_names(words: str) -> bool:
    """Whether `words` can be a list of people or of one institution: every word begins with a capital, or joins two that do."""
    words = words.strip(_EDGES)
    if not words or len(words) > _LONGEST_NAME:
        return False
    pieces = re.findall(r"[^\s,;/]+", words)
    if len(pieces) > 24:
        return False
    capital = sum(piece[0].isupper() or is_uncased(piece[0]) for piece in pieces)
    return capital > 0 and all(piece[0].isupper() or is_uncased(piece[0]) or piece.lower().strip(".") in _PARTICLES for piece in pieces)


def _name(words: str) -> str | None:
    words = words.strip(_SEPARATORS)
    # An initial has its dot ("Smith, J."); the end of a name has none.
    return words + "." if re.search(r"(?<!\w)[^\W\d_]\Z|(?<!\w)al\Z", words) else words or None


def _title(words: str) -> str | None:
    return re.sub(r"\s\[[^\[\]]{1,40}\]\Z", "", words.strip(" ,;.*_\u00a0")) or None


_OUTLET_END = re.compile(
    r"[,;(\[\u300f\u300d\u300b\u201d\u00bb\u060c\uff0c\u3001\uff08]|\.(?=\s)|\.\Z|\s(?=\d{1,4}\b)|\s(?:Vol|No|Nr|pp)\b"
)


def _outlet(words: str) -> str | None:
    """The name of the journal, newspaper or site at the beginning of `words`."""
    words = re.sub(r"\A[\s.,;:\u060c\uff0c\uff1a\u3001]*(?:[Ii]n:?\s|\u2014\s|//\s|on\s|dans\s|w:\s)?", "", words).lstrip(
        " *_\u2018\u201c\"'\u00ab\u300e\u300c\u300a"
    )
    end = _OUTLET_END.search(words)
    first = next(dates_in(words[: (end.end() if end else 0) + 14]), None)
    name = (words[: end.start()] if end else words).strip(_EDGES + "\u2019\u201d\"'\u00bb\u300f\u300d\u300b")
    is_name = bool(name) and len(name) <= 80 and (name[0].isupper() or is_uncased(name[0]) or name[0].isdigit())
    if not is_name or not _HAS_WORD.search(name) or (first is not None and end is not None and first.start < end.start()):
        return None
    return None if _is_of_access(name) else name


def _is_of_access(name: str) -> bool:
    lowered = name.lower()
    return lowered in role_words().get(lowered[-1:], ((), []))[0] or lowered in (
        "online",
        "available at",
        "available from",
        "url",
        "doi",
    )
