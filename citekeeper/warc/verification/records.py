"""One record judged while it streams by: header, block, digests, and what its type asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from citekeeper.warc.records import Record
from citekeeper.warc.requisite_record import read_requisites
from citekeeper.warc.verification.facts import RecordFacts
from citekeeper.warc.verification.fields import TYPES, is_not_modified, is_same_payload, judge_fields, read_moment
from citekeeper.warc.verification.heads import Reader, RecordHead, read_head
from citekeeper.warc.verification.http_blocks import HttpBlock
from citekeeper.warc.verification.labels import Hasher, Label, read_label
from citekeeper.warc.verification.problems import Problems, Say
from citekeeper.warc.visit_record import MAX_VISIT_BYTES, read_visit

_PIECE = 1 << 18
_END = b"\r\n\r\n"
_OWN = b"software: citekeeper/"


@dataclass(slots=True)
class ReadRecord:
    """A record that was read, and how the reading went."""

    facts: RecordFacts
    is_framed: bool
    """Its end was found where it should be, so that reading can go on behind it."""
    is_own: bool
    """A warcinfo record that names citekeeper."""


def judge_record(reader: Reader, file: str, offset: int, now: datetime, problems: Problems) -> ReadRecord | None:
    """Read and judge the next record; None when not even its header can be read."""
    head = read_head(reader, _unless_damaged(reader, problems.at(f"{file}@{offset}")))
    if head is None:
        return None
    facts = _facts(head, file, offset)
    say = _unless_damaged(reader, problems.at(facts.where))
    judge_fields(head, now, say)
    if head.length is None:
        say("length", f"Content-Length {head.field('content-length')[:40]!r}: the end of the record cannot be told")
        return ReadRecord(facts, is_framed=False, is_own=False)
    block = _Block(head, say)
    is_whole = block.read(reader, head.length)
    if not is_whole:
        say("length", "the file or its compressed piece ends inside the record")
        return ReadRecord(facts, is_framed=False, is_own=False)
    block.judge(facts)
    return ReadRecord(facts, _ends_well(reader, say), facts.type == "warcinfo" and _OWN in block.kept)


def _unless_damaged(reader: Reader, say: Say) -> Say:
    """Of a damaged piece only the damage is told: everything else that seems wrong follows from it."""

    def tell(code: str, message: str) -> None:
        if not reader.unit.damage:
            say(code, message)

    return tell


def _facts(head: RecordHead, file: str, offset: int) -> RecordFacts:
    moment = read_moment(head.field("warc-date"))
    facts = RecordFacts(
        file, offset, head.field("warc-type"), head.field("warc-record-id"), head.field("warc-target-uri"), head.field("warc-date")
    )
    facts.moment = moment[1] if moment else None
    facts.concurrent = head.values("warc-concurrent-to")
    facts.refers_to = head.field("warc-refers-to")
    facts.refers_uri = head.field("warc-refers-to-target-uri")
    facts.refers_date = head.field("warc-refers-to-date")
    facts.warcinfo = head.field("warc-warcinfo-id")
    facts.is_same_payload = facts.type == "revisit" and is_same_payload(head)
    facts.has_source = head.has("warc-source-uri")
    return facts


def _ends_well(reader: Reader, say: Say) -> bool:
    if reader.peek(len(_END)) != _END:
        say("length", f"the block is followed by {reader.peek(8)!r} instead of two line ends")
        return False
    reader.take(len(_END))
    if reader.peek(2) in (b"\r\n", b"\n"):
        say("length", "there are more than two line ends behind the block")
        return False
    return True


class _Block:
    """A record's block on its way through the digests."""

    def __init__(self, head: RecordHead, say: Say) -> None:
        self._head = head
        self._say = say
        self.kept = bytearray()
        kind = head.field("warc-type")
        self._block = self._label("warc-block-digest")
        self._payload = self._label("warc-payload-digest")
        self._hash = Hasher(self._block.algorithm) if self._block else None
        self._http = HttpBlock(kind, self._payload) if _is_http(head) and head.length else None
        # A revisit's payload lies elsewhere; a segment's is spread over several records.
        is_here = kind != "revisit" and self._http is None and not head.has("warc-segment-number")
        self._payload_hash = Hasher(self._payload.algorithm) if self._payload and is_here else None
        self._keeps = kind in ("warcinfo", "metadata")

    def _label(self, name: str) -> Label | None:
        text = self._head.field(name)
        return read_label(text, "WARC-Block-Digest" if "block" in name else "WARC-Payload-Digest", self._say) if text else None

    def read(self, reader: Reader, length: int) -> bool:
        """Read the block; False when there is less of it."""
        left = length
        while left:
            data = reader.take(min(left, _PIECE))
            if not data:
                return False
            left -= len(data)
            for each in (self._hash, self._payload_hash):
                if each:
                    each.update(data)
            if self._http:
                self._http.feed(data)
            if self._keeps and len(self.kept) <= MAX_VISIT_BYTES:
                self.kept += data
        return True

    def judge(self, facts: RecordFacts) -> None:
        """Compare what was read with what the header says, and note it in `facts`."""
        facts.payload = self._payload
        facts.has_digest = self._block is not None or self._payload is not None
        if self._hash and self._block and not self._block.matches(self._hash):
            self._say("block-digest", "WARC-Block-Digest does not match")
        if self._payload_hash and self._payload and not self._payload.matches(self._payload_hash):
            self._say("payload-digest", "WARC-Payload-Digest does not match")
        if self._block is None and self._payload is None and facts.type in TYPES - {"warcinfo"} and self._head.length:
            self._say("digest-missing", "neither block nor payload have a digest")
        if self._http:
            self._judge_http(self._http, facts)
        elif _is_http(self._head) and facts.type == "response":
            self._say("http-head", "an empty answer")
        if facts.type == "metadata" and (visit := read_visit(bytes(self.kept))):
            ids = [each for told in visit.exchanges for each in (told.record, told.request, told.chain) if each]
            facts.visit = tuple(f"<{each}>" for each in dict.fromkeys(ids))
        elif facts.type == "metadata" and (page := read_requisites(Record("metadata", "", (), bytes(self.kept)))):
            facts.requisites = tuple(f"<{each}>" for each in dict.fromkeys(each.record for each in page.requisites) if each)

    def _judge_http(self, http: HttpBlock, facts: RecordFacts) -> None:
        http.judge(self._head, self._say)
        facts.status, facts.method = http.status, http.method
        if facts.type == "revisit":
            if facts.is_same_payload and http.body_size:
                self._say("revisit", f"it stores {http.body_size} bytes of body, though it says that its payload lies elsewhere")
            if is_not_modified(self._head) and http.status not in (None, 304):
                self._say("revisit", f"it says that nothing was modified, but the answer was {http.status}")
            return
        if http.promised is None or http.promised == http.body_size or self._head.has("warc-truncated"):
            return
        if http.body_size == 0:
            facts.missing_body = http.promised
        else:
            self._say("http-length", f"Content-Length {http.promised}, but {http.body_size} bytes of body and no WARC-Truncated")


def _is_http(head: RecordHead) -> bool:
    if head.field("warc-type") not in ("request", "response", "revisit"):
        return False
    media = head.field("content-type").lower()
    return media.startswith(("application/http", "message/http")) if media else head.field("warc-target-uri").startswith("http")
