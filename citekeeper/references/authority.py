"""The host of an address, with its port and user: labels, dots however written, and the seams of lines between them."""

from __future__ import annotations

import re

from citekeeper.domains import has_public_suffix
from citekeeper.references import bounds, dots, joins
from citekeeper.references.passage import Passage

# DNS carries 255 octets (RFC 1035); the rest is room for a user and a port.
LONGEST_HOST = 300

# Pictures in names are older than the rules against them (IDNA 2003), and still resolve.
_LABEL = r"[\w\u2600-\u27bf\U0001f300-\U0001faff-]+"
_LABELS = re.compile(rf"{_LABEL}(?:[.@:]{_LABEL})*+")
_LITERAL_V6 = re.compile(r"\[[0-9A-Fa-f:.]{2,45}\]")
# A password may hold signs that no host does.
_USER = re.compile(r"[\w.%+-]{1,60}:[\w.~!$*+=%-]{1,120}@(?=[\w\[])")
_PORT = re.compile(r"(?:\[:\]|\(:\)|\{:\})(?=\d{2,5})")
_EMPTY_PORT = re.compile(r":\d*(?=[/?#])")
_SCANNED_PATH = re.compile(r" /[\w-]")
SLASH = re.compile(r"\[/\]|\(/\)|\\/|\uff0f")
SIGN = re.compile(r"\[(://|[:@=?&#-])\](?=[\w/%])")
_HOST_SIGN = re.compile(r"\[([@-])\](?=\w)")
INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+(?=[\w/.?=&%#-])")


def read_host(passage: Passage) -> None:
    """Read the host at the anchor; nothing when there is none."""
    draft, text = passage.draft, passage.text
    user = _USER.match(text, draft.at) if passage.anchor.scheme else None
    if user:
        draft.take(user.end())
    literal = _LITERAL_V6.match(text, draft.at)
    if literal:
        draft.take(literal.end())
    while len(draft.value) < LONGEST_HOST:
        before = draft.at
        labels = _LABELS.match(text, draft.at, passage.limit(LONGEST_HOST))
        if labels and not _take_labels(passage, labels):
            return
        if not _step_in_host(passage) or draft.at == before:
            return


def _take_labels(passage: Passage, labels: re.Match[str]) -> bool:
    """Take host labels; False when the host ends within them."""
    draft, end = passage.draft, labels.end()
    if not labels[0].isascii():
        border = bounds.BORDER.search(passage.text, draft.at, end)
        if border and has_public_suffix(draft.value + passage.text[draft.at : border.start()]):
            draft.take(border.start())
            return False
    glued = dots.FORM.search(passage.text, draft.at, end) if "DOT" in labels[0] else None
    while glued and glued.end() <= end and dots.code_of(glued) == "glued-dot":
        draft.take(glued.start())
        draft.put(".", glued.end(), "glued-dot")
        glued = dots.FORM.search(passage.text, draft.at, end)
    if end > draft.at:
        draft.take(end)
    return True


def _step_in_host(passage: Passage) -> bool:
    """Pass whatever stands between two labels of a host; False when nothing that belongs to it does."""
    draft, text, at = passage.draft, passage.text, passage.draft.at
    # Most hosts end in front of their path, and nothing below begins with a slash.
    if text.startswith("/", at) or passage.read_cut(at):
        return False
    form = dots.in_host(text, at)
    if form and draft.value:
        draft.put(".", form.end(), dots.code_of(form))
        return True
    port = _PORT.match(text, at)
    if port:
        draft.put(":", port.end(), "bracket-colon")
        return True
    sign = _HOST_SIGN.match(text, at)
    if sign:
        draft.put(sign[1], sign.end(), "bracket-sign")
        return True
    invisible = INVISIBLE.match(text, at)
    if invisible:
        draft.put("", invisible.end(), "invisible")
        return True
    if text.startswith("\u2013", at) and draft.value.lower().endswith("xn"):
        draft.put("--", at + 1, "typographic-dash")
        return True
    return _join_host(passage, at)


def _join_host(passage: Passage, at: int) -> bool:
    draft, text = passage.draft, passage.text
    if text.startswith(("./", ".:"), at) and has_public_suffix(draft.value):
        # The root of the names (RFC 1034, 3.1).
        draft.take(at + 1)
        return False
    seam = at + 1 if text.startswith(".", at) and text[at + 1 : at + 2] in ("\n", "\r", " ") else at
    value = draft.value + text[at:seam]
    join = joins.at_line_end(text, seam, value, is_host=True, in_brackets=seam < passage.closer) or joins.soft_break(text, seam)
    if join is None or not draft.value:
        return False
    if seam > at:
        draft.take(seam)
    draft.put("", join.end, join.code)
    if text.startswith(".", draft.at):
        draft.take(draft.at + 1)
    return True


def is_at_path(passage: Passage) -> bool:
    """Whether path, query or fragment follow the host that was read."""
    at = passage.draft.at
    if passage.text.startswith(("/", "?", "#"), at):
        return not passage.is_stopped()
    slash = SLASH.match(passage.text, at)
    if slash or ("backslash" in passage.anchor.repairs and passage.text.startswith("\\", at)):
        return True
    port = _EMPTY_PORT.match(passage.text, at)
    if port:
        passage.draft.take(port.end())
        return True
    if passage.is_scanned() and _SCANNED_PATH.match(passage.text, at):
        passage.draft.put("", at + 1, "inner-space")
        return True
    return False
