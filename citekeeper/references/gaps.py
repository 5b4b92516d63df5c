"""Spaces inside an address: the few that text recognition, typesetting or a file's name put there and that can be told."""

from __future__ import annotations

import re
from dataclasses import dataclass

from citekeeper.references import cuts
from citekeeper.references.dots import EXTENSIONS

_SPACE = r"[ \u00a0\u3000]"
_BEFORE_ESCAPE = re.compile(rf"{_SPACE}(?=%[0-9A-Fa-f]{{2}})")
# What begins with a scheme is the next address, however it goes on.
_NOT_ANOTHER = r"(?!h[\w*\[\]]{2,6}:)"
_IN_QUERY = re.compile(rf"{_SPACE}{_NOT_ANOTHER}(?=[^\s&]{{1,40}}&[\w.-]{{1,30}}=)")
_IN_FILE_NAME = re.compile(rf"{_SPACE}(?=[\w-]{{1,40}}(?P<bracket>[\[(])?\.[\])]?(?P<extension>[A-Za-z0-9]{{2,5}})\?(?:[\w=]|\r?\n))")
_BEFORE_CUT = re.compile(rf"{_SPACE}{_NOT_ANOTHER}(?P<rest>[^\s\u2026]{{1,40}}?)(?:\.\.\.|\u2026)")
_SCANNED = re.compile(r" (?=/[\w-])|(?<=/) (?=[\w-]{1,24}(?: -[\w-]{1,12})?/)| (?=-[\w-]{1,12}/)")


@dataclass(frozen=True, slots=True)
class Gap:
    """A space that belongs to the address, and what it stands for."""

    end: int
    means: str
    other: str | None = None
    """What else it may stand for."""


def at_space(text: str, at: int, url: str, *, is_scanned: bool) -> Gap | None:
    """The gap at `at` behind `url`; `is_scanned` says that spaces were found inside its scheme or host before."""
    match = _BEFORE_ESCAPE.match(text, at)
    if match:
        return Gap(match.end(), "")
    if is_scanned and _SCANNED.match(text, at):
        return Gap(at + 1, "")
    space = "%E3%80%80" if text[at] == "\u3000" else "%20"
    if "?" in url and _IN_QUERY.match(text, at):
        return Gap(at + 1, space)
    name = _IN_FILE_NAME.match(text, at)
    if name and name["extension"].lower() in EXTENSIONS and url[-1:].isalnum():
        # LaTeX draws an underscore as a rule, which text extraction loses; a defanged name was typed and holds a space.
        return Gap(at + 1, "%20", "_") if name["bracket"] else Gap(at + 1, "_", "%20")
    before_cut = _BEFORE_CUT.match(text, at)
    if before_cut and cuts.fits(frozenset({len(url) + 1 + len(before_cut["rest"])}), 0):
        return Gap(at + 1, space)
    return None
