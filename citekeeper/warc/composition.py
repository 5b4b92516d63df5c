"""A visit written down as WARC records: what is stored of each exchange, and in which order.

For each exchange: its certificates (once per file), the response, revisit or, for a failure, metadata record, and the request
when one was sent. At the end of the visit one more metadata record ties them together.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from citekeeper.model import Capture, Copy, Exchange, Failure, Memento, NotModified, PageRequisites, Response, Tls, Visit
from citekeeper.warc.digests import Payload, payload_of, sha1
from citekeeper.warc.records import Record, warc_date
from citekeeper.warc.requisite_record import requisites_block
from citekeeper.warc.secrets import redact
from citekeeper.warc.targets import named_target, target_uri
from citekeeper.warc.visit_record import Written, failure_block, memento_block, visit_block

Field = tuple[str, str]

REVISIT = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
CHAIN_TYPE = "application/pem-certificate-chain"
"""RFC 8555, 9.1."""
_UNPRINTABLE = re.compile(r"[^\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Earlier:
    """A response record that holds a payload already."""

    record_id: str
    target_uri: str
    date: datetime
    capture: Capture | None = None
    """Where it lies, when that is known."""


@dataclass(slots=True)
class Known:
    """What a visit may refer to instead of storing it again."""

    payload: Callable[[str], Earlier | None]
    """By payload digest, in any file."""
    chain: Callable[[str], str | None]
    """The id of the record of a certificate chain in the same file, by its SHA-256."""


@dataclass(slots=True)
class Composition:
    """The records of one visit, and what they hold that later ones may refer to."""

    records: list[Record] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    payloads: dict[str, Earlier] = field(default_factory=dict)
    chains: dict[str, str] = field(default_factory=dict)


def compose(
    visit: Visit,
    note: Mapping[str, str],
    *,
    warcinfo: str,
    new_id: Callable[[], str],
    known: Known,
    now: datetime,
    text: str | None = None,
) -> Composition:
    """Write down `visit`, with the `text` taken from its page, as records of the file whose warcinfo record has the id `warcinfo`."""
    composer = _Composer(visit.id, warcinfo, new_id, known)
    for exchange in visit.exchanges:
        composer.add(exchange)
    if text:
        composer.add_text(visit.exchanges[-1], text, now)
    composer.close(visit, note, visit.exchanges[0].started if visit.exchanges else now)
    return composer.made


def compose_memento(
    memento: Memento, copies: Sequence[Copy], *, warcinfo: str, new_id: Callable[[], str], known: Known, now: datetime
) -> Composition:
    """Write down an archived copy: each answer of the archive as it came, dated now, and each answer of the site, dated then.

    The second is a revisit record under the site's own address that refers to the first for its payload. So nothing is
    invented: the bytes are what the archive sent, and the rebuilt head makes no claim about them.
    """
    composer = _Composer("", warcinfo, new_id, known)
    then = [composer.add_copy(copy) for copy in copies]
    composer.close_memento(memento, copies, then, copies[0].fetched.started if copies else now)
    return composer.made


def compose_requisites(page: PageRequisites, *, warcinfo: str, new_id: Callable[[], str]) -> Composition:
    """Write down what a page needs and has: one record, concurrent to the page's own and so of its date."""
    fields = [
        ("WARC-Date", warc_date(page.at)),
        *_target_field(page.url),
        ("WARC-Warcinfo-ID", f"<{warcinfo}>"),
        ("WARC-Concurrent-To", f"<{_bare(page.record)}>"),
        ("Content-Type", "application/warc-fields"),
    ]
    return Composition([Record("metadata", _bare(new_id()), tuple(fields), requisites_block(page))])


