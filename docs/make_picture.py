"""Draws docs/demo.svg, the picture in the README, from what `citekeeper demo` really prints.

python docs/make_picture.py
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

WIDTH = 100
LINES = 60
PICTURE = Path(__file__).parent / "demo.svg"


def printed() -> str:
    """The demo's report, with its colours."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "COLUMNS": str(WIDTH)}
        command = [sys.executable, "-m", "citekeeper", "demo", "--color", "always"]
        return subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder, env=environment).stdout


def main() -> None:
    """Write the picture: the beginning of the report and its last lines."""
    lines = printed().rstrip().splitlines()
    end = next(n for n in range(len(lines) - 1, 0, -1) if "───" in lines[n])
    shown = lines if len(lines) <= LINES else [*lines[: LINES - (len(lines) - end)], "  ⋮", *lines[end:]]
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text("$ citekeeper demo", style="bold"))
    console.print(Text.from_ansi("\n".join(shown)))
    PICTURE.write_text(console.export_svg(title="citekeeper demo", unique_id="demo"), encoding="utf-8")
    print(f"{PICTURE}: {len(shown)} of {len(lines)} lines", file=sys.stderr)


if __name__ == "__main__":
    main()
