"""Puts visits together again from their records, and reads single captures back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from citekeeper.errors import StorageError
from citekeeper.http1 import is_chunked, parse_head
from citekeeper.model import Capture, Exchange, NotModified, PageRequisites, Response, Tls, Visit
from citekeeper.warc.composition import split_chain
from citekeeper.warc.digests import split_block
from citekeeper.warc.files import OPEN, storage_error
from citekeeper.warc.members import Damage, Member, read_member, scan
from citekeeper.warc.payloads import MAX_RECORD, Find, is_unchanged, path_of, resolved
from citekeeper.warc.records import Record, parse
from citekeeper.warc.requisite_record import read_requisites
from citekeeper.warc.visit_record import StoredExchange, StoredFacts, read_visit

_MAX_HELD = 256 << 20
"""Bytes of records held while their visit's own record is waited for; a file of other making may never have one."""


@dataclass(frozen=True, slots=True)
class StoredVisit:
    """A visit as it was stored."""

    visit: Visit
    """With `content` left empty: decoding is the reader's choice."""
    captures: tuple[Capture, ...]
    """One for each exchange, in order."""
    note: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Stored:
    record: Record
    capture: Capture


@dataclass(slots=True)
class _Held:
    """Records read, by id, until the record of their visit comes."""

    records: dict[str, _Stored] = field(default_factory=dict)
    chains: dict[str, tuple[str, ...]] = field(default_factory=dict)
    size: int = 0

    def add(self, stored: _Stored) -> None:
        if stored.record.type == "resource":
            self.chains[stored.record.id] = split_chain(stored.record.block)
            return
        self.size += len(stored.record.block)
        if self.size > _MAX_HELD:
            self.forget()
        self.records[stored.record.id] = stored

    def forget(self) -> None:
        self.records.clear()
        self.size = 0


def read_visits(path: Path, *, find: Find | None = None) -> Iterator[StoredVisit]:
    """Every visit in the file whose records are all there, in the order they were stored.

    The body of a revisit, and the page that a 304 speaks of, are asked from `find` (see `payloads`), and missing without it.
    Records that citekeeper did not write are passed over. Raises StorageError at the end when a part of the file was damaged, after
    everything sound was given.
    """
    held = _Held()
    damage: Damage | None = None
    with _opened(path) as handle:
        for part in scan(handle, keep=MAX_RECORD):
            if isinstance(part, Damage):
                damage = damage or part
            elif stored := _stored(part, path.name.removesuffix(OPEN)):
                visit = _assemble(stored.record, held, find)
                if visit:
                    held.forget()
                    yield visit
                else:
                    held.add(stored)
    if damage:
        what = f"damaged at byte {damage.offset}: {damage.reason}"
        raise StorageError(what, where=str(path), hint="the sound records were read; restore the file from a copy")


def read_page_requisites(path: Path) -> Iterator[PageRequisites]:
    """What each page in the file needs and has, as far as its record is sound."""
    with _opened(path) as handle:
        for part in scan(handle, keep=MAX_RECORD):
            record = parse(part.data) if isinstance(part, Member) else None
            if record is not None and (found := read_requisites(record)) is not None:
                yield found


def read_record(folder: Path, capture: Capture, *, find: Find | None = None) -> Exchange | None:
    """The exchange that `capture` tells the place of, read back; None when it is not there, damaged or another one.

    Its certificate chain is read too; the body of a revisit is asked from `find`, and empty without it.
    """
    path = path_of(folder, capture)
    if path is None:
        return None
    held = _Held()
    with _opened(path) as handle:
        for stored in _from(handle, capture):
            facts = read_visit(stored.record.block) if stored.record.type == "metadata" else None
            if facts is None:
                held.add(stored)
                continue
            told = next((each for each in facts.exchanges if each.record == capture.record_id), None)
            return _exchange(told, held, find, _chain_in(path, told)) if told else None
    return None


def read_answer(folder: Path, capture: Capture, *, find: Find | None = None) -> Response | None:
    """The answer alone that `capture` tells the place of, a page's or an archived copy's; `content` is left empty, as ever.

    For a 304 the answer that it speaks of. None when it is not there, damaged or another one.
    The body of a revisit is asked from `find`, and empty without it.
    """
    path = path_of(folder, capture)
    if path is None:
        return None
    with _opened(path) as handle:
        stored = next(_from(handle, capture), None)
    if stored is None or stored.record.type not in {"response", "revisit"}:
        return None
    head, body = split_block(stored.record.block)
    parsed = parse_head(head)
    if parsed is None:
        return None
    if is_unchanged(stored.record):
        found = resolved(stored.record, stored.record.block, find)
        return found[0] if found else None
    if stored.record.type == "revisit":
        payload = find(stored.record.field("WARC-Payload-Digest") or "") if find else None
        body = _reframed(parsed.headers, payload, is_cut=False)
    return Response(parsed.status, parsed.reason, parsed.headers, head, body, b"")


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise storage_error(error, path) from error


