"""The command line: arguments in, one pipeline call, rendered results and an exit code out; no logic.

May import everything above through its front. A new command is a function in commands.py and its grammar in
parser.py.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str]) -> int:
    """Run one command and return its exit code; see docs/cli.md for what each means."""
    from citekeeper.cli.running import run

    return run(argv)
