"""What became of one reference over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from citekeeper.model.judgement import Level, State
from citekeeper.model.memory import Memento


@dataclass(frozen=True, slots=True)
class Episode:
    """A run of visits that all led to the same state."""

    state: State
    level: Level
    """Of the last of them."""
    confirmed: bool
    """Of the last of them."""
    since: datetime
    until: datetime
    """When it was seen so for the last time, not when that ended."""
    seen: int
    """How often, once for each visit."""
    reason: str
    """The code that decided the last of them."""


@dataclass(frozen=True, slots=True)
class ReferencePast:
    """One page that one document cites, and its episodes."""

    source: str
    marker: str | None
    """Of the first note that cites it."""
    url: str | None
    """As it was resolved; None when it never was."""
    raw: str
    episodes: tuple[Episode, ...]
    """Oldest first, never empty."""
    memento: Memento | None = None
    """The copy that the last audit found."""
    markers: tuple[str, ...] = ()
    """Of every note that cites it in the last audit of the document."""
    cited: int = 1
    """How often the document cites it there."""