class _Composer:
    def __init__(self, visit_id: str, warcinfo: str, new_id: Callable[[], str], known: Known) -> None:
        self._visit_id = visit_id
        self._warcinfo = warcinfo
        self._new_id = new_id
        self._known = known
        self._visit_record = _bare(new_id())
        self.made = Composition()

    def add(self, exchange: Exchange) -> None:
        record_id = _bare(self._new_id())
        request_id = _bare(self._new_id()) if exchange.request else None
        chain_id = self._chain(exchange, exchange.tls, record_id) if exchange.tls and exchange.tls.chain else None
        if isinstance(exchange.outcome, Failure):
            self._put("metadata", record_id, self._failed(exchange), failure_block(self._visit_id, exchange, exchange.outcome))
        elif exchange.not_modified:
            self._unchanged(exchange, exchange.outcome, exchange.not_modified, record_id)
        else:
            self._answer(exchange, exchange.outcome, record_id)
        self._request(exchange, request_id, record_id)
        self.made.written.append(Written(exchange, record_id, request_id, chain_id))

    def add_text(self, exchange: Exchange, text: str, now: datetime) -> None:
        """The text of the page that was just added, unless its payload, and so its text, is stored already."""
        if self._is_revisit(self.made.written[-1].record):
            return
        block = text.encode("utf-8", "replace")
        fields = [
            # A conversion is dated when it was made (WARC 1.1, 6.8), not when the page was fetched.
            ("WARC-Date", warc_date(now)),
            ("WARC-Target-URI", named_target(exchange.url)),
            ("WARC-Warcinfo-ID", f"<{self._warcinfo}>"),
            ("WARC-Refers-To", f"<{self.made.written[-1].record}>"),
            ("WARC-Payload-Digest", sha1(block)),
            ("Content-Type", "text/plain;charset=utf-8"),
        ]
        self._put("conversion", _bare(self._new_id()), fields, block)

    def _is_revisit(self, record_id: str) -> bool:
        return any(each.id == record_id and each.type == "revisit" for each in self.made.records)

    def add_copy(self, copy: Copy) -> str | None:
        """Both sides of a copy; the id of the site's, None when the archive's framing is broken and nobody can say what was in it."""
        self.add(copy.fetched)
        fetched, archived = copy.fetched.response, copy.archived.response
        payload = payload_of(copy.fetched, fetched) if fetched else None
        if payload is None or payload.digest is None or archived is None:
            return None
        # An archive that hands out whole records, not pages (Common Crawl), sent other bytes than the site did.
        is_same = payload.body == archived.body
        here = Earlier(self.made.written[-1].record, named_target(copy.fetched.url), copy.fetched.started)
        fields = [
            ("WARC-Date", warc_date(copy.archived.started)),
            ("WARC-Target-URI", named_target(copy.archived.url)),
            ("WARC-Warcinfo-ID", f"<{self._warcinfo}>"),
            *(_refers(self._earlier(payload) or here) if is_same else ()),
            ("WARC-Payload-Digest", payload.digest if is_same else sha1(archived.body)),
            # Fields of no standard, but of use since warcit and pywb: where the bytes came from, and when.
            ("WARC-Source-URI", named_target(copy.fetched.url)),
            ("WARC-Creation-Date", warc_date(copy.fetched.started)),
            ("Content-Type", "application/http;msgtype=response"),
        ]
        record_id = _bare(self._new_id())
        self._put("revisit" if is_same else "response", record_id, fields, archived.head + (b"" if is_same else archived.body))
        return record_id

    def close_memento(self, memento: Memento, copies: Sequence[Copy], then: Sequence[str | None], began: datetime) -> None:
        """The record that says which copy it is, and of what."""
        fields = [("WARC-Date", warc_date(began)), *_target_field(memento.original), ("WARC-Warcinfo-ID", f"<{self._warcinfo}>")]
        kept = [each for each in then if each]
        if kept:
            fields.append(("WARC-Refers-To", f"<{kept[-1]}>"))
        fields.append(("Content-Type", "application/warc-fields"))
        self._put("metadata", self._visit_record, fields, memento_block(memento, copies))

    def close(self, visit: Visit, note: Mapping[str, str], began: datetime) -> None:
        """The record that ties the visit together."""
        written = tuple(self.made.written)
        fields = [("WARC-Date", warc_date(began)), *_target_field(visit.target), ("WARC-Warcinfo-ID", f"<{self._warcinfo}>")]
        if written:
            fields.append(("WARC-Refers-To", f"<{written[-1].record}>"))
        fields.append(("Content-Type", "application/warc-fields"))
        self._put("metadata", self._visit_record, fields, visit_block(visit, written, note))

    def _put(self, kind: str, record_id: str, fields: list[Field], block: bytes) -> None:
        self.made.records.append(Record(kind, record_id, tuple(fields), block))

    def _common(self, exchange: Exchange, target: str | None) -> list[Field]:
        fields = [("WARC-Date", warc_date(exchange.started))]
        if target:
            fields.append(("WARC-Target-URI", target))
        if exchange.ip and not exchange.via_proxy:
            fields += _address_field(exchange.ip)
        return [*fields, ("WARC-Warcinfo-ID", f"<{self._warcinfo}>")]

    def _answer(self, exchange: Exchange, response: Response, record_id: str) -> None:
        payload = payload_of(exchange, response)
        target = named_target(exchange.url)
        earlier = self._earlier(payload)
        fields = self._common(exchange, target)
        if earlier:
            fields += _refers(earlier)
        elif truncated := _truncated(response, payload):
            fields.append(("WARC-Truncated", truncated))
        if payload.digest:
            fields.append(("WARC-Payload-Digest", payload.digest))
        fields += [*_tls_fields(exchange.tls), ("Content-Type", "application/http;msgtype=response")]
        if earlier:
            self._put("revisit", record_id, fields, response.head)
            return
        self._put("response", record_id, fields, response.head + response.body)
        if payload.digest:
            self.made.payloads.setdefault(payload.digest, Earlier(record_id, target, exchange.started))

    def _unchanged(self, exchange: Exchange, stored: Response, told: NotModified, record_id: str) -> None:
        """The server's 304, and which record holds the page that it speaks of."""
        digest = payload_of(exchange, stored).digest
        fields = [
            *self._common(exchange, named_target(exchange.url)),
            ("WARC-Profile", NOT_MODIFIED),
            *_refers_to(Earlier(told.record_id, told.url, told.at)),
            # WARC 1.1, 6.7.3: the payload is the one that the validators were taken from.
            *((("WARC-Payload-Digest", digest),) if digest else ()),
            *_tls_fields(exchange.tls),
            ("Content-Type", "application/http;msgtype=response"),
        ]
        self._put("revisit", record_id, fields, told.head)

    def _earlier(self, payload: Payload) -> Earlier | None:
        if not payload.body or payload.digest is None:
            return None
        return self.made.payloads.get(payload.digest) or self._known.payload(payload.digest)

    def _request(self, exchange: Exchange, request_id: str | None, concurrent_to: str) -> None:
        if request_id is None:
            return
        fields = self._common(exchange, named_target(exchange.url))
        fields += [("WARC-Concurrent-To", f"<{concurrent_to}>"), ("Content-Type", "application/http;msgtype=request")]
        self._put("request", request_id, fields, redact(exchange.request))

    def _failed(self, exchange: Exchange) -> list[Field]:
        fields = self._common(exchange, target_uri(exchange.url))
        fields.append(("WARC-Refers-To", f"<{self._visit_record}>"))
        return [*fields, *_tls_fields(exchange.tls), ("Content-Type", "application/warc-fields")]

    def _chain(self, exchange: Exchange, tls: Tls, concurrent_to: str) -> str:
        """The id of the record of a certificate chain, written unless this file has it: it is as large as many pages."""
        block = "".join(pem if pem.endswith("\n") else pem + "\n" for pem in tls.chain).encode("ascii", "replace")
        digest = hashlib.sha256(block).hexdigest()
        found = self.made.chains.get(digest) or self._known.chain(digest)
        if found:
            return found
        record_id = self.made.chains[digest] = _bare(self._new_id())
        fields = self._common(exchange, f"urn:citekeeper:certificates:sha256:{digest}")
        fields += [("WARC-Concurrent-To", f"<{concurrent_to}>"), ("WARC-Payload-Digest", sha1(block)), ("Content-Type", CHAIN_TYPE)]
        self._put("resource", record_id, fields, block)
        return record_id


