"""Marks of a cut: which "..." hides a part of an address, and what is known of the part behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signature:
    """How one system shortens the addresses it shows."""

    maker: str
    kept: int
    """Characters before the mark, scheme included."""
    tail: int
    """Characters behind the mark; 0 when it cuts the end off."""
    longest: int
    """The longest address that the system shows whole."""
    evidence: str


# Measured on pairs of link text and href, and read in the source where it is open. A cut in the middle is believed without
# further evidence only when both lengths fit one row.
SIGNATURES = (
    Signature("Drupal to 7, Backdrop", 72, 0, 75, "_filter_url_trim: substr($text, 0, 72) . '...'"),
    Signature("Drupal from 8", 71, 0, 72, "FilterUrl::trimUrl, Unicode::truncate with an ellipsis"),
    Signature("phpBB, FluxBB, PunBB", 39, 10, 55, "phpBB includes/functions_content.php, FluxBB include/parser.php"),
    Signature("MyBB", 40, 10, 55, "MyBB inc/class_parser.php"),
    Signature("vBulletin", 36, 14, 55, "measured"),
    Signature("Discuz", 32, 19, 65, "measured"),
    Signature("WeCenter", 30, 5, 50, "WeCenter system/class/cls_format.inc.php"),
    Signature("SPIP", 35, 0, 40, "SPIP ecrire/inc/lien_court.php"),
    Signature("comment systems", 18, 18, 36, "measured on link texts without a scheme"),
    Signature("tDiary and others", 60, 0, 60, "measured"),
    Signature("video descriptions", 37, 0, 37, "measured"),
)

# "⋯" and "‥" are what some scripts and fonts set instead; the words are those of logs and mail.
MARK = re.compile(
    r"\.{3,}|[\u2025\u2026\u22ef]+|[\[(](?:\.{3}|\u2026)[\])]|&(?:hellip|#8230|#x2026);"
    r"|(?i:[\[(<](?:truncated|shortened|snip(?:ped)?|cut|redacted)[\])>])"
)
SPACED_MARK = re.compile(r"[ \u00a0](?:\.{3}|\u2026)(?=[ \u00a0]|\Z|\r?\n)")
BREADCRUMB = re.compile(r"[ \u00a0]\u203a[ \u00a0](?!h[\w*\[\]]{2,6}:)[^\n\"<>]{1,120}")

_SUFFIX = re.compile(r"[^\s<>\"`{}|\\^\u2026\u201c\u201d\u2018\u2019\u00ab\u00bb\u3001\u3002\uff0c\uff08\uff09]{1,120}")
_ADDRESS_LIKE = re.compile(r"[/_=&%#?\d]|\.[a-z]{2,5}\Z|[a-z]-[a-z]")
# A tail that no word of a sentence looks like: parameters, or a path.
_QUERY_LIKE = re.compile(
    r"&[\w.-]{1,30}=|\b[a-z]{1,12}=\d{2,}|[/-][\w-]+\.(?:s?html?|php|aspx?|pdf)\Z|[A-Za-z][A-Za-z-]*/\d{3,}/?\Z|-[\w-]+-[\w-]+/?\Z"
)
_VERSION = r"v?\d+(?:\.\d+)+"
_VERSION_END = re.compile(rf"(?:[/=@]|\A){_VERSION}[\w.-]{{0,20}}\Z")
_VERSION_START = re.compile(rf"{_VERSION}")
# Six dots and more lead the eye to a page number; nothing is cut there.
LEADER = 6


@dataclass(frozen=True, slots=True)
class CutMark:
    """A cut: how much of the text before the mark belongs to the address, and what is known behind it."""

    extra: str
    """Dots before the mark that belong to the address ("co...." ends in a dot of its own)."""
    end: int
    suffix: str | None
    other: str | None = None
    """What stands behind the prefix if nothing was cut after all; None when that cannot be."""


def lengths(url: str, has_scheme: bool) -> frozenset[int]:
    """The lengths that the shown text of `url` may have had where it was cut: without, or with, the scheme the reader dropped."""
    return frozenset({len(url)}) if has_scheme else frozenset({len(url), len(url) + 7, len(url) + 8})


def fits(kept: frozenset[int], tail: int) -> Signature | None:
    """The system that keeps so many characters before and behind the mark."""
    return next((row for row in SIGNATURES if row.kept in kept and row.tail == tail), None)


def missing(kept: frozenset[int], tail: int) -> tuple[str, int] | None:
    """The systems that cut to these lengths, and how many characters each of them has dropped at the least."""
    rows = [row for row in SIGNATURES if row.kept in kept and row.tail == tail]
    if not rows:
        return None
    return ", ".join(row.maker for row in rows), min(row.longest + 1 - row.kept - row.tail for row in rows)


def is_range(before: str, behind: str) -> bool:
    """Whether "..." stands between two revisions, as in the address of a comparison."""
    if "/compare/" in before or "/diff/" in before:
        return True
    return bool(_VERSION_END.search(before[-40:]) and _VERSION_START.match(behind))


def read_mark(text: str, match: re.Match[str], before: str, has_scheme: bool) -> CutMark | None:
    """What the mark `match` hides behind the address `before`; None when it hides nothing."""
    mark = match[0]
    if mark.startswith(".") and len(mark) >= LEADER:
        return None
    extra = "." * (len(mark) - 3) if mark.startswith(".") else ""
    behind = trimmed_suffix(text, match.end())
    if not behind:
        return CutMark(extra, match.end(), None)
    if fits(lengths(before + extra, has_scheme), len(behind)):
        return CutMark(extra, match.end() + len(behind), behind)
    if mark.startswith(".") and is_range(before, behind):
        return None
    inner = MARK.search(behind)
    if inner:
        return CutMark(extra, match.end() + inner.end(), None)
    other = mark[len(extra) :] + behind if mark.startswith(".") else None
    if not _ADDRESS_LIKE.search(behind):
        return CutMark(extra, match.end(), None, other)
    return CutMark(extra, match.end() + len(behind), behind, other)


def read_spaced_mark(text: str, match: re.Match[str], before: str, has_scheme: bool) -> CutMark | None:
    """What a mark with spaces around it hides: a tail of exactly the length that some system keeps, or the rest of a card."""
    behind = trimmed_suffix(text, match.end() + 1)
    kept = lengths(before, has_scheme)
    if behind and fits(kept, len(behind)):
        return CutMark("", match.end() + 1 + len(behind), behind)
    if behind and "/" in before.split("://")[-1] and _QUERY_LIKE.search(behind):
        return CutMark("", match.end() + 1 + len(behind), behind, "")
    # Cards of short messages print "host/path …" and then break the line; three dots there are the writer's own.
    rest_of_line = text[match.end() : match.end() + 3].strip(" \u00a0")
    if match[0].endswith("\u2026") and "/" in before.split("://")[-1] and (not rest_of_line or rest_of_line[0] in "\r\n"):
        return CutMark("", match.end(), None, "")
    return None


def trimmed_suffix(text: str, at: int) -> str:
    """The run of address characters at `at`, without the punctuation that closes it."""
    match = _SUFFIX.match(text, at)
    if match is None:
        return ""
    suffix = match[0]
    for close, open_ in ((")", "("), ("]", "[")):
        end = suffix.find(close)
        if end >= 0 and open_ not in suffix[:end]:
            suffix = suffix[:end]
    return suffix if MARK.search(suffix) else suffix.rstrip(".,;:!?'*")
