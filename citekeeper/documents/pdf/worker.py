"""The process apart in which a PDF is read: bytes on standard input, printed pages as JSON on standard output."""

from __future__ import annotations

import json
import os
import sys
import threading
import time

from citekeeper.documents.pdf.printed import dumped, read_here
from citekeeper.documents.unfit import Unfit

DONE, UNFIT, TOO_LONG, TOO_LARGE = 0, 3, 4, 5
"""Exit codes."""

SECONDS_A_PAGE = 15.0
"""Of processor time. A dense page takes 0.02, a drawing of a megabyte 0.3."""

MOST_MEMORY = 1024 * 1024 * 1024
"""Bytes of address space; a book of 2,000 pages takes a third of it."""


class _Watch:
    """Ends the process when one page takes too long; PDFium cannot be interrupted."""

    def __init__(self) -> None:
        self._since = time.process_time()
        threading.Thread(target=self._look, daemon=True).start()

    def next_page(self) -> None:
        self._since = time.process_time()

    def _look(self) -> None:
        while True:
            time.sleep(0.25)
            if time.process_time() - self._since > SECONDS_A_PAGE:
                os._exit(TOO_LONG)


def _limit_memory(wanted: int) -> None:
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        limit = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(resource.RLIMIT_AS, (limit, most))


def main(most_memory: int = MOST_MEMORY) -> int:
    """Read one PDF; the exit code tells how that went."""
    _limit_memory(most_memory)
    data = sys.stdin.buffer.read()
    try:
        out, code = dumped(read_here(data, _Watch().next_page)), DONE
    except Unfit as refused:
        out, code = json.dumps([refused.message, refused.hint]).encode(), UNFIT
    except MemoryError:
        return TOO_LARGE
    sys.stdout.buffer.write(out)
    sys.stdout.buffer.flush()
    return code
