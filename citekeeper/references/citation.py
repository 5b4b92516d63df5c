"""What a note's own words say of the work it cites: author, title, outlet, dates; nothing is taken that is not told by its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache

from citekeeper.model import Citation
from citekeeper.references.context import on_one_line
from citekeeper.references.dates import Dated, dates_in
from citekeeper.references.lists import table

LONGEST = 600
"""Characters of a note that are read on either side of its address."""

_HAS_WORD = re.compile(r"[^\W\d_]{2}")
_HAS_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_EDGES = " \t\n\r\u00a0.,;:()[]|*_-\u2013\u2014\u2022"
_LONGEST_NAME = 160
_BROKEN = re.compile(r"(?<=[a-z])-\s?\n\s*(?=[a-z])")

# Quotation marks that open and close, by language; straight ones close where a space or a sign follows.
_QUOTED = re.compile(
    r"\u201c(?P<a>[^\u201c\u201d]{3,300})\u201d|\u201e(?P<b>[^\u201e\u201c\u201d]{3,300})[\u201c\u201d]|\u00ab\s?(?P<c>[^\u00ab\u00bb]{3,300}?)\s?\u00bb"
    r"|\u300c(?P<d>[^\u300c\u300d]{2,300})\u300d|\u300e(?P<e>[^\u300e\u300f]{2,300})\u300f|\u00bb(?P<f>[^\u00ab\u00bb]{3,300})\u00ab"
    r"|\"(?P<g>[^\"]{3,300})\"|(?<!\w)\u2018(?P<h>[^\u2018]{3,300}?)\u2019(?=[\s,.;]|\Z)|(?<!\w)'(?P<i>[^']{3,300})'(?=[\s,.;]|\Z)"
    r"|\*(?P<j>[^*\n]{3,300})\*|(?<!\w)_(?P<k>[^_\n]{3,300})_(?!\w)"
)
_NAME = r"[^\W\d_][\w.\u2019'\u2010-]*"
# "Smith, J., & Doe, A. (2020, May 3). Title of the work. Outlet, 12(3)." (APA, Harvard)
_AUTHOR_DATE = re.compile(
    r"\A(?P<author>[^()\n\u201c\"]{2,200}?)[.,]?\s\((?P<date>(?:1[89]|20)\d\d[^()]{0,24}|[^()\d]{3,12}\s(?:1[89]|20)\d\d|n\.\s?d\.|o\.\s?J\.|s\.\s?f\.)\)[.,:]?\s"
    r"(?P<title>[^.?!]{3,300}[?!]?)(?:\[[^\]]{1,40}\])?(?:\.\s+(?P<outlet>[^.,;:(]{2,100}))?"
)
# "Smith J, Doe AB. Title of the work. Outlet. 2020;12:3-9." (Vancouver)
_VANCOUVER = re.compile(
    rf"\A(?P<author>(?:{_NAME}(?: {_NAME}){{0,2}} [A-Z]{{1,3}},? ?){{1,12}}(?:et al)?)\.\s"
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
# What joins names, or stands in them, in small letters.
_PARTICLES = frozenset(
    {"a", "af", "al", "and", "anon", "av", "ben", "bin", "by", "da", "das", "de", "del", "della", "den", "der", "des", "di", "do", "dos"}
    | {"du", "e", "ed", "eds", "edited", "el", "et", "hg", "hrsg", "i", "ibn", "in", "la", "le", "les", "los", "of", "others", "the", "u"}
    | {"und", "van", "vom", "von", "y", "zu", "&", "\u0438", "\u0442\u0430"}
)


def citation_of(before: str, behind: str, *, is_note: bool) -> Citation | None:
    """What the words `before` and `behind` an address say of the work; None when they say nothing.

    Outside of notes (`is_note` false) only the strict forms of bibliographies are read: prose quotes, too.
    """
    if not is_note and not _HAS_YEAR.search(before) and not _HAS_YEAR.search(behind):
        return None
    before, behind = _normal(before[-LONGEST:]), _normal(behind[: LONGEST // 2])
    if not _HAS_WORD.search(before) and not _HAS_YEAR.search(behind):
        return None
    author, title, outlet = _work(before, is_note=is_note)
    told = [(before, dated, False) for dated in dates_in(before)] + [(behind, dated, True) for dated in dates_in(behind)]
    if not is_note and title is None and not any(dated.exactness == 3 for _text, dated, _is_behind in told):
        return None
    published, accessed, archived = _dates(told, is_note=is_note)
    if author is None and title is None and not (published or accessed or archived):
        return None
    if not is_note and title is None and accessed is None and archived is None:
        return None
    return Citation(author, title, outlet, published, accessed, archived_on=archived)


def _normal(words: str) -> str:
    # A word that was broken over lines is one word; numbers keep their hyphen.
    return on_one_line(_BROKEN.sub("", words) if "-" in words and "\n" in words else words)


# ── dates ─────────────────────────────────────────────────────────────────────────────────────


def _dates(told: Sequence[tuple[str, Dated, bool]], *, is_note: bool) -> tuple[date | None, date | None, date | None]:
    """The days of publication, of the look, and of the copy, of dates `told` in a text in front of an address or behind it."""
    published: Dated | None = None
    accessed = archived = None
    for text, dated, is_behind in told:
        role = _role(text, dated)
        if role == "accessed":
            accessed = accessed or _whole_day(dated)
        elif role == "archived":
            archived = archived or _whole_day(dated)
        elif (is_note or not is_behind) and (not is_behind or _is_apart(text, dated)) and _is_better(dated, published):
            published = dated
    return published.day if published else None, accessed, archived


def _whole_day(dated: Dated) -> date | None:
    return dated.day if dated.exactness == 3 else None


def _is_better(dated: Dated, than: Dated | None) -> bool:
    return than is None or dated.exactness > than.exactness


def _is_apart(text: str, dated: Dated) -> bool:
    """Whether a date behind an address is a field of the note, not a part of the next sentence."""
    return text[: dated.start].strip(" .,([\u2013-") == ""


# A day of the week, an article or an hour may stand between the word and the date.
_FILLER = re.compile(r"(?:on|am|le|el|il|em|op|den|at|the|la|\d{1,2}[:.]\d\d|[^\W\d_]{3,6}day|[^\W\d_]{4,8}tag)\Z")
_BETWEEN = " :,.(\u2013-"


def _role(text: str, dated: Dated) -> str:
    ahead = text[max(0, dated.start - 48) : dated.start].lower().rstrip(_BETWEEN)
    for _ in range(3):
        words = _role_words().get(ahead[-1:])
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
    return not before.isalnum() or _is_uncased(before)


@cache
def _role_words() -> dict[str, tuple[tuple[str, ...], list[tuple[str, str]]]]:
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


# ── the work ──────────────────────────────────────────────────────────────────────────────────


def _work(before: str, *, is_note: bool) -> tuple[str | None, str | None, str | None]:
    """Author, title and outlet."""
    words = _without_signals(before.strip(" \t.,;:\u2022*-\u2013"))
    for form in (_AUTHOR_DATE, _VANCOUVER) if "(" in words else (_VANCOUVER,):
        match = form.match(words)
        if match and _are_names(match["author"]):
            return _name(match["author"]), _title(match["title"]), _outlet(match["outlet"] or "")
    if not is_note:
        return None, None, None
    quoted = next(_quoted(words), None)
    if quoted is not None:
        start, end, title = quoted
        author = words[:start]
        return (_name(author) if _are_names(author) else None), _title(title), _outlet(words[end:])
    for form in (_COLON, _SLASHES):
        match = form.match(words)
        if match:
            author = match.groupdict().get("author") or ""
            return (_name(author) if _are_names(author) else None), _title(match["title"]), _outlet(match["outlet"])
    return None, None, None


def _quoted(words: str) -> Iterator[tuple[int, int, str]]:
    for match in _QUOTED.finditer(words):
        if match.lastgroup and _HAS_WORD.search(match[match.lastgroup]):
            yield match.start(), match.end(), match[match.lastgroup]


def _without_signals(words: str) -> str:
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
    capital = sum(piece[0].isupper() or _is_uncased(piece[0]) for piece in pieces)
    return capital > 0 and all(piece[0].isupper() or _is_uncased(piece[0]) or piece.lower().strip(".") in _PARTICLES for piece in pieces)


def _is_uncased(letter: str) -> bool:
    return letter.isalpha() and letter.lower() == letter.upper()


def _name(words: str) -> str | None:
    words = words.strip(" ,;:.")
    # An initial has its dot ("Smith, J."); the end of a name has none.
    return words + "." if re.search(r"(?<!\w)[^\W\d_]\Z|(?<!\w)al\Z", words) else words or None


def _title(words: str) -> str | None:
    return words.strip(" ,;.*_\u00a0") or None


_OUTLET_END = re.compile(r"[,;(\[\u300f\u300d\u201d\u00bb]|\.(?=\s)|\.\Z|\s(?=\d{1,4}\b)|\s(?:Vol|No|Nr|pp)\b")


def _outlet(words: str) -> str | None:
    """The name of the journal, newspaper or site at the beginning of `words`."""
    words = re.sub(r"\A[\s.,;:]*(?:[Ii]n:?\s|\u2014\s|//\s|on\s|dans\s|w:\s)?", "", words).lstrip(" *_\u2018\u201c\"'\u00ab\u300e\u300c")
    end = _OUTLET_END.search(words)
    first = next(dates_in(words[: (end.end() if end else 0) + 14]), None)
    name = (words[: end.start()] if end else words).strip(_EDGES + "\u2019\u201d\"'\u00bb\u300f\u300d")
    is_name = bool(name) and len(name) <= 80 and (name[0].isupper() or _is_uncased(name[0]) or name[0].isdigit())
    if not is_name or not _HAS_WORD.search(name) or (first is not None and end is not None and first.start < end.start()):
        return None
    return None if _is_of_access(name) else name


def _is_of_access(name: str) -> bool:
    lowered = name.lower()
    return lowered in _role_words().get(lowered[-1:], ((), []))[0] or lowered in (
        "online",
        "available at",
        "available from",
        "url",
        "doi",
    )
