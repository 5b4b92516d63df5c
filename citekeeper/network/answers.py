"""From what an engine brought back to a Response: fields read, completeness checked, content decoded; pure."""

from __future__ import annotations

import re

from citekeeper.http1 import Head, dechunk, is_chunked, parse_head
from citekeeper.model import Cut, Failure, FailureKind, Response
from citekeeper.network.decoding import decode
from citekeeper.network.engine import Answer

_STATUS_LINE = re.compile(rb"HTTP/1\.[0-9][ \t]+[0-9]{3}(?![0-9])")
_WITHOUT_BODY = frozenset({204, 304})


def has_body(method: str, status: int) -> bool:
    """Whether an answer carries a body at all (RFC 9112, 6.3)."""
    return method != "HEAD" and (status >= 200 or status == 101) and status not in _WITHOUT_BODY


def to_response(answer: Answer, method: str, *, max_decoded: int) -> Response | Failure:
    """The Response for `answer`; a PROTOCOL failure when its head is not HTTP/1."""
    head = parse_head(answer.head) if _STATUS_LINE.match(answer.head) else None
    if head is None:
        return Failure(FailureKind.PROTOCOL, "the answer is not HTTP")
    cut = _cut(answer, head) if has_body(method, head.status) else answer.cut
    content, problem = decode(head.headers, answer.body, max_bytes=max_decoded, is_whole=cut is None)
    return Response(head.status, head.reason, head.headers, answer.head, answer.body, content, cut, problem)


def _cut(answer: Answer, head: Head) -> Cut | None:
    """Engines do not undo chunked framing, so whether it came to its end is seen here."""
    if not is_chunked(head.headers):
        return answer.cut
    framed = dechunk(answer.body)
    if answer.cut is Cut.LENGTH:
        # Also where only trailers without end were cut: what is kept is not all that was sent.
        return Cut.LENGTH
    if framed.complete or (not framed.valid and answer.cut is Cut.DISCONNECT):
        return None
    return answer.cut or (Cut.DISCONNECT if framed.valid else None)
