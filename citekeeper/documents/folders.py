"""Which files of a folder are articles, and which folders are passed over."""

from __future__ import annotations

import os
from collections.abc import Iterator

from citekeeper.documents.formats import article_endings
from citekeeper.documents.names import printable
from citekeeper.model import SourceProblem

# What build tools and package managers fill with other people's files.
_NOT_ARTICLES = frozenset({"node_modules", "__pycache__", "site-packages", "bower_components", "__MACOSX"})

# A file of this name or ending says that the folder holds something else: a virtual environment, a cache
# (https://bford.info/cachedir/), citekeeper's own archive of captures.
_MARKS = frozenset({"pyvenv.cfg", "CACHEDIR.TAG", "ledger.sqlite3"})
_ARCHIVE_ENDINGS = (".warc.gz", ".warc.gz.open", ".warc", ".cdxj")


def articles_in(folder: str) -> Iterator[str | SourceProblem]:
    """The articles below `folder`, by name, and a problem for each folder that cannot be listed.

    Hidden files and folders, environments, caches and archives of captures are passed over; folders reached
    through symbolic links too, so that the walk always ends.
    """
    found = False
    for each in _walk(folder):
        found = True
        yield each
    if not found:
        endings = " ".join(article_endings())
        yield SourceProblem(printable(folder), "is a folder without articles", f"articles end in {endings}; name other files one by one")


def _walk(top: str) -> Iterator[str | SourceProblem]:
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            said = error.strerror or "no reason given"
            yield SourceProblem(printable(folder), f"is a folder that cannot be listed: {said}", "ask its owner for permission to read it")
            continue
        if folder != top and _holds_something_else(entries):
            continue
        yield from (entry.path for entry in entries if _is_article(entry))
        waiting += [entry.path for entry in reversed(entries) if _is_walked(entry)]


def _holds_something_else(entries: list[os.DirEntry[str]]) -> bool:
    return any(entry.name in _MARKS or entry.name.endswith(_ARCHIVE_ENDINGS) for entry in entries)


def _is_article(entry: os.DirEntry[str]) -> bool:
    return not entry.name.startswith(".") and entry.name.lower().endswith(article_endings()) and not _is_folder(entry)


def _is_walked(entry: os.DirEntry[str]) -> bool:
    return not entry.name.startswith(".") and entry.name not in _NOT_ARTICLES and _is_folder(entry) and not entry.is_symlink()


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads round in a circle; reading it will tell
        return False
