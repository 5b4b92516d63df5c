"""What verifying says: the aspects that are judged one by one, and the problems found, each with a code that `explain` knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

MOST_KEPT = 1000
"""Problems that are kept with their words; the rest is only counted. A hostile file could hold millions."""


class Aspect(StrEnum):
    """One question asked of a file; each is answered apart from the others."""

    STRUCTURE = "structure"
    DIGESTS = "digests"
    INDEX = "index"
    COVERAGE = "coverage"
    SIGNATURE = "signature"
    TIMESTAMP = "timestamp"
    TRUST = "trust"


class Severity(StrEnum):
    """How much a problem matters: an error breaks its aspect, a warning does not, a note is only worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Answer(StrEnum):
    """How an aspect was judged."""

    GOOD = "good"
    WARNED = "warned"
    BROKEN = "broken"
    ABSENT = "absent"
    """There is nothing to judge: no signature, no index."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where."""

    aspect: Aspect
    severity: Severity
    code: str
    where: str
    message: str


@dataclass(frozen=True, slots=True)
class Judged:
    """The answer to one aspect."""

    aspect: Aspect
    answer: Answer
    words: str = ""
    """What was found, when that is not a problem: by whose key, at what time, how many captures."""


@dataclass(frozen=True, slots=True)
class Verification:
    """All that was judged of one path."""

    path: str
    kind: str
    """"WARC", "WACZ", "archive folder", or "file" for what holds no record."""
    records: int
    size: int
    """Bytes."""
    judged: tuple[Judged, ...]
    """Every aspect, in order."""
    problems: tuple[Problem, ...]
    untold: int = 0
    """Problems beyond those kept."""

    @property
    def is_sound(self) -> bool:
        """Whether no aspect is broken."""
        return all(each.answer is not Answer.BROKEN for each in self.judged)


Say = Callable[[str, str], None]
"""Tell a problem by its code and in words."""


class Problems:
    """Collects problems, within bounds."""

    def __init__(self, kinds: dict[str, tuple[Aspect, Severity]]) -> None:
        self._kinds = kinds
        self.kept: list[Problem] = []
        self.counts: Counter[tuple[Aspect, Severity]] = Counter()
        self.words: dict[Aspect, str] = {}
        """What was found in an aspect that there was something of."""

    def add(self, code: str, where: str, message: str) -> None:
        """Take a problem down."""
        aspect, severity = self._kinds[code]
        self.counts[aspect, severity] += 1
        if len(self.kept) < MOST_KEPT:
            self.kept.append(Problem(aspect, severity, code, where, message[:500]))

    def at(self, where: str) -> Say:
        """A way to tell problems of one place."""
        return lambda code, message: self.add(code, where, message)

    def present(self, aspect: Aspect, words: str = "") -> None:
        """Say that there is something to judge in this aspect."""
        self.words[aspect] = words or self.words.get(aspect, "")

    def answers(self) -> tuple[Judged, ...]:
        """Every aspect with its answer."""
        return tuple(Judged(aspect, self._answer(aspect), self.words.get(aspect, "")) for aspect in Aspect)

    @property
    def untold(self) -> int:
        """How many problems were counted only."""
        return self.counts.total() - len(self.kept)

    def _answer(self, aspect: Aspect) -> Answer:
        if self.counts[aspect, Severity.ERROR]:
            return Answer.BROKEN
        if self.counts[aspect, Severity.WARNING]:
            return Answer.WARNED
        return Answer.GOOD if aspect in self.words else Answer.ABSENT
