"""Where an address may begin: schemes as people write and mask them, "www", and a host in front of a path."""

from __future__ import annotations

import re
from dataclasses import dataclass

from citekeeper.domains import has_public_suffix


@dataclass(frozen=True, slots=True)
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
    "scheme-mask": r"h(?:\*\*|__|--|\+\+|##|\?\?|\.\.)p|h\[(?:tt|xx)\]p|h\((?:tt|xx)\)p|\[h\]ttp|\(h\)ttp|ht\[t\]p|ht\.tp|ht tp",
    "scheme-typo": r"(?<![A-Za-z])(?:ttp|htp|htttp|hhttp|htpp)",
    "http": r"http",
}
_GAP = r"[ \t\u00a0]"
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
    + rf"(?P<s>s|\[s\]|\(s\))?(?P<fold>{_FOLD})?(?P<gap>{_GAP}{{1,2}})?"
    + _any_of("c", _SEPARATORS)
    + rf"(?P<fold2>{_FOLD})?(?P<gap2>{_GAP}{{1,2}})?(?P<wrap>\r?\n{_GAP}{{0,8}})?(?P<bracket>[\[(])?\Z",
    re.IGNORECASE,
)
# The longest of the forms above, with a fold in it.
_REACH = 40
_AFTER = re.compile(rf"[\])}}]?(?:{_FOLD})?(?P<space>{_GAP}{{0,3}}(?:\r?\n{_GAP}{{0,8}}){{0,2}})")


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
        scheme = "https" if match["s"] else "http"
        other = "http" if match["s"] and len(match["s"]) > 1 else None
        codes = _codes(match)
        loose = bool({"missing-colon", "scheme-space", "line-wrap"} & set(codes))
    after = _AFTER.match(text, slashes + width)
    at = after.end() if after else slashes + width
    if after and after["space"]:
        codes.append("line-wrap" if "\n" in after["space"] else "scheme-space")
        loose = True
    return Anchor(start, at, scheme, tuple(codes), loose, other)


def _codes(match: re.Match[str]) -> list[str]:
    named = [name[2:].replace("_", "-") for name, value in match.groupdict().items() if name[1:2] == "_" and value is not None]
    codes = [code for code in named if code not in ("http", "colon")]
    if match["fold"] or match["fold2"]:
        codes.append("fold")
    if match["gap"] or match["gap2"]:
        codes.append("scheme-space")
    if match["wrap"]:
        codes.append("line-wrap")
    if match["bracket"]:
        codes.append("bracket-colon")
    return list(dict.fromkeys(codes))


_LETTER = r"A-Za-z0-9\u00c0-\u024f\u0370-\u052f"
# Read backwards from the first slash of a path: a port, then labels and the dots between them, however written.
_HOST_BACKWARDS = re.compile(
    rf"(?P<port>\d{{2,5}}(?:\]:\[|:))?[{_LETTER}]{{1,63}}"
    rf"(?:(?: ?[\])}}] ?(?:\.|[Tt][Oo0][Dd]) ?[\[({{] ?|\]\.|\.\[| \. |TOD|[.\uff0e])[{_LETTER}_-]{{1,63}}){{1,10}}"
)
_REFUSED_BEFORE = frozenset("@/\\$%#~^<+*?.")
# Suffixes of files that are suffixes of hosts too: "setup.py/x.py" and "README.md/x" are no addresses.
_FILE_SUFFIXES = frozenset({"py", "md", "rs", "sh", "pl", "so", "cc", "mk", "zip", "mov", "ps", "in", "am", "js"})
_NETMASK = re.compile(r"/\d{1,3}(?![\w/])")
_QUAD = re.compile(r"\d{1,3}(?:\D{1,5}\d{1,3}){3}\Z")


def host_before(text: str, slash: int, floor: int) -> Anchor | None:
    """The host written in front of the path that begins at `slash`, where no scheme is written."""
    last = text[slash - 1 : slash]
    following = text[slash + 1 : slash + 2]
    if not last.isalnum() or following == "/" or slash <= floor:
        return None
    tail = text[max(floor, slash - 140) : slash]
    if "." not in tail and "ot" not in tail.lower() and "\uff0e" not in tail:
        return None
    match = _HOST_BACKWARDS.match(tail[::-1])
    if match is None:
        return None
    host = match[0][::-1].lstrip("-_")
    start = slash - len(host)
    if start > 0 and text[start - 1] in _REFUSED_BEFORE:
        return None
    return Anchor(start, start, None, ("no-scheme",)) if _is_host(text, host, slash) else None


def _is_host(text: str, written: str, slash: int) -> bool:
    host = re.sub(r":\d+\Z|\[:\]\d+\Z", "", written)
    if _QUAD.match(host):
        return _NETMASK.match(text, slash) is None
    labels = re.findall(
        rf"[{_LETTER}_-]+", re.sub(r"(?i)[\[({ ]+(?:dot|d0t)[\])} ]+", ".", re.sub(r"(?<=[a-z0-9])DOT(?=[a-z0-9])", ".", host))
    )
    if len(labels) < 2 or not labels[-1].isalpha() or not has_public_suffix(f"x.{labels[-1]}"):
        return False
    return not (len(labels) == 2 and labels[-1].lower() in _FILE_SUFFIXES and not _goes_deep(text, slash))


def _goes_deep(text: str, slash: int) -> bool:
    path = re.match(r"[^\s\"'<>)\]]{0,200}", text[slash : slash + 200])
    return path is not None and (path[0].count("/") > 1 or "." not in path[0])


_WWW = re.compile(r"www\d?(?=[.\[({ \u00a0\uff0e]|DOT)", re.IGNORECASE)


def www_at(text: str, at: int, floor: int) -> Anchor | None:
    """A host that begins with "www" at `at`, where no scheme is written."""
    if at < floor or _WWW.match(text, at) is None:
        return None
    before = text[at - 1 : at]
    if before and (before in "@/\\." or before in "-_" or (before.isascii() and before.isalnum())):
        return None
    return Anchor(at, at, None, ("no-scheme",))
