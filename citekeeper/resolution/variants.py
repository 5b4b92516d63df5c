"""When two addresses are one page: tracking, sessions, print and AMP views, index files (data/variants.toml)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from citekeeper.resolution.lists import read_lists
from citekeeper.resolution.shown import plain

_SHORTEST_SESSION = 16
_PAGE_ENDINGS = (".html", ".htm")


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
    kept, tracked, dressed = sift_query(parts.query)
    path, views = _without_views(parts.path or "/")
    core, endings = _core(plain(path))
    page = f"{core}?{'&'.join(sorted(plain(each) for each in kept))}" if kept else core
    return Form(path, "&".join(kept), page, noise=tracked + 4 * (views + endings + len(dressed)))


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
