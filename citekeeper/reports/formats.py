"""Which formats there are, and the way to each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from citekeeper.model import Audit, ExtractedDocument, SourceProblem
from citekeeper.reports import csv_rows, github, gitlab, html, json_document, json_lines, junit, markdown, sarif, terminal


@dataclass(frozen=True, slots=True)
class Renderer:
    """One format: what it is, and how an audit or an extraction is written in it."""

    about: str
    """One line for `--help`."""
    audit: Callable[[Audit, str], str]
    """From an audit and the tool's version."""
    extraction: Callable[[Sequence[ExtractedDocument], Sequence[SourceProblem], str], str]
    """From documents with their references, the sources that could not be read, and the tool's version."""


FORMATS: Mapping[str, Renderer] = MappingProxyType(
    {
        "terminal": Renderer("for reading on a screen", terminal.render, terminal.render_extraction),
        "json": Renderer("one JSON document, with a published schema", json_document.render, json_document.render_extraction),
        "jsonl": Renderer("one JSON object a line for each reference", json_lines.render, json_lines.render_extraction),
        "csv": Renderer("one row for each reference", csv_rows.render, csv_rows.render_extraction),
        "markdown": Renderer("a table and details, for pull requests and wikis", markdown.render, markdown.render_extraction),
        "html": Renderer("one self-contained page to read, filter and print", html.render, html.render_extraction),
        "sarif": Renderer("SARIF 2.1.0, for code scanning and editors", sarif.render, sarif.render_extraction),
        "junit": Renderer("JUnit XML, for the test pages of CI systems", junit.render, junit.render_extraction),
        "github": Renderer("annotations of GitHub Actions", github.render, github.render_extraction),
        "gitlab": Renderer("a Code Quality report of GitLab", gitlab.render, gitlab.render_extraction),
    }
)
"""Every format by its name on the command line."""


def render(audit: Audit, format: str, *, version: str | None = None) -> str:
    """Write `audit` in `format`, a key of `FORMATS`; ends with a newline unless it is empty.

    `version` is the version of citekeeper to name, by default the one that runs. Raises KeyError for an unknown format.
    """
    return FORMATS[format].audit(audit, version or _running_version())


def render_extraction(
    documents: Sequence[ExtractedDocument], format: str, *, problems: Sequence[SourceProblem] = (), version: str | None = None
) -> str:
    """Write the references of `documents` in `format`, a key of `FORMATS`; nothing in it needs a network.

    Raises KeyError for an unknown format.
    """
    return FORMATS[format].extraction(documents, problems, version or _running_version())


def schema(of: str = "report") -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of `-f json`: of an audit's "report" or of an "extraction"."""
    # msgspec takes 30 ms to import, which `citekeeper --help` should not pay.
    from citekeeper.reports import shapes

    return shapes.schema(of)


def _running_version() -> str:
    from citekeeper import __version__

    return __version__
