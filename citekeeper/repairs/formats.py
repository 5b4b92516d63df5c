"""The formats that can be written, each in its own idiom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from citekeeper.model import Document, Reference, State
from citekeeper.repairs import asciidoc, bibtex, csl_json, epub, html, latex, markdown, prose, ris, rst, text, wikitext
from citekeeper.repairs.places import Beside


@dataclass(frozen=True, slots=True)
class Format:
    """How one format is written."""

    beside: Callable[[Document, Reference], Beside | str]
    """Where a copy may be put beside a reference, or why it cannot be."""
    copy: Callable[[Beside, str, date, State], str]
    """What is put there, of the place, the copy's address and day, and the state of the original."""
    address: Callable[[str], str]
    """An address as running text of the format."""
    ends: str = ""
    """Signs that end an address or a link in this format though they look as if it went on."""


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "text": Format(text.beside, text.copy, text.address),
        "markdown": Format(markdown.beside, markdown.copy, markdown.address),
        "html": Format(html.beside, html.copy, html.address, "<"),
        "wikitext": Format(wikitext.beside, wikitext.copy, wikitext.address, "<'"),
        "latex": Format(latex.beside, latex.copy, latex.address, "\\%~'"),
        "bibtex": Format(bibtex.beside, bibtex.copy, bibtex.address),
        "rst": Format(rst.beside, rst.copy, rst.address),
        "asciidoc": Format(asciidoc.beside, asciidoc.copy, asciidoc.address),
        "ris": Format(ris.beside, ris.copy, ris.address),
        "csl-json": Format(csl_json.beside, csl_json.copy, csl_json.address),
        "docx": Format(prose.beside, text.copy, text.address),
        "odt": Format(prose.beside, text.copy, text.address),
        "epub": Format(epub.beside, html.copy, html.address, "<"),
    }
)
"""By the name of the document's format."""

UNWRITABLE: Mapping[str, str] = MappingProxyType(
    {
        "pdf": "a PDF is what was made of an article; mend the article itself",
        "xlsx": "a workbook has no place for it that its formulas and readers would know; add a column by hand",
        "csv": "a table has no place for it that its readers would know; add a column by hand",
        "json": "a JSON file has no place for it that its readers would know",
    }
)
"""Why a format that can be read is not written, by its name."""
