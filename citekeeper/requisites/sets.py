"""`srcset`: one picture in several sizes (https://html.spec.whatwg.org/multipage/images.html#parsing-a-srcset-attribute)."""

from __future__ import annotations

import re
from collections.abc import Iterator

# An address may hold commas, but neither begins nor ends with one; a descriptor may hold them in parentheses.
_CANDIDATE = re.compile(r"[\s,]*([^\s,]\S*)")
_DESCRIPTORS = re.compile(r"(?:[^,()]|\([^)]*\)?)*,?")


def addresses(srcset: str) -> Iterator[str]:
    """Every address in it: which one a browser takes depends on its screen."""
    at = 0
    while match := _CANDIDATE.match(srcset, at):
        address, at = match[1], match.end()
        bare = address.rstrip(",")
        if bare == address:
            descriptors = _DESCRIPTORS.match(srcset, at)
            at = descriptors.end() if descriptors else len(srcset)
        if bare:
            yield bare
