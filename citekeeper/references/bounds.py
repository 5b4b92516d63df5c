"""Where an address ends: punctuation that closes the sentence, brackets, quotes and marks that belong to the writer."""

from __future__ import annotations

import re

# Letters of scripts that are written without spaces; next to a letter of an address they may be its neighbour's.
_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
BORDER = re.compile(rf"(?<=[A-Za-z0-9])(?=[{_UNSPACED}])")
UNSPACED = re.compile(rf"[{_UNSPACED}\u3000-\u303f\uff00-\uff65]")
# What grammar hangs on a word, an address too: Korean and Japanese particles.
PARTICLE = re.compile(
    r"(?:에서는?|에게?|으로|로|을|를|은|는|이|가|의|와|과|도|부터|까지|입니다|이다|보다)(?=[.,;:!?)]*\Z)|(?:を|から|まで|にて|により|です|にある|では)"
)

# What closes a clause in other scripts: Greek, Armenian, Hebrew, Arabic, Indic, Thai, Tibetan, Burmese, Ethiopic, Khmer, Mongolian.
_CLOSING_ELSEWHERE = (
    "\u037e\u0387\u055c\u055d\u055e\u0589\u05c3\u060c\u061b\u061f\u06d4\u0964\u0965\u0e5a\u0e5b\u0f0d\u0f0e\u104a\u104b"
    "\u1361\u1362\u1363\u1364\u1365\u1366\u1367\u1368\u17d4\u17d5\u17d6\u1802\u1803"
)
_CLOSING = f".,;:!?'\"*\u00b7\u2013{_CLOSING_ELSEWHERE}"
_NOTE_MARKS = re.compile(r"(?:[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]{1,3}|\[\d{1,3}\])\Z")
_SCHEME_INSIDE = re.compile(r"h(?:tt|xx)ps?:[/\\]{2}", re.IGNORECASE)
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}\Z")
_WRAPS_ANOTHER = frozenset("/=?&#%:|~@_-+!$([")


def glued_at(run: str, before: str) -> int | None:
    """Where in `run` a second address begins that is glued to the first; None when it is a part of it, or there is none."""
    for match in _SCHEME_INSIDE.finditer(run):
        previous = run[match.start() - 1] if match.start() else before[-1:]
        if previous and previous not in _WRAPS_ANOTHER and not _ESCAPED.search(run[max(0, match.start() - 3) : match.start()]):
            return match.start()
    return None


def closed_length(value: str, opener: str) -> int:
    """How much of `value` is address, when the character before it was `opener` and its text ends here."""
    length = len(value)
    while length:
        # A short window at a time keeps this linear, however much punctuation a hostile text ends with.
        window = value[max(0, length - 8) : length]
        drop = _closing_of(window, opener)
        if not drop:
            break
        length -= drop
    return length


def _closing_of(window: str, opener: str) -> int:
    """How many characters at the end of `window` close the sentence around an address."""
    bare = window.rstrip(_CLOSING)
    if bare != window:
        return len(window) - len(bare)
    marks = _NOTE_MARKS.search(window)
    if marks:
        return len(window) - marks.start()
    if window.endswith(("(", "[", "{")) or (window.endswith("_") and opener == "_"):
        return 1
    # A possessive: "see http://news.example's front page".
    return 2 if window.endswith("'s") else 0


# "…/a.php(no longer up)": a remark set against the address; brackets that belong to it stand behind a separator ("Dot_(band)").
_ASIDE = re.compile(r"(?:(?<=[A-Za-z0-9])|%20)\([^()]*\Z")
_REST_OF_ASIDE = re.compile(r"\s[^()\n]{0,200}\)")


def aside_at(value: str, text: str, at: int) -> int | None:
    """Where a remark in brackets begins that ends behind the address `value`, which ends at `at` of `text`; None when there is none."""
    aside = _ASIDE.search(value, max(0, len(value) - 100)) if "(" in value else None
    return aside.start() if aside and _REST_OF_ASIDE.match(text, at) else None


# An address inside an encoded command or text ends where that text's next word begins.
_ENCODED_END = re.compile(r"%2[027]|;")


def stop_at(run: str, opener: str) -> int | None:
    """Where the quote that opened before the address closes in `run`."""
    if opener == "'":
        at = run.find("'")
        return at if at >= 0 else None
    if opener == "%20":
        closing = _ENCODED_END.search(run)
        return closing.start() if closing else None
    if opener == "*":
        at = run.find("*")
        return at if at > 0 and run[at : at + 2] in ("**", "*") else None
    if opener == "~":
        at = run.find("~~")
        return at if at > 0 else None
    return None
