"""Sources that could not be read, told on standard error: one line each, whatever becomes of the others."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from citekeeper.errors import InputError
from citekeeper.model import SourceProblem
from citekeeper.reports import one_line


def complain_of(problems: Iterable[SourceProblem]) -> None:
    """One line for each problem, in the words that it has when no source at all can be read."""
    for each in problems:
        said = InputError(each.message, where=each.source, hint=each.hint)
        print(one_line(f"citekeeper: error: {said}"), file=sys.stderr)