def _stored(member: Member, name: str) -> _Stored | None:
    record = parse(member.data)
    if record is None or member.size > len(member.data):
        return None
    digest = record.field("WARC-Payload-Digest")
    return _Stored(record, Capture(name, member.offset, member.length, record.id, digest, record.type == "revisit"))


def _from(handle: BinaryIO, capture: Capture) -> Iterator[_Stored]:
    """The records from the capture's on; they end with that of its visit, because visits are written in one piece."""
    at = capture.offset
    while True:
        member = read_member(handle, at, MAX_RECORD)
        if isinstance(member, Damage):
            return
        stored = _stored(member, capture.warc)
        if stored is None or (at == capture.offset and stored.record.id != capture.record_id):
            return
        yield stored
        at += member.length


def _assemble(record: Record, held: _Held, find: Find | None) -> StoredVisit | None:
    facts = read_visit(record.block) if record.type == "metadata" else None
    if facts is None:
        return None
    exchanges: list[Exchange] = []
    for told in facts.exchanges:
        chain = held.chains.get(told.chain or "", ())
        exchange = _exchange(told, held, find, chain)
        if exchange is None:
            return None
        exchanges.append(exchange)
    captures = tuple(held.records[told.record].capture for told in facts.exchanges)
    return StoredVisit(_visit(facts, tuple(exchanges)), captures, facts.note)


def _visit(facts: StoredFacts, exchanges: tuple[Exchange, ...]) -> Visit:
    return Visit(facts.id, facts.target, exchanges, facts.stop, facts.attempts)


def _exchange(told: StoredExchange, held: _Held, find: Find | None, chain: tuple[str, ...]) -> Exchange | None:
    main, request = held.records.get(told.record), held.records.get(told.request or "")
    if main is None or (told.request and request is None):
        return None
    response, not_modified = _answer(told, main.record, find)
    return Exchange(
        url=told.url,
        started=told.started,
        elapsed=told.elapsed,
        request=request.record.block if request else b"",
        outcome=told.failure or response,
        ip=told.ip,
        tls=Tls(told.tls.version, told.tls.cipher, chain) if told.tls else None,
        method=told.method,
        via_proxy=told.via_proxy,
        withheld=told.withheld,
        not_modified=not_modified,
    )


def _answer(told: StoredExchange, record: Record, find: Find | None) -> tuple[Response, NotModified | None]:
    """The answer that stands; that of a 304 whose page cannot be found is the 304 itself."""
    found = resolved(record, record.block[: told.head_length], find) if is_unchanged(record) else None
    if found is None:
        return _response(told, record, None if is_unchanged(record) else find), None
    return replace(found[0], problem=told.problem), found[1]


def _response(told: StoredExchange, record: Record, find: Find | None) -> Response:
    head, body = record.block[: told.head_length], record.block[told.head_length :]
    parsed = parse_head(head)
    headers = parsed.headers if parsed else ()
    if record.type == "revisit" and find:
        body = _reframed(headers, find(record.field("WARC-Payload-Digest") or ""), is_cut=told.cut is not None)
    return Response(
        status=parsed.status if parsed else told.status,
        reason=parsed.reason if parsed else "",
        headers=headers,
        head=head,
        body=body,
        content=b"",
        cut=told.cut,
        problem=told.problem,
    )


def _reframed(headers: tuple[tuple[str, str], ...], payload: bytes | None, *, is_cut: bool) -> bytes:
    """A body that carries `payload` in the framing that the head promises; how it was cut into chunks is not kept."""
    if not payload or not is_chunked(headers):
        return payload or b""
    framed = b"%x\r\n%b\r\n" % (len(payload), payload)
    return framed if is_cut else framed + b"0\r\n\r\n"


def _chain_in(path: Path, told: StoredExchange | None) -> tuple[str, ...]:
    """The certificate chain of an exchange: its record may lie anywhere before, in the same file."""
    if told is None or told.chain is None:
        return ()
    with _opened(path) as handle:
        for part in scan(handle):
            record = parse(part.data) if isinstance(part, Member) else None
            if record and record.type == "resource" and record.id == told.chain:
                return split_chain(record.block)
    return ()
