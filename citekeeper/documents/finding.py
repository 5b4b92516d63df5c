"""How what the user names becomes bytes: files, folders, standard input; addresses are passed on.

Nothing here blocks on a pipe or device, follows a folder through a symbolic link, or reads more than it was allowed.
"""

from __future__ import annotations

import difflib
import errno
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from citekeeper.documents.folders import articles_in
from citekeeper.documents.names import printable
from citekeeper.model import SourceProblem

_WEB = re.compile(r"https?://", re.I)
_OTHER_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{1,30})://", re.I)


@dataclass(frozen=True, slots=True)
class Given:
    """A source whose bytes are at hand."""

    source: str
    """As the user named it, or the path below the folder that the user named; "-" for standard input."""
    data: bytes


@dataclass(frozen=True, slots=True)
class Remote:
    """A source that somebody has to fetch: an http or https address."""

    source: str


Source = Given | Remote | SourceProblem


def find(names: Sequence[str], *, max_bytes: int, stdin: BinaryIO) -> Iterator[Source]:
    """Every source that `names` stand for, in the order given, folders in the order of their names; each file once.

    A source of more than `max_bytes` bytes is refused. Files are read one by one, as the iterator goes on.
    """
    seen: set[str] = set()
    for name in names:
        for each in _stands_for(name):
            key = _identity(each)
            if key not in seen:
                seen.add(key)
                yield _take(each, max_bytes, stdin)


def _stands_for(name: str) -> Iterator[str | SourceProblem]:
    if name != "-" and not _OTHER_SCHEME.match(name) and os.path.isdir(name):
        yield from articles_in(name)
    else:
        yield name


def _identity(each: str | SourceProblem) -> str:
    if isinstance(each, SourceProblem):
        return f"problem:{each.source}"
    is_path = each != "-" and not _OTHER_SCHEME.match(each) and "\0" not in each
    return os.path.realpath(each) if is_path else each


def _take(each: str | SourceProblem, max_bytes: int, stdin: BinaryIO) -> Source:
    if isinstance(each, SourceProblem):
        return each
    if each == "-":
        return _read_stdin(stdin, max_bytes)
    if _WEB.match(each):
        return Remote(each)
    if (scheme := _OTHER_SCHEME.match(each)) and not os.path.exists(each):
        hint = "name the file by its path" if scheme[1].lower() == "file" else "save the document and name the file"
        return SourceProblem(each, f"{scheme[1]} addresses cannot be read, only http and https", hint)
    return _read_file(each, max_bytes)


def _read_stdin(stdin: BinaryIO, max_bytes: int) -> Source:
    try:
        data = stdin.read(max_bytes + 1)
    except (OSError, ValueError) as error:  # ValueError: it was closed
        return _problem("-", error)
    return _too_large("-", None, max_bytes) if len(data) > max_bytes else Given("-", data)


def _read_file(path: str, max_bytes: int) -> Source:
    # Opening a device may already do something to it, so its kind is asked first.
    try:
        refused = _refused(path, os.stat(path), max_bytes)
        if refused is not None:
            return refused
        # O_NONBLOCK: should a pipe have taken the file's place since, opening it must not wait for a writer.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            refused = _refused(path, os.fstat(handle), max_bytes)
            data = b"" if refused is not None else file.read(max_bytes + 1)
    except (OSError, ValueError) as error:
        return _problem(path, error)
    if refused is None and len(data) > max_bytes:
        refused = _too_large(path, None, max_bytes)
    return refused or Given(printable(path), data)


def _refused(path: str, about: os.stat_result, max_bytes: int) -> SourceProblem | None:
    if stat.S_ISREG(about.st_mode):
        return _too_large(path, about.st_size, max_bytes) if about.st_size > max_bytes else None
    if stat.S_ISFIFO(about.st_mode) or stat.S_ISSOCK(about.st_mode):
        return SourceProblem(printable(path), "is a pipe or socket, which might never end", "pipe its content into -")
    if stat.S_ISDIR(about.st_mode):
        return SourceProblem(printable(path), "became a folder while it was read", "try again")
    return SourceProblem(printable(path), "is a device, not a file", "name a file, a folder, an address or -")


def _too_large(source: str, size: int | None, max_bytes: int) -> SourceProblem:
    is_ = f"is {_human(size)}, more than" if size is not None else "is larger than"
    return SourceProblem(printable(source), f"{is_} the {_human(max_bytes)} that are read", "split it, or raise max_document_bytes")


def _human(size: int) -> str:
    if size < 1024 * 1024:
        return f"{size:,} bytes"
    return f"{size / 1024 / 1024:,.1f} MB".replace(".0 ", " ")


def _problem(source: str, error: OSError | ValueError) -> SourceProblem:
    number = error.errno if isinstance(error, OSError) else None
    shown = printable(source)
    if number in (errno.ENOENT, errno.ENOTDIR):
        return SourceProblem(shown, "does not exist", _nearest(source))
    if number in (errno.EACCES, errno.EPERM):
        return SourceProblem(shown, "may not be read", "ask its owner for permission to read it")
    if number == errno.ELOOP:
        return SourceProblem(shown, "is a symbolic link that leads round in a circle", "name the file itself")
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return SourceProblem(shown, f"cannot be read: {said}", "name a file, a folder, an address or -")


def _nearest(path: str) -> str:
    folder, name = os.path.split(path)
    try:
        with os.scandir(folder or ".") as entries:
            # A thousand names are enough to catch a slip of the finger, and cost under a millisecond.
            near = difflib.get_close_matches(name, [entry.name for entry in islice(entries, 1000)], 1)
    except (OSError, ValueError):
        return "its folder does not exist either" if folder else "check the spelling"
    return f"did you mean {printable(os.path.join(folder, near[0]))}?" if near else "check the spelling"
