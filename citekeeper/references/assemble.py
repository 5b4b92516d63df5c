"""From a document to its references: addresses in the text, links of the format, notes around both, places in the source."""

from __future__ import annotations

import gc
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from citekeeper.model import Document, Lines, Link, Location, Reference, Span
from citekeeper.references.backward import Backward, Cite, backward_words, meant_by_each
from citekeeper.references.citing import Entries, cited_work, with_copies
from citekeeper.references.context import Places, around, context_of, context_of_note
from citekeeper.references.draft import Found
from citekeeper.references.find import find
from citekeeper.references.identifiers import with_identifiers
from citekeeper.references.links import address_of, address_of_href, merge
from citekeeper.references.meaning import Meaning, meant_by
from citekeeper.references.neighbours import settled
from citekeeper.references.notes import Notes, read_notes


# Not frozen, though nobody changes one: there are as many as references.
@dataclass(slots=True)
class _Cited:
    """One address on its way to become a reference."""

    start: int
    end: int
    """Its place in the reading text; decides marker and context."""
    source_start: int
    source_end: int
    meaning: Meaning
    href: str | None = None
    is_words: bool = False
    """Whether words, not an address, stand at its place."""


def extract(document: Document) -> tuple[Reference, ...]:
    """Every reference of `document`, in the order of its source; spans are exact and never overlap. Pure, and linear in the text."""
    _, references, repeated = _read(document)
    if not repeated:
        return tuple(references)
    return tuple(sorted([*references, *(reference for reference, _place in repeated)], key=_offset))


def extract_with_places(document: Document) -> list[tuple[Reference, Span]]:
    """Every reference, with its place in the reading text."""
    cited, references, repeated = _read(document)
    placed = [(reference, Span(one.start, one.end)) for reference, one in zip(references, cited, strict=True)]
    return sorted([*placed, *repeated], key=lambda pair: _offset(pair[0]))


