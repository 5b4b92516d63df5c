"""When two addresses are one page: tracking, sessions, print and AMP views, index files (data/variants.toml)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from citekeeper.resolution.lists import read_lists
from citekeeper.resolution.shown import plain

_SHORTEST_SESSION = 16
_MOST_RUBBISH = 12
_PAGE_ENDINGS = (".html", ".htm")
# What text around a link leaves at its end when a crawler or a mail program reads one character too far: quotes, tags, closing
# brackets, the full stop; and the marks of a cut, three dots or one sign for them.
_QUOTE = r"%2[27]|%3[CEce]|%60|%C2%AB|%C2%BB|%E2%80%9[89AaCcDdEe]|[\"'<>`\\«»“”„‘’]|&(?:quot|lt|gt|nbsp|#\d{1,5});?"
_QUOTED = re.compile(r"%22|%3[CcEe]|[\"<>]|&(?:quot|lt|gt);?")
_BLANK = r"%20|%C2%A0|%0[9ADad]|\+|\s"
_RUBBISH = re.compile(rf"(?:{_QUOTE}|{_BLANK}|%5[BDbd]|%2[89Cc]|%3[ABab]|%7[BDbd]|[.,;:!)\]}}])\Z", re.IGNORECASE)
_DOTS = re.compile(r"(?:\.{2,}|\u2026|%E2%80%A6)\Z", re.IGNORECASE)
_INNER_DOTS = re.compile(r"[^/.]\.{3}[^/.]|\u2026|%E2%80%A6", re.IGNORECASE)
_PARAMETER = re.compile(r";(?:[a-z]{1,20}sessionid[a-z]{0,10}|sid)=[\w.!-]{8,200}", re.IGNORECASE)
_PAIRS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class Names:
    """A list of names, some with a free ending."""

    exact: frozenset[str]
    beginnings: tuple[str, ...]

    def __contains__(self, name: str) -> bool:
        return name in self.exact or name.startswith(self.beginnings)

    def begun_by(self, start: str) -> bool:
        """Whether `start` may be the cut beginning of one of the names."""
        return any(name.startswith(start) for name in (*self.exact, *self.beginnings)) or start.startswith(self.beginnings)


@dataclass(frozen=True, slots=True)
class Variants:
    """The lists of the data file, ready for use."""

    tracking: Names
    session: Names
    dress: Names
    """Parameters of print and AMP views, with or without their value."""
    segments: frozenset[str]
    endings: tuple[str, ...]
    index_files: frozenset[str]
    languages: frozenset[str]
    language_parameters: frozenset[str]
    file_endings: tuple[str, ...]
    file_types: tuple[str, ...]


def _names(listed: list[str]) -> Names:
    free = tuple(name[:-1] for name in listed if name.endswith("*"))
    return Names(frozenset(name for name in listed if not name.endswith("*")), free)


@cache
def variants() -> Variants:
    """The lists, read once."""
    data = read_lists("variants")
    return Variants(
        tracking=_names(data["tracking"]["names"]),
        session=_names(data["session"]["names"]),
        dress=_names(data["presentation"]["parameters"]),
        segments=frozenset(data["presentation"]["segments"]),
        endings=tuple(data["presentation"]["endings"]),
        index_files=frozenset(data["index_files"]["names"]),
        languages=frozenset(data["languages"]["codes"]),
        language_parameters=frozenset(data["languages"]["parameters"]),
        file_endings=tuple(data["files"]["endings"]),
        file_types=tuple(data["files"]["types"]),
    )


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a page's address, and what is left of it without dress."""

    path: str
    """As written, without the last segments that only choose a view ("/amp/", "/print")."""
    query: str
    """As written, without tracking, sessions and views."""
    page: str
    """The same for every variant of one page: path and query, plain and sorted, without endings and index files too."""
    noise: int
    """How much dress was taken off; 0 for the cleanest form."""
    is_cut: bool = False
    """It has the dots of a cut in it: somebody copied a cut address, and an archive kept what the server said to that."""

    @property
    def target(self) -> str:
        """Path and query as they are to be asked for."""
        return f"{self.path}?{self.query}" if self.query else self.path


