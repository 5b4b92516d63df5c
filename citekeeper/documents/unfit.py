"""What a reader of a container raises when the file cannot be read; `containers.read` makes a `SourceProblem` of it."""

from __future__ import annotations


class Unfit(Exception):
    """A file that cannot be read: what is wrong with it, without its name, and what to try. Never leaves this room."""

    def __init__(self, message: str, hint: str) -> None:
        """Say what is wrong and what to try, each in one line."""
        super().__init__(message)
        self.message = message
        self.hint = hint


def damaged(kind: str) -> Unfit:
    """The refusal of a file that is cut off or broken; `kind` with its article: "a PDF"."""
    return Unfit(f"is {kind} that is damaged or not whole", "open it in the program that made it and save it again")


def locked(kind: str) -> Unfit:
    """The refusal of an encrypted file."""
    return Unfit(f"is {kind} locked with a password", "open it with its password and save a copy without one")
