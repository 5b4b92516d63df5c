"""What people see on stderr while a run works; nothing when that is no terminal."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self, TextIO

from citekeeper.reports import safe

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

_STAGE = 20
"""Cells for the stage's name, so that the bar stays where it is from one stage to the next."""


class Progress:
    """One bar that shows which stage is at work, how far it is and what it is at.

    Draws only when `enabled` and `stream` is a terminal; every call is harmless otherwise.
    """

    def __init__(self, stream: TextIO, enabled: bool = True, *, color: bool = True) -> None:
        self._stream = stream
        self._enabled = enabled and stream.isatty()
        self._color = color
        self._bars: Bars | None = None
        self._task: TaskID | None = None
        self._done = 0
        self._total: int | None = None

    def __enter__(self) -> Self:
        if self._enabled:
            self._bars = _bars(self._stream, color=self._color)
            self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bars is not None:
            self._bars.stop()
        self._bars = self._task = None

    def stage(self, name: str, total: int | None = None) -> None:
        """Begin the stage `name` ("visiting") of `total` steps; None when their number is not known."""
        if self._bars is None:
            return
        if self._task is not None:
            self._bars.remove_task(self._task)
        self._done, self._total = 0, total
        self._task = self._bars.add_task(safe.one_line(name), total=total, at="", count=_count(0, total))

    def advance(self, text: str = "", steps: int = 1) -> None:
        """Count `steps` as done; `text` is what is at work now."""
        if self._bars is not None and self._task is not None:
            self._done += steps
            self._bars.update(self._task, advance=steps, at=safe.one_line(text[:500]), count=_count(self._done, self._total))


def _count(done: int, total: int | None) -> str:
    """Return how far a stage is, as wide at its beginning as at its end."""
    return f"{done:>5,}" if total is None else f"{done:>{len(f'{total:,}')},}/{total:,}"


def _bars(stream: TextIO, *, color: bool) -> Bars:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bars
    from rich.table import Column

    colours: Literal["standard"] | None = "standard" if color else None
    console = Console(file=stream, color_system=colours, no_color=not color, markup=False, highlight=False, emoji=False)
    return Bars(
        TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, min_width=_STAGE)),
        BarColumn(bar_width=24, style="dim", complete_style="cyan", finished_style="cyan", pulse_style="cyan"),
        TextColumn("{task.fields[count]}", markup=False),
        # The address takes what is left of the line and is cut there, so that the bar never jumps to a second line.
        TextColumn("{task.fields[at]}", markup=False, style="dim", table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis")),
        console=console,
        transient=True,
        expand=True,
        refresh_per_second=8,
    )
