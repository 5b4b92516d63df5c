"""pywb in a process of its own, for the tests that hold what we write against an archive that others wrote.

It is no dependency: it is GPL, and its brotlipy would take the place of our brotli. `pipx install pywb` brings it, or
CITEKEEPER_WAYBACK names its command.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

WAYBACK = os.environ.get("CITEKEEPER_WAYBACK") or shutil.which("wayback")
WHY_NOT = "" if WAYBACK else "needs pywb (its command `wayback`) on the path or in CITEKEEPER_WAYBACK: pipx install pywb"


def environment() -> dict[str, str]:
    """Ours, without the path that would lead pywb to our packages."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


@contextmanager
def serving(folder: Path, ready: str) -> Iterator[int]:
    """The port at which pywb serves `folder`, once it answers at the path `ready`."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    command = [str(WAYBACK), "-b", "127.0.0.1", "-p", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env=environment())
        try:
            _wait(f"http://127.0.0.1:{port}{ready}", process)
            yield port
        finally:
            process.terminate()
            process.wait(10)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(url, timeout=5):
                return
        except URLError:
            time.sleep(0.1)
    pytest.fail("pywb does not start")
