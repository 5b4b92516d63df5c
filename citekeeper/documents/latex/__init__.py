r"""LaTeX: `\url`, `\href`, footnotes and `thebibliography`, read without running TeX.

Why not a parser: pylatexenc keeps positions but recurses (a megabyte of "{" ends it), and TeX itself is a programming
language. The scanner reads each command once; what it does not know loses its name and keeps its words.
"""

from __future__ import annotations

import re

from citekeeper.documents.dates import start_of
from citekeeper.documents.latex.letters import plain
from citekeeper.documents.latex.scan import Scanner
from citekeeper.documents.markup import About
from citekeeper.model import Document, Span

__all__ = ["read"]

_TODAY = re.compile(r"\\today\b")


def read(text: str, *, source: str) -> Document:
    """Read LaTeX; what follows `\\end{document}` is no part of it."""
    scanner = Scanner(text)
    markup = scanner.scan()
    about = About(_said(text, scanner.title), None)
    dated = _said(text, scanner.date)
    if dated and not _TODAY.search(dated):
        about = About(about.title, start_of(dated))
    return markup.document(text, source, "latex", about)


def _said(text: str, at: Span | None) -> str | None:
    return plain(text, at.start, min(at.end, at.start + 500)) or None if at else None
