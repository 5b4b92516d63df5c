"""An address under construction: what was read so far, where each part stands in the text, and what was undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


# Not frozen, though nobody changes one: a frozen one would take longer to make than to find.
@dataclass(slots=True)
class Found:
    """One address in a text, with its place in that text."""

    start: int
    end: int
    url: str
    repairs: tuple[str, ...] = ()
    truncated: bool = False
    suffix: str | None = None
    alternatives: tuple[str, ...] = ()
    cut_by: str | None = None
    missing_at_least: int | None = None


class Draft:
    """Collects the meaning of a run of text and remembers which text each part of it came from."""

    __slots__ = ("_codes", "_parts", "_seen", "alternatives", "at", "start", "text", "value")

    def __init__(self, text: str, start: int, at: int) -> None:
        """Begin an address whose text starts at `start` and whose host is read from `at`."""
        self.text = text
        self.start = start
        self.at = at
        self.value = ""
        self.alternatives: list[str] = []
        """Other readings of the whole value so far, without the scheme."""
        self._parts: list[tuple[int, int, int, str]] = []
        # Where in the value, from where to where in the text, and what was undone ("" where nothing was).
        self._codes: list[tuple[int, str]] = []
        self._seen: set[str] = set()

    def take(self, end: int) -> None:
        """Read the text up to `end` as it stands."""
        self._parts.append((len(self.value), self.at, end, ""))
        piece = self.text[self.at : end]
        self.value += piece
        if self.alternatives:
            self.alternatives = [other + piece for other in self.alternatives]
        self.at = end

    def put(self, piece: str, end: int, code: str) -> None:
        """Read the text up to `end` as meaning `piece`, which undoes `code`."""
        self._codes.append((len(self.value), code))
        self._seen.add(code)
        self._parts.append((len(self.value), self.at, end, code))
        self.value += piece
        if self.alternatives:
            self.alternatives = [other + piece for other in self.alternatives]
        self.at = end

    def note(self, code: str) -> None:
        """Record that `code` was undone here, without text of its own."""
        self._codes.append((len(self.value), code))
        self._seen.add(code)

    def fork(self, other: str) -> None:
        """Remember that the value so far may also have to be read as `other`."""
        # Four readings (two doubtful joins) are as many as anyone will look at; more would grow as 2^n.
        if len(self.alternatives) < 4:
            self.alternatives.append(other)

    def shorten(self, length: int) -> None:
        """Give back everything behind the first `length` characters of the value."""
        if length >= len(self.value):
            return
        while self._parts and self._parts[-1][0] >= length:
            self.at = self._parts.pop()[1]
        if self._parts:
            begin, start, end, code = self._parts[-1]
            self.at = end if code else start + length - begin
        tail, self.value = self.value[length:], self.value[:length]
        self._codes = [(at, code) for at, code in self._codes if at < length or (at == 0 and length == 0)]
        self.alternatives = [other.removesuffix(tail) for other in self.alternatives]

    def has_undone(self, *codes: str) -> bool:
        """Whether any of `codes` was undone so far."""
        return not self._seen.isdisjoint(codes)

    def steps(self) -> Iterator[tuple[str, str, str]]:
        """What was undone where the address was read: the code, the text as printed, and what it means."""
        ends = [begin for begin, *_ in self._parts[1:]] + [len(self.value)]
        for (begin, start, end, code), behind in zip(self._parts, ends, strict=True):
            if code:
                yield code, self.text[start:end], self.value[begin:behind]

    @property
    def repairs(self) -> tuple[str, ...]:
        """What was undone, in order, each once."""
        return tuple(dict.fromkeys(code for _at, code in self._codes))
