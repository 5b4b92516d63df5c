"""How each reference was read: what was undone, from what to what, and why it was or was not taken as cut."""

from __future__ import annotations

import re
from collections.abc import Iterator

from citekeeper.model import Document, Reference, Span, Step, Trace
from citekeeper.references import cuts
from citekeeper.references.assemble import extract_with_places, stops_of
from citekeeper.references.find import passage_from

_DOTS = re.compile(r"(?P<closing>[)\]},;!?'\"\u2019\u201d\u00bb]{0,3})(?P<gap>[ \u00a0]?)(?P<mark>\.{3,}|\u2026|\[(?:\.{3}|\u2026)\])")


def explain(document: Document) -> tuple[Trace, ...]:
    """How each reference of `document` was read, in the order of `extract`."""
    stops = stops_of(document)
    return tuple(
        Trace(reference, tuple(_steps(document.reading, reference, place, stops)), _cut(document.reading, reference, place))
        for reference, place in extract_with_places(document)
    )


def _steps(reading: str, reference: Reference, place: Span, stops: list[int]) -> Iterator[Step]:
    repairs, address = reference.address.repairs, reference.address
    passage = passage_from(reading, place.start, stops)
    told: set[str] = set()
    if passage is not None:
        anchor = passage.anchor
        scheme = reading[anchor.start : anchor.at]
        for code in anchor.repairs:
            if code in repairs and code != "no-scheme":
                told.add(code)
                yield Step(code, scheme, f"{anchor.scheme}://")
        for code, printed, meant in passage.draft.steps():
            if code in repairs:
                told.add(code)
                yield Step(code, printed, meant)
    for code in repairs:
        if code not in told:
            yield Step(
                code, reference.href or "" if code.startswith("href") else reference.raw, _whole(code, reference) or address.url or ""
            )


def _whole(code: str, reference: Reference) -> str | None:
    """What a step that concerns the whole address led to."""
    address = reference.address
    if code == "cut-middle":
        return f"{address.url} \u2026 {address.suffix}"
    return f"{address.url} \u2026" if code in ("cut", "breadcrumb") else None


def _cut(reading: str, reference: Reference, place: Span) -> str:
    address = reference.address
    if reference.same_as is not None:
        return f"read as note {reference.same_as} is"
    if address.truncated:
        return _why_cut(reference)
    if "href" in address.repairs and cuts.MARK.search(reference.raw):
        return "not cut: the text is, but the link behind it states the whole address"
    if "..." in (address.url or ""):
        return "not cut: the three dots in it belong to the address, between two revisions or in a file's name"
    dots = _DOTS.match(reading, place.end)
    return "not cut: no mark of a cut stands in it or behind it" if dots is None else f"not cut: {_why_not(dots)}"


def _why_cut(reference: Reference) -> str:
    address = reference.address
    mark = cuts.MARK.search(reference.raw) or cuts.SPACED_MARK.search(reference.raw + " ")
    shown = f"\u201c{mark[0].strip()}\u201d" if mark else "a trail of breadcrumbs"
    kept = f"{shown} behind {len(address.url or '')} characters" + (f" and before {len(address.suffix)} more" if address.suffix else "")
    if address.cut_by is None:
        return f"cut: {kept}, a length that no system we know keeps"
    return f"cut: {kept}, as {address.cut_by} cut; at least {address.missing_at_least} are missing"


def _why_not(dots: re.Match[str]) -> str:
    if dots["mark"].startswith(".") and len(dots["mark"]) >= cuts.LEADER:
        return "six dots and more lead the eye to a page number"
    if dots["closing"]:
        return f"the dots stand behind \u201c{dots['closing'][0]}\u201d, which closes the clause around it"
    if dots["gap"]:
        return "the dots stand apart, and no system that sets a space keeps these lengths"
    return "the dots are the sentence's"
