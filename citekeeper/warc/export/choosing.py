"""Which records an export takes: whole visits, or single captures of files that other programs made, with all they refer to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from citekeeper.surt import surt
from citekeeper.warc.members import Member, read_member, scan
from citekeeper.warc.records import MAX_RECORD_HEAD, Record, parse, read_date
from citekeeper.warc.requisite_record import read_requisites
from citekeeper.warc.visit_record import MAX_VISIT_BYTES, MEMENTO_FORMAT, StoredFacts, read_visit

_KEEP = MAX_VISIT_BYTES + MAX_RECORD_HEAD
_OWN = b"software: citekeeper/"
_MOST_STEPS = 5
"""From a record to one it refers to, and on; a revisit of ours refers to a response, which ends it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be exported; what is None does not narrow it."""

    visits: frozenset[str] | None = None
    """Ids of visits."""
    mementos: frozenset[str] = frozenset()
    """Addresses of archived copies that go along with these visits."""
    keys: frozenset[str] | None = None
    """Addresses, as their SURT keys."""
    since: datetime | None = None
    until: datetime | None = None

    def _is_timely(self, at: datetime) -> bool:
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)

    def takes_visit(self, facts: StoredFacts) -> bool:
        """Whether a visit is wanted."""
        if self.visits is not None and self.visits.isdisjoint((facts.id, facts.requisite_of)):
            return False
        if facts.exchanges and not any(self._is_timely(each.started) for each in facts.exchanges):
            return False
        return self._takes_address([facts.target, *(each.url for each in facts.exchanges), *([facts.via] if facts.via else [])])

    def takes_memento(self, record: Record, memento: str) -> bool:
        """Whether an archived copy is wanted, by the record that ends it."""
        return memento in self.mementos if self.visits is not None else self.takes_record(record)

    def takes_record(self, record: Record) -> bool:
        """Whether a record that belongs to no visit is wanted."""
        target, at = record.field("WARC-Target-URI"), read_date(record.field("WARC-Date") or "")
        if self.visits is not None or target is None or at is None:
            return False
        return self._is_timely(at) and self._takes_address([_page_of(target.strip("<>"))])

    def _takes_address(self, urls: Iterable[str]) -> bool:
        return self.keys is None or not self.keys.isdisjoint(surt(url) for url in urls)


@dataclass(slots=True)
class Chosen:
    """The records that an export takes from one file, by their places."""

    path: Path
    places: set[tuple[int, int]] = field(default_factory=set)
    """Where each begins, and its bytes in the file."""


@dataclass(slots=True)
class Choice:
    """All of them, file by file."""

    files: list[Chosen] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    """Of the visits, in order; for a name that is made from what is in the export."""


_OF_PAGE = re.compile(r"urn:(?:screenshot|view|thumbnail|fullPage|fullPageFinal|text|pageinfo):(?=https?://)")
"""Resources that browsertrix makes of a page (src/util/screenshots.ts, textextract.ts): what it looked like, what it said."""


def _page_of(target: str) -> str:
    """The address of the page that a record is of."""
    return _OF_PAGE.sub("", target)


OnVisit = Callable[[StoredFacts], None]


@dataclass(slots=True)
class _Along:
    """What goes along with the pages that are taken, because they cannot be shown without it."""

    places: dict[str, tuple[Path, list[tuple[int, int]]]] = field(default_factory=dict)
    """By a page's visit, where the record lies that says what the page needs; behind that of the file itself."""
    pages: set[str] = field(default_factory=set)
    """The visits that were taken."""

    def visits(self, chosen: Callable[[Path], Chosen]) -> frozenset[str]:
        """Take these records, and tell the visits that they name."""
        found: set[str] = set()
        for page in self.pages & self.places.keys():
            path, places = self.places[page]
            with path.open("rb") as handle:
                member = read_member(handle, places[-1][0], _KEEP)
            record = parse(member.data) if isinstance(member, Member) else None
            needs = read_requisites(record) if record is not None else None
            if needs is not None:
                chosen(path).places.update(places)
                found.update(each.visit for each in needs.requisites if each.visit)
        return frozenset(found)


def choose(paths: Iterable[Path], wanted: Wanted, on_visit: OnVisit) -> Choice:
    """Look through the capture files at `paths`; `on_visit` is told of each visit that is taken, in order."""
    choice, files, along = Choice(), list(paths), _Along()
    chosen = {path: Chosen(path) for path in files}
    missing = _read_all(chosen, wanted, choice, on_visit, along)
    # Most lie with the page that asked first, and were taken with it; another page's are looked for once more.
    if needed := along.visits(chosen.__getitem__) - along.pages:
        missing |= _read_all(chosen, Wanted(visits=needed), choice, lambda facts: None, _Along())
    choice.files = [each for each in chosen.values() if each.places]
    for _ in range(_MOST_STEPS):
        if not missing:
            break
        missing = _find(files, missing, choice)
    choice.files.sort(key=lambda each: each.path.name)
    return choice


