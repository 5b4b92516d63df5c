"""What the other addresses of a document tell of one: its scheme, where the text leaves it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from citekeeper.references.draft import Found


def settled(found: Sequence[Found]) -> list[Found]:
    """The same addresses; one without a scheme takes https when the document writes its host with https and never with http."""
    bare = {_host(one.url) for one in found if "no-scheme" in one.repairs}
    if not bare:
        return list(found)
    written: dict[str, set[str]] = {}
    for one in found:
        if "no-scheme" not in one.repairs and (host := _host(one.url)) in bare:
            written.setdefault(host, set()).add(one.url.partition("/")[0])
    return [_with_https(one) if "no-scheme" in one.repairs and written.get(_host(one.url)) == {"https:"} else one for one in found]


def _host(url: str) -> str:
    return url.split("/", 3)[2].lower()


def _with_https(one: Found) -> Found:
    secure = "https" + one.url.removeprefix("http")
    others = tuple(one.url if other == secure else other for other in one.alternatives)
    return replace(one, url=secure, alternatives=others)
