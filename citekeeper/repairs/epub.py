"""EPUB: a link to the copy behind the link or address, in the chapter's own HTML. Attributes alone would be seen by no reader."""

from __future__ import annotations

import re

from citekeeper.model import Document, Reference
from citekeeper.repairs import html
from citekeeper.repairs.places import Beside

_LONGEST = 20_000
_ANCHOR_TAG = re.compile(r"<(/?)a(?=[\s/>])[^<>]{0,5000}>", re.I)


def beside(document: Document, reference: Reference) -> Beside | str:
    """As in HTML, but always in the running text."""
    spot = html.beside(document, reference)
    if isinstance(spot, str):
        return spot
    at = spot.at
    if spot.in_tag:
        # `spot.at` is right behind "<a".
        tags = _ANCHOR_TAG.finditer(document.text, at - 2, at + _LONGEST)
        next(tags, None)
        closed = next(tags, None)
        if closed is None or not closed[1]:
            return "the link's end was not found"
        at = closed.end()
    return Beside(at, spot.is_taken or html.LINK_TO_COPY.match(document.text, at) is not None)