def _read_all(chosen: Mapping[Path, Chosen], wanted: Wanted, choice: Choice, on_visit: OnVisit, along: _Along) -> set[str]:
    """Look through all files once; the ids of records that are referred to and lie elsewhere."""
    missing: set[str] = set()
    for into in chosen.values():
        reading = _Reading(into, wanted, choice, on_visit, along)
        reading.read()
        missing |= reading.missing
    return missing


class _Reading:
    """One file on the way to a choice."""

    def __init__(self, chosen: Chosen, wanted: Wanted, choice: Choice, on_visit: OnVisit, along: _Along) -> None:
        self.chosen = chosen
        self._along = along
        self.missing: set[str] = set()
        """Ids of records that are referred to and do not lie in the same visit."""
        self._wanted = wanted
        self._choice = choice
        self._on_visit = on_visit
        self._is_own = False
        self._warcinfo: tuple[int, int] | None = None
        self._chains: dict[str, tuple[int, int]] = {}
        self._held: dict[str, tuple[int, int]] = {}
        self._refers: set[str] = set()
        self._chain_of: dict[str, str] = {}
        """The record that each certificate chain came with."""

    def read(self) -> None:
        with self.chosen.path.open("rb") as handle:
            for part in scan(handle, keep=_KEEP):
                record = parse(part.data) if isinstance(part, Member) else None
                if record is not None and isinstance(part, Member):
                    self._take(record, (part.offset, part.length))

    def _take(self, record: Record, place: tuple[int, int]) -> None:
        if record.type == "warcinfo":
            self._warcinfo, self._is_own = place, _OWN in record.block
            return
        facts = read_visit(record.block) if record.type == "metadata" else None
        if facts:
            self._close_visit(facts, place)
        elif record.type == "metadata" and (memento := read_memento(record.block)) is not None:
            if self._wanted.takes_memento(record, memento):
                self._add_group([], place)
            self._forget()
        elif record.type == "metadata" and (needs := read_requisites(record)) is not None:
            self._along.places[needs.visit] = (self.chosen.path, [*([self._warcinfo] if self._warcinfo else []), place])
        elif not self._is_own:
            if self._wanted.takes_record(record):
                self._add([place], [record.field("WARC-Refers-To") or ""] if record.type == "revisit" else [])
        elif record.type == "resource" and (record.field("WARC-Target-URI") or "").startswith("urn:citekeeper:certificates:"):
            self._chains[record.id] = place
            self._chain_of[record.id] = record.field("WARC-Concurrent-To") or ""
        else:
            self._held[record.id] = place
            if record.type == "revisit" and (refers := record.field("WARC-Refers-To")):
                self._refers.add(refers)

    def _close_visit(self, facts: StoredFacts, place: tuple[int, int]) -> None:
        if self._wanted.takes_visit(facts):
            self._add_group([each.chain for each in facts.exchanges if each.chain in self._chains], place)
            self._choice.ids.append(facts.id)
            self._along.pages.add(facts.id)
            if facts.requisite_of is None:
                self._on_visit(facts)
        self._forget()

    def _add_group(self, chains: Sequence[str | None], last: tuple[int, int]) -> None:
        """Add what was held, with the certificate chains of these ids and the record that ends it."""
        named = [each for each in chains if each]
        refers = self._refers | {self._chain_of[each] for each in named}
        places = [self._chains[each] for each in named]
        self._add([*places, *self._held.values(), last], [each for each in refers if each.strip("<>") not in self._held])

    def _forget(self) -> None:
        self._held.clear()
        self._refers.clear()

    def _add(self, places: list[tuple[int, int]], refers: list[str]) -> None:
        self.chosen.places.update([*([self._warcinfo] if self._warcinfo else []), *places])
        self.missing.update(each.strip("<>") for each in refers if each)


def _find(paths: list[Path], missing: set[str], choice: Choice) -> set[str]:
    """Add the records with these ids, and what is concurrent to them; the ids of what those refer to in turn."""
    chosen = {each.path: each for each in choice.files}
    refers: set[str] = set()
    for path in paths:
        into = chosen.get(path) or Chosen(path)
        warcinfo: tuple[int, int] | None = None
        with path.open("rb") as handle:
            for part in scan(handle):
                record = parse(part.data) if isinstance(part, Member) else None
                if record is None or not isinstance(part, Member):
                    continue
                place = (part.offset, part.length)
                warcinfo = place if record.type == "warcinfo" else warcinfo
                is_named = record.id in missing or (record.field("WARC-Concurrent-To") or "").strip("<>") in missing
                if is_named and place not in into.places:
                    into.places.update({place, *([warcinfo] if warcinfo else [])})
                    refers.add((record.field("WARC-Refers-To") or "").strip("<>") if record.type == "revisit" else "")
        if into.places and path not in chosen:
            choice.files.append(into)
    return refers - {""}


def read_memento(block: bytes) -> str | None:
    """The address of the archived copy that a record tells of; None when it tells of none."""
    begin = f"format: {MEMENTO_FORMAT}\r\nmemento: ".encode("ascii")
    return block[len(begin) :].partition(b"\r\n")[0].decode("utf-8", "replace") if block.startswith(begin) else None


def stamp_of(moment: datetime) -> str:
    """A moment as lists of pages write it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
