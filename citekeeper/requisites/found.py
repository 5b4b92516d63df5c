"""Addresses on their way from markup to needs: collected as written, resolved at the end, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from citekeeper.model import Need, NeedKind

Resolve = Callable[[str, str], str | None]
"""The absolute web address that an address as written means on a page, given first; None when it is none."""

MAX_FOUND: Final = 5_000
"""Addresses taken of one document; the page with the most pictures that anybody reads has some hundreds."""
_MAX_WRITTEN: Final = 16_384
"""Characters of an address; what is longer is data."""


@dataclass(frozen=True, slots=True)
class Written:
    """An address as a document writes it."""

    text: str
    kind: NeedKind
    context: str
    is_guess: bool = False


@dataclass(frozen=True, slots=True)
class Needs:
    """What one document needs."""

    needs: tuple[Need, ...]
    """Each address once, in the order in which they are to be fetched."""
    unlisted: int = 0
    """Addresses beyond the bound."""


@dataclass(slots=True)
class Collection:
    """Addresses found so far, within the bound."""

    written: list[Written] = field(default_factory=list)
    unlisted: int = 0

    def add(self, text: str | None, kind: NeedKind, context: str, *, is_guess: bool = False) -> None:
        """Take an address, unless there is nothing in it that could be fetched."""
        text = (text or "").strip()
        if not text or text.startswith("#") or text[:5].lower() == "data:" or len(text) > _MAX_WRITTEN:
            return
        if len(self.written) >= MAX_FOUND:
            self.unlisted += 1
            return
        self.written.append(Written(text, kind, context, is_guess))

    def extend(self, written: Iterable[Written], context: str) -> None:
        """Take what was found in a part of the document, a style attribute for instance."""
        # No blanks: a line of the capture's record ends with it.
        for each in written:
            self.add(each.text, each.kind, f"{context}>{each.context}", is_guess=each.is_guess)

    def needs(self, base: str, resolve: Resolve) -> Needs:
        """What was found, resolved against `base`, each address once."""
        found: dict[str, Need] = {}
        rank = {kind: number for number, kind in enumerate(NeedKind)}
        for each in sorted(self.written, key=lambda each: (each.is_guess, rank[each.kind])):
            url = (resolve(base, each.text) or "").partition("#")[0]
            if url:
                found.setdefault(url, Need(url, each.kind, each.context, each.is_guess))
        return Needs(tuple(found.values()), self.unlisted)
