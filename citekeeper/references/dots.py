"""Dots as people write them to keep a URL from being clicked: "[.]", " dot ", "(dot)", "．", and where each may be undone."""

from __future__ import annotations

import re

from citekeeper.domains import has_public_suffix

_GAP = r"[ \t\u00a0]"

# Each way to write a dot, by the code of its repair. Quantifiers are bounded, so a look costs the same whatever follows.
_FORMS = {
    "bracket-dot": rf"{_GAP}{{0,2}}[\[({{]{_GAP}?(?:\.|[Dd][Oo0][Tt]|\u0442\u043e\u0447\u043a\u0430){_GAP}?[\])}}]{_GAP}{{0,2}}",
    "half-bracket-dot": r"\.\]|\[\.",
    "dot-word": (
        rf"\.?(?:{_GAP}{{1,3}}\r?\n?|{_GAP}{{0,3}}\r?\n){_GAP}{{0,3}}"
        rf"(?:[Dd][Oo][Tt]|[\u0422\u0442]\u043e\u0447\u043a\u0430|\u0422\u0427\u041a)(?:{_GAP}{{1,3}}\r?\n?|\r?\n){_GAP}{{0,2}}"
    ),
    "glued-dot": r"DOT(?=[a-z0-9])",
    "full-width": r"[\uff0e\uff61\u3002]",
    "escaped-dot": r"\\{1,2}\.|\^\.",
    "spaced-dot": rf"{_GAP}\.{_GAP}?|\.{_GAP}(?=[a-z]{{2,6}}/)",
}

FORM = re.compile("|".join(f"(?P<{code.replace('-', '_')}>{form})" for code, form in _FORMS.items()))
"""Any dot that is not written as a plain one; its group names the repair."""

_ANY = "|".join(["\\.", *_FORMS.values()])
_CHAIN = re.compile(rf"[\w-]{{1,63}}(?:(?:{_ANY})[\w-]{{1,63}}){{0,8}}")
_LAST_LABEL = re.compile(r"[\w-]+\Z")

# In a path the words "x dot htm" are a dot only before an extension of a file; "the report dot the i's" is not.
EXTENSIONS = frozenset(
    {"html", "htm", "shtml", "xhtml", "php", "php3", "php5", "asp", "aspx", "jsp", "jspx", "jspa", "cfm", "cgi", "do", "action", "pdf"}
    | {"doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "rtf", "txt", "md", "csv", "tsv", "json", "xml", "rss", "atom", "zip", "gz"}
    | {"tgz", "rar", "7z", "exe", "dll", "msi", "apk", "jar", "sh", "bat", "ps1", "vbs", "js", "css", "svg", "png", "jpg", "jpeg", "gif"}
    | {"webp", "ico", "mp3", "mp4", "avi", "mov", "webm", "wav", "epub", "tex", "ps", "py", "go", "java", "cpp", "hta", "bin", "dat", "iso"}
)
_EXTENSION = re.compile(r"[A-Za-z0-9]{2,5}(?![\w])")


def code_of(match: re.Match[str]) -> str:
    """The code of the repair that a match of `FORM` stands for."""
    return (match.lastgroup or "").replace("_", "-")


def in_host(text: str, at: int) -> re.Match[str] | None:
    """The written-out dot at `at`, when the words behind it go on as a host."""
    match = FORM.match(text, at)
    if match is None or not text[match.end() : match.end() + 1].isalnum():
        return None
    if code_of(match) in ("bracket-dot", "half-bracket-dot", "escaped-dot", "glued-dot") and not text[at].isspace():
        return match
    return match if _ends_as_host(text, match.end()) else None


def in_path(text: str, at: int) -> re.Match[str] | None:
    """The written-out dot at `at`, when what follows makes it part of a path."""
    match = FORM.match(text, at)
    if match is None:
        return None
    code = code_of(match)
    following = text[match.end() : match.end() + 1]
    if code == "bracket-dot" and not text[at].isspace():
        return match if following.isalnum() or following in "_-%" else None
    if code in ("bracket-dot", "dot-word"):
        extension = _EXTENSION.match(text, match.end())
        return match if extension and extension[0].lower() in EXTENSIONS else None
    return match if code == "glued-dot" else None


def _ends_as_host(text: str, at: int) -> bool:
    chain = _CHAIN.match(text, at)
    if chain is None:
        return False
    last = _LAST_LABEL.search(chain[0])
    if last is None:
        return False
    if has_public_suffix(f"x.{last[0]}") or text[chain.end() : chain.end() + 1] == "/":
        return True
    # "ru dot com/x dot the" may have read one word too many: the first label alone decides then.
    first = re.match(r"[\w-]+", chain[0])
    return first is not None and has_public_suffix(f"x.{first[0]}")
