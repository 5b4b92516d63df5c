"""How a run tells the person who waits what it is doing."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told of each stage and of each thing done in it; shows it, or not."""

    def stage(self, name: str, total: int) -> None:
        """A stage of `total` things begins."""

    def advance(self, what: str = "") -> None:
        """One thing is done."""


class Silent:
    """Shows nothing."""

    def stage(self, name: str, total: int) -> None:
        """Ignore it."""

    def advance(self, what: str = "") -> None:
        """Ignore it."""
