"""Whether a name can be the host of an address at all."""

from __future__ import annotations

import re

from citekeeper.domains import has_public_suffix
from citekeeper.references.schemes import Anchor

_NUMBERS = re.compile(r"\d{1,10}(?:\.\d{1,10}){1,3}\Z")
_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W])?\Z|_[\w-]{1,60}\Z")
_LAST = re.compile(r"(?:[^\W\d_]{2,63}|xn--[a-z0-9-]{2,59})\Z", re.IGNORECASE)


def is_possible_host(authority: str, anchor: Anchor, *, is_cut: bool) -> bool:
    """Whether `authority` (with user and port, if any) names a host that a reader could have meant."""
    host = re.sub(r":\d*\Z", "", authority.rsplit("@", 1)[-1]).rstrip(".")
    if host.startswith("["):
        return host.endswith("]") and host.count(":") >= 2
    if host == "localhost" or _NUMBERS.match(host):
        return True
    labels = host.split(".")
    if not all(_LABEL.match(label) for label in labels):
        return False
    if is_cut:
        return len(labels) > 1 or anchor.scheme is not None
    if len(labels) < 2 or not _LAST.match(labels[-1]):
        return False
    # A space or a missing colon makes "http" a word of the sentence, unless a host beyond doubt follows.
    needs_suffix = anchor.is_loose or anchor.scheme is None
    return has_public_suffix(host) if needs_suffix else True
