"""What LaTeX writes for a character: accents, escapes and symbols, in running text and in addresses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from citekeeper.documents.edits import Edit

# Source: LaTeX2e reference manual, "Accents" and "Special insertions" (https://latexref.xyz/Special-insertions.html).
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307", '"': "\u0308",
    "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328", "b": "\u0331",
}  # fmt: skip
_SYMBOLS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "i": "ı",
    "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "textasciitilde": "~", "textunderscore": "_",
    "textasciicircum": "^", "textbackslash": "\\", "textbar": "|", "textless": "<", "textgreater": ">", "textquoteright": "’",
    "textquoteleft": "‘", "textquotedblleft": "“", "textquotedblright": "”", "textendash": "–", "textemdash": "—",
    "textellipsis": "…", "ldots": "…", "dots": "…", "slash": "/", "copyright": "©", "S": "§", "P": "¶", "pounds": "£", "euro": "€",
    "textdegree": "°", "LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX", "quad": " ", "qquad": " ", "newline": "\n", "par": "\n\n",
    "linebreak": "", "allowbreak": "", "string": "", "lbrack": "[", "rbrack": "]", "newblock": "",
}  # fmt: skip
_SINGLE = {**{each: each for each in "%&#_${}"}, " ": " ", ",": " ", ":": " ", ";": " ", "\n": " "}

_ACCENT = re.compile(
    r"\\(?:([`'^\"~=.])\s?|([cvuHkrdb])(?:\s{1,3}|(?=\{)))(?:\{\s?(\\[ij]|[^\W\d_])\s?\}|(\\[ij](?![A-Za-z])|[^\W\d_]))", re.ASCII
)
_COMMAND = re.compile(r"\\([A-Za-z@]{1,60})(?:\{\}|[ \t]{0,3})")
_LINE_END = re.compile(r"\\\\\*?(?:\[[^\[\]{}\n]{0,40}\])?")
_EMPTY_ACCENT = re.compile(r"\\([~^])\{\s?\}")


def character_at(text: str, at: int) -> Edit | None:
    """The character that the backslash at `at` begins to write; None for a command of another kind."""
    if accent := _ACCENT.match(text, at):
        letter = (accent[3] or accent[4]).lstrip("\\")
        return Edit(at, accent.end(), unicodedata.normalize("NFC", letter + _ACCENTS[accent[1] or accent[2]]))
    if empty := _EMPTY_ACCENT.match(text, at):
        return Edit(at, empty.end(), empty[1])
    command = _COMMAND.match(text, at)
    if command is not None:
        return Edit(at, command.end(), _SYMBOLS[command[1]]) if command[1] in _SYMBOLS else None
    if line_end := _LINE_END.match(text, at):
        return Edit(at, line_end.end(), "\n")
    return Edit(at, min(at + 2, len(text)), _SINGLE.get(text[at + 1 : at + 2], ""))


_NOT_PLAIN = re.compile(r"\\(?=.)|[{}~]", re.S)


def edits_in(text: str, start: int, end: int) -> Iterator[Edit]:
    """How a stretch of running text reads: characters as meant, braces and the names of commands left out."""
    at = start
    while found := _NOT_PLAIN.search(text, at, end):
        edit = _edit_at(text, found.start(), found[0])
        yield edit if edit.end <= end else Edit(edit.start, end, "")
        at = min(edit.end, end)


def _edit_at(text: str, at: int, sign: str) -> Edit:
    if sign == "~":
        # A "~" behind a slash is a home directory, whatever LaTeX would print.
        return Edit(at, at + 1, "~" if text[at - 1 : at] == "/" else " ")
    if sign != "\\":
        return Edit(at, at + 1, "")
    command = _COMMAND.match(text, at)
    return character_at(text, at) or Edit(at, command.end() if command else at + 1, "")


def plain(text: str, start: int, end: int) -> str:
    """What `text[start:end]` says, with single spaces."""
    return " ".join(meant(text, start, end).split())


def meant(text: str, start: int, end: int) -> str:
    """What `text[start:end]` says, with the white space as it stands."""
    parts, at = [], start
    for edit in edits_in(text, start, end):
        parts += [text[at : edit.start], edit.shown]
        at = edit.end
    return "".join([*parts, text[at:end]])


_IN_ADDRESS = re.compile(
    r"\{\\textasciitilde(?:\{\})?\}|\\textasciitilde(?:\{\}|[ ])?|\$\\sim\$|\\~\{\}|\\string(?=[~^_%#&])"
    r"|\{\\([%#&_~$^])\}|\\([%#&_~{}$^/])|\\(?:allowbreak|-|discretionary\{\}\{\}\{\})(?![A-Za-z])[ ]?"
    r"|%?[ \t\r]{0,80}\n\s*+|\\([A-Za-z]{1,60})"
)


def address_edits(text: str, start: int, end: int, value_of: Callable[[str], str | None]) -> Iterator[Edit]:
    """How an address reads: escapes undone, broken lines joined, and macros (`value_of` knows them) replaced."""
    for match in _IN_ADDRESS.finditer(text, start, end):
        shown = match[1] or match[2] or ("~" if "sim" in match[0] or "tilde" in match[0] or match[0] == "\\~{}" else "")
        if match[3]:
            value = value_of(match[3])
            if value is None:
                continue
            shown = value
        yield Edit(match.start(), match.end(), shown)


def address(text: str, start: int, end: int, value_of: Callable[[str], str | None] = lambda _name: None) -> str:
    """The address written at `text[start:end]`."""
    parts, at = [], start
    for edit in address_edits(text, start, end, value_of):
        parts += [text[at : edit.start], edit.shown]
        at = edit.end
    return "".join([*parts, text[at:end]]).strip()
