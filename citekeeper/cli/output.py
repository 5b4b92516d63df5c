"""Where results go: formats and files as asked for with -f and -o, standard output otherwise."""

from __future__ import annotations

import contextlib
import difflib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from citekeeper.cli.parser import FORMATS
from citekeeper.errors import DiskFull, UsageError


@dataclass(frozen=True, slots=True)
class Wanted:
    """One rendering asked for."""

    format: str
    file: Path | None
    """None means standard output."""


def wanted(formats: Sequence[str] | None, output: str | None) -> tuple[Wanted, ...]:
    """Read `-f FORMAT[=FILE]` and `-o FILE`; UsageError for an unknown format or two results for one place."""
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
    """Write `text` to `path`, whole or not at all: an earlier report is not lost by a failure."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        kind = DiskFull if isinstance(error, OSError) and error.errno == 28 else UsageError
        raise kind(f"cannot write it: {error.strerror or error}", where=str(path), hint="check the folder and its permissions") from error


def write_stdout(text: str) -> None:
    """Write `text` to standard output; whoever reads may stop early (`| head`)."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python would complain again when it flushes at exit: https://docs.python.org/3/library/signal.html#note-on-sigpipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def uses_color(choice: str, stream: TextIO) -> bool:
    """Whether to colour `stream`: as asked, else NO_COLOR (no-color.org), FORCE_COLOR, else whether it is a terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")
