"""The braces of a LaTeX source: which closes which, found in one pass."""

from __future__ import annotations

import re

from citekeeper.model import Span

# A "%" before two hexadecimal digits belongs to an address, as in \url{https://example.org/a%20b}; any other begins a comment.
COMMENT = re.compile(r"%(?![0-9A-Fa-f]{2})[^\n]*+(?:\n[ \t]*+)?")
_SIGN = re.compile(rf"\\.|[{{}}]|{COMMENT.pattern}", re.S)
_SPACE = re.compile(r"\s{0,200}")
_OPTION = re.compile(r"\s{0,20}\[([^\[\]\n]{0,400})\]")


class Groups:
    """Where each group and each argument of a source begins and ends."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._closes: dict[int, int] = {}
        waiting: list[int] = []
        for sign in _SIGN.finditer(text):
            if sign[0] == "{":
                waiting.append(sign.start())
            elif sign[0] == "}" and waiting:
                self._closes[waiting.pop()] = sign.start()

    def argument(self, at: int) -> Span | None:
        """The argument in braces that follows `at`, without its braces; None when there is none, or it is never closed."""
        space = _SPACE.match(self._text, at)
        start = space.end() if space else at
        close = self._closes.get(start)
        return Span(start + 1, close) if close is not None else None

    def option(self, at: int) -> tuple[str, int]:
        """The option in brackets that follows `at` ("" without one), and where it ends."""
        option = _OPTION.match(self._text, at)
        return (option[1], option.end()) if option else ("", at)
