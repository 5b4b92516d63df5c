"""`-f terminal`: what people read on a screen, and the progress they see meanwhile.

`show` and `show_extraction` write to a stream, `Progress` draws a bar there while a run works. What is said is
put together in `page.py`, fitted to the width in `layout.py` and coloured in `paint.py`. Markup is never
parsed, and no line is longer than the width. rich loads with the first call.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from io import StringIO
from typing import TextIO

from citekeeper.model import Audit, ExtractedDocument, SourceProblem
from citekeeper.reports import safe
from citekeeper.reports.terminal.progress import Progress

__all__ = ["Progress", "picture", "render", "render_extraction", "show", "show_extraction"]

_PLAIN_WIDTH = 100
"""Columns when the output is no terminal and COLUMNS does not tell."""


def show(audit: Audit, stream: TextIO, *, width: int | None = None, color: bool = False, verbosity: int = 0) -> None:
    """Write `audit` to `stream` for reading, at most `width` columns wide (by default the terminal's).

    `verbosity` -1 leaves out what is well, 1 adds where each reference stands, how it was visited and where its capture lies.
    """
    from citekeeper.reports.terminal import page, paint

    columns = width or _width()
    paint.write(page.page(audit, columns, verbosity, paint.symbols(stream)), stream, width=columns, color=color)


def show_extraction(
    documents: Sequence[ExtractedDocument],
    stream: TextIO,
    *,
    problems: Sequence[SourceProblem] = (),
    width: int | None = None,
    color: bool = False,
    verbosity: int = 0,
) -> None:
    """Write the references of `documents` to `stream` for reading, at most `width` columns wide.

    `verbosity` 1 adds where each stands, how it is printed and what its note says.
    """
    from citekeeper.reports.terminal import extraction, paint

    columns = width or _width()
    paint.write(extraction.page(documents, problems, columns, verbosity, paint.symbols(stream)), stream, width=columns, color=color)


def picture(audit: Audit, *, width: int = 100, title: str = "citekeeper audit") -> str:
    """Return what `show` draws in colour as an SVG picture of a terminal window, for documentation."""
    from citekeeper.reports.terminal import page, paint

    return paint.picture(page.page(audit, width, 0, paint.Symbols()), width=width, title=safe.one_line(title))


def render(audit: Audit, version: str) -> str:
    """Return what `show` writes into a file."""
    out = StringIO()
    show(audit, out, width=_PLAIN_WIDTH)
    return out.getvalue()


def render_extraction(documents: Sequence[ExtractedDocument], problems: Sequence[SourceProblem], version: str) -> str:
    """Return what `show_extraction` writes into a file."""
    out = StringIO()
    show_extraction(documents, out, problems=problems, width=_PLAIN_WIDTH)
    return out.getvalue()


def _width() -> int:
    return shutil.get_terminal_size((_PLAIN_WIDTH, 24)).columns
