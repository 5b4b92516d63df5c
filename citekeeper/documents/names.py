"""Names of files, made fit to be shown."""

from __future__ import annotations

import os


def printable(name: str) -> str:
    """A file name that every terminal and report can take: bytes that are not UTF-8 are shown as `\\xNN`."""
    return name.replace("\0", "\\0") if name.isascii() else os.fsencode(name).decode("utf-8", "backslashreplace")
