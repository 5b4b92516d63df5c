"""The open blocks of a page while it is read: where each begins and ends, and which are items of a list of notes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from citekeeper.documents.html.elements import ended_by


@dataclass(slots=True)
class Block:
    """A block of the page; its end is known once it is closed."""

    name: str
    start: int
    """In the reading text."""
    end: int | None = None
    id: str = ""
    number: int | None = None
    """Of an item, in its numbered list."""
    in_notes: bool = False
    """Inside what the page itself calls its notes."""
    is_note: bool = False
    """The page says that this very block is a note (role="doc-footnote")."""
    next_number: int = 1
    """Of a numbered list: the number of its next item."""


class Outline:
    """A stack of blocks that never searches: closing is linear in all that was opened."""

    def __init__(self) -> None:
        self._open: list[Block] = []
        self._names: Counter[str] = Counter()
        self.kept: list[Block] = []
        """The blocks that may be notes, in order."""

    @property
    def innermost(self) -> Block | None:
        """The block that text would fall into now."""
        return self._open[-1] if self._open else None

    def open(self, block: Block, offset: int) -> None:
        """Begin `block`, after closing what it ends without an end tag."""
        ends = ended_by(block.name)
        while self._open and self._open[-1].name in ends:
            self._close_last(offset)
        parent = self.innermost
        block.in_notes = block.in_notes or (parent is not None and parent.in_notes)
        if block.name == "li" and parent is not None and parent.name == "ol":
            block.number = parent.next_number if block.number is None else block.number
            parent.next_number = block.number + 1
        self._open.append(block)
        self._names[block.name] += 1
        if block.id or block.is_note or block.number is not None:
            self.kept.append(block)

    def close(self, name: str, offset: int) -> Block | None:
        """End the innermost block `name` and all inside it; None when none is open."""
        if not self._names[name]:
            return None
        while (block := self._close_last(offset)).name != name:
            pass
        return block

    def finish(self, offset: int) -> None:
        """End all that is open."""
        while self._open:
            self._close_last(offset)

    def _close_last(self, offset: int) -> Block:
        block = self._open.pop()
        block.end = offset
        self._names[block.name] -= 1
        return block
