"""Schemes as people write and mask them: hxxp, h**p, http[:]//, "https //", and what stands between them and the host."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(slots=True)
class Anchor:
    """A place where an address may begin."""

    start: int
    at: int
    """Where its host begins."""
    scheme: str | None
    """"http" or "https"; None when none is written."""
    repairs: tuple[str, ...] = ()
    is_loose: bool = False
    """Something between scheme and host (a space, a missing colon) asks for a host beyond doubt."""
    other_scheme: str | None = None


_WORDS = {
    "hxxp": r"h(?:xx|xt|tx)p|hxxxp|hxxtp|h00p",
    "scheme-mask": r"h(?:\*\*|__|--|\+\+|##|\?\?|\.\.)p|h\[(?:tt|xx)\]p|h\((?:tt|xx)\)p|\[h\]ttp|\(h\)ttp|ht\[t\]p|ht\.tp|ht tp"
    r"|\[https?\]|\(https?\)",
    "scheme-typo": r"(?<![A-Za-z])(?:ttp|htp|htttp|hhttp|htpp)",
    "http": r"http",
}
# Blanks, and what is put there to keep an address from being clicked: characters without any width.
_GAP = r"[ \t\u00a0\u200b-\u200f\u2060\ufeff]"
_FOLD = rf"\\\r?\n{_GAP}{{0,8}}"
_SEPARATORS = {
    "bracket-colon": r"\[:\]|\(:\)|\{:\}|:\]|\[:",
    "colon-word": r"\[colon\]|\(colon\)|\{colon\}",
    "full-width": "\uff1a",
    "colon": ":",
    "missing-colon": "",
}


def _any_of(kind: str, forms: dict[str, str]) -> str:
    named = (f"(?P<{kind}_{code.replace('-', '_')}>{form})" for code, form in forms.items())
    return f"(?:{'|'.join(named)})"


_SCHEME = re.compile(
    _any_of("w", _WORDS)
    + rf"(?P<s>s|\[s\]|\(s\))?(?P<fold>{_FOLD})?(?P<gap>{_GAP}{{1,2}})?(?P<wrap0>\r?\n{_GAP}{{0,8}}(?=:))?"
    + _any_of("c", _SEPARATORS)
    + rf"(?P<fold2>{_FOLD})?(?P<gap2>{_GAP}{{1,2}})?(?P<wrap>\r?\n{_GAP}{{0,8}})?(?P<bracket>[\[(])?\Z",
    re.IGNORECASE,
)
# The longest of the forms above, with a fold in it.
_REACH = 40
_AFTER = re.compile(rf"(?P<slash>/(?=[ \t]{{0,2}}[A-Za-z0-9]))?[\])}}]?(?:{_FOLD})?(?P<space>{_GAP}{{0,3}}(?:\r?\n{_GAP}{{0,8}}){{0,2}})")


def scheme_before(text: str, slashes: int, floor: int, width: int = 2) -> Anchor | None:
    """The scheme written in front of the two slashes at `slashes`, not reaching back over `floor`."""
    plain = "https:" if text.startswith("https:", slashes - 6) else "http:" if text.startswith("http:", slashes - 5) else None
    if plain and slashes - len(plain) >= floor:
        start, scheme, codes, loose, other = slashes - len(plain), plain[:-1], [], False, None
    else:
        match = _SCHEME.search(text[max(floor, slashes - _REACH) : slashes])
        if match is None:
            return None
        start = slashes - (match.end() - match.start())
        scheme = "https" if match["s"] or "s" in (match["w_scheme_mask"] or "").lower() else "http"
        other = "http" if match["s"] and len(match["s"]) > 1 else None
        codes = _codes(match)
        loose = bool({"missing-colon", "scheme-space", "line-wrap"} & set(codes))
    after = _AFTER.match(text, slashes + width)
    at = after.end() if after else slashes + width
    if after and after["space"]:
        codes.append("line-wrap" if "\n" in after["space"] else "scheme-space")
        loose = True
    if after and after["slash"]:
        codes.append("scheme-typo")
        loose = True
    return Anchor(start, at, scheme, tuple(codes), loose, other)


def _codes(match: re.Match[str]) -> list[str]:
    named = [name[2:].replace("_", "-") for name, value in match.groupdict().items() if name[1:2] == "_" and value is not None]
    codes = [code for code in named if code not in ("http", "colon")]
    if match["fold"] or match["fold2"]:
        codes.append("fold")
    if match["gap"] or match["gap2"]:
        codes.append("scheme-space")
    if match["wrap"] or match["wrap0"]:
        codes.append("line-wrap")
    if match["bracket"]:
        codes.append("bracket-colon")
    return list(dict.fromkeys(codes))
