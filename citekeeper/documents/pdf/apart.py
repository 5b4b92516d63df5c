"""Reads a PDF in a process apart, with bounded time and memory, so that no file can end or stop the run.

A PDF of 700 bytes whose form draws itself twice makes PDFium (159) work for hours and take all memory; nothing but ending
its process stops that.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from citekeeper.documents.pdf import worker
from citekeeper.documents.pdf.printed import Printed, loaded
from citekeeper.documents.unfit import Unfit, damaged

# The worker ends itself by the processor time of each page; this is for one that cannot even do that.
_LONGEST = 900.0

# Nothing is left to be tidied up; PDFium's own tidying of a hostile file could take as long as reading it.
_START = "import os; from citekeeper.documents.pdf.worker import main; os._exit(main({}))"


def read_apart(data: bytes, *, most_memory: int = worker.MOST_MEMORY) -> Printed:
    """The printed pages of the PDF `data`; raises Unfit for what is damaged, locked, too large, or takes too long.

    `most_memory` is in bytes of address space.
    """
    command = [sys.executable, "-P", "-c", _START.format(most_memory)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "utf-8"}
    try:
        ended = subprocess.run(command, input=data, capture_output=True, env=environment, timeout=_LONGEST, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise _too_long() from error
    except OSError as error:
        raise Unfit(f"is a PDF, which is read in a process apart, and none can be started: {error.strerror}", "try again") from error
    return _outcome(ended.returncode, ended.stdout, ended.stderr)


def _outcome(code: int, written: bytes, complaint: bytes) -> Printed:
    match code:
        case worker.DONE:
            try:
                return loaded(written)
            except ValueError as error:
                raise damaged("a PDF") from error
        case worker.UNFIT:
            message, hint = json.loads(written)
            raise Unfit(str(message), str(hint))
        case worker.TOO_LONG:
            raise _too_long()
        case worker.TOO_LARGE:
            raise _too_large()
        case _ if code > 0:
            last = complaint.decode("utf-8", "replace").strip().rpartition("\n")[2][:200]
            raise Unfit(f"is a PDF on which its reader failed: {last}", "save its text (pdftotext) and name that file, and report this")
        case _:
            # A signal: PDFium ends its process where memory runs out or it finds itself in error.
            raise _too_large()


def _too_large() -> Unfit:
    return Unfit("is a PDF that unpacks to more memory than reading one may take", "save its text (pdftotext) and name that file")


def _too_long() -> Unfit:
    return Unfit(
        f"is a PDF with a page that takes more than {worker.SECONDS_A_PAGE:.0f} seconds to read",
        "save its text (pdftotext) and name that file",
    )
