"""Colours lines and writes them to a stream, in whatever encoding and with whatever signs it can show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO
from typing import TextIO

from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style

from citekeeper.model import Level, State
from citekeeper.reports.terminal.layout import Line

# Only the sixteen colours that a reader's own theme defines, so that every background works.
_STYLES = {
    "": Style(),
    "title": Style(bold=True),
    "quiet": Style(dim=True),
    "none": Style(color="green"),
    "note": Style(color="cyan"),
    "warning": Style(color="yellow"),
    "error": Style(color="red", bold=True),
    "unknown": Style(color="magenta"),
    "copy": Style(color="cyan"),
}


@dataclass(frozen=True, slots=True)
class Symbols:
    """The signs that go with words, so that colour never carries meaning alone."""

    good: str = "✓"
    note: str = "•"
    warning: str = "!"
    error: str = "✗"
    unknown: str = "?"
    rule: str = "─"
    dot: str = "·"
    step: str = "→"

    def of(self, state: State, level: Level) -> str:
        """Return the sign of a state."""
        if state is State.UNKNOWN:
            return self.unknown
        return {Level.NONE: self.good, Level.NOTE: self.note, Level.WARNING: self.warning, Level.ERROR: self.error}[level]


_PLAIN = Symbols(good="+", note="*", error="x", rule="-", dot="-", step=">")


def style_of(state: State, level: Level) -> str:
    """Return the name of a state's style."""
    return "unknown" if state is State.UNKNOWN else level.value


def symbols(stream: TextIO) -> Symbols:
    """Return the signs that `stream` can show."""
    signs = Symbols()
    wanted = signs.good + signs.note + signs.error + signs.rule + signs.dot + signs.step
    return signs if _encodable(wanted, stream) == wanted else _PLAIN


def write(lines: Iterable[Line], stream: TextIO, *, width: int, color: bool) -> None:
    """Write `lines` to `stream`; they are wide enough already, and nothing in them is markup."""
    console = Console(
        file=stream,
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        markup=False,
        highlight=False,
        emoji=False,
    )
    console.print(_Lines(lines, stream), soft_wrap=True, end="")


def picture(lines: Iterable[Line], *, width: int, title: str) -> str:
    """Return `lines` as an SVG picture of a terminal window with that `title`."""
    out = StringIO()
    console = Console(file=out, width=width, record=True, force_terminal=True, color_system="standard", legacy_windows=False)
    console.print(_Lines(lines, out), soft_wrap=True, end="")
    return console.export_svg(title=title, unique_id="citekeeper")


class _Lines:
    """Lines as rich wants them."""

    def __init__(self, lines: Iterable[Line], stream: TextIO) -> None:
        self._lines = lines
        self._stream = stream

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self._lines:
            for piece in _without_trailing_blanks(line):
                style = _STYLES[piece.style]
                yield Segment(_encodable(piece.text, self._stream), style.update_link(piece.link) if piece.link else style)
            yield Segment.line()


def _without_trailing_blanks(line: Line) -> Line:
    kept = list(line)
    while kept:
        last = kept.pop()
        if last.text.rstrip():
            return [*kept, last._replace(text=last.text.rstrip())]
    return kept


def _encodable(text: str, stream: TextIO) -> str:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)
