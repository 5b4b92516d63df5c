"""What must never reach a record: the credentials in a request. The second guard; the first is never to send them."""

from __future__ import annotations

import re

_SECRET_FIELDS = frozenset(
    {
        b"authorization",
        b"proxy-authorization",
        b"cookie",
        b"cookie2",
        b"x-api-key",
        b"api-key",
        b"x-auth-token",
        b"x-amz-security-token",
    }
)
_USERINFO = re.compile(rb"(?<=://)[^/?#@\s]{0,4096}@")


def redact(request: bytes) -> bytes:
    """`request` without the field lines that carry credentials (with their folded lines) and without userinfo in its target."""
    head, blank, body = request.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    kept = [_USERINFO.sub(b"", first, count=1)]
    dropping = False
    for line in lines:
        if not (line[:1] in (b" ", b"\t") and dropping):
            dropping = line.partition(b":")[0].strip().lower() in _SECRET_FIELDS
        if not dropping:
            kept.append(line)
    return b"\r\n".join(kept) + blank + body
