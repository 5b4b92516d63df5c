"""What the other addresses of a document tell of one: its scheme, where the text leaves it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from citekeeper.references.draft import Found


def settled(found: Sequence[Found]) -> list[Found]:
    """The same addresses; one without a scheme takes https when the document writes its host with https and never with http."""
    written = {one.url.split("/", 3)[2].lower(): set[str]() for one in found}
    for one in found:
        if "no-scheme" not in one.repairs:
            scheme, _, host, *_ = one.url.split("/", 3)
            written[host.lower()].add(scheme)
    return [
        _with_https(one) if "no-scheme" in one.repairs and written[one.url.split("/", 3)[2].lower()] == {"https:"} else one for one in found
    ]


def _with_https(one: Found) -> Found:
    secure = "https" + one.url.removeprefix("http")
    others = tuple(one.url if other == secure else other for other in one.alternatives)
    return replace(one, url=secure, alternatives=others)
