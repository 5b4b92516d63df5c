"""Repairs written into the members of a container (Word, OpenDocument, EPUB); every other member keeps its bytes, place and date."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from citekeeper.model import Document
from citekeeper.repairs import docx, odt
from citekeeper.repairs.edits import Edit, Left
from citekeeper.repairs.elements import Splice, Spot, Words, characters
from citekeeper.repairs.places import sound
from citekeeper.repairs.rewriting import rewriting_of
from citekeeper.repairs.zips import NotReplaced, member, names, replaced

_SIGNATURES = ("_xmlsignatures/", "META-INF/documentsignatures.xml", "META-INF/signatures.xml")


@dataclass(frozen=True, slots=True)
class Packed:
    """A container with its repairs, and those that could not be written."""

    data: bytes
    edits: tuple[Edit, ...]
    left: tuple[Left, ...] = ()


class Writer(Protocol):
    """Puts copies into one XML member, without changing it itself."""

    def insertion(self, spot: Spot, words: Words) -> Splice | str:
        """What to put in for a copy, or why that cannot be."""

    def rest(self) -> list[Splice]:
        """What has to be written elsewhere for the insertions made."""


@dataclass(frozen=True, slots=True)
class _Kind:
    writer: Callable[[str, datetime, Iterator[int]], Writer]
    free_ids: Callable[[Iterable[str]], Iterator[int]]


_KINDS: Mapping[str, _Kind] = MappingProxyType(
    {"docx": _Kind(docx.Writer, docx.free_ids), "odt": _Kind(odt.Writer, odt.free_ids)},
)
PACKED = frozenset({*_KINDS, "epub"})
"""The formats whose files are containers."""


def packed(data: bytes, document: Document, edits: Sequence[Edit], now: datetime) -> Packed:
    """The container `data`, of which `document` was read, with the edits; insertions that are tracked are made at `now`."""
    try:
        if any(name.startswith(_SIGNATURES) for name in names(data)):
            raise NotReplaced("the file is signed, and a change would break the signature")
        kind = _KINDS.get(document.format)
        return _book(data, document, edits) if kind is None else _office(data, document, edits, kind, now)
    except NotReplaced as refused:
        return Packed(data, (), tuple(Left(each.finding, str(refused)) for each in edits))


def _office(data: bytes, document: Document, edits: Sequence[Edit], kind: _Kind, now: datetime) -> Packed:
    spots = {id(each): _spot(document, each.at.start) for each in edits}
    parts = sorted({spot[0] for spot in spots.values() if spot is not None})
    texts = {part: _text(member(data, part)) for part in parts}
    ids = kind.free_ids(texts.values())
    contents: dict[str, bytes] = {}
    left: dict[int, str] = {id(each): "its place in the file was not found" for each in edits if spots[id(each)] is None}
    for part in parts:
        writer = _writer(kind, texts[part], now, ids)
        splices: list[Splice] = []
        for each in edits:
            spot = spots[id(each)]
            if spot is None or spot[0] != part:
                continue
            found = writer.insertion(spot[1], _words(each))
            if isinstance(found, str):
                left[id(each)] = found
            else:
                splices.append(found)
        contents[part] = _encoded(member(data, part), texts[part], [*splices, *writer.rest()])
    made = tuple(each for each in edits if id(each) not in left)
    refused = tuple(Left(each.finding, left[id(each)]) for each in edits if id(each) in left)
    return Packed(replaced(data, contents) if made else data, made, refused)


def _writer(kind: _Kind, xml: str, now: datetime, ids: Iterator[int]) -> Writer:
    try:
        return kind.writer(xml, now, ids)
    except ValueError as error:
        raise NotReplaced("its XML is written in an uncommon way") from error


def _spot(document: Document, at: int) -> tuple[str, Spot] | None:
    """The member and the place in it of what stands before `at` in the text."""
    index = bisect_left(document.runs, at, key=lambda run: run.at.start) - 1
    if index < 0 or document.runs[index].at.end < at:
        return None
    run = document.runs[index]
    return run.part, Spot(run.element, run.is_tail, characters(document.text[run.at.start : at]))


def _words(edit: Edit) -> Words:
    url = sound(edit.finding.memento.url) if edit.finding.memento is not None else ""
    before, _, behind = edit.text.partition(url)
    return Words(before, url, behind)


def _book(data: bytes, document: Document, edits: Sequence[Edit]) -> Packed:
    contents: dict[str, bytes] = {}
    for mark in document.places:
        own = [each for each in edits if mark.at.start <= each.at.start and each.at.end <= mark.at.end]
        if own and mark.part is not None:
            text = document.text[mark.at.start : mark.at.end]
            splices = [Splice(each.at.start - mark.at.start, each.at.end - mark.at.start, each.text) for each in own]
            contents[mark.part] = _encoded(member(data, mark.part), text, splices)
    return Packed(replaced(data, contents), tuple(edits))


def _text(data: bytes) -> str:
    """An XML member as text: in UTF-8, or UTF-16 with its mark, which is all that OPC and OpenDocument allow."""
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotReplaced("its text is in an uncommon encoding") from error


def _encoded(before: bytes, text: str, splices: Iterable[Splice]) -> bytes:
    rewriting = rewriting_of(before, text)
    after = rewriting.write(_spliced(text, sorted(splices, key=lambda each: (each.start, each.end)))) if rewriting is not None else None
    if after is None:
        raise NotReplaced("its text is in an uncommon encoding")
    return after


def _spliced(text: str, splices: Iterable[Splice]) -> str:
    parts, at = [], 0
    for each in splices:
        parts += [text[at : each.start], each.new]
        at = each.end
    return "".join([*parts, text[at:]])
