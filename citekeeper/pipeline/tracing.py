"""How each reference of the sources was read, for those that ask why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from citekeeper import references
from citekeeper.model import SourceProblem, Trace
from citekeeper.pipeline.loading import extract, load_local, require_something
from citekeeper.settings import Settings


def traces_of(
    names: Sequence[str], settings: Settings, stdin: BinaryIO | None
) -> tuple[list[tuple[str, list[Trace]]], tuple[SourceProblem, ...]]:
    """The traces of each document, without the references that `extract` leaves out, and the sources that could not be read."""
    loaded = load_local(names, settings, stdin)
    require_something(loaded)
    traced = []
    for document in loaded.documents:
        kept = {each.location for each in extract(document, settings.ignore).references}
        traced.append((document.source, [trace for trace in references.explain(document) if trace.reference.location in kept]))
    return traced, loaded.problems
