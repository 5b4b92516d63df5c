"""What people see on stderr while a run works; nothing when that is no terminal."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from citekeeper.reports import safe

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID


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
        self._task = self._bars.add_task(safe.one_line(name), total=total, at="")

    def advance(self, text: str = "", steps: int = 1) -> None:
        """Count `steps` as done; `text` is what is at work now."""
        if self._bars is not None and self._task is not None:
            self._bars.update(self._task, advance=steps, at=safe.one_line(text[:500]))


def _bars(stream: TextIO, *, color: bool) -> Bars:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bars
    from rich.table import Column

    console = Console(file=stream, no_color=not color, markup=False, highlight=False, emoji=False)
    return Bars(
        TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True)),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        # The address takes what is left of the line and is cut there, so that the bar never jumps to a second line.
        TextColumn("{task.fields[at]}", markup=False, style="dim", table_column=Column(ratio=1, no_wrap=True, overflow="ellipsis")),
        console=console,
        transient=True,
        expand=True,
        refresh_per_second=8,
    )
