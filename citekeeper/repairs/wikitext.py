"""Wikitext: `|archive-url=… |archive-date=… |url-status=dead` in a citation template, a link in brackets elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from citekeeper.model import Document, Reference, State
from citekeeper.repairs.places import Beside, sound

_LONGEST = 5_000
_PARAMETER = re.compile(r"\|[ \t\n]{0,20}url[ \t]{0,20}=[ \t]{0,20}\Z", re.I)
_OPEN_LINK = re.compile(r"\[(?:https?:)?//[^\]]*\Z", re.I)
_BRACES = re.compile(r"\{\{|\}\}")


@dataclass(frozen=True, slots=True)
class _Names:
    """How the citation templates of one language call what is written."""

    template: re.Pattern[str]
    """The head of the template; for names that two languages share, with a parameter that tells them apart."""
    url: str
    date: str
    dead: str
    """Parameter and value for an original that is lost; empty where the copy's address says it. None other than in English has more."""


def _named(template: str, url: str, date: str, dead: str = "") -> _Names:
    return _Names(re.compile(rf"\{{\{{[ \t\n]{{0,20}}(?:{template})", re.I), url, date, dead)


# Each from the documentation of the template in the Wikipedia of that language.
_LANGUAGES = (
    _named(r"cite[ _][a-z ]{2,40}|citation(?=[ \t\n]{0,20}\|)", "archive-url", "archive-date", "url-status"),
    _named("lien web", "archive-url", "archive-date"),
    _named("internetquelle", "archiv-url", "archiv-datum", "offline=1"),
    _named(r"cita[ _](?=[^{}]{0,4000}\|\s{0,20}t[íi]tulo\s{0,20}=)", "urlarchivo", "fechaarchivo"),
    _named(r"cita[ _](?=[^{}]{0,4000}\|\s{0,20}titolo\s{0,20}=)", "urlarchivio", "dataarchivio", "urlmorto=sì"),
    _named("citar[ _]", "arquivourl", "arquivodata"),
    _named("citeer[ _]", "archiefurl", "archiefdatum", "dodeurl=ja"),
    _named("webbref", "arkivurl", "arkivdatum"),
    _named("cytuj", "archiwum", "zarchiwizowano"),
    _named("web kaynağı", "arşiv-url", "arşiv-tarihi"),
)
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
    line = text[max(text.rfind("\n", 0, start) + 1, start - _LONGEST) : start]
    if _OPEN_LINK.search(line):
        return "it is part of a link's own text"
    if text[start - 1 : start] == "[":
        closed = text.find("]", end, end + _LONGEST)
        if closed < 0 or "\n" in text[end:closed]:
            return "the link's end was not found"
        end = closed + 1
    elif text[max(0, start - 2) : start].rstrip()[-1:] in ("=", "|"):
        return "its template is not known"
    return Beside(end, _NAMED.match(text, end) is not None)


def _in_template(text: str, start: int, end: int) -> Beside | str:
    opened = _opened_before(text, start)
    names = next((each for each in _LANGUAGES if opened is not None and each.template.match(text, opened)), None)
    if opened is None or names is None:
        return "its template is not known"
    closed = _closed_behind(text, end)
    if closed is None:
        return "its template was not understood"
    is_taken = re.search(rf"\|\s{{0,20}}{names.url.replace('-', '-?')}[ \t]{{0,20}}=", text[opened:closed], re.I) is not None
    return Beside(end, is_taken, note=f"{names.url} {names.date} {names.dead}", in_tag=True)


def _opened_before(text: str, at: int) -> int | None:
    """Where the innermost template begins that is open at `at`."""
    waiting: list[int] = []
    for sign in _BRACES.finditer(text, max(0, at - _LONGEST), at):
        if sign[0] == "{{":
            waiting.append(sign.start())
        elif waiting:
            waiting.pop()
    return waiting[-1] if waiting else None


def _closed_behind(text: str, at: int) -> int | None:
    """Where the template ends that is open at `at`."""
    depth = 0
    for sign in _BRACES.finditer(text, at, at + _LONGEST):
        depth += 1 if sign[0] == "{{" else -1
        if depth < 0:
            return sign.start()
    return None


def copy(place: Beside, url: str, day: date, state: State) -> str:
    """The parameters, or a link in brackets."""
    # Quotes would be bold text, tildes a signature, and capitals between underscores a switch; a bar is percent-encoded by then.
    url = _MEANS_SOMETHING.sub(lambda match: "".join(f"%{ord(each):02X}" for each in match[0]), sound(url))
    if not place.in_tag:
        return f" ([{url} archived {day.isoformat()}])"
    named_url, named_date, dead = place.note.split(" ", 2)
    status = f"url-status={_STATUS.get(state, 'dead')}" if dead == "url-status" else dead
    return f" |{named_url}={url} |{named_date}={day.isoformat()}{f' |{status}' if status else ''}"


def address(url: str) -> str:
    """An address means itself."""
    return sound(url)
