"""Where results go: formats and files as asked for with -f and -o, standard output otherwise."""

from __future__ import annotations

import contextlib
import difflib
import errno
import io
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from citekeeper.cli.parser import FORMATS
from citekeeper.errors import CitekeeperError, DiskFull, UsageError


@dataclass(frozen=True, slots=True)
class Wanted:
    """One rendering asked for."""

    format: str
    file: Path | None
    """None means standard output."""


def wanted(formats: Sequence[str] | None, output: str | None, *, sources: Sequence[str] = ()) -> tuple[Wanted, ...]:
    """Read `-f FORMAT[=FILE]` and `-o FILE`.

    Raises UsageError for an unknown format, two results for one place, or a result in place of one of the `sources`.
    """
    found = _places(formats, output)
    files = [each.file.resolve() for each in found if each.file is not None]
    if len(set(files)) < len(files):
        raise UsageError("two formats for one file", where="-f", hint="give each a file of its own")
    read = {Path(source).resolve() for source in sources if "://" not in source}
    if overwritten := next((file for file in files if file in read and file.is_file()), None):
        raise UsageError("is read as a source, and would be overwritten", where=str(overwritten), hint="name another file")
    return found


def _places(formats: Sequence[str] | None, output: str | None) -> tuple[Wanted, ...]:
    found = tuple(_read(text) for text in formats or ("terminal",))
    free = [each for each in found if each.file is None]
    if len(free) > 1:
        raise UsageError("two formats for one output", where="-f", hint="give all but one a file: -f json=report.json")
    if output is None or output == "-":
        return found
    if not free:
        raise UsageError("every format has a file of its own already", where="-o", hint="leave -o out")
    return tuple(Wanted(each.format, Path(output)) if each.file is None else each for each in found)


def _read(text: str) -> Wanted:
    name, _, file = text.partition("=")
    if name not in FORMATS:
        near = difflib.get_close_matches(name, FORMATS, n=1, cutoff=0.4)
        hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(FORMATS)}"
        raise UsageError(f"unknown format {name!r}", where="-f", hint=hint)
    return Wanted(name, Path(file) if file else None)


def write_file(path: Path, text: str) -> None:
    """Write `text` to `path`, whole or not at all: an earlier report is not lost by a failure.

    A link keeps leading where it leads, and what is no ordinary file (a pipe, a device) is written to as it is.
    """
    place = path.resolve()
    part = place.with_name(place.name + ".part")
    try:
        if place.exists() and not place.is_file():
            place.write_text(text, encoding="utf-8")
            return
        part.write_text(text, encoding="utf-8")
        part.replace(place)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise _cannot_write(error, str(path), "check the folder and its permissions") from error


def _cannot_write(error: OSError, where: str, hint: str) -> CitekeeperError:
    kind = DiskFull if error.errno == errno.ENOSPC else UsageError
    return kind(f"cannot be written: {error.strerror or error}", where=where, hint=hint)


def write_stdout(text: str) -> None:
    """Write `text` to standard output, in UTF-8 whatever the terminal's own encoding is."""
    with standard_output() as stream:
        if isinstance(stream, io.TextIOWrapper):
            stream.flush()
            stream.buffer.write(text.encode("utf-8", "backslashreplace"))
        else:
            stream.write(text)


@contextlib.contextmanager
def standard_output() -> Iterator[TextIO]:
    """Standard output for a result; whoever reads may stop early (`| head`), and a full disk gets one line."""
    # Python sets it to None when it was closed before the start: https://docs.python.org/3/library/sys.html#sys.__stdout__
    if sys.stdout is None:
        raise UsageError("is closed", where="standard output", hint="write the result to a file with -o")
    try:
        yield sys.stdout
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_stdout()
    except OSError as error:
        _forget_stdout()
        raise _cannot_write(error, "standard output", "write the result elsewhere with -o FILE") from error


def _forget_stdout() -> None:
    # Python would complain again when it flushes at exit: https://docs.python.org/3/library/signal.html#note-on-sigpipe
    with contextlib.suppress(OSError, io.UnsupportedOperation):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def uses_color(choice: str, stream: TextIO | None) -> bool:
    """Whether to colour `stream`: as asked, else NO_COLOR (no-color.org), FORCE_COLOR, else whether it is a terminal."""
    if stream is None:
        return False
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")
