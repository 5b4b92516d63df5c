"""What the first lines of an article tell without mark-up: its title, and the day it was published."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from functools import cache
from importlib.resources import files

from citekeeper.documents.dates import Dated, dates_in

HEAD = 2000
"""Code points at the top of a text in which a publication date is looked for."""

_FIRST_LINES = 4
_TITLES_WITHIN = 400
_LONGEST_WORD = 20
_LONGEST_TITLE = 200
_LONGEST_BYLINE = 160
# Between "By" and the date stand names: a few words, no sentence.
_NAMES = re.compile(r"[^.!?:;\d]{2,120}|(?:[^.!?:;\d]|\b\w\.){2,120}")
_NOTE = re.compile(r"\s*(?:\[\^?\w{1,4}\]|\(\d{1,3}\)|\d{1,3}[.)]\s.*(?:https?:|www\.))")
_URL_CHARACTERS = re.compile(r"\S*(?:://|www\.|/)\S*$")
_TIME = re.compile(
    r"[\s,|·•–—-]*(?:at\s|um\s|à\s)?\d{1,2}[:.h]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?\s*(?:uhr|[A-Z]{2,4}\b)?[\s.|·•–—-]*", re.I
)
_DECORATION = " \t\r\n#*_=|·•–—-()[]"


@cache
def _cues() -> dict[str, re.Pattern[str]]:
    table = tomllib.loads(files(__package__).joinpath("data/cues.toml").read_text(encoding="utf-8"))
    ends = {"author": r"\s{1,3}$"}
    return {
        kind: _before(tuple(rows["words"]), ends.get(kind, r"[\s:,|–—-]{0,4}(?:(?:on|am|le|el|il|em|the)\s)?$"))
        for kind, rows in table.items()
    }


def _before(words: tuple[str, ...], end: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))}){end}", re.I)


def published_in(text: str) -> date | None:
    """The day of publication that the first 2,000 characters of `text` state; None when none stands out.

    Most trusted is a date behind "published" or a byline, then one on a line of its own, then one that ends or
    begins a title. A date in running text, in a note or in an address is never taken.
    """
    head = text[:HEAD]
    trusted = [(trust, found) for found in dates_in(head) if (trust := _trust(head, found))]
    return max(trusted, key=lambda each: each[0])[1].day if trusted else None


def _trust(head: str, found: Dated) -> int:
    line_start = head.rfind("\n", 0, found.at.start) + 1
    line_end = head.find("\n", found.at.end) if "\n" in head[found.at.end :] else len(head)
    before, after = head[line_start : found.at.start], head[found.at.end : line_end]
    cues = _cues()
    if _NOTE.match(before) or _URL_CHARACTERS.search(before) or cues["not"].search(before[-40:]):
        return 0
    if cues["published"].search(before[-40:]):
        return 5
    if _is_byline(before):
        return 4
    alone = before.strip(_DECORATION) == "" and _TIME.sub("", after).strip(_DECORATION) == ""
    if alone:
        return 3
    if cues["changed"].search(before[-40:]):
        return 2
    return 1 if _in_heading(head, line_start, before, after) else 0


def _is_byline(before: str) -> bool:
    tail = before[-_LONGEST_BYLINE:]
    for start in range(len(tail)):
        if (start == 0 or tail[start - 1].isspace()) and (names := _after_author(tail[start:])) is not None:
            return _reads_as_names(names)
    return False


@cache
def _author_start() -> re.Pattern[str]:
    words = tomllib.loads(files(__package__).joinpath("data/cues.toml").read_text(encoding="utf-8"))["author"]["words"]
    return re.compile(rf"(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))}):?\s{{1,3}}", re.I)


def _after_author(tail: str) -> str | None:
    match = _author_start().match(tail)
    return tail[match.end() :] if match else None


def _reads_as_names(words: str) -> bool:
    """Whether most words are capitalised, as in "Ana Example and Bo Sample, Staff Writer"."""
    if not _NAMES.fullmatch(words.rstrip(_DECORATION + ",")):
        return False
    letters = [word for word in re.findall(r"\w+", words) if len(word) > 3 or word[0].isupper()]
    return bool(letters) and sum(word[0].isupper() for word in letters) >= 0.75 * len(letters)


def _in_heading(head: str, line_start: int, before: str, after: str) -> bool:
    line = before + after
    if line_start > _TITLES_WITHIN or len(line) > _LONGEST_TITLE or not head[line_start + len(line) + 20 :].strip():
        return False
    if "://" in line or line.count("|") > 1:  # a row of a table
        return False
    ends_it = after.strip(_DECORATION + ":") == "" and before.rstrip().endswith((",", "–", "—", "-", "|", "(", ":"))
    begins_it = before.strip(_DECORATION) == "" and after.lstrip()[:1] in set("(:-–—|")
    return ends_it or begins_it


def title_in(text: str) -> str | None:
    """The first line that reads as a title: of several words, short, apart from what follows; no byline, address or date.

    Single words before it are passed over (a page's "Previous", "Menu"), as long as they stand within the first lines.
    """
    lines = [shown for line in text[:HEAD].splitlines() if (shown := line.strip().strip("#=*_").strip())]
    first = next((line for line in lines[:_FIRST_LINES] if " " in line or len(line) > _LONGEST_WORD), "")
    return first if len(lines) > 1 and _reads_as_title(first) else None


def _reads_as_title(line: str) -> bool:
    if not 3 <= len(line) <= _LONGEST_TITLE or "//" in line or _NOTE.match(line) or line.endswith((".", ",", ";", ":", "{", "}")):
        return False
    if not re.search(r"[^\W\d_]{2}", line) or line.startswith((">", "|", "//", "/*", "$", "<", "[", "- ", "`")):
        return False
    starts_with_author = (names := _after_author(line)) is not None and _reads_as_names(names)
    only_a_date = any(not (line[: found.at.start] + line[found.at.end :]).strip(_DECORATION) for found in dates_in(line))
    return not starts_with_author and not only_a_date
