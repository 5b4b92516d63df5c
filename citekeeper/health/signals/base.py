"""The shape of a signal: a function that looks at a visit, and the codes of what it may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from citekeeper.health.view import View
from citekeeper.model import CodeMeaning, Evidence


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing to look for."""

    look: Callable[[View], Iterable[Evidence]]
    codes: tuple[CodeMeaning, ...]
    """Every code that `look` may give, and no other."""


def counted(number: int, noun: str) -> str:
    """ "1 byte", "2,000 bytes"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
