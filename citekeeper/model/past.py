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
    """One reference of one document, and its episodes."""

    source: str
    marker: str | None
    url: str | None
    """As it was resolved; None when it never was."""
    raw: str
    episodes: tuple[Episode, ...]
    """Oldest first, never empty."""
    memento: Memento | None = None
    """The copy that the last audit found."""
