"""What a site itself sent when it was captured, rebuilt from an archive's answer: address, moment, status and head; pure.

The Wayback Machine and pywb send each original field as `X-Archive-Orig-NAME`, but pass Content-Type, Content-Encoding and
Location through under their own names. Nothing is invented: what they do not tell is left out.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from citekeeper.archives.memento import playback_parts
from citekeeper.http1 import entity_body
from citekeeper.model import Exchange, Response

_ORIGINAL = "x-archive-orig-"
_PASSED_THROUGH = ("content-type", "content-encoding")
# The framing was the connection's, which is gone; a length of -1 is what an archive says when there was none.
_OF_THE_CONNECTION = frozenset({"transfer-encoding", "connection", "keep-alive", "content-length"})


def as_captured(exchange: Exchange, response: Response, moment: datetime, original: str) -> Exchange:
    """The exchange that the capture in `response` holds, as far as the archive tells."""
    headers = tuple(_headers(response))
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    head = f"HTTP/1.1 {response.status} {response.reason}".rstrip() + f"\r\n{lines}\r\n"
    body = entity_body(response.headers, response.body)
    rebuilt = replace(response, headers=headers, head=head.encode("latin-1", "replace"), body=body)
    return Exchange(original, moment, 0.0, b"", rebuilt)


def _headers(response: Response) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in response.headers:
        plain = name.lower()
        if plain == "location":
            found.append(("Location", _original_of(value)))
        elif plain in _PASSED_THROUGH and value:
            found.append((_title(plain), value))
        elif plain.startswith(_ORIGINAL) and _is_kept(plain.removeprefix(_ORIGINAL)):
            found.append((_title(plain.removeprefix(_ORIGINAL)), value))
    return found


def _is_kept(name: str) -> bool:
    return bool(name) and name not in _OF_THE_CONNECTION and name not in _PASSED_THROUGH and name != "location"


def _original_of(location: str) -> str:
    """The address that an archived redirect led to, without the archive's own in front."""
    parts = playback_parts(location)
    return parts[1] if parts else location


def _title(name: str) -> str:
    return "-".join(word.capitalize() for word in name.split("-"))
