"""Makes text from outside harmless in the medium it is shown in: terminal, CSV, Markdown, JSON, file names.

Pure. Every address, title, context, error message and source name in a report passes through here. What is
escaped stays visible: a reader sees `\\x1b` or `\\u202e` where the hostile character stood.
"""

from __future__ import annotations

import re
from functools import lru_cache

# Default_Ignorable_Code_Point of Unicode 15.1 (DerivedCoreProperties.txt) without the variation selectors of emoji,
# and beyond it the control characters, the line and paragraph separators, lone surrogates and noncharacters: all that
# is invisible, reorders its neighbours (https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing) or steers a terminal.
_INVISIBLE = (
    "\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_HOSTILE = re.compile(f"[{_INVISIBLE}\ud800-\udfff]")
_INVISIBLE_IN_JSON = re.compile(f"[{_INVISIBLE.removeprefix(chr(0) + '-' + chr(0x1F))}]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SHORT = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}

# https://owasp.org/www-community/attacks/CSV_Injection, with the full-width forms that East Asian spreadsheets read as formulas.
_FORMULA = re.compile("\\s*[=+\\-@\t\r＝＋－＠]")

# What means something within a line of GitHub-flavoured Markdown; the colon only where it makes an address or an emoji.
_MARKDOWN_SYNTAX = re.compile(r"[\\`*_\[\]<>#|~$&]|:(?=\S)|(?<=www)\.", re.IGNORECASE)
_MENTION = re.compile(r"@|#(?=\d)")
_BACKTICKS = re.compile("`+")
_UNSAFE_IN_TARGET = re.compile(r"[^A-Za-z0-9\-._~:/?#@!$&'*+,;=%\[\]]")
_WEB_ADDRESS = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)

_UNSAFE_IN_FILE_NAME = re.compile(r"[^\w.\-]+")
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file#naming-conventions
_RESERVED_FILE_NAME = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def _escape(match: re.Match[str]) -> str:
    return _escaped(match[0])


@lru_cache(maxsize=1024)
def _escaped(character: str) -> str:
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def visible(text: str) -> str:
    """Return `text` with every invisible, reordering or steering character written as an escape, on one line."""
    return _HOSTILE.sub(_escape, text)


def one_line(text: str) -> str:
    """Return `text` on one line, each run of white space one blank, and otherwise `visible`."""
    return visible(" ".join(text.split()))


def csv_cell(text: str) -> str:
    """Return `text` so that a spreadsheet shows it and does not run it: a formula gets a leading apostrophe."""
    guard = "'" if _FORMULA.match(text) else ""
    return guard + visible(text)


def json_value(text: str) -> str:
    """Return `text` with lone surrogates, which UTF-8 and strict JSON readers refuse, written as visible escapes."""
    return _SURROGATE.sub(_escape, text)


def json_document(text: str) -> str:
    r"""Return the JSON `text` with invisible characters as `\uXXXX`: the same values for a parser, harmless on a screen."""
    return _INVISIBLE_IN_JSON.sub(_escape_in_json, text)


def _escape_in_json(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be")
    return "".join(f"\\u{units[at] << 8 | units[at + 1]:04x}" for at in range(0, len(units), 2))


def markdown_text(text: str) -> str:
    """Return `text` as GitHub-flavoured Markdown that reads as the text itself: no markup, link, mention or HTML."""
    escaped = _MARKDOWN_SYNTAX.sub(r"\\\g<0>", one_line(text))
    # GitHub looks for mentions and issue numbers after rendering, when backslashes are gone; an empty comment parts sign and name.
    return _MENTION.sub(r"\g<0><!-- -->", escaped)


def markdown_code(text: str) -> str:
    """Return `text` as a code span, in which nothing is markup; right inside and outside of tables."""
    shown = one_line(text)
    if not shown:
        return ""
    longest = max((len(run) for run in _BACKTICKS.findall(shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    # In a table row the bar ends the cell even within code; GFM takes the backslash away again.
    return f"{fence}{pad}{shown.replace('|', chr(92) + '|')}{pad}{fence}"


def is_web_address(url: str) -> bool:
    """Tell whether `url` is an http or https address, the only kinds that a report may link to."""
    return _WEB_ADDRESS.match(url) is not None


def link_target(url: str) -> str:
    """Return `url` with everything percent-encoded that could end a link or a terminal's hyperlink early."""
    return _UNSAFE_IN_TARGET.sub(_percent_encode, url)


def _percent_encode(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass"))


def markdown_link(words: str, url: str) -> str:
    """Return a link that shows `words`; only the words, as code, when `url` is not a web address."""
    if not is_web_address(url):
        return markdown_code(words)
    return f"[{markdown_text(words)}](<{link_target(url)}>)"


def file_name(text: str, *, limit: int = 100) -> str:
    """Return a name made of `text` that every file system takes: no separators, at most `limit` characters, never empty."""
    name = _UNSAFE_IN_FILE_NAME.sub("-", text).strip("-. ")[:limit].rstrip("-. ")
    return f"_{name}" if not name or _RESERVED_FILE_NAME.fullmatch(name) else name
