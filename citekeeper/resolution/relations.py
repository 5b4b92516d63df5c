"""How the pages of one index answer stand to each other: parts of a page, sections of a site, other languages, other cuts."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from citekeeper.resolution.candidates import Page
from citekeeper.resolution.variants import variants

_PAGE_ENDING = ".html"
_SEVERAL = 2
_MOST_COMPARED = 50
_DEEPEST = 6
_LONGEST_ENDING = 5
_SEPARATOR = re.compile(r"[-_+ ]")
_UNFINISHED = ("-", "_", ",", "+", ".")
_NUMBERED = re.compile(r"[-_,.](?:page[-_]?|p)?\d{1,2}\Z")
_LANGUAGE_ENDING = re.compile(r"[-_./]([a-z]{2})\Z")


@dataclass(frozen=True, slots=True)
class Relation:
    """What one page is to the others."""

    whole: str | None = None
    """The page that it is a part or a view of."""
    cut_of: str | None = None
    """The page of whose address it is another cut, or its own unfinished ending."""
    language: str | None = None
    """Its language, when there is the same page without one."""
    copy_of: str | None = None
    """The page of which it is a further part or a second edition by its number: "/a-story-2", "/a-story_0"."""
    is_section: bool = False
    """Several pages with names of their own lie below it."""
    parts: tuple[Page, ...] = ()


def relate(pages: Sequence[Page]) -> Mapping[str, Relation]:
    """The relations of each page, by its name (`page.form.page`); in about O(n log n)."""
    by_name = {page.form.page: page for page in pages}
    by_path: dict[str, list[str]] = defaultdict(list)
    below: dict[str, set[str]] = defaultdict(set)
    for name in by_name:
        by_path[name.partition("?")[0]].append(name)
        for above, segment in _above(name):
            below[above].add(segment)
    wholes = {name: _whole(name, by_name, by_path) for name in by_name}
    parts: dict[str, list[Page]] = defaultdict(list)
    for name, whole in wholes.items():
        if whole is not None:
            parts[whole].append(by_name[name])
    names = sorted(by_name)
    return {
        name: Relation(
            whole=wholes[name],
            cut_of=_cut_of(name, names),
            language=_language(name, by_name),
            copy_of=_copy_of(name, by_name),
            is_section=sum(_has_words(each) for each in below[name]) >= _SEVERAL,
            parts=tuple(parts[name]),
        )
        for name in names
    }


def _above(name: str) -> Iterator[tuple[str, str]]:
    """The paths above a page, nearest first, with the segment that follows."""
    path = name.partition("?")[0]
    for _ in range(_DEEPEST):
        path, slash, segment = path.rpartition("/")
        if not slash or not path:
            return
        yield path.removesuffix(_PAGE_ENDING), segment


def _whole(name: str, by_name: Mapping[str, Page], by_path: Mapping[str, list[str]]) -> str | None:
    path, _, query = name.partition("?")
    mine = _parameters(query)
    fewer = (other for other in by_path[path][:_MOST_COMPARED] if _parameters(other.partition("?")[2]) < mine)
    above = (each for each, _ in _above(name) if each in by_name and _is_page(each))
    return next(fewer, None) or next(above, None)


def _parameters(query: str) -> frozenset[str]:
    return frozenset(filter(None, query.split("&")))


def _is_page(path: str) -> bool:
    """A section ("/world", "/2020/11") has pages below it that are no parts of it.

    A page's last or last but one segment has several words: "/world/one-two-three", "/world/one-two-three/12345".
    """
    return any(_has_words(each) for each in path.split("/")[-2:])


def _has_words(segment: str) -> bool:
    return len(_SEPARATOR.split(segment)) > 2


def _cut_of(name: str, names: Sequence[str]) -> str | None:
    if name.endswith(_UNFINISHED):
        return name[-20:]
    if not name[-1:].isalnum():
        return None
    return next((other for other in _continuations(name, names) if other.startswith(name) and other[len(name)].isalnum()), None)


def _continuations(name: str, names: Sequence[str]) -> Iterable[str]:
    """The first names in order that go on with a digit, a capital, a small or a foreign letter."""
    places = (bisect_left(names, name + start) for start in ("0", "A", "a", "\u0080"))
    return (names[at] for at in places if at < len(names) and len(names[at]) > len(name))


def _copy_of(name: str, by_name: Mapping[str, Page]) -> str | None:
    path, mark, query = name.partition("?")
    # An ending belongs to the page that it is the ending of: "report_0.pdf" to "report.pdf".
    stem, dot, ending = path.rpartition(".")
    stem, ending = (stem, dot + ending) if 0 < len(ending) <= _LONGEST_ENDING and ending.isalpha() else (path, "")
    found = _NUMBERED.search(stem[-12:])
    base = f"{stem[: -len(found[0])]}{ending}{mark}{query}" if found else ""
    return base if base in by_name else None


def _language(name: str, by_name: Mapping[str, Page]) -> str | None:
    path, _, query = name.partition("?")
    lists = variants()
    ending = _LANGUAGE_ENDING.search(path.lower()[-8:])
    if ending and ending[1] in lists.languages and path[:-3] in by_name:
        return ending[1]
    pairs = [each.partition("=") for each in query.split("&") if each]
    rest = "&".join(name + equals + value for name, equals, value in pairs if name.lower() not in lists.language_parameters)
    if (f"{path}?{rest}" if rest else path) not in by_name:
        return None
    return next((value for name, _, value in pairs if name.lower() in lists.language_parameters), None)
