"""Where `python -m citekeeper` and the console script begin."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; the exit code is documented in docs/cli.md."""
    from citekeeper.cli import main as run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
