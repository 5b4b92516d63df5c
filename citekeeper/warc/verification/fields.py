"""The fields of a record judged by themselves: which must be there, which must not, and what each may say (WARC 1.1, clause 5)."""

from __future__ import annotations

import ipaddress
import re
import uuid
from datetime import UTC, datetime, timedelta

from citekeeper.warc.verification.heads import RecordHead
from citekeeper.warc.verification.problems import Say

TYPES = frozenset({"warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation"})
_OF_CAPTURES = frozenset({"request", "response", "resource", "metadata", "revisit"})
_WITH_PAYLOAD = frozenset({"response", "resource", "request", "revisit", "conversion", "continuation"})
_ALLOWED = {
    "warc-concurrent-to": _OF_CAPTURES,
    "warc-ip-address": _OF_CAPTURES,
    "warc-refers-to": {"metadata", "revisit", "conversion"},
    "warc-refers-to-target-uri": {"revisit"},
    "warc-refers-to-date": {"revisit"},
    "warc-target-uri": TYPES - {"warcinfo"},
    "warc-warcinfo-id": TYPES - {"warcinfo"},
    "warc-filename": {"warcinfo"},
    "warc-profile": {"revisit"},
    "warc-payload-digest": _WITH_PAYLOAD,
    "warc-identified-payload-type": _WITH_PAYLOAD,
    "warc-segment-origin-id": {"continuation"},
    "warc-segment-total-length": {"continuation"},
}
_MUST = ("warc-type", "warc-record-id", "warc-date", "content-length")
_ONCE = {*_ALLOWED, *_MUST, "content-type", "warc-block-digest", "warc-truncated", "warc-segment-number"} - {"warc-concurrent-to"}
_REASONS = {"length", "time", "disconnect", "unspecified"}
_PROFILE = re.compile(r"http://netpreserve\.org/warc/(1\.[01])/revisit/(identical-payload-digest|server-not-modified)")

_ID = re.compile(r"<([A-Za-z][A-Za-z0-9+.\-]*:[^\s<>]+)>")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[\x21-\x7e]*")
_SAFE_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*")
_AUTHORITY = re.compile(r"https?://([^/?#]*)", re.IGNORECASE)
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::\d*)?")
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?Z)?)?)?")
_MEDIA = re.compile(r"[\w!#$%&'*+\-.^`|~]+/[\w!#$%&'*+\-.^`|~]+[ \t]*(?:;.*)?", re.ASCII)
_SECONDS = 6
"""Parts that a date to the second has."""


def read_moment(text: str) -> tuple[int, datetime] | None:
    """How many parts a date has (6: to the second), and the moment; None when it is not as the standard asks for."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction = match.groups()
    micros = int(((fraction or "0") + "00000")[:6])
    try:
        # A leap second has no place in a datetime.
        seconds = min(int(second or 0), 59)
        moment = datetime(int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), seconds, micros, UTC)
    except ValueError:
        return None
    return sum(part is not None for part in match.groups()), moment


def judge_fields(head: RecordHead, now: datetime, say: Say) -> None:
    """Everything that a record's header says wrong by itself."""
    _presence(head, say)
    for name in ("warc-record-id", "warc-refers-to", "warc-warcinfo-id", "warc-segment-origin-id", "warc-concurrent-to"):
        for value in head.values(name):
            _id(value, name, say)
    for name in ("warc-date", "warc-refers-to-date"):
        if head.has(name):
            _date(head, name, now, say)
    _uris(head, say)
    _content_type(head, say)
    _address(head, say)
    if (reason := head.field("warc-truncated")) and reason not in _REASONS:
        say("truncated-reason", f"WARC-Truncated: {reason}")
    _segments(head, say)
    if head.field("warc-type") == "revisit":
        _revisit(head, say)
    if any("," in value for value in head.values("warc-protocol")):
        say("header-form", "WARC-Protocol lists several values in one line")


def _presence(head: RecordHead, say: Say) -> None:
    kind = head.field("warc-type")
    for name in _MUST:
        if not head.has(name):
            say("field-missing", f"{_shown(name)} is missing")
    for name in sorted({name for name, _ in head.fields}):
        if name in _ONCE and len(head.values(name)) > 1:
            say("field-twice", f"{_shown(name)} is given more than once")
        if kind in TYPES and name in _ALLOWED and kind not in _ALLOWED[name]:
            say("field-misplaced", f"{_shown(name)} must not be on a {kind} record")
    if kind and kind not in TYPES:
        say("type-unknown", f"the type {kind!r}")


def _id(value: str, name: str, say: Say) -> None:
    match = _ID.fullmatch(value)
    if match is None:
        say("record-id", f"{_shown(name)} {value!r} is not a URI in angle brackets")
        return
    if match[1].lower().startswith("urn:uuid:"):
        try:
            uuid.UUID(match[1][9:])
        except ValueError:
            say("record-id", f"{_shown(name)} {value!r} is not a UUID")


