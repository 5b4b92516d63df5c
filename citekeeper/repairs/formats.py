"""The formats that can be written, each in its own idiom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from citekeeper.model import Document, Reference
from citekeeper.repairs import html, markdown, text
from citekeeper.repairs.places import Beside


@dataclass(frozen=True, slots=True)
class Format:
    """How one format is written."""

    beside: Callable[[Document, Reference], Beside | str]
    """Where a copy may be put beside a reference, or why it cannot be."""
    copy: Callable[[Beside, str, date], str]
    """What is put there, of the place, the copy's address and its day."""
    address: Callable[[str], str]
    """An address as running text of the format."""


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "text": Format(text.beside, text.copy, text.address),
        "markdown": Format(markdown.beside, markdown.copy, markdown.address),
        "html": Format(html.beside, html.copy, html.address),
    }
)
"""By the name of the document's format."""
