"""From arguments to an exit code: every way in which a command can end, in one place."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from citekeeper import __version__
from citekeeper.cli.parser import parser
from citekeeper.errors import CitekeeperError
from citekeeper.settings import HOMEPAGE

BUG = 70
"""Exit code for a bug of ours (EX_SOFTWARE of sysexits.h)."""

INTERRUPTED = 130


def run(argv: Sequence[str]) -> int:
    """Run one command; every failure becomes one line on standard error and its exit code."""
    try:
        with _stopped_by_sigterm():
            arguments = parser().parse_args(argv)
            from citekeeper.cli.commands import COMMANDS

            return COMMANDS[arguments.command](arguments)
    except CitekeeperError as error:
        for each in (error, *error.others):
            _say(f"citekeeper: error: {each}")
        return error.exit_code
    except KeyboardInterrupt:
        _say("citekeeper: interrupted; what was done is kept, and the same command goes on from there")
        return INTERRUPTED
    except BrokenPipeError:
        return 0
    except Exception as error:  # noqa: BLE001 - the last resort: a bug must end with a message, not with a bare traceback
        return _bug(error)


@contextmanager
def _stopped_by_sigterm() -> Iterator[None]:
    """SIGTERM ends a command as Ctrl-C does, also where no event loop runs that would take care of it."""
    # Signals reach only the main thread, and who ignores them wants that.
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _bug(error: Exception) -> int:
    import traceback

    traceback.print_exception(error)
    _say(
        f"citekeeper: internal error: {type(error).__name__}; what was stored is intact — please report it, with the lines "
        f"above and your command, at {HOMEPAGE}/issues (citekeeper {__version__}, Python {sys.version.split()[0]})"
    )
    return BUG


def _say(line: str) -> None:
    from citekeeper.reports import one_line

    print(one_line(line), file=sys.stderr)
