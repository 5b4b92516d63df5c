"""From a document to its references: addresses in the text, links of the format, notes around both, places in the source."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from citekeeper.model import Document, Lines, Link, Location, Reference, Span
from citekeeper.references.backward import Backward, Cite, backward_words, meant_by_each
from citekeeper.references.citing import Entries, cited_work, with_copies
from citekeeper.references.context import around, context_of, context_of_note
from citekeeper.references.draft import Found
from citekeeper.references.find import find
from citekeeper.references.identifiers import with_identifiers
from citekeeper.references.links import address_of, address_of_href, merge
from citekeeper.references.meaning import Meaning, meant_by
from citekeeper.references.neighbours import settled
from citekeeper.references.notes import Notes, read_notes


@dataclass(frozen=True, slots=True)
class _Cited:
    """One address on its way to become a reference."""

    place: Span
    """In the reading text; decides marker and context."""
    source: Span
    meaning: Meaning
    href: str | None = None
    is_words: bool = False
    """Whether words, not an address, stand at `place`."""


def extract(document: Document) -> tuple[Reference, ...]:
    """Every reference of `document`, in the order of its source; spans are exact and never overlap. Pure, and linear in the text."""
    return tuple(reference for reference, _place in extract_with_places(document))


def extract_with_places(document: Document) -> list[tuple[Reference, Span]]:
    """Every reference, with its place in the reading text."""
    reading = document.reading
    found = with_identifiers(reading, settled(list(find(reading, stops_of(document)))))
    notes = read_notes(reading, document.marks, found)
    cited = _without_overlaps(sorted(_cited(document, found), key=_order))
    surroundings = _Surroundings(document, notes, cited)
    references = with_copies([surroundings.reference(one) for one in cited], document.text)
    placed = [(reference, one.place) for reference, one in zip(references, cited, strict=True)]
    return sorted([*placed, *surroundings.repeated(placed)], key=lambda pair: pair[0].location.offset)


def _order(one: _Cited) -> tuple[int, int, int]:
    return one.source.start, one.source.end, one.place.start


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
        self.entries = Entries(document.entries)
        self.places = sorted({one.place for one in cited}, key=lambda place: (place.start, place.end))
        self.order = {place: index for index, place in enumerate(self.places)}

    def _locate(self, place: Span) -> Location:
        return self._located(self.document.to_source(place))

    def _located(self, source: Span) -> Location:
        location = self.lines.locate(source)
        mark = self.document.place_of(source) if self.document.places else None
        return replace(location, page=mark.page, box=mark.box, part=mark.part) if mark else location

    def reference(self, cited: _Cited) -> Reference:
        note, meaning = self.notes.at(cited.place.start), cited.meaning
        reading, index, body = self.document.reading, self.order[cited.place], note.body if note else None
        beside = around(reading, self.places, index, body)
        return Reference(
            raw=self.document.text[cited.source.start : cited.source.end],
            location=self._located(cited.source),
            address=meaning.address,
            marker=note.marker if note else None,
            cited_at=self.citations.get(note.marker, ()) if note else (),
            context=context_of(reading, self.places, index, body, beside, with_own_words=cited.is_words),
            href=cited.href,
            citation=cited_work(beside, meaning, self.entries.at(cited.place), is_note=note is not None),
            wrapper=meaning.wrapper,
            identifier=meaning.identifier,
            archived=meaning.copy is not None,
        )

    def repeated(self, placed: Sequence[tuple[Reference, Span]]) -> Iterator[tuple[Reference, Span]]:
        """References of their own for "ibid." and the like: the same address, cited again."""
        words = list(backward_words(self.document.reading, self.notes.notes))
        if not words:
            return
        known = sorted(placed, key=lambda pair: pair[1])
        cites = [Cite(place, reference.marker, reference.context) for reference, place in known]
        taken = [Span(one.location.offset, one.location.offset + one.location.length) for one, _place in placed]
        for word, index in meant_by_each(words, cites, self.notes.notes):
            source = self.document.to_source(word.at)
            if not any(other.start < source.end and source.start < other.end for other in _near(taken, source)):
                yield self._again(word, source, known[index][0]), word.at

    def _again(self, word: Backward, source: Span, meant: Reference) -> Reference:
        note = word.note
        return replace(
            meant,
            raw=self.document.text[source.start : source.end],
            location=self._located(source),
            marker=note.marker,
            cited_at=self.citations.get(note.marker, ()),
            context=context_of_note(self.document.reading, note.body),
            same_as=meant.marker,
        )


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
            yield _Cited(link.anchor, source, meant_by(stated), link.href, is_words=True)
    for index, one in enumerate(found):
        span = Span(one.start, one.end)
        printed = meant_by(address_of(one))
        if index in linked:
            link, behind = linked[index]
            yield _Cited(span, document.to_source(span), merge(one, printed, link, behind), link.href)
        else:
            yield _Cited(span, document.to_source(span), printed)


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
    for one in cited:
        if one.source.end > one.source.start and (not kept or one.source.start >= kept[-1].source.end):
            kept.append(one)
    return kept
