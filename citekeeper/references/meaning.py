"""What an address leads to: through redirectors, to the original of an archived copy, to the work that an identifier names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from citekeeper.model import Address
from citekeeper.references import identifiers, mementos, wrappers
from citekeeper.references.identifiers import identifier_of
from citekeeper.references.mementos import copy_at
from citekeeper.references.wrappers import unwrapped

# An address that means more than itself holds one of these, or another address.
_HINTS = ("%3", *(hint for hint in (*wrappers.HINTS, *mementos.HINTS, *identifiers.HINTS) if "%3" not in hint))


@dataclass(slots=True)
class Meaning:
    """An address as meant, and by which way it was printed."""

    address: Address
    wrapper: str | None = None
    """The redirector's address, where there is one."""
    copy: str | None = None
    """The archived copy's address, where one is printed."""
    copied_on: date | None = None
    identifier: str | None = None


def meant_by(address: Address) -> Meaning:
    """The meaning of `address`; a cut one is led no further than its cut allows."""
    url, wrapper = address.url, None
    if url is None or not _may_mean_more(url):
        return Meaning(address)
    target = None if address.truncated else unwrapped(url)
    if target is not None:
        url, wrapper, address = target, url, _leading_to(address, target, "unwrapped")
    copy = copy_at(url)
    if copy is None:
        return Meaning(address, wrapper, identifier=identifier_of(url))
    if copy.original is not None:
        address = _leading_to(address, copy.original, "archived-copy")
    return Meaning(address, wrapper, url, copy.taken, identifier_of(copy.original or ""))


def _may_mean_more(url: str) -> bool:
    return ":/" in url[8:] or any(map(url.lower().__contains__, _HINTS))


def _leading_to(address: Address, url: str, code: str) -> Address:
    """`address` as the other one that it carries; other readings of the carrier say nothing of what it carries."""
    return replace(address, url=url, repairs=(*address.repairs, code), alternatives=())