def read_form(original: str) -> Form | None:
    """Take an archived address apart; None when it cannot be read."""
    try:
        parts = urlsplit(original)
    except ValueError:
        return None
    bare_path, bare_query, rubbish, is_cut = _without_rubbish(parts.path, parts.query)
    kept, tracked, dressed = sift_query(bare_query)
    path, views = _without_views(bare_path or "/")
    core, endings = _core(plain(path))
    page = f"{core}?{'&'.join(sorted(plain(each) for each in kept))}" if kept else core
    return Form(path, "&".join(kept), page, noise=tracked + 4 * (views + endings + rubbish + len(dressed)), is_cut=is_cut)


def _without_rubbish(path: str, query: str) -> tuple[str, str, int, bool]:
    """Path and query without what a text left at their end, how much that was, and whether there are dots of a cut in it."""
    path = _PARAMETER.sub("", path, count=1)
    if query:
        bare, rubbish, is_cut = _trimmed(query)
        return path, bare, rubbish, is_cut
    bare, rubbish, is_cut = _trimmed(path)
    return bare, "", rubbish, is_cut


def _trimmed(text: str) -> tuple[str, int, bool]:
    quoted = _QUOTED.search(text)
    bare, is_cut = text[: quoted.start()] if quoted else text, False
    rubbish = int(bare != text)
    for _ in range(_MOST_RUBBISH):
        dots = _DOTS.search(bare[-12:].removesuffix("/")) if "." in bare[-4:] or "\u2026" in bare[-2:] or "%" in bare[-10:] else None
        end = dots or _RUBBISH.search(bare[-12:])
        if end is None or (dots is None and _closes(bare)):
            break
        is_cut = is_cut or dots is not None
        bare, rubbish = bare.removesuffix("/")[: -len(end[0])] if dots else bare[: -len(end[0])], rubbish + 1
    return bare, rubbish, is_cut or _INNER_DOTS.search(bare) is not None


def _closes(text: str) -> bool:
    """Whether the last bracket belongs to one in the address: "Mercury_(planet)"."""
    last = plain(text[-3:])[-1:]
    inner = plain(text)
    return last in _PAIRS and inner.count(_PAIRS[last]) >= inner.count(last)


def sift_query(query: str) -> tuple[list[str], int, list[str]]:
    """The parameters that say what is shown, how many only track, and those that choose a view."""
    lists = variants()
    kept: list[str] = []
    dressed: list[str] = []
    tracked = 0
    for each in filter(None, query.split("&")):
        name, _, value = plain(each).lower().partition("=")
        if name in lists.tracking or (name in lists.session and len(value) >= _SHORTEST_SESSION):
            tracked += 1
        elif name in lists.dress or f"{name}={value}" in lists.dress:
            dressed.append(each)
        else:
            kept.append(each)
    return kept, tracked, dressed


def _without_views(path: str) -> tuple[str, int]:
    """The path without last segments that choose a view, and how many there were."""
    segments, views = path.rstrip("/").split("/"), 0
    while len(segments) > 2 and segments[-1].lower() in variants().segments:
        segments.pop()
        views += 1
    if not views:
        return path, 0
    # With a slash behind the view there is one behind the page.
    return "/".join(segments) + ("/" if path.endswith("/") else ""), views


def _core(path: str) -> tuple[str, int]:
    """The path without index file, ending and last slash, and how many endings chose a view."""
    lists = variants()
    segments, views = [segment for segment in path.split("/") if segment], 0
    if segments and segments[-1].lower() in lists.index_files:
        segments.pop()
    last = segments[-1].lower() if segments else ""
    if last.endswith(lists.endings):
        ending = max((ending for ending in lists.endings if last.endswith(ending)), key=len)
        segments[-1] = segments[-1][: -len(ending)]
        views = 1
    # ".amp.html" stands for ".html" or for nothing: both are one page.
    if segments and segments[-1].lower().endswith(_PAGE_ENDINGS):
        segments[-1] = segments[-1].rpartition(".")[0]
    return "/" + "/".join(segments), views