def _read(document: Document) -> tuple[list[_Cited], list[Reference], list[tuple[Reference, Span]]]:
    """What is cited, the reference of each, and those that "ibid." and the like repeat, with their places."""
    reading = document.reading
    with _uncollected():
        found = with_identifiers(reading, settled(list(find(reading, stops_of(document)))))
        notes = read_notes(reading, document.marks, found)
        cited = list(_cited(document, found))
        if document.links or document.segments:
            cited = _without_overlaps(sorted(cited, key=_order))
        surroundings = _Surroundings(document, notes, cited)
        references = with_copies(surroundings.references(cited), document.text)
        return cited, references, surroundings.repeated(cited, references)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of cycles: there are none here, and it would look for them at all references again and again."""
    is_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if is_enabled:
            gc.enable()


def _order(one: _Cited) -> tuple[int, int, int]:
    return one.source_start, one.source_end, one.start


def _offset(reference: Reference) -> int:
    return reference.location.offset


def stops_of(document: Document) -> list[int]:
    """Where the format ends a link or cites a note: `<a>…/page</a><sup>1</sup>` is not "…/page1"."""
    ends = {link.anchor.end for link in document.links if link.anchor.end > link.anchor.start}
    return sorted(ends | {mark.at.start for mark in document.marks if mark.role == "cite"})


class _Surroundings:
    """What stands around the references of one document, worked out once for all of them."""

    def __init__(self, document: Document, notes: Notes, cited: Sequence[_Cited]) -> None:
        self.document = document
        self.notes = notes
        self.lines = Lines(document.text)
        self.citations = {marker: tuple(map(self._locate, spans)) for marker, spans in notes.citations.items()}
        self.entries = Entries(document.entries) if document.entries else None
        places = [(one.start, one.end) for one in cited]
        if document.links or document.segments:
            places = sorted(set(places))
        self.places = Places([start for start, _end in places], [end for _start, end in places])

    def _locate(self, place: Span) -> Location:
        source = self.document.to_source(place)
        return self._located(source.start, source.end)

    def _located(self, start: int, end: int) -> Location:
        location = self.lines.between(start, end)
        mark = self.document.place_of(Span(start, end)) if self.document.places else None
        return replace(location, page=mark.page, box=mark.box, part=mark.part) if mark else location

    def references(self, cited: Sequence[_Cited]) -> list[Reference]:
        """The reference of each of `cited`."""
        places = zip(self.places.starts, self.places.ends, strict=True)
        order = {place: index for index, place in enumerate(places)} if self.document.links or self.document.segments else None
        return [self._reference(one, order[one.start, one.end] if order else index) for index, one in enumerate(cited)]

    def _reference(self, cited: _Cited, index: int) -> Reference:
        """The reference of what is cited at the place `index`."""
        document, meaning = self.document, cited.meaning
        note = self.notes.at(cited.start)
        body = note.body if note else None
        entry = self.entries.at(cited.start) if self.entries else None
        beside = around(document.reading, self.places, index, body)
        return Reference(
            document.text[cited.source_start : cited.source_end],
            self._located(cited.source_start, cited.source_end),
            meaning.address,
            note.marker if note else None,
            self.citations.get(note.marker, ()) if note else (),
            context_of(document.reading, self.places, index, body, beside, with_own_words=cited.is_words),
            cited.href,
            cited_work(beside, meaning, entry, is_note=note is not None),
            meaning.wrapper,
            meaning.identifier,
            meaning.copy is not None,
        )

    def repeated(self, cited: Sequence[_Cited], references: Sequence[Reference]) -> list[tuple[Reference, Span]]:
        """References of their own for "ibid." and the like: the same address, cited again."""
        words = list(backward_words(self.document.reading, self.notes.notes))
        if not words:
            return []
        ordered = sorted(zip(cited, references, strict=True), key=lambda pair: (pair[0].start, pair[0].end))
        # A copy named beside its work is no citation before: "Id." means the work.
        known = [
            pair
            for before, pair in zip([None, *(one for _cited, one in ordered)], ordered, strict=False)
            if not _is_its_copy(pair[1], before)
        ]
        cites = [Cite(Span(one.start, one.end), reference.marker, reference.context) for one, reference in known]
        taken = [Span(one.source_start, one.source_end) for one in cited]
        again = []
        for word, index in meant_by_each(words, cites, self.notes.notes):
            source = self.document.to_source(word.at)
            if not any(other.start < source.end and source.start < other.end for other in _near(taken, source)):
                again.append((self._again(word, source, known[index][1]), word.at))
        return again

    def _again(self, word: Backward, source: Span, meant: Reference) -> Reference:
        note = word.note
        return replace(
            meant,
            raw=self.document.text[source.start : source.end],
            location=self._located(source.start, source.end),
            marker=note.marker,
            cited_at=self.citations.get(note.marker, ()),
            context=context_of_note(self.document.reading, note.body),
            same_as=meant.marker,
        )


def _is_its_copy(one: Reference, before: Reference | None) -> bool:
    if before is None or before.citation is None or one.citation is None or not one.archived:
        return False
    return before.citation.archived_url == one.citation.archived_url


def _near(taken: Sequence[Span], source: Span) -> Sequence[Span]:
    index = bisect_left(taken, source)
    return taken[max(0, index - 1) : index + 1]


def _cited(document: Document, found: Sequence[Found]) -> Iterator[_Cited]:
    starts = [one.start for one in found]
    linked: dict[int, tuple[Link, Meaning]] = {}
    for link in document.links:
        stated = address_of_href(link.href)
        if stated is None or _is_own_fragment(link.href, document.url):
            continue
        index = _overlapping(found, starts, link.anchor)
        if index is not None and index not in linked:
            linked[index] = (link, meant_by(stated))
        elif index is None or linked[index][0].href != link.href:
            source = link.href_span if link.href_span.end > link.href_span.start else document.to_source(link.anchor)
            yield _Cited(link.anchor.start, link.anchor.end, source.start, source.end, meant_by(stated), link.href, is_words=True)
    for index, one in enumerate(found):
        meaning, href = meant_by(address_of(one)), None
        if index in linked:
            link, behind = linked[index]
            meaning, href = merge(one, meaning, link, behind), link.href
        if document.segments:
            source = document.to_source(Span(one.start, one.end))
            yield _Cited(one.start, one.end, source.start, source.end, meaning, href)
        else:
            yield _Cited(one.start, one.end, one.start, one.end, meaning, href)


def _is_own_fragment(href: str, own: str | None) -> bool:
    """Whether a link leads to a place in the document itself."""
    page, hash_, _fragment = href.partition("#")
    return bool(hash_) and own is not None and page == own.partition("#")[0]


def _overlapping(found: Sequence[Found], starts: Sequence[int], anchor: Span) -> int | None:
    index = bisect_left(starts, anchor.start)
    if index and found[index - 1].end > anchor.start:
        return index - 1
    return index if index < len(found) and found[index].start < anchor.end else None


def _without_overlaps(cited: Sequence[_Cited]) -> list[_Cited]:
    kept: list[_Cited] = []
    behind = 0
    for one in cited:
        if one.source_end > one.source_start and one.source_start >= behind:
            kept.append(one)
            behind = one.source_end
    return kept
