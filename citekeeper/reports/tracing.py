"""`extract --explain`: how each reference was read, step by step, as plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from citekeeper.model import Trace
from citekeeper.reports.safe import visible

_WIDEST = 120


def render_traces(documents: Sequence[tuple[str, Sequence[Trace]]]) -> str:
    """Write the traces of each document under its name."""
    return "".join(f"{line}\n" for source, traces in documents for line in _document(source, traces))


def _document(source: str, traces: Sequence[Trace]) -> Iterator[str]:
    yield visible(source)
    for trace in traces:
        yield ""
        yield from _trace(trace)
    yield ""


def _trace(trace: Trace) -> Iterator[str]:
    reference, place = trace.reference, trace.reference.location
    note = f"  note {visible(reference.marker)}" if reference.marker else ""
    yield f"  {place.line}:{place.column}{note}  {visible(reference.address.url or 'no address')}"
    yield f"    as printed        {_quoted(reference.raw)}"
    for step in trace.steps:
        yield f"    {step.code:<17} {_quoted(step.printed)} means {_quoted(step.meant)}"
    for other in reference.address.alternatives:
        yield f"    or                {_quoted(other)}"
    yield f"    {visible(trace.cut)}"


def _quoted(text: str) -> str:
    """`text` on one line, its line ends shown, and short enough to read."""
    shown = visible(text.replace("\r\n", "\n").replace("\n", "\u23ce"))
    if len(shown) > _WIDEST:
        shown = shown[: _WIDEST - 1] + "\u2026"
    return f"\u201c{shown}\u201d" if shown else "nothing"
