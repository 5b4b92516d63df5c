"""Failures that end a run; whatever happens to one reference is data, never one of these.

CitekeeperError            one clear line for the user: what, where, what to try
├── UsageError             exit 2: the command line asks for something impossible
├── ConfigError            exit 2: a configuration file, variable or flag is wrong
├── InputError             exit 2: no source could be read, or there was nothing to check
├── StorageError           exit 2: the archive folder cannot be used (permission, newer version, second process)
│   └── DiskFull           exit 2: no room left; what was written before stays valid
└── Interrupted            exit 130: Ctrl-C or SIGTERM; what was done is kept
"""

from __future__ import annotations

from collections.abc import Sequence


class CitekeeperError(Exception):
    """A failure of the whole run, with the exit code that stands for it."""

    exit_code = 2

    def __init__(self, what: str, *, where: str = "", hint: str = "", others: Sequence[CitekeeperError] = ()) -> None:
        """Say `what` went wrong, `where` (a file, key or address), a `hint` of what to try, and which `others` went the same way."""
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint
        self.others = tuple(others)

    def __str__(self) -> str:
        where = f"{self.where}: " if self.where else ""
        hint = f" — {self.hint}" if self.hint else ""
        return f"{where}{self.what}{hint}"


class UsageError(CitekeeperError):
    """The command line asks for something impossible."""


class ConfigError(CitekeeperError):
    """A configuration file, environment variable or flag holds a wrong key or value."""


class InputError(CitekeeperError):
    """No source could be read, or the sources held nothing to check."""


class StorageError(CitekeeperError):
    """The archive folder, its index or its ledger cannot be used."""


class DiskFull(StorageError):
    """No room left on the device; everything stored before is intact."""


class Interrupted(CitekeeperError):
    """The user stopped the run; what was done is kept and the same command goes on from there."""

    exit_code = 130
