"""Which formats a summary has; each is a file of this folder with a function `render`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from citekeeper.model import Rot
from citekeeper.reports.summary import html, json_document, markdown, rows, terminal

SUMMARY_FORMATS: Mapping[str, Callable[[Rot, str], str]] = MappingProxyType(
    {
        "terminal": terminal.render,
        "json": json_document.render,
        "csv": rows.render,
        "markdown": markdown.render,
        "html": html.render,
    }
)
"""Every format of a summary by its name on the command line; each takes the summary and the tool's version."""


def render_summary(rot: Rot, format: str, *, version: str | None = None) -> str:
    """Write `rot` in `format`, a key of `SUMMARY_FORMATS`; KeyError for another."""
    from citekeeper import __version__

    return SUMMARY_FORMATS[format](rot, version or __version__)


def summary_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of `report --summary -f json`."""
    # msgspec takes 30 ms to import, which `citekeeper --help` should not pay.
    from citekeeper.reports.summary import shapes

    return shapes.schema()
