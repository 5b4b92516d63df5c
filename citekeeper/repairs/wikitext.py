"""Wikitext: `|archive-url=… |archive-date=… |url-status=dead` in a citation template, a link in brackets elsewhere."""

from __future__ import annotations

import re
from datetime import date

from citekeeper.model import Document, Reference, State
from citekeeper.repairs.places import Beside, sound

_LONGEST = 5_000
_NAME = re.compile(r"\{\{[ \t\n]{0,20}(?:cite[ _][a-z ]{2,40}|citation)[ \t\n]{0,20}\|", re.I)
_PARAMETER = re.compile(r"\|[ \t\n]{0,20}url[ \t]{0,20}=[ \t]{0,20}\Z", re.I)
_ARCHIVE = re.compile(r"\|[ \t\n]{0,20}archive-?url[ \t]{0,20}=", re.I)
_NAMED = re.compile(r"[ \t]{0,3}\(\[https?://[^\s\]]{1,3000} archived\b", re.I)
_MEANS_SOMETHING = re.compile(r"''+|~~~+|__(?=[A-Z])")
# https://en.wikipedia.org/wiki/Template:Citation_Style_documentation/url: what became of the original.
_STATUS = {State.PARKED: "usurped", State.REPLACED: "usurped", State.DRIFTED: "deviated"}


def beside(document: Document, reference: Reference) -> Beside | str:
    """Behind the template's url, or behind the whole external link."""
    text, start = document.text, reference.location.offset
    end = start + reference.location.length
    if _PARAMETER.search(text[max(0, start - 80) : start]):
        return _in_template(text, start, end)
    if text[start - 1 : start] == "[":
        closed = text.find("]", end, end + _LONGEST)
        if closed < 0 or "\n" in text[end:closed]:
            return "the link's end was not found"
        end = closed + 1
    elif text[max(0, start - 2) : start].rstrip()[-1:] in ("=", "|"):
        return "its template is not known"
    return Beside(end, _NAMED.match(text, end) is not None)


def _in_template(text: str, start: int, end: int) -> Beside | str:
    opened = text.rfind("{{", max(0, start - _LONGEST), start)
    if opened < 0 or "}}" in text[opened:start] or not _NAME.match(text, opened):
        return "its template is not known"
    closed = text.find("}}", end, end + _LONGEST)
    if closed < 0 or "{{" in text[end:closed]:
        return "its template was not understood"
    return Beside(end, _ARCHIVE.search(text, opened, closed) is not None, in_tag=True)


def copy(place: Beside, url: str, day: date, state: State) -> str:
    """The parameters, or a link in brackets."""
    # Quotes would be bold text, tildes a signature, and capitals between underscores a switch; a bar is percent-encoded by then.
    url = _MEANS_SOMETHING.sub(lambda match: "".join(f"%{ord(each):02X}" for each in match[0]), sound(url))
    if not place.in_tag:
        return f" ([{url} archived {day.isoformat()}])"
    return f" |archive-url={url} |archive-date={day.isoformat()} |url-status={_STATUS.get(state, 'dead')}"


def address(url: str) -> str:
    """An address means itself."""
    return sound(url)
