"""An edit of a text, and what a plan of edits holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from citekeeper.model import Finding, Span


class Kind(StrEnum):
    """What an edit is good for."""

    COPY = "copy"
    """The archived copy is put beside the original."""
    ADDRESS = "address"
    """A defanged, broken or cut address is written out."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: the text at `at` becomes `text`."""

    at: Span
    """In the document's text; empty for an insertion."""
    text: str
    kind: Kind
    finding: Finding


@dataclass(frozen=True, slots=True)
class Left:
    """A repair that was not planned, and why."""

    finding: Finding
    why: str
    """For people, in a few words."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done to a document."""

    edits: tuple[Edit, ...]
    """In the order of the text; none overlaps another."""
    unsafe: tuple[Left, ...] = ()
    """Guesses that were not asked for."""
    left: tuple[Left, ...] = ()
    """What cannot be written into this format, or not at this place."""


def apply(text: str, edits: Sequence[Edit]) -> str:
    """`text` with the edits made, which must be in order and not overlap."""
    parts, at = [], 0
    for edit in edits:
        parts += [text[at : edit.at.start], edit.text]
        at = edit.at.end
    return "".join([*parts, text[at:]])