def _date(head: RecordHead, name: str, now: datetime, say: Say) -> None:
    text = head.field(name)
    moment = read_moment(text)
    if moment is None:
        say("date", f"{_shown(name)} {text!r} is not a UTC date as in 2026-01-02T03:04:05Z")
    elif head.version == "1.0" and moment[0] != _SECONDS:
        say("date", f"{_shown(name)} {text!r}: WARC/1.0 has whole seconds only")
    elif moment[0] < _SECONDS:
        say("date-coarse", f"{_shown(name)} {text!r}")
    elif moment[1] > now + timedelta(days=1):
        say("date-future", f"{_shown(name)} {text!r}")


def _uris(head: RecordHead, say: Say) -> None:
    kind, target = head.field("warc-type"), head.field("warc-target-uri")
    if not target and kind in TYPES - {"warcinfo", "metadata"}:
        say("uri", f"a {kind} record without WARC-Target-URI")
    for name in ("warc-target-uri", "warc-refers-to-target-uri", "warc-source-uri", "warc-profile"):
        if value := head.field(name):
            _uri(value, name, head.version, say)
    authority = _AUTHORITY.match(target)
    if authority is None:
        return
    if "@" in authority[1]:
        say("secret", "WARC-Target-URI holds a name or a password")
    if not _HOST.fullmatch(authority[1].rpartition("@")[2]):
        say("uri", f"WARC-Target-URI has no valid host: {authority[1][:80]!r}")


def _uri(value: str, name: str, version: str, say: Say) -> None:
    if value.startswith("<") and value.endswith(">"):
        # WARC 1.0 had them in its grammar and in no example; Wget writes them.
        say("uri" if version == "1.1" else "uri-form", f"{_shown(name)} is in angle brackets")
    elif not _URI.fullmatch(value):
        say("uri", f"{_shown(name)} {value[:120]!r} is not an absolute address")
    elif not _SAFE_URI.fullmatch(value):
        say("uri-form", f"{_shown(name)} {value[:120]!r} holds characters that should be escaped")


def _content_type(head: RecordHead, say: Say) -> None:
    kind, declared = head.field("warc-type"), head.field("content-type")
    if not declared:
        if kind in TYPES - {"continuation"} and head.length:
            say("content-type-missing", "a block, but no Content-Type")
        return
    if not _MEDIA.fullmatch(declared):
        say("content-type", f"Content-Type {declared[:80]!r} is not a media type")
    if kind not in ("request", "response") or not _AUTHORITY.match(head.field("warc-target-uri")):
        return
    media, _, parameter = declared.lower().replace(" ", "").partition(";")
    if media != "application/http" or parameter not in ("", f"msgtype={kind}"):
        say("content-type", f"a {kind} record has the Content-Type {declared[:80]}")


def _address(head: RecordHead, say: Say) -> None:
    text = head.field("warc-ip-address")
    if not text:
        return
    try:
        canonical = str(ipaddress.ip_address(text))
    except ValueError:
        say("ip-address", f"WARC-IP-Address {text[:60]!r}")
        return
    if canonical != text:
        say("ip-address-form", f"WARC-IP-Address {text} instead of {canonical}")


def _segments(head: RecordHead, say: Say) -> None:
    number = head.field("warc-segment-number")
    if head.field("warc-type") != "continuation":
        if number not in ("", "1"):
            say("segment", f"WARC-Segment-Number {number[:20]} on a record that is no continuation")
        return
    if not head.has("warc-segment-origin-id") or not (number.isascii() and number.isdigit() and len(number) < 10 and int(number) > 1):
        say("segment", "a continuation without the id or number of its segment")


def _revisit(head: RecordHead, say: Say) -> None:
    profile = _PROFILE.fullmatch(head.field("warc-profile").strip("<>"))
    if not head.has("warc-profile"):
        say("revisit", "no WARC-Profile")
    elif profile is None:
        say("revisit-form", f"an unknown profile: {head.field('warc-profile')[:80]}")
    elif profile[1] != head.version:
        say("revisit-form", f"the profile of WARC/{profile[1]} in a WARC/{head.version} record")
    if is_same_payload(head):
        if not head.has("warc-payload-digest"):
            say("revisit", "no WARC-Payload-Digest to tell which payload was seen again")
        if head.length and head.field("warc-truncated") != "length":
            say("revisit-form", "no WARC-Truncated: length for the payload that is left out")
    if not head.has("warc-refers-to") and not (head.has("warc-refers-to-target-uri") and head.has("warc-refers-to-date")):
        say("revisit-form", "nothing tells which record it refers to")


def is_same_payload(head: RecordHead) -> bool:
    """Whether it is a revisit that saw the very same payload again."""
    return head.field("warc-profile").strip("<>").endswith("/identical-payload-digest")


def is_not_modified(head: RecordHead) -> bool:
    """Whether it is a revisit of which the server said that nothing changed."""
    return head.field("warc-profile").strip("<>").endswith("/server-not-modified")


def _shown(name: str) -> str:
    return "-".join({"warc": "WARC", "id": "ID", "uri": "URI", "ip": "IP"}.get(part, part.capitalize()) for part in name.split("-"))