def split_chain(block: bytes) -> tuple[str, ...]:
    """The PEM certificates of a chain's record, leaf first."""
    end = "-----END CERTIFICATE-----\n"
    parts = block.decode("ascii", "replace").split(end)
    return tuple(part + end for part in parts if part.strip())


def _refers(earlier: Earlier) -> Iterator[Field]:
    yield "WARC-Profile", REVISIT
    yield from _refers_to(earlier)
    # WARC 1.1, 6.7.2: "length" shall mark the payload that a revisit leaves out.
    yield "WARC-Truncated", "length"


def _refers_to(earlier: Earlier) -> Iterator[Field]:
    yield "WARC-Refers-To", f"<{_bare(earlier.record_id)}>"
    yield "WARC-Refers-To-Target-URI", named_target(earlier.target_uri)
    yield "WARC-Refers-To-Date", warc_date(earlier.date)


def _truncated(response: Response, payload: Payload) -> str | None:
    if response.cut:
        return response.cut.value
    return None if payload.complete else "unspecified"


def _tls_fields(tls: Tls | None) -> Iterator[Field]:
    # Proposed fields in active use (iipc/warc-specifications, issues 42 and 86).
    version = _UNPRINTABLE.sub("", tls.version) if tls else ""
    cipher = _UNPRINTABLE.sub("", tls.cipher) if tls else ""
    if version:
        yield "WARC-Protocol", version
    if cipher:
        yield "WARC-Cipher-Suite", cipher


def _address_field(ip: str) -> Iterator[Field]:
    try:
        address = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return  # What connected without an address (a test's fake) has none to record.
    yield "WARC-IP-Address", str(address)


def _target_field(url: str) -> Iterator[Field]:
    target = target_uri(url)
    if target:
        yield "WARC-Target-URI", target


def _bare(record_id: str) -> str:
    return record_id.strip("<>")
