"""Which findings are worth an edit, and which of them are guesses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC

from citekeeper.model import Citation, Document, Finding, Level, Reference, Span, State
from citekeeper.repairs.edits import Edit, Kind, Left, Plan
from citekeeper.repairs.formats import FORMATS, UNWRITABLE, Format
from citekeeper.repairs.places import is_glued
from citekeeper.surt import surt

_LOST = frozenset({State.GONE, State.SOFT_404, State.HOST_DEAD, State.PARKED, State.REPLACED, State.DRIFTED})
"""What a reader finds at the original is not what was cited."""
_NEAR = 400
"""Characters between an address and the copy of it that stands beside it, at most."""
_GOES_ON = re.compile(r"[.,;:!?)\]}>|]{1,40}+[*_'\"`~]{0,9}+(?=[!-~])(?:[^\[<\\]|\\(?!\s))")
NAMED = "a copy is named beside it"


@dataclass(frozen=True, slots=True)
class _Guess:
    """An edit that rests on something not proved."""

    edit: Edit
    why: str


def plan(document: Document, findings: Sequence[Finding], *, unsafe: bool = False, refang: bool = False) -> Plan:
    """The edits for the findings of `document`.

    `unsafe`: guesses too (verdicts not confirmed, completed addresses). `refang`: write defanged, broken and, with `unsafe`,
    cut addresses out as they are meant. A reference that names a copy already gets no second one.
    """
    format = FORMATS.get(document.format)
    wanted = [outcome for finding in findings for outcome in _wanted(document, format, finding, refang=refang)]
    edits = [each for each in wanted if isinstance(each, Edit)]
    guesses = [each for each in wanted if isinstance(each, _Guess)]
    if unsafe:
        edits, guesses = [*edits, *(each.edit for each in guesses)], []
    refused = tuple(Left(each.edit.finding, each.why) for each in guesses)
    return Plan(tuple(_without_overlaps(edits)), refused, tuple(each for each in wanted if isinstance(each, Left)))


def with_copies(document: Document, references: Sequence[Reference]) -> tuple[Reference, ...]:
    """The references, each that has an archived copy beside it in the text with the address of that copy."""
    return tuple(_with_copy(document, references, place) for place in range(len(references)))


def _with_copy(document: Document, references: Sequence[Reference], place: int) -> Reference:
    reference = references[place]
    citation = reference.citation or Citation()
    if reference.archived or citation.archived_url is not None:
        return reference
    end = reference.location.offset + reference.location.length
    for other in references[place + 1 : place + 3]:
        is_near = 0 <= other.location.offset - end <= _NEAR
        if is_near and other.archived and other.citation is not None and _same(other, reference):
            return replace(reference, citation=replace(citation, archived_url=other.citation.archived_url))
    format = FORMATS.get(document.format)
    spot = format.beside(document, reference) if format is not None else NAMED
    if isinstance(spot, str) or not (spot.is_taken and spot.in_tag):
        return reference
    return replace(reference, citation=replace(citation, archived_url=reference.address.url))


def _same(one: Reference, other: Reference) -> bool:
    urls = one.address.url, other.address.url
    return urls[0] is not None and urls[1] is not None and surt(urls[0]) == surt(urls[1])


def _wanted(document: Document, format: Format | None, finding: Finding, *, refang: bool) -> Iterator[Edit | _Guess | Left]:
    if refang and (written := _address(format, finding)) is not None:
        yield written
    if finding.memento is not None and finding.verdict.state in _LOST and finding.verdict.level is not Level.NONE:
        yield from _copy(document, format, finding)


def _copy(document: Document, format: Format | None, finding: Finding) -> Iterator[Edit | _Guess | Left]:
    reference, memento = finding.reference, finding.memento
    if memento is None or reference.archived or (reference.citation is not None and reference.citation.archived_url is not None):
        return
    if format is None:
        yield Left(finding, UNWRITABLE.get(document.format, f"{document.format} documents cannot be written"))
        return
    spot = format.beside(document, reference)
    if isinstance(spot, str):
        yield Left(finding, spot)
    elif not spot.in_tag and _is_glued(document.text, reference, spot.at, format.ends):
        yield Left(finding, "something else stands right behind it")
    elif not spot.is_taken:
        written = format.copy(spot, memento.url, memento.datetime.astimezone(UTC).date(), finding.verdict.state)
        edit = Edit(Span(spot.at, spot.at), written, Kind.COPY, finding)
        why = _doubt(finding)
        yield edit if why is None else _Guess(edit, why)


def _is_glued(text: str, reference: Reference, at: int, ends: str) -> bool:
    """Whether what follows `at` may belong to the word before: with words put between, both might be read otherwise than before."""
    if is_glued(text, at, ends):
        return True
    if text[at : at + 1] and text[at] in ends:
        return False
    # Behind a bare address nothing says where it ends to other programs, which may take more for a part of it than we do.
    is_bare = at == reference.location.offset + reference.location.length
    return is_bare and _GOES_ON.match(text, at) is not None


def _doubt(finding: Finding) -> str | None:
    if finding.resolution.method == "completed":
        return "the address was completed, which is a guess"
    return None if finding.verdict.confirmed else f"{finding.verdict.state} is not confirmed yet"


def _address(format: Format | None, finding: Finding) -> Edit | _Guess | None:
    """The address written out; only where it stands as text: what a format's own link says is not what people read."""
    reference, resolution = finding.reference, finding.resolution
    place = reference.location
    if format is None or resolution.url is None or reference.href is not None or reference.wrapper is not None or reference.archived:
        return None
    if not (reference.address.repairs or reference.address.truncated) or place.part is not None:
        return None
    written = format.address(resolution.url)
    if written == reference.raw:
        return None
    edit = Edit(Span(place.offset, place.offset + place.length), written, Kind.ADDRESS, finding)
    return _Guess(edit, "the address was completed, which is a guess") if resolution.method == "completed" else edit


def _without_overlaps(edits: Sequence[Edit]) -> Iterator[Edit]:
    """In the order of the text; what two references would put into one link's tag is put there once."""
    at, before = 0, None
    for edit in sorted(edits, key=lambda each: (each.at, each.kind is Kind.COPY)):
        if edit.at.start >= at and (edit.at, edit.text) != before:
            yield edit
            at, before = edit.at.end, (edit.at, edit.text)
